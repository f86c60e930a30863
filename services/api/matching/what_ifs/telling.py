"""A question and its answer in words."""

from services.api.matching.side_by_side import Line, number_line, share_line
from services.api.web.charts import Figure, Finding, bars
from services.api.web.translations import gettext as _
from services.api.web.translations import ngettext
from shared.contracts.what_if import WhatIfAnswer, WhatIfQuestion
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.states import STATES

SHOWN = 12


def told_question(question: WhatIfQuestion) -> list[str]:
    """What is changed, one phrase for each change."""
    told = []
    if question.mentors:
        told.append(_mentors(question))
    if question.more_places:
        one, many = "every mentor takes %(count)s mentee more", "every mentor takes %(count)s mentees more"
        told.append(ngettext(one, many, question.more_places) % {"count": question.more_places})
    if question.load_weight is not None:
        told.append(_("load weight %(weight)s") % {"weight": f"{question.load_weight:g}"})
    if question.floor is not None:
        told.append(_floor(question.floor))
    return told


def _mentors(question: WhatIfQuestion) -> str:
    one, many = "%(count)s more mentor", "%(count)s more mentors"
    who = ngettext(one, many, question.mentors) % {"count": question.mentors}
    if question.specialty:
        who += _(" of %(specialty)s") % {"specialty": _(SPECIALTIES.get(question.specialty, question.specialty))}
    if question.state:
        who += _(" in %(state)s") % {"state": STATES.get(question.state, question.state)}
    places = ngettext("%(count)s place each", "%(count)s places each", question.places) % {"count": question.places}
    return f"{who}, {places}"


def _floor(floor: str | float) -> str:
    if floor == "max":
        return _("the weakest match as good as can be")
    if floor == "none":
        return _("no floor for the weakest match")
    return _("no match below %(score)s") % {"score": f"{floor:g}"}


def headline(answer: WhatIfAnswer) -> str:
    """The finding in one sentence."""
    more = answer.after.coverage.slots_filled - answer.before.coverage.slots_filled
    if more > 0:
        one, many = "%(count)s more mentee gets a mentor", "%(count)s more mentees get a mentor"
        return ngettext(one, many, more) % {"count": more}
    if more < 0:
        one, many = "%(count)s mentee fewer gets a mentor", "%(count)s mentees fewer get a mentor"
        return ngettext(one, many, -more) % {"count": -more}
    if answer.after.total_score > answer.before.total_score:
        return _("Nobody more gets a mentor; the matches fit better")
    if answer.after.total_score < answer.before.total_score:
        return _("Nobody more gets a mentor; the matches fit less well")
    return _("Nothing would change")


def figures(answer: WhatIfAnswer) -> list[Line]:
    """Before and after, figure by figure."""
    before, after = answer.before, answer.after
    return [
        number_line(_("Wishes filled"), after.coverage.slots_filled, before.coverage.slots_filled, 0),
        share_line(_("Coverage"), after.coverage.rate, before.coverage.rate),
        number_line(_("Weakest match"), after.floor, before.floor),
        number_line(_("Total score"), after.total_score, before.total_score),
        number_line(_("Load cost"), after.load_cost, before.load_cost, more_is_better=False),
    ]


def served_figure(answer: WhatIfAnswer) -> Figure | None:
    """Who would be served besides, by the specialty they name first."""
    counted = sorted(answer.newly_served.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
    if not counted:
        return None
    rows = [(_(SPECIALTIES.get(key, key)) if key else _("No specialty named"), count) for key, count in counted]
    title = _("%(specialty)s gains most: %(count)s of %(all)s newly served") % {
        "specialty": rows[0][0], "count": counted[0][1], "all": sum(answer.newly_served.values()),
    }  # fmt: skip
    if not counted[0][0]:
        title = _("Who would be newly served")
    told = _("Bars: mentees who only then have a mentor, by the specialty they name first.")
    return bars(Finding("served", title, told), rows, names=(_("Specialty"), _("Mentees")))
