"""`python -m infra.demo`: load the synthetic nation, match its open cycle, say where to look and as whom."""

import time
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.demo import queries
from infra.demo.loading import ask_for_embedding, ask_for_suggestions, load, request_match
from infra.demo.nation import MENTOR_EMAIL, STAFF, TRAINEE_EMAIL
from infra.demo.waiting import MatchFailedError, wait_for_draft, wait_until
from shared.clock import SystemClock
from shared.contracts.run_report import RunReport
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.security.keyring import Keyring
from shared.settings import Environment, Settings, get_settings

SUGGESTIONS_SECONDS = 60.0
ROLES = {TRAINEE_EMAIL: "trainee", MENTOR_EMAIL: "mentor"} | {one.email: one.role for one in STAFF}
NoMatch = Annotated[bool, typer.Option("--no-match", help="Load and embed only; don't ask for the match.")]


def run(*, no_match: NoMatch = False) -> None:
    """Load the nation if it is not there, then match it and wait for the draft."""
    console, settings = Console(), get_settings()
    if settings.environment is Environment.PRODUCTION:
        console.print("[red]✗[/red] The demo invents people and opens log-ins to all; it refuses to run in production.")
        raise typer.Exit(1)
    database = Database(settings.api_database_url)
    try:
        cycle_id = _load(console, database, settings)
        if no_match:
            _embed(database, cycle_id)
        else:
            _match(console, database, cycle_id)
        _say_where(console, settings)
    except (MatchFailedError, LookupError) as error:
        console.print(f"[red]✗[/red] {escape(str(error))}", soft_wrap=True)
        raise typer.Exit(1) from error
    finally:
        database.dispose()


def _load(console: Console, database: Database, settings: Settings) -> UUID:
    begun = time.monotonic()
    keyring = Keyring.parse(settings.dimension_keys.get_secret_value())
    with console.status("Inventing a nation …"), database.writing(SYSTEM) as session:
        loaded = load(session, keyring, SystemClock().now())
        people = queries.count_people(session, loaded.cycle_id)
    what = f"{people.get('mentee', 0):,} mentees and {people.get('mentor', 0):,} mentors, all invented"
    how = f"{loaded.rows:,} rows, {time.monotonic() - begun:.1f} s" if loaded.rows else "there already"
    console.print(f"[green]✓[/green] {what} [dim]{how}[/dim]", highlight=False)
    return loaded.cycle_id


def _embed(database: Database, cycle_id: UUID) -> None:
    with database.writing(SYSTEM) as session:
        ask_for_embedding(session, cycle_id)


def _match(console: Console, database: Database, cycle_id: UUID) -> None:
    begun = time.monotonic()
    with database.writing(SYSTEM) as session:
        run_id = request_match(session, cycle_id)
    report = wait_for_draft(console, database, run_id)
    console.print(f"[green]✓[/green] {_summary(report)} [dim]{time.monotonic() - begun:.1f} s[/dim]", highlight=False)
    _suggest(console, database, cycle_id)


def _summary(report: RunReport | None) -> str:
    if report is None:
        return "The open cycle is matched"
    return f"Draft: {report.coverage.slots_filled:,} of {report.coverage.slots_wanted:,} wanted slots filled"


def _suggest(console: Console, database: Database, cycle_id: UUID) -> None:
    """The cast's trainee finds suggestions at the first log-in."""
    with database.writing(SYSTEM) as session:
        mentee_id = queries.find_mentee(session, cycle_id, TRAINEE_EMAIL)
        if mentee_id is None or queries.has_suggestions(session, mentee_id):
            return
        ask_for_suggestions(session, mentee_id)
    if not wait_until(database, lambda session: queries.has_suggestions(session, mentee_id), SUGGESTIONS_SECONDS):
        console.print("[yellow]![/yellow] No suggestions for the trainee yet; `belay logs matcher` says why.")


def _say_where(console: Console, settings: Settings) -> None:
    table = Table("log in as", "address", box=None, pad_edge=False)
    for email, role in ROLES.items():
        table.add_row(role, email)
    console.print()
    console.print(f"[bold]{settings.public_url}[/bold]", highlight=False)
    if settings.demo:
        console.print(f"One click logs in: {settings.public_url}/demo", highlight=False)
    console.print(table)


if __name__ == "__main__":
    typer.run(run)
