"""What a step's model cannot know by itself: what the role asks for, and what this program and its sites allow."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from services.api.enrollment.choices import dimension_name
from services.api.enrollment.schemas import (
    Answers,
    DimensionChoice,
    Matters,
    Meeting,
    Place,
    Review,
    Step,
    Want,
    Who,
)
from services.api.forms import FormErrors
from services.api.web.translations import gettext as _
from shared.bandwidth import HOURS_PER_MENTORSHIP
from shared.models.programs import Cycle, Dimension, Institution, Program
from shared.vocabulary.mentoring import Kind, Role
from shared.vocabulary.stages import FACULTY_STAGES, MENTOR_STAGES

SHORTEST_WISH = 15
MOST_KINDS = 3
MOST_HOURS = Decimal(80)
MOST_SLOTS = 50
HALF_HOUR = Decimal("0.5")


@dataclass(frozen=True)
class Situation:
    """Into what somebody enrolls: the cycle of a program, its dimensions, all institutions.

    Bandwidth is asked of mentors who register; later it has a page of its own.
    """

    program: Program
    cycle: Cycle
    dimensions: tuple[Dimension, ...]
    institutions: Mapping[UUID, Institution]
    asks_bandwidth: bool = True

    def dimension(self, code: str) -> Dimension | None:
        return next((one for one in self.dimensions if one.code == code), None)


def fits(step: Step | None, answers: Answers, situation: Situation) -> bool:
    """Whether a step is answered and still goes with the others (somebody may have changed their role since)."""
    return step is not None and not check_step(step, answers, situation)


def check_step(step: Step, answers: Answers, situation: Situation) -> FormErrors:
    """A sentence for each form field of `step` that does not fit; `answers` are the steps saved so far."""
    found: FormErrors = {}
    match step:
        case Who():
            found = _check_who(step)
        case Place():
            found = _check_place(step, situation)
        case Want():
            found = _check_want(step, answers)
        case Matters():
            found = _check_matters(step, situation)
        case Meeting():
            found = _check_meeting(step, answers, situation)
        case Review(consent=False):
            found = {"consent": _("Please agree, or close this page: nothing is used then.")}
    return found


def _check_who(step: Who) -> FormErrors:
    if Role.MENTOR in step.role.roles and step.stage not in MENTOR_STAGES:
        return {"stage": _("Mentors start in the third year of medical school. You can join as a mentee now.")}
    return {}


def _check_place(step: Place, situation: Situation) -> FormErrors:
    if step.institution_id not in situation.institutions:
        return {"institution_id": _("Choose an institution from the list.")}
    return {}


def _check_want(step: Want, answers: Answers) -> FormErrors:
    found: FormErrors = {}
    if Role.MENTEE in answers.roles:
        found |= _check_words("wish", step.wish, _("Say in a sentence or two what you would like help with."))
    if Role.MENTOR in answers.roles:
        found |= _check_words("offer", step.offer, _("Say in a sentence or two what you can help with."))
        found |= _check_kinds_offered(step, answers)
    if len(step.kinds_wanted) > MOST_KINDS:
        found["kinds_wanted"] = _("Choose %(most)s at most.") % {"most": MOST_KINDS}
    return found


def _check_words(name: str, text: str, sentence: str) -> FormErrors:
    return {} if len(text) >= SHORTEST_WISH else {name: sentence}


def _check_kinds_offered(step: Want, answers: Answers) -> FormErrors:
    is_faculty = answers.who is not None and answers.who.stage in FACULTY_STAGES
    wrong = {Kind.NEAR_PEER, Kind.REVERSE} if is_faculty else {Kind.FACULTY}
    if wrong & set(step.kinds_offered):
        return {"kinds_offered": _("One of these does not go with your career stage.")}
    return {}


def _check_matters(step: Matters, situation: Situation) -> FormErrors:
    found: FormErrors = {}
    for choice in step.dimensions:
        found |= _check_choice(choice, situation.dimension(choice.code))
    return found


def _check_choice(choice: DimensionChoice, dimension: Dimension | None) -> FormErrors:
    if dimension is None:
        return {"form": _("This program does not ask about %(code)s.") % {"code": choice.code}}
    if any(answer not in dimension.answers for answer in choice.answers):
        return {f"answers_{choice.code}": _("Choose from the list, or use your own words.")}
    if choice.is_used and not choice.exact_answers:
        return {
            f"answers_{choice.code}": _("%(dimension)s: choose an answer, or switch this off.")
            % {"dimension": dimension_name(dimension.name)}
        }
    return {}


def _check_meeting(step: Meeting, answers: Answers, situation: Situation) -> FormErrors:
    found: FormErrors = {}
    if not step.hours:
        found["hours"] = _("Mark at least one hour in which you could usually meet.")
    if not step.languages:
        found["languages"] = _("Choose at least one language.")
    if Role.MENTOR in answers.roles and situation.asks_bandwidth:
        found |= check_bandwidth(step.hours_per_month, step.mentee_slots)
    return found


def check_bandwidth(hours: Decimal | None, slots: int | None) -> FormErrors:
    """What is wrong with hours a month and mentee slots that should leave room for at least one mentorship."""
    found: FormErrors = {}
    if hours is None or not HOURS_PER_MENTORSHIP <= hours <= MOST_HOURS:
        sentence = _("Enter hours from %(least)s to %(most)s: one mentorship takes about %(least)s.")
        found["hours_per_month"] = sentence % {"least": HOURS_PER_MENTORSHIP, "most": MOST_HOURS}
    elif hours % HALF_HOUR:
        found["hours_per_month"] = _("Enter full or half hours.")
    if slots is None or not 1 <= slots <= MOST_SLOTS:
        found["mentee_slots"] = _("Enter a number of mentees from 1 to %(most)s.") % {"most": MOST_SLOTS}
    return found
