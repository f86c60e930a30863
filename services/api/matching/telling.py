"""Explanations and choices in the reader's words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from services.api.matching.offers.schemas import DeclineReason
from services.api.matching.queries import Person
from services.api.matching.runs.publishing import Obstacle
from services.api.matching.runs.service import Progress
from services.api.mentorships.schemas import ClosureReason
from services.api.web.translations import format_number
from services.api.web.translations import gettext as _
from shared.contracts.run_report import RunPhase
from shared.explanations.features import Feature
from shared.explanations.reasons import Explanation, Reason, ReasonCode, shares_for_leads, shares_for_people
from shared.explanations.words import Reader, Voice
from shared.models.base import Json
from shared.models.matching import RunState
from shared.vocabulary.labels import label_in
from shared.vocabulary.mentoring import Kind
from shared.vocabulary.stages import Stage


@dataclass(frozen=True)
class Told:
    """Why a pair fits, for one reader: sentences, and the parts of the score that this reader may see."""

    reasons: list[str]
    notes: list[str]
    changes: list[str]
    parts: list[tuple[str, float]]
    points: list[str] = field(default_factory=list)

    @property
    def total(self) -> float:
        return sum(points for _label, points in self.parts)

    @property
    def headline(self) -> list[str]:
        """The two strongest reasons among those that a card does not show as facts anyway."""
        return self.points[:HEADLINE]


def told_apart(told: Sequence[Told]) -> list[Told]:
    """Each with the two reasons for its headline that few of the others give: a list should help to choose."""
    given = Counter(reason for one in told for reason in one.points)
    chosen = [sorted(one.points, key=lambda reason: given[reason])[:HEADLINE] for one in told]
    return [replace(one, points=sorted(two, key=one.points.index)) for one, two in zip(told, chosen, strict=True)]


HEADLINE = 2
# Hours in common and what two people share stand on a card in lines of their own.
SHOWN_AS_FACTS = frozenset({ReasonCode.TIME_COMMON, ReasonCode.SHARED_EXPERIENCE})
NOTHING_TOLD = Told([], [], [], [])


def tell(explanation: Json, reader: Reader, language: str, shown: Sequence[str] = ()) -> Told:
    """An explanation as it was stored, in words; nothing for a pair that has none (an imported one)."""
    if not explanation:
        return NOTHING_TOLD
    known = Explanation.model_validate(explanation)
    voice = Voice(reader, language, tuple(shown), partial(label_in, language))
    shares = shares_for_leads(known) if reader is Reader.LEAD else shares_for_people(known)
    parts = [(feature_label(share.feature), share.points) for share in shares]
    say, points = voice.say_all, [reason for reason in known.reasons if reason.code not in SHOWN_AS_FACTS]
    pointed = say(points if len(points) >= HEADLINE else known.reasons)
    return Told(say(known.reasons), say(known.notes), say(known.changes), parts, pointed)


def tell_unmatched(reasons: list[Any], language: str) -> list[str]:
    """Why a wish stays open, for the lead."""
    voice = Voice(Reader.LEAD, language, translate=partial(label_in, language))
    return voice.say_all(Reason.model_validate(reason) for reason in reasons)


def feature_label(feature: Feature | None) -> str:
    """The name of a part of a score; None is what is kept together for privacy, which only leads see."""
    labels = {
        Feature.INTEREST: _("Interests and goals"),
        Feature.SPECIALTY: _("Specialty"),
        Feature.STAGE: _("Career stage"),
        Feature.SHARED_EXPERIENCE: _("Shared experience"),
        Feature.DIFFERENT_PERSPECTIVE: _("A different perspective"),
        Feature.TIME: _("Time in common"),
        Feature.PLACE: _("Place"),
        Feature.STYLE: _("Way of working"),
    }
    return labels[feature] if feature else _("Personal fit, kept together for privacy")


def kind_label(kind: str) -> str:
    """A kind as leads call it: of a wish or a pair, not in the mentee's own words."""
    labels = {
        Kind.ANY: _("Any kind"),
        Kind.NEAR_PEER: _("Near-peer"),
        Kind.FACULTY: _("Faculty"),
        Kind.SPECIALTY: _("Same specialty"),
        Kind.REVERSE: _("Reverse"),
    }
    return labels[Kind(kind)]


def told_as(kind: str) -> str:
    """What a suggested mentor would be to a mentee who wishes for several kinds."""
    labels = {
        Kind.ANY: _("As a mentor"),
        Kind.NEAR_PEER: _("As a near-peer"),
        Kind.FACULTY: _("As a faculty mentor"),
        Kind.SPECIALTY: _("As a mentor in your specialty"),
        Kind.REVERSE: _("As a reverse mentor"),
    }
    return labels[Kind(kind)]


def line_of(person: Person) -> str:
    """One line about somebody: stage, specialty, institution."""
    parts = (_(person.stage.label), _(person.specialty) if person.specialty else "", person.institution)
    return " · ".join(part for part in parts if part)


def decline_choices() -> list[tuple[str, str]]:
    """What a mentor may give as a reason, with its words."""
    return [
        (DeclineReason.NO_TIME, _("I have no time for another mentee right now")),
        (DeclineReason.NOT_MY_FIELD, _("Somebody else knows this field or path better")),
        (DeclineReason.KNOW_EACH_OTHER, _("We know each other already")),
        (DeclineReason.EVALUATOR, _("I grade, rank or interview this person, or may soon")),
        (DeclineReason.OTHER, _("Another reason")),
    ]


def told_to_mentee(reason: str | None) -> str:
    """What a mentee hears of a decline: kind, and never about them."""
    if reason == DeclineReason.NO_ANSWER:
        return _("They did not get around to answering in time.")
    if reason == DeclineReason.NO_TIME:
        return _("They have no time for another mentee right now.")
    if reason in {DeclineReason.NOT_MY_FIELD, DeclineReason.OTHER}:
        return _("They think somebody else can help you better.")
    return _("They cannot be your mentor in this program.")


def closure_choices() -> list[tuple[str, str]]:
    """Why a mentorship ends, without blame."""
    return [
        (ClosureReason.GOALS_REACHED, _("We did what we set out to do")),
        (ClosureReason.NEW_DIRECTION, _("My path leads somewhere else now")),
        (ClosureReason.NO_TIME, _("There is too little time right now")),
        (ClosureReason.SCHEDULES, _("Our schedules never meet")),
        (ClosureReason.NEVER_STARTED, _("We never really got started")),
        (ClosureReason.NOT_THE_RIGHT_FIT, _("We are not the right match")),
        (ClosureReason.RATHER_NOT_SAY, _("I would rather not say")),
    ]


def stage_label(stage: str) -> str:
    return _(Stage(stage).label)


def phase_label(phase: RunPhase) -> str:
    """What the matcher does in a phase, for the list beside the progress bar."""
    labels = {
        RunPhase.WAITING: _("Waiting for a free worker"),
        RunPhase.READING: _("Reading who takes part"),
        RunPhase.EMBEDDING: _("Reading what everybody wrote"),
        RunPhase.SCORING: _("Scoring every pair"),
        RunPhase.COVERAGE: _("Filling as many wishes as possible"),
        RunPhase.FLOOR: _("Raising the weakest match"),
        RunPhase.TOTAL: _("Making the whole as good as it can be"),
        RunPhase.CERTIFYING: _("Proving that nothing better exists"),
        RunPhase.EXPLAINING: _("Writing down why"),
        RunPhase.COMPARING: _("Solving it again with the change"),
        RunPhase.DONE: _("Done"),
        RunPhase.FAILED: _("Failed"),
    }
    return labels[phase]


def steps(progress: Progress) -> list[tuple[str, str]]:
    """The phases after the waiting room in words, each done, current or ahead."""
    return [(phase_label(phase), progress.state_of(phase)) for phase in progress.phases[1:]]


def run_state_label(state: str) -> tuple[str, str]:
    """The word for a run's state and the tone of its tag."""
    labels = {
        RunState.REQUESTED: (_("Running"), "rope"),
        RunState.DRAFT: (_("Draft"), "pine"),
        RunState.ANSWERED: (_("Answered"), "pine"),
        RunState.PUBLISHED: (_("Published"), "success"),
        RunState.DISCARDED: (_("Discarded"), "plain"),
        RunState.FAILED: (_("Failed"), "error"),
    }
    return labels[RunState(state)]


def obstacle_sentences(obstacles: Iterable[Obstacle]) -> list[str]:
    """Why pairs of a draft no longer fit, with how many of each."""
    words = {
        Obstacle.NOT_TAKING_PART: _("%(count)s: one of the two no longer takes part"),
        Obstacle.SETTLED: _("%(count)s: the two have been matched, asked or declined since"),
        Obstacle.EXCLUDED: _("%(count)s: the two must not be matched (an evaluator, a block)"),
        Obstacle.MENTEE_SERVED: _("%(count)s: the mentee has found somebody since, or wishes for another kind"),
        Obstacle.MENTOR_FULL: _("%(count)s: the mentor has less room than when the draft was made"),
    }
    return [words[obstacle] % {"count": format_number(count)} for obstacle, count in Counter(obstacles).most_common()]
