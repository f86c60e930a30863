"""The matcher on its own: two spreadsheets in, matches with reasons and a certificate out."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from services.matcher.assignment.certificate import CertificateError, certify, load_certificate
from services.matcher.assignment.problem import ProblemError
from services.matcher.assignment.solve import solve
from services.matcher.assignment.verify import verify as check
from services.matcher.interests.choosing import make_model
from services.matcher.interests.model import DEFAULT_MODEL, ModelMissingError
from services.matcher.policy_file import PolicyError
from services.matcher.tables import outcome
from services.matcher.tables.alternatives import what_would_change
from services.matcher.tables.case import Case, Files, Reader, read_case
from services.matcher.tables.problems import TableError
from services.matcher.tables.remembering import read_cache, write_cache
from services.matcher.tables.scores import Missing
from services.matcher.tables.telling import (
    tell_changes,
    tell_difference,
    tell_figures,
    tell_pair,
    tell_summary,
    tell_worth,
)
from services.matcher.tables.what_if import Change, changed_case, difference, worth_of_slots
from services.matcher.tables.writing import (
    TABLE_ENDINGS,
    check_ending,
    check_outputs,
    write_figures,
    write_json,
    write_table,
    write_whole,
)
from shared.explanations.words import Reader as Listener
from shared.settings import get_settings

BAD_INPUT, NOT_PROVEN = 2, 1

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()
errors = Console(stderr=True)

Mentees = Annotated[Path, typer.Option("--mentees", help="Mentees: CSV or Excel, one per line.")]
Mentors = Annotated[Path, typer.Option("--mentors", help="Mentors: CSV or Excel, one per line.")]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="Weights and rules: YAML or JSON.")]
Scores = Annotated[Path | None, typer.Option("--scores", help="Given scores instead of features: CSV, .npy, .npz.")]
IfMissing = Annotated[str, typer.Option("--missing", help="Pairs without a given score: forbid or zero.")]
Left = Annotated[Path | None, typer.Option("--mentee-vectors", help="Given vectors of the mentees (.npy).")]
Right = Annotated[Path | None, typer.Option("--mentor-vectors", help="Given vectors of the mentors (.npy).")]
Seed = Annotated[str, typer.Option("--seed", help="Breaks ties; the same seed gives the same matches.")]
Model = Annotated[str, typer.Option("--model", envvar="BELAY_EMBEDDING_MODEL", help="Model that reads the texts.")]
Cache = Annotated[Path | None, typer.Option("--cache", help="File that keeps the vectors of texts (.npz).")]
MadeMatch = Annotated[Path | None, typer.Option("--certificate", help="Of a made match: what would change it.")]
Language = Annotated[str, typer.Option("--language", help="Language of the reasons: en, es or fr.")]


@app.command()
def match(
    mentees: Mentees, mentors: Mentors,
    out: Annotated[Path, typer.Option("--out", help="Where the matches go: .csv or .xlsx.")],
    policy: PolicyFile = None, scores: Scores = None, missing: IfMissing = "forbid", mentee_vectors: Left = None,
    mentor_vectors: Right = None,
    report: Annotated[Path | None, typer.Option("--report", help="Figures and open wishes (.json).")] = None,
    certificate: Annotated[Path | None, typer.Option("--certificate", help="Proof of the optimum (.npz).")] = None,
    seed: Seed = "belay", model: Model = DEFAULT_MODEL, cache: Cache = None, language: Language = "en",
) -> None:
    """Match people: the best assignment over all pairs, with its proof."""
    files = _files(mentees, mentors, policy, scores, missing, mentee_vectors, mentor_vectors, seed)
    with sentences_for_errors(), watched() as watch:
        check_outputs((out, report, certificate), (mentees, mentors, policy, scores, mentee_vectors, mentor_vectors))
        check_ending(out, TABLE_ENDINGS)
        began = perf_counter()
        case = _read(files, model, cache, watch)
        problem = case.problem
        read = perf_counter() - began
        solution = solve(problem, case.rules, progress=lambda phase, done: watch(phase.value, done))
        proof = certify(problem, solution)
        rows = outcome.match_rows(case, solution, language)
        figures = outcome.report(case, solution, proof, {"reading": read})
        write_table(out, outcome.HEADER, rows)
        if report:
            write_json(report, figures)
        if certificate:
            write_whole(certificate, proof.save)
    tell_summary(console, figures, out, [note for people in (case.mentees, case.mentors) for note in people.notes()])


@app.command()
def verify(
    matches: Annotated[Path, typer.Argument(help="The matches, as `belay match` wrote them.")],
    certificate: Annotated[Path, typer.Argument(help="The certificate (.npz).")],
    mentees: Mentees, mentors: Mentors, policy: PolicyFile = None, scores: Scores = None,
    missing: IfMissing = "forbid", mentee_vectors: Left = None, mentor_vectors: Right = None, seed: Seed = "belay",
    model: Model = DEFAULT_MODEL, cache: Cache = None,
) -> None:
    """Check matches against their certificate and the same inputs, without a solver."""
    files = _files(mentees, mentors, policy, scores, missing, mentee_vectors, mentor_vectors, seed)
    with sentences_for_errors(), watched() as watch:
        case = _read(files, model, cache, watch)
        proof = load_certificate(certificate)
        found = check(case.problem, outcome.read_matches(matches, case), proof,
                      progress=lambda _phase, done: watch("checking all pairs", done))
        asked_for = case.rules == proof.rules
    for one in found.checks:
        console.print(f"{'[green]✓[/]' if one.passed else '[red]✗[/]'} {escape(one.name)}: {escape(one.detail)}")
    if not asked_for:
        console.print("[red]✗[/] policy: the certificate was made under other assignment rules")
    if not (found.passed and asked_for):
        errors.print("[red]The matches are NOT what the certificate proves.[/red]")
        raise typer.Exit(NOT_PROVEN)
    console.print("[green]The matches are the certified optimum.[/green]")


@app.command()
def explain(
    mentee: Annotated[str, typer.Argument(help="Id of the mentee.")],
    mentor: Annotated[str, typer.Argument(help="Id of the mentor.")],
    mentees: Mentees, mentors: Mentors, policy: PolicyFile = None, mentee_vectors: Left = None,
    mentor_vectors: Right = None, seed: Seed = "belay", model: Model = DEFAULT_MODEL, cache: Cache = None,
    language: Language = "en",
    certificate: MadeMatch = None,
    reader: Annotated[Listener, typer.Option("--reader", help="Whom to tell: mentee, mentor or lead.")] = Listener.LEAD,
) -> None:
    """Say why two people fit, or why they cannot be matched, and what would help."""
    files = _files(mentees, mentors, policy, None, "forbid", mentee_vectors, mentor_vectors, seed)
    with sentences_for_errors():
        with watched() as watch:
            case = _read(files, model, cache, watch)
        if case.explained is None:
            raise ProblemError("plain cosines have no features to explain")
        one, other = _place(case.mentees.persons, mentee), _place(case.mentors.persons, mentor)
        changes = what_would_change(case, load_certificate(certificate), one) if certificate else None
        tell_pair(console, case.explained, one, other, reader, language)
        if changes is not None:
            tell_changes(console, changes)


@app.command("what-if")
def what_if(
    mentees: Mentees, mentors: Mentors, policy: PolicyFile = None, scores: Scores = None,
    missing: IfMissing = "forbid", mentee_vectors: Left = None, mentor_vectors: Right = None, seed: Seed = "belay",
    model: Model = DEFAULT_MODEL, cache: Cache = None,
    add_mentors: Annotated[Path | None, typer.Option("--add-mentors", help="Further mentors: CSV or Excel.")] = None,
    raised: Annotated[list[str] | None, typer.Option("--raise", help="mentor=slots to add, as in m17=2.")] = None,
    other_policy: Annotated[Path | None, typer.Option("--other-policy", help="Another policy.")] = None,
) -> None:
    """What a change would do to the match, and where one more slot would help most."""
    files = _files(mentees, mentors, policy, scores, missing, mentee_vectors, mentor_vectors, seed)
    with sentences_for_errors(), watched() as watch:
        change = Change(add_mentors, tuple(_raise(text) for text in raised or ()), other_policy)
        case = _read(files, model, cache, watch)
        before = solve(case.problem, case.rules, progress=lambda phase, done: watch(phase.value, done))
        chosen = make_model(get_settings(), model)
        reader = Reader(chosen, read_cache(cache, chosen.name) if cache else {})
        asked = change != Change()
        changed = difference(case, before, changed_case(case, change, reader), change.slots) if asked else None
        worth = worth_of_slots(case, lambda phase, done: watch(f"one more slot: {phase.value}", done))
    tell_difference(console, before, changed)
    tell_worth(console, worth)


@app.command()
def bench(
    suites: Annotated[list[str] | None, typer.Argument(help="Which suites to run; all if none is named.")] = None,
    size: Annotated[int, typer.Option("--size", min=100, help="Mentees of the largest instance.")] = 2000,
    data: Annotated[Path | None, typer.Option("--data", help="Folder of published data, for `interests`.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Figures: .csv, .xlsx or .json.")] = None,
    plots: Annotated[Path | None, typer.Option("--plots", help="Folder for plots (.svg).")] = None,
) -> None:
    """Measure the engine on this machine, beside what it is compared with."""
    with sentences_for_errors():
        check_ending(out, (*TABLE_ENDINGS, ".json"))
        sys.path.insert(0, str(Path(__file__).parents[2]))  # the suites are part of a checkout, not of the package
        from tests.benchmarks.figures import Setting
        from tests.benchmarks.plots import draw_plots
        from tests.benchmarks.suites import SUITES

        unknown = set(suites or ()) - SUITES.keys()
        if unknown:
            raise ProblemError(f"there is no suite {min(unknown)!r}; known are {', '.join(SUITES)}")
        setting = Setting(size, _tell_time(), data)
        figures: list[Any] = []
        for name in suites or SUITES:
            found = SUITES[name](setting)
            tell_figures(console, found)
            figures += found
            if out:
                write_figures(out, [f.cells for f in figures])
        for plot in draw_plots(figures, plots) if plots else ():
            console.print(f"Drawn: {plot}", highlight=False)


def _tell_time() -> Callable[[str], None]:
    began = perf_counter()

    def tell(text: str) -> None:
        errors.print(f"{perf_counter() - began:7.1f} s  {text}", highlight=False, soft_wrap=True)

    return tell


def _raise(text: str) -> tuple[str, int]:
    mentor, _, more = text.rpartition("=")
    if not mentor or not more.lstrip("+-").isdigit():
        raise ProblemError(f"--raise {text!r} should look like mentor=2")
    return mentor, int(more)


def _files(
    mentees: Path, mentors: Path, policy: Path | None, scores: Path | None, missing: str, left: Path | None,
    right: Path | None, seed: str,
) -> Files:
    if missing not in {"forbid", "zero"}:
        raise typer.BadParameter("--missing is forbid or zero")
    if bool(left) != bool(right):
        raise typer.BadParameter("--mentee-vectors and --mentor-vectors belong together")
    if scores and left:
        raise typer.BadParameter("give scores or vectors, not both")
    kept: Missing = "zero" if missing == "zero" else "forbid"
    return Files(mentees, mentors, policy, scores, kept, left, right, seed)


def _read(files: Files, model: str, cache: Path | None, watch: Callable[[str, float], None]) -> Case:
    """Read a case; texts that were embedded are kept even if what follows fails."""
    chosen = make_model(get_settings(), model)
    known = read_cache(cache, chosen.name) if cache else {}
    before = len(known)
    reader = Reader(chosen, known, lambda done, total: watch("reading texts", done / max(total, 1)), watch)
    try:
        return read_case(files, reader)
    finally:
        if cache and len(known) > before:
            write_cache(cache, chosen.name, known)


def _place(people: Any, identity: str) -> int:
    places = [n for n, person in enumerate(people) if person.id == identity]
    if not places:
        raise ProblemError(f"{identity!r} is not an id of the people's files")
    return places[0]


@contextmanager
def sentences_for_errors() -> Iterator[None]:
    """Bad input ends with all its sentences and exit code 2, never with a traceback."""
    try:
        yield
    except (TableError, PolicyError, ProblemError, CertificateError, ModelMissingError, ValueError, OSError) as error:
        errors.print(escape(str(error)), style="red", highlight=False, soft_wrap=True)
        raise typer.Exit(BAD_INPUT) from error
    except KeyboardInterrupt:
        errors.print("Stopped; nothing was written.")
        raise typer.Exit(130) from None


@contextmanager
def watched() -> Iterator[Callable[[str, float], None]]:
    """A progress bar per phase on a terminal; gone when done, never seen on what takes a moment."""
    bars = Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=errors, transient=True,
                    disable=not sys.stderr.isatty(), refresh_per_second=4)
    tasks: dict[str, Any] = {}
    with bars:
        def watch(phase: str, done: float) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase.replace("_", " "), total=1.0)
            bars.update(tasks[phase], completed=min(done, 1.0))

        yield watch


if __name__ == "__main__":
    app()
