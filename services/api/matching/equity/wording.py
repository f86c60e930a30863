"""Sizes, shares and means of a fairness report in words."""

from services.api.matching.equity.report import Mean, Share, Size
from services.api.web.translations import format_number
from services.api.web.translations import gettext as _

MEASURE_NAMES = {
    "matched": "with a proposal",
    "first_choice": "first choice",
    "envies": "envy",
    "mean_score": "mean score",
    "mentees_each": "mentees each",
}


def size_words(size: Size) -> str:
    """`148`, `11 – 20` or `301 or more`."""
    if size.most is None:
        return _("%(least)s or more") % {"least": format_number(size.least)}
    if size.least == size.most:
        return format_number(size.least)
    return f"{format_number(size.least)} \N{EN DASH} {format_number(size.most)}"


def share_words(share: Share) -> str:
    """`87%`, `80 – 90%`, `at least 90%` or `at most 10%`."""
    if share.low == share.high:
        return f"{share.low:.0%}"
    if share.high >= 1:
        return _("at least %(share)s") % {"share": f"{share.low:.0%}"}
    if share.low <= 0:
        return _("at most %(share)s") % {"share": f"{share.high:.0%}"}
    return f"{100 * share.low:.0f} \N{EN DASH} {share.high:.0%}"


def span_words(span: tuple[float, float]) -> str:
    low, high = span
    return f"{low:.0%}" if f"{low:.0%}" == f"{high:.0%}" else f"{100 * low:.0f} \N{EN DASH} {high:.0%}"


def percent_words(share: Share) -> str:
    """The interval of a share."""
    return f"{100 * share.interval_low:.0f} \N{EN DASH} {share.interval_high:.0%}"


def mean_words(mean: Mean | None, digits: int = 2) -> str:
    if mean is None:
        return "\N{EN DASH}"
    value, low, high = (format_number(one, digits, fixed=True) for one in (mean.value, mean.low, mean.high))
    return f"{value} ({low} \N{EN DASH} {high})"


def differs_words(measures: list[str]) -> str:
    """Which measures chance alone does not explain."""
    return ", ".join(_(MEASURE_NAMES[name]) for name in measures)
