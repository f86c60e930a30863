"""From a file (TOML) and its table of institutions (CSV) to a plan, or to everything that is wrong with them."""

import csv
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from services.api.founding.schemas import Plan, Site


class PlanError(ValueError):
    """One sentence a line for all that is wrong; nothing was written."""


def read_plan(path: Path) -> Plan:
    """The plan in a file. `institutions` names a CSV file beside it."""
    given = _parsed(path)
    table = given.get("institutions")
    if not isinstance(table, str):
        raise PlanError(f'{path.name}: institutions names a CSV file, such as institutions = "institutions.csv"')
    given["institutions"] = read_sites(path.parent / table)
    try:
        return Plan.model_validate(given)
    except ValidationError as error:
        raise PlanError("\n".join(f"{path.name}: {_sentence(one)}" for one in error.errors())) from error


def read_sites(path: Path) -> tuple[Site, ...]:
    """Rows with the columns of `Site`; every bad row is named with its line."""
    sites, problems = [], []
    table = csv.DictReader(_text(path).splitlines(), restval="")
    for row in table:
        try:
            sites.append(Site.model_validate(row))
        except ValidationError as error:
            problems += [f"{path.name}, line {table.line_num}: {_sentence(one)}" for one in error.errors()]
    if problems:
        raise PlanError("\n".join(problems))
    return tuple(sites)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{path.name} is no TOML: {error}") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PlanError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PlanError(f"{path} is not UTF-8 text; save it as UTF-8") from error


def _sentence(problem: Any) -> str:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in problem["loc"])
    said = problem["msg"].removeprefix("Value error, ")
    return f"{where}: {said}" if where else said
