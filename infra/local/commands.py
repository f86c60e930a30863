"""Commands that live elsewhere, by name. They are imported when called: `belay --help` stays fast."""

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import typer

from infra.local.errors import LocalError
from infra.local.layout import current_layout
from infra.local.surroundings import load_surroundings


@dataclass(frozen=True)
class Mounted:
    """`target` is `module:attribute`: a Typer application (then `command` names one of its commands) or a function.

    `connects` says that it works on the database, so that it needs this checkout's settings.
    """

    summary: str
    target: str
    command: str | None = None
    connects: bool = False

    def run(self, name: str, arguments: list[str]) -> None:
        with _connected() if self.connects else nullcontext():
            self._call(name, arguments)

    def _call(self, name: str, arguments: list[str]) -> None:
        module_name, _, attribute = self.target.partition(":")
        found: Any = getattr(_import(module_name, name), attribute)
        if self.command:
            found(args=[self.command, *arguments], prog_name="belay")
        else:
            _alone(found)(args=arguments, prog_name=f"belay {name}")


def _alone(function: Callable[..., None]) -> typer.Typer:
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    application.command()(function)
    return application


@contextmanager
def _connected() -> Iterator[None]:
    """With this checkout's settings, and a sentence where the database is down."""
    from sqlalchemy.exc import OperationalError

    _adopt_settings()
    try:
        yield
    except OperationalError as error:
        raise LocalError("The database does not answer. Start it with `belay up`, or correct its address.") from error


def _adopt_settings() -> None:
    """Those of the servers that run here, where there are any; whatever the environment says stays."""
    layout = current_layout()
    if layout.kept.exists():
        os.environ.update(load_surroundings(layout).settings())


def _import(module_name: str, name: str) -> Any:
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        sentence = f"`belay {name}` needs {error.name}, which is not installed here. Run `make setup`."
        raise LocalError(sentence) from error


MATCHER = "services.matcher.cli:app"

MOUNTED: dict[str, Mounted] = {
    "match": Mounted("Match people from spreadsheets.", MATCHER, "match"),
    "verify": Mounted("Check a match and its certificate of optimality.", MATCHER, "verify"),
    "verify-run": Mounted(
        "Check a stored match run against the database.", "services.matcher.verify_run:main", connects=True
    ),
    "explain": Mounted("Say why two people were matched, or were not.", MATCHER, "explain"),
    "what-if": Mounted("What one more mentor, or other weights, would change.", MATCHER, "what-if"),
    "bench": Mounted("Measure the matching engine on this machine.", MATCHER, "bench"),
    "new-program": Mounted(
        "Set up a program, its cycle, institutions and staff from a file.",
        "services.api.founding.command:main",
        connects=True,
    ),
    "replay": Mounted("Send messages again that were set aside.", "shared.outbox.replay:main", connects=True),
    "rotate-keys": Mounted(
        "Seal dimension answers with the newest key.", "services.api.enrollment.rotation:main", connects=True
    ),
}
