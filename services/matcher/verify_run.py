"""`belay verify-run <id>`: check a stored run against the database, without a solver.

The people are read as they are today, mentorships and offers as they stood when the run read them. The hash of the
inputs tells whether that is still what the run was made from.
"""

from collections.abc import Iterator
from io import BytesIO
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape

from services.matcher import queries
from services.matcher.assignment.certificate import Certificate, load_certificate
from services.matcher.assignment.problem import Problem
from services.matcher.assignment.verify import Check, verify
from services.matcher.interests.choosing import make_model
from services.matcher.interests.embedding import ignore_progress
from services.matcher.interests.model import EmbeddingModel
from services.matcher.order_scores import read_interests, score_order
from services.matcher.orders import Order, read_order
from services.matcher.posing import pose_problem
from shared.contracts.run_report import RunReport
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.settings import get_settings

NOT_PROVEN, NOT_FOUND = 1, 2
Pair = tuple[str, str]


class NothingToCheckError(LookupError):
    """There is no draft of this run; the message says what there is."""


def check_run(database: Database, model: EmbeddingModel, run_id: UUID) -> list[Check]:
    """Every check of a stored run, in order. Raises NothingToCheckError for a run without a draft."""
    with database.reading(SYSTEM) as session:
        stored = queries.read_outcome(session, run_id)
        if stored is None or stored["certificate"] is None:
            raise NothingToCheckError(f"There is no draft of a run {run_id}.")
        report = RunReport.model_validate(stored["report"])
        order = read_order(session, run_id, report.read_at)
        pairs = {(str(mentee), str(mentor)) for mentee, mentor in queries.draft_pairs(session, run_id)}
    if order is None:
        raise NothingToCheckError(f"There is no run {run_id}.")
    scores = score_order(order, read_interests(database, model, order, ignore_progress))
    problem = pose_problem(order.cycle, scores, order.decisions)
    return list(_checks(order, problem, load_certificate(BytesIO(stored["certificate"])), pairs, report, model.name))


def _checks(  # noqa: PLR0913, PLR0917 — a stored run has these parts
    order: Order, problem: Problem, proof: Certificate, pairs: set[Pair], report: RunReport, model: str
) -> Iterator[Check]:
    yield Check("model", report.model == model, f"texts were read with {report.model}, here with {model}")
    yield Check("policy", proof.rules == order.rules, "the certificate was made under the run's policy")
    checks = verify(problem, proof.mentor, proof).checks
    yield from checks
    if all(check.passed for check in checks):
        certified = certified_pairs(order, problem, proof)
        if report.exploration is None:
            yield Check("draft", pairs == certified, f"the {len(pairs)} stored pairs are the certified ones")
        else:
            told = f"this run explored: {len(pairs & certified)} of {len(pairs)} stored pairs are those of the optimum"
            yield Check("explored", len(pairs) == len(certified), told)


def certified_pairs(order: Order, problem: Problem, proof: Certificate) -> set[Pair]:
    """The ids of the pairs that a certificate proves."""
    return {
        (order.cycle.mentees[problem.owner[row]].id, order.cycle.mentors[mentor].id)
        for row, mentor in enumerate(proof.mentor.tolist()) if mentor >= 0
    }  # fmt: skip


def tell(console: Console, checks: list[Check]) -> bool:
    """Print each check; whether all hold."""
    for one in checks:
        console.print(f"{'[green]✓[/]' if one.passed else '[red]✗[/]'} {escape(one.name)}: {escape(one.detail)}")
    failed = {check.name for check in checks if not check.passed}
    if not failed and any(check.name == "explored" for check in checks):
        console.print("[green]The optimum is certified; this run explored near it.[/green]")
    elif not failed:
        console.print("[green]The stored draft is the certified optimum.[/green]")
    elif failed & {"inputs", "shape", "certificate"}:
        console.print(
            "[red]Somebody has come, left, or changed what they wrote or offer since this run. Its proof holds for"
            " what was read then; today's data are others. Run the match again for a proof on today's.[/red]"
        )
    else:
        console.print("[red]The stored draft is NOT what its certificate proves.[/red]")
    return not failed


def main(run_id: UUID) -> None:
    """Check a stored match run against the database, without the solver."""
    settings, console = get_settings(), Console()
    database = Database(settings.matcher_database_url)
    try:
        passed = tell(console, check_run(database, make_model(settings), run_id))
    except NothingToCheckError as error:
        console.print(f"[red]{escape(str(error))}[/red]")
        raise typer.Exit(NOT_FOUND) from error
    if not passed:
        raise typer.Exit(NOT_PROVEN)


if __name__ == "__main__":
    typer.run(main)
