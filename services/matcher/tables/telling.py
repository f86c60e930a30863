"""What the command line says: figures of a match, and why one pair fits."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from services.matcher.assignment.solution import Solution
from services.matcher.assignment.what_if import Difference
from services.matcher.explaining.explain import explain
from services.matcher.explaining.open_slots import CODE_OF_RULE, what_would_help
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.rules import WhyNot
from services.matcher.tables.alternatives import Alternative, Slot
from services.matcher.tables.what_if import Worth
from shared.explanations.features import Feature
from shared.explanations.reasons import Explanation, Reason, ReasonCode
from shared.explanations.words import Reader, Voice


def tell_summary(console: Console, figures: dict[str, Any], out: Path, notes: Sequence[str]) -> None:
    """The figures of a match in a few lines."""
    filled, wanted = figures["slots_filled"], figures["slots_wanted"]
    console.print(f"{filled} of {wanted} wanted slots are filled ({figures['coverage']:.1%}).", highlight=False)
    if figures["mean_score"] is not None:
        console.print(f"Scores: mean {figures['mean_score']:.3f}, lowest {figures['floor']:.3f}, "
                      f"total {figures['total_score']:.3f}.", highlight=False)
    console.print(f"{figures['pairs_considered']:,} pairs were priced; {_proven(figures)}.", highlight=False)
    for note in notes:
        console.print(escape(note), style="dim", highlight=False, soft_wrap=True)
    console.print(f"Written to {escape(str(out))}.", highlight=False)


def _proven(figures: dict[str, Any]) -> str:
    if figures["proven_to"] == "floor":
        return ("certified to its floor over all pairs: no match fills more or has a better worst score; the scores "
                f"above it are computed, not certified; the total is at most {figures['gap']:.6f} below the best")
    return "proven optimal over all pairs" if figures["gap"] == 0 else f"gap to the bound {figures['gap']:.6f}"


def tell_pair(console: Console, scores: NationalScores, mentee: int, mentor: int,  # noqa: PLR0913, PLR0917
              reader: Reader, language: str) -> None:
    """Every slot of the mentee with this mentor: numbers, sentences, and what would help."""
    voice = Voice(reader, language)
    for row in np.flatnonzero(scores.owner == mentee).tolist():
        broken = WhyNot(int(scores.why_not(np.array([row]), np.array([mentor]))[0]))
        console.print(f"Slot of kind [bold]{scores.kinds[row]}[/bold]", highlight=False)
        if broken:
            _tell_lines(console, voice.say_all(_barred(broken)), "✗")
        else:
            told = explain(scores, row, mentor)
            console.print(_numbers(told))
            _tell_lines(console, voice.say_all(told.reasons), "•")
            _tell_lines(console, voice.say_all(told.notes), "!")
        _tell_lines(console, voice.say_all(what_would_help(scores, row)), "→")


def tell_changes(console: Console, slots: Sequence[Slot]) -> None:
    """What would change the match that was made: mentors that are near, and what they lack."""
    for slot in slots:
        got = f"has {slot.mentor} ({slot.score:.6f})" if slot.mentor is not None else "is open"
        console.print(f"Slot {slot.number} {escape(got)}. It would change if", highlight=False)
        for other in slot.alternatives:
            console.print(f"  ↔ {escape(_nearness(other))}", highlight=False)
        if not slot.alternatives:
            console.print("  nothing: it is pinned, or no other mentor is eligible.", highlight=False)


def _nearness(other: Alternative) -> str:
    if other.needed <= 0:
        return f"{other.mentor} ({other.score:.6f}) scored any better: it lacks nothing at the proven prices"
    features = ", ".join(f"{_label(feature)} (up to {most:.6f})" for feature, most in other.by)
    how = f"by {features}" if features else "no feature alone can bring that"
    return f"{other.mentor} ({other.score:.6f}) scored more than {other.needed:.6f} better: {how}"


def _barred(broken: WhyNot) -> list[Reason]:
    reasons = [Reason.of(code, number=1) for rule, code in CODE_OF_RULE.items() if broken & rule]
    return [Reason.of(ReasonCode.MENTEE_NOT_READY), *reasons] if broken & WhyNot.MENTEE_NOT_READY else reasons


def _tell_lines(console: Console, lines: list[str], mark: str) -> None:
    for line in lines:
        console.print(f"  {mark} {escape(line)}", highlight=False)


def _numbers(told: Explanation) -> Table:
    table = Table("feature", "value", "weight", "points")
    for part in told.contributions:
        if part.weight > 0:
            table.add_row(_label(part.feature), f"{part.value:.3f}", f"{part.weight:.3f}", f"{part.points:.6f}")
    table.add_row("score", "", "", f"{told.score:.6f}", style="bold")
    return table


def _label(feature: Feature) -> str:
    return feature.value.replace("_", " ")


def tell_difference(console: Console, before: Solution, changed: Difference | None) -> None:
    """The figures of a match, and beside them those after a change."""
    table = Table("", "now", *(["then", "change"] if changed else []))
    for name in ("slots_filled", "floor", "total", "objective"):
        now = getattr(before, name)
        cells = [name.replace("_", " "), _figure(now)]
        if changed:
            cells += [_figure(getattr(changed.after, name)), _figure(getattr(changed, name), sign="+")]
        table.add_row(*cells)
    console.print(table)
    if changed:
        slots = "1 slot" if changed.moved == 1 else f"{changed.moved} slots"
        console.print(f"{slots} would have another mentor.", highlight=False)


def tell_worth(console: Console, worth: Sequence[Worth], most: int = 5) -> None:
    """Where one more slot would help most, by specialty, state, stage and institution."""
    table = Table("one more slot at", "mentors there", "slots filled", "score", title="Where a slot would help most")
    for grouping, found in groupby(worth, key=lambda w: w.grouping):
        useful = [w for w in found if w.coverage > 0 or w.total > 0][:most]
        for w in useful:
            table.add_row(f"{grouping} {escape(w.group)}", str(w.mentors), f"{w.coverage:+.3f}", f"{w.total:+.4f}")
    console.print(table if table.row_count else "One more slot anywhere would change nothing.")


class Figure(Protocol):
    """A measured figure of a benchmark."""

    @property
    def cells(self) -> tuple[str, str, str, float, str]: ...


def tell_figures(console: Console, figures: Sequence[Figure]) -> None:
    """A table per suite and instance, in the order measured."""
    tables: dict[tuple[str, str], Table] = {}
    for figure in figures:
        suite, what, instance, value, unit = figure.cells
        if (suite, instance) not in tables:
            tables[suite, instance] = Table(box=None, show_header=False, title=f"{suite}: {instance}",
                                            title_justify="left")
        tables[suite, instance].add_row(what, Text(_readable(value), justify="right"), unit)
    for table in tables.values():
        console.print(table, "", sep="\n")


def _readable(value: float) -> str:
    """Thousands with commas, small values with four digits."""
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 1000 else f"{value:.4g}"


def _figure(value: float | None, sign: str = "-") -> str:
    if value is None:
        return ""
    return f"{value:{sign}d}" if isinstance(value, int) else f"{value:{sign}.6f}"
