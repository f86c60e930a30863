"""The synthetic nation: loaded once, matched, and forgotten again as a whole."""

import shutil
from pathlib import Path

from rich.console import Console

from infra.local import steps
from infra.local.surroundings import Surroundings


def bring_up(console: Console, surroundings: Surroundings) -> Surroundings:
    """Everything running, people loaded, the open cycle matched. `infra.demo` shows its own progress."""
    refuse_foreign_database(surroundings)
    surroundings = steps.bring_up(console, surroundings)
    steps.run_module(surroundings, "infra.demo", quiet=False)
    return surroundings


def refuse_foreign_database(surroundings: Surroundings) -> None:
    if surroundings.own_database:
        raise steps.StepFailedError(
            "The demo keeps to the embedded database and will not touch yours. "
            "Unset BELAY_OWNER_DATABASE_URL (environment or .env) and try again."
        )


def delete(*directories: Path) -> None:
    for directory in directories:
        if directory.exists():
            shutil.rmtree(directory)
