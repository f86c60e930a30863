"""A draft's numbers as charts whose titles say the finding."""

from collections import Counter
from itertools import accumulate

from services.api.web.charts import Figure, Finding, bars, counted_histogram
from services.api.web.translations import format_percent, ngettext
from services.api.web.translations import gettext as _
from shared.contracts.run_report import MentorLoad, RunReport, ScoreBin


def draft_figures(report: RunReport) -> list[Figure]:
    """What can be drawn of a draft."""
    drawn = [score_figure(report), load_figure(report), unmatched_figure(report)]
    return [figure for figure in drawn if figure]


def score_figure(report: RunReport) -> Figure | None:
    """How the scores of the proposals are spread; None for a draft without any."""
    bins = report.score_histogram
    if report.mean_score is None or report.floor is None or not bins:
        return None
    title = _("Half of all proposals score %(median)s or more; none scores below %(floor)s")
    title %= {"median": f"{max(_median(bins), report.floor):.2f}", "floor": f"{report.floor:.2f}"}
    told = _("Bars: how many proposals have a score in each range from 0 to 1.")
    counted = [(part.lower, part.upper, part.count) for part in bins]
    return counted_histogram(Finding("scores", title, told), counted, names=(_("Score"), _("Proposals")))


def _median(bins: list[ScoreBin]) -> float:
    """The lower end of the bin that the middle proposal lies in."""
    middle = sum(part.count for part in bins) / 2
    reached = accumulate(part.count for part in bins)
    return next(part.lower for part, count in zip(bins, reached, strict=True) if count >= middle)


def load_figure(report: RunReport) -> Figure | None:
    """How full the mentors' free slots are; None where nobody has any."""
    loads = [load for load in report.loads if load.slots]
    if not loads:
        return None
    counts = Counter(_fullness(load) for load in loads)
    rows = [(label, counts[label]) for label in _fullness_labels()]
    title = _load_title(counts[_fullness_labels()[0]], len(loads))
    told = _("Bars: mentors by how much of what they offer this draft uses.")
    return bars(Finding("loads", title, told), rows, names=(_("Places used"), _("Mentors")))


def _load_title(untouched: int, mentors: int) -> str:
    if not untouched:
        return _("Every mentor with free places gets a mentee")
    return ngettext(
        "%(count)s of %(all)s mentor with free places gets nobody",
        "%(count)s of %(all)s mentors with free places get nobody",
        mentors,
    ) % {"count": untouched, "all": mentors}


def _fullness_labels() -> tuple[str, ...]:
    return (_("None"), _("Less than half"), _("Half or more"), _("All"))


def _fullness(load: MentorLoad) -> str:
    nothing, little, much, everything = _fullness_labels()
    if load.filled == 0:
        return nothing
    if load.filled >= load.slots:
        return everything
    return little if load.filled * 2 < load.slots else much


def unmatched_figure(report: RunReport) -> Figure | None:
    """Why slots stay open, by their first reason."""
    if not report.unmatched:
        return None
    ordered = sorted(report.unmatched.items(), key=lambda item: (-item[1], item[0]))
    rows = [(reason_label(code), count) for code, count in ordered]
    share = format_percent(ordered[0][1] / sum(report.unmatched.values()))
    title = _("%(share)s of the open slots: %(reason)s") % {"share": share, "reason": rows[0][0]}
    told = _("Bars: open slots by what stands in the way first.")
    return bars(Finding("unmatched", title, told), rows, names=(_("Reason"), _("Open slots")), highlight=rows[0][0])


def reason_label(code: str) -> str:
    """A short name of what keeps a slot open; unknown codes are told as they are."""
    labels = {
        "no_mentors": _("no mentor has joined"),
        "barred_kind": _("no mentor of this kind"),
        "barred_site": _("rule about institutions"),
        "barred_language": _("no common language"),
        "barred_specialty": _("no mentor of the specialty asked for"),
        "barred_hours": _("no common hour"),
        "barred_conflict": _("evaluators or blocks"),
        "barred_mentors_not_ready": _("mentors not ready"),
        "mentee_not_ready": _("mentee not ready"),
        "all_full": _("all who fit are full"),
        "slots_left": _("limits of the program"),
    }
    return labels.get(code, code)
