"""One figure of two matches beside each other, in words."""

from dataclasses import dataclass, replace

from services.api.web.translations import format_number, format_percent
from services.api.web.translations import gettext as _

DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Line:
    """A figure now and before; `change` is "" where nothing changed, `better` None where neither is better."""

    label: str
    now: str
    before: str
    change: str
    better: bool | None


def number_line(
    label: str, now: float | None, before: float | None, digits: int = 3, *, more_is_better: bool = True
) -> Line:
    said = [format_number(value, digits, fixed=True) if value is not None else DASH for value in (now, before)]
    change = round((now or 0.0) - (before or 0.0), digits)
    if not change:
        return Line(label, said[0], said[1], "", None)
    changed = ("+" if change > 0 else MINUS) + format_number(abs(change), digits, fixed=True)
    return Line(label, said[0], said[1], changed, (change > 0) is more_is_better)


def share_line(label: str, now: float, before: float, *, judged: bool = True) -> Line:
    """A share, its change in percentage points; not `judged`: more is neither better nor worse."""
    line = number_line(label, now, before)
    points = _("%(points)s points") % {"points": format_number(abs(now - before) * 100, fixed=True)}
    change = line.change and f"{line.change[0]}{points}"
    return replace(
        line, now=format_percent(now), before=format_percent(before), change=change,
        better=line.better if judged else None,
    )  # fmt: skip
