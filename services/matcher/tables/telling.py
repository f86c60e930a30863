"""What the command line says: figures of a match, and why one pair fits."""

from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.matcher.explaining.explain import explain
from services.matcher.explaining.open_slots import CODE_OF_RULE, what_would_help
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.rules import WhyNot
from shared.explanations.features import Feature
from shared.explanations.reasons import Explanation, Reason, ReasonCode
from shared.explanations.words import Reader, Voice


def tell_summary(console: Console, figures: dict[str, Any], out: Path, ignored: tuple[str, ...]) -> None:
    """The figures of a match in a few lines."""
    filled, wanted = figures["slots_filled"], figures["slots_wanted"]
    console.print(f"{filled} of {wanted} wanted slots are filled ({figures['coverage']:.1%}).", highlight=False)
    if figures["mean_score"] is not None:
        console.print(f"Scores: mean {figures['mean_score']:.3f}, lowest {figures['floor']:.3f}, "
                      f"total {figures['total_score']:.3f}.", highlight=False)
    proven = "proven optimal over all pairs" if figures["gap"] == 0 else f"gap to the bound {figures['gap']:.6f}"
    console.print(f"{figures['pairs_considered']:,} pairs were priced; {proven}.", highlight=False)
    if ignored:
        console.print(f"Columns that were not used: {escape(', '.join(ignored))}.", style="dim", highlight=False)
    console.print(f"Written to {escape(str(out))}.", highlight=False)


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
