"""`belay`: run everything on this machine, look at it, stop it."""

import os
import signal
import sys
from collections.abc import Callable
from shutil import which
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.local import demo, deployment, postgres, steps
from infra.local.commands import MOUNTED, Mounted
from infra.local.errors import LocalError
from infra.local.following import follow
from infra.local.layout import current_layout
from infra.local.supervision import Supervisor
from infra.local.surroundings import Surroundings, load_surroundings, with_kept
from infra.local.watching import watch

app = typer.Typer(
    help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
console = Console()
errors = Console(stderr=True)

Detach = Annotated[bool, typer.Option("--detach", "-d", help="Return to the prompt and leave it running.")]
Port = Annotated[int | None, typer.Option(help="Port of the web address; remembered.")]


def main() -> None:
    """A known trouble ends with its sentence, not with a traceback."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of the programs compiles all it imports, each time
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's shell starts what runs beside it without
    try:
        app(prog_name="belay")
    except LocalError as error:
        errors.print(f"[red]✗[/red] {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(1)


@app.command()
def up(*, detach: Detach = False, port: Port = None) -> None:
    """Start everything; Ctrl-C ends it again."""
    surroundings = _surroundings(port)
    _run_attached(surroundings, detach=detach, bring_up=steps.bring_up)


@app.command()
def down() -> None:
    """Stop everything. Data stays."""
    if not steps.stop(console, load_surroundings(current_layout())):
        console.print("Nothing was running.")


@app.command()
def restart(*, detach: Detach = True) -> None:
    """Stop and start everything, for example after new code."""
    surroundings = load_surroundings(current_layout())
    steps.stop(console, surroundings)
    _run_attached(surroundings, detach=detach, bring_up=steps.bring_up)


@app.command()
def status() -> None:
    """What runs, and where. Ends with 1 if something does not."""
    surroundings = load_surroundings(current_layout())
    states = Supervisor(surroundings.layout).states()
    if not states:
        console.print(f"Nothing is running. `{_command()} up` starts everything.")
        raise typer.Exit(1)
    table = Table("program", "state", "", box=None)
    for one in states:
        table.add_row(one.name, f"[{'green' if one.runs else 'red'}]{one.state.lower()}", one.description)
    console.print(table)
    console.print(surroundings.public_url, highlight=False)
    raise typer.Exit(0 if all(one.runs for one in states) else 1)


@app.command()
def logs(
    service: Annotated[str | None, typer.Argument(help="One program; all of them without it.")] = None,
    *,
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of the past.")] = 20,
    once: Annotated[bool, typer.Option("--once", help="Don't wait for more.")] = False,
) -> None:
    """Show what the programs say; Ctrl-C ends the showing only."""
    paths = sorted(current_layout().logs.glob(f"{service or '*'}.log"))
    if not paths:
        known = ", ".join(sorted(path.stem for path in current_layout().logs.glob("*.log"))) or "none yet"
        raise steps.StepFailedError(f"There is no log of {service or 'anything'}. Logs: {known}.")
    follow(console, paths, lines, forever=not once)


@app.command()
def migrate() -> None:
    """Bring the database schema up to date (starts the database if needed)."""
    steps.bring_up_database(console, load_surroundings(current_layout()))


@app.command("demo")
def run_demo(*, detach: Detach = False, port: Port = None) -> None:
    """Start everything with a synthetic nation in it, and match it."""
    surroundings = with_kept(_surroundings(port), LOCAL_DEMO="true")
    _run_attached(surroundings, detach=detach, bring_up=demo.bring_up)


@app.command("demo-clean")
def clean_demo() -> None:
    """Stop everything and delete all local data: databases, queues, e-mails, logs, passwords."""
    layout = current_layout()
    surroundings = load_surroundings(layout)
    demo.refuse_foreign_database(surroundings)
    steps.stop(console, surroundings)
    demo.delete(layout.var, *postgres.shelters(layout.var / "postgres"))
    console.print(f"Deleted {layout.var}.", highlight=False)


@app.command("new-key")
def new_key(name: Annotated[str, typer.Argument(help="A short id, such as 2026a.")]) -> None:
    """Print a fresh key for BELAY_DIMENSION_KEYS."""
    from shared.security import keyring

    try:
        typer.echo(keyring.new_key(name))
    except keyring.KeyringError as error:
        raise LocalError(f"{error}.") from error


@app.command("new-env")
def new_env(
    public_url: Annotated[str, typer.Argument(help="The https address people will use.")],
    smtp_url: Annotated[str, typer.Option(help="smtp+starttls://user:password@host:port")] = "smtp+starttls://mail.example.org:587",
) -> None:
    """Print the settings of a new deployment, with fresh passwords and keys, for docker-compose's --env-file."""
    for name, value in deployment.new_settings(public_url, smtp_url).items():
        typer.echo(f"{name}={value}")


def _surroundings(port: int | None) -> Surroundings:
    surroundings = load_surroundings(current_layout())
    return with_kept(surroundings, LOCAL_API_PORT=str(port)) if port else surroundings


def _run_attached(
    surroundings: Surroundings, *, detach: bool, bring_up: Callable[[Console, Surroundings], Surroundings]
) -> None:
    """In the foreground, leaving for whatever reason ends everything."""
    try:
        surroundings = bring_up(console, surroundings)
        _say_where(surroundings, detach=detach)
        if not detach:
            watch(console, Supervisor(surroundings.layout))
    except KeyboardInterrupt:
        console.print()
    finally:
        if not detach:
            steps.stop(console, surroundings)


def _say_where(surroundings: Surroundings, *, detach: bool) -> None:
    console.print(f"\n  Belay is at [bold]{surroundings.public_url}[/bold]", highlight=False)
    command = _command()
    ending = f"`{command} down` ends it" if detach else "Ctrl-C ends it"
    console.print(f"  {ending} · `{command} logs` shows what it does · `{command} status`\n", highlight=False)


def _command() -> str:
    """What a person can type here: make does the same where the virtual environment is not on the path."""
    return "belay" if which("belay") else "make"


def _mount(name: str, mounted: Mounted) -> None:
    def run(context: typer.Context) -> None:
        mounted.run(name, context.args)

    everything = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
    app.command(name, help=mounted.summary, context_settings=everything, rich_help_panel="Tools")(run)


for _name, _mounted in MOUNTED.items():
    _mount(_name, _mounted)
