"""Commands that live elsewhere, by name. They are imported when called: `belay --help` stays fast."""

import importlib
from dataclasses import dataclass
from typing import Any

from infra.local.errors import LocalError


@dataclass(frozen=True)
class Mounted:
    """`target` is `module:application`, a Typer application; `command` its command, if it has several."""

    summary: str
    target: str
    command: str | None = None

    def run(self, name: str, arguments: list[str]) -> None:
        module_name, _, attribute = self.target.partition(":")
        application: Any = getattr(_import(module_name, name), attribute)
        words = [self.command, *arguments] if self.command else arguments
        application(args=words, prog_name="belay" if self.command else f"belay {name}")


def _import(module_name: str, name: str) -> Any:
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise LocalError(
            f"`belay {name}` needs {error.name}, which is not installed here. Run `make setup`."
        ) from error


MATCHER = "services.matcher.cli:app"

MOUNTED: dict[str, Mounted] = {
    "match": Mounted("Match people from spreadsheets.", MATCHER, "match"),
    "verify": Mounted("Check a match and its certificate of optimality.", MATCHER, "verify"),
    "explain": Mounted("Say why two people were matched, or were not.", MATCHER, "explain"),
    "what-if": Mounted("What one more mentor, or other weights, would change.", MATCHER, "what-if"),
    "bench": Mounted("Measure the matching engine on this machine.", MATCHER, "bench"),
    "replay": Mounted("Send dead or stuck messages again.", "shared.outbox.replay:app"),
    "rotate-keys": Mounted("Seal dimension answers with the newest key.", "services.api.enrollment.rotation:app"),
}
