"""A draft's numbers as charts whose titles say the finding."""

from collections import Counter
from itertools import accumulate
from uuid import UUID

from services.api.web.charts import Figure, Finding, bars, counted_histogram
from services.api.web.drawing import drawn_once
from services.api.web.translations import format_number, format_percent, format_score, ngettext
from services.api.web.translations import gettext as _
from shared.contracts.run_report import MentorLoad, RunReport, ScoreBin


def draft_figures(run_id: UUID, report: RunReport) -> list[Figure]:
    """What can be drawn of a draft, once: a run's report never changes."""
    return drawn_once(("draft", run_id), lambda: _figures(report))


def _figures(report: RunReport) -> list[Figure]:
    drawn = [score_figure(report), load_figure(report), unmatched_figure(report)]
    return [figure for figure in drawn if figure]


def score_figure(report: RunReport) -> Figure | None:
    """How the scores of the proposals are spread; None for a draft without any."""
    bins = report.score_histogram
    if report.mean_score is None or report.floor is None or not bins:
        return None
    told = _("Bars: how many proposals have a score in each range from 0 to 1.")
    counted = [(part.lower, part.upper, part.count) for part in bins]
    finding = Finding("scores", _score_title(bins, report.floor), told)
    return counted_histogram(finding, counted, names=(_("Score"), _("Proposals")))


def _score_title(bins: list[ScoreBin], floor: float) -> str:
    """How many reach the bar in which the middle proposal lies: of scores within a bar nothing is known."""
    lower, share = _upper_half(bins)
    least = format_score(floor)
    if lower <= floor:
        return _("No proposal scores below %(floor)s") % {"floor": least}
    title = _("%(share)s of all proposals score %(score)s or more; none scores below %(floor)s")
    return title % {"share": format_percent(min(share, 0.99)), "score": format_score(lower), "floor": least}


def _upper_half(bins: list[ScoreBin]) -> tuple[float, float]:
    """The lower end of the middle proposal's bin, and the share of proposals from there on."""
    below = accumulate((part.count for part in bins), initial=0)
    everybody = sum(part.count for part in bins)
    return max(
        (part.lower, 1 - count / everybody) for part, count in zip(bins, below, strict=False) if count <= everybody / 2
    )


def load_figure(report: RunReport) -> Figure | None:
    """How full the mentors' free places are; None where nobody has any."""
    loads = [load for load in report.loads if load.slots]
    if not loads:
        return None
    counts = Counter(_fullness(load) for load in loads)
    rows = [(label, counts[label]) for label in _fullness_labels()]
    title = _load_title(counts[_fullness_labels()[0]], len(loads))
    told = _("Bars: mentors by how much of what they offer this draft uses.")
    return bars(Finding("loads", title, told), rows, names=(_("Free places used"), _("Mentors")))


def _load_title(untouched: int, mentors: int) -> str:
    if not untouched:
        return _("Every mentor with free places gets a mentee")
    return ngettext(
        "%(count)s of %(all)s mentor with free places gets nobody",
        "%(count)s of %(all)s mentors with free places get nobody",
        mentors,
    ) % {"count": format_number(untouched), "all": format_number(mentors)}


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
    """Why wishes stay open, by their first reason."""
    if not report.unmatched:
        return None
    ordered = sorted(report.unmatched.items(), key=lambda item: (-item[1], item[0]))
    rows = [(reason_label(code), count) for code, count in ordered]
    share = format_percent(ordered[0][1] / sum(report.unmatched.values()))
    title = _("%(share)s of the open wishes: %(reason)s") % {"share": share, "reason": rows[0][0]}
    told = _("Bars: open wishes by what stands in the way first.")
    return bars(Finding("unmatched", title, told), rows, names=(_("Reason"), _("Open wishes")), highlight=rows[0][0])


def reason_label(code: str) -> str:
    """A short name of what keeps a wish open; unknown codes are told as they are."""
    labels = {
        "no_mentors": _("no mentor has joined"),
        "barred_kind": _("no mentor of this kind"),
        "barred_site": _("rule about institutions"),
        "barred_language": _("no common language"),
        "barred_specialty": _("no mentor of the wished specialty"),
        "barred_hours": _("no common hour"),
        "barred_conflict": _("evaluators or blocks"),
        "barred_mentors_not_ready": _("mentors not ready"),
        "mentee_not_ready": _("mentee not ready"),
        "all_full": _("all who fit are full"),
        "slots_left": _("limits of the program"),
    }
    return labels.get(code, code)
