"""`belay new-program FILE`; in a container `python -m services.api.founding FILE`."""

from itertools import starmap
from pathlib import Path
from typing import Annotated

import typer

from services.api.founding.reading import PlanError, read_plan
from services.api.founding.service import Founding
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.security.keyring import Keyring
from shared.settings import get_settings

File = Annotated[Path, typer.Argument(help="A TOML file; docs/examples/program.toml is one to start from.")]


def main(file: File) -> None:
    """Set up a program, its cycle, institutions and staff from a file; run it again after changes, or for a new cycle.

    All or nothing: a file with mistakes changes nothing; what is wrong is said, each with its place.
    """
    try:
        plan = read_plan(file)
    except PlanError as error:
        typer.echo(f"Nothing was changed.\n{error}", err=True)
        raise typer.Exit(2) from error
    settings = get_settings()
    keyring = Keyring.parse(settings.dimension_keys.get_secret_value())
    with Database(settings.api_database_url).writing(SYSTEM) as session:
        founding = Founding(session, keyring, plan)
        founding.run()
    for line in told(founding, settings.public_url.rstrip("/")):
        typer.echo(line)


def told(founding: Founding, public_url: str) -> list[str]:
    """What was done, and where people go now."""
    plan = founding.plan
    made = founding.counts.items()
    done = [f"{word}: " + ", ".join(starmap(_counted, sorted(counts.items()))) for word, counts in made if counts]
    leads = ", ".join(person.email for person in plan.people if person.role == "lead")
    return [
        *(done or ["Everything was as the file says already."]),
        f"{plan.program.name}: {public_url}/programs/{plan.program.slug}",
        f"Its leads log in at {public_url}/login with their addresses: {leads}",
    ]


def _counted(table: str, number: int) -> str:
    name = table.replace("_", " ")
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return f"{number} {name if number == 1 else plural}"
