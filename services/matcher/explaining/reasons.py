"""What speaks for one pair and what to know about it, feature by feature."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.matcher.explaining.telling import telling_words
from services.matcher.policy import Policy
from services.matcher.scoring.people import Mentee, Mentor
from services.matcher.scoring.specialties import near, rank_weight
from shared.explanations.features import Feature
from shared.explanations.reasons import Reason, ReasonCode
from shared.vocabulary.mentoring import Kind, MeetingMode, SitePreference
from shared.vocabulary.stages import FACULTY_STAGES

CLOSE, FAR = 0.6, 0.2
MODEST = 0.5
SOME_HOURS = 3
NEAR = 0.5


@dataclass(frozen=True)
class PairFacts:
    """One pair with the facts that its features came from."""

    mentee: Mentee
    mentor: Mentor
    kind: Kind
    policy: Policy
    values: dict[Feature, float]
    common_terms: tuple[str, ...]
    common_hours: int
    shared_experiences: int
    elsewhere: float


def reasons_of(feature: Feature, facts: PairFacts) -> Iterator[Reason]:
    """The reasons a feature gives for a pair, strongest first."""
    yield from {
        Feature.INTEREST: _interest, Feature.SPECIALTY: _specialty, Feature.STAGE: _stage,
        Feature.SHARED_EXPERIENCE: _shared, Feature.DIFFERENT_PERSPECTIVE: _different, Feature.TIME: _time,
        Feature.PLACE: _place, Feature.STYLE: _style,
    }[feature](facts)


def notes_of(feature: Feature, facts: PairFacts) -> Iterator[Reason]:
    """What both should know about a pair: little time, another specialty, texts far apart."""
    value = facts.values[feature]
    if feature is Feature.TIME and facts.mentor.hours is not None and facts.common_hours < SOME_HOURS:
        yield Reason.of(ReasonCode.TIME_LITTLE, number=facts.common_hours)
    if feature is Feature.SPECIALTY and value == 0.0 and facts.mentor.specialties:
        yield Reason.of(ReasonCode.SPECIALTY_OTHER, wanted=facts.mentee.specialties[0],
                        offered=facts.mentor.specialties[0])
    if feature is Feature.INTEREST and value < FAR and facts.policy.features.interest.scale == "percentile":
        yield Reason.of(ReasonCode.INTEREST_FAR)


def _interest(facts: PairFacts) -> Iterator[Reason]:
    percentile = facts.policy.features.interest.scale == "percentile"
    value = facts.values[Feature.INTEREST]
    if percentile and value >= CLOSE:
        yield Reason.of(ReasonCode.INTEREST_CLOSE, percent=min(int(value * 100), 99))
    words = telling_words(facts.common_terms)
    if words:
        yield Reason.of(ReasonCode.INTEREST_WORDS, words=words)


def _specialty(facts: PairFacts) -> Iterator[Reason]:
    pairs = [
        (rank_weight(i) * near(wanted, offered) * rank_weight(j), near(wanted, offered), wanted, offered)
        for i, wanted in enumerate(facts.mentee.specialties) for j, offered in enumerate(facts.mentor.specialties)
    ]
    _, nearness, wanted, offered = max(pairs, default=(0.0, 0.0, "", ""))
    if nearness == 1.0:
        yield Reason.of(ReasonCode.SPECIALTY_SAME, specialty=offered)
    elif nearness >= NEAR:
        yield Reason.of(ReasonCode.SPECIALTY_NEAR, wanted=wanted, offered=offered)


def _stage(facts: PairFacts) -> Iterator[Reason]:
    mentee, mentor = facts.mentee.stage, facts.mentor.stage
    if mentee is None or mentor is None or facts.values[Feature.STAGE] < MODEST:
        return
    if facts.kind is Kind.REVERSE:
        yield Reason.of(ReasonCode.STAGE_REVERSE)
    elif mentor in FACULTY_STAGES:
        yield Reason.of(ReasonCode.STAGE_FACULTY)
    else:
        yield Reason.of(ReasonCode.STAGE_AHEAD, number=mentor.years - mentee.years)


def _shared(facts: PairFacts) -> Iterator[Reason]:
    if facts.shared_experiences:
        yield Reason.of(ReasonCode.SHARED_EXPERIENCE, number=facts.shared_experiences)


def _different(facts: PairFacts) -> Iterator[Reason]:
    if facts.elsewhere:
        yield Reason.of(ReasonCode.DIFFERENT_PLACE)


def _time(facts: PairFacts) -> Iterator[Reason]:
    if facts.common_hours >= SOME_HOURS:
        yield Reason.of(ReasonCode.TIME_COMMON, number=facts.common_hours)


def _place(facts: PairFacts) -> Iterator[Reason]:
    mentee, mentor = facts.mentee, facts.mentor
    known, same = bool(mentee.institution and mentor.institution), mentee.institution == mentor.institution
    tied = mentee.ties & (mentor.ties | {mentor.state})
    if tied:
        yield Reason.of(ReasonCode.PLACE_TIES, regions=sorted(tied))
    if mentee.site is SitePreference.OTHER and known and not same:
        yield Reason.of(ReasonCode.PLACE_OTHER_SITE)
    if mentee.site is SitePreference.SAME and known and same:
        yield Reason.of(ReasonCode.PLACE_SAME_SITE)
    elif mentee.site is SitePreference.SAME and mentee.state and mentee.state == mentor.state:
        yield Reason.of(ReasonCode.PLACE_SAME_STATE)


def _style(facts: PairFacts) -> Iterator[Reason]:
    mentee, mentor = facts.mentee, facts.mentor
    first = mentee.languages[0] if mentee.languages else ""
    if first not in {"", "en"} and first in mentor.languages:
        yield Reason.of(ReasonCode.LANGUAGE_COMMON, language=first)
    if mentee.working_style is not None and mentee.working_style == mentor.working_style:
        yield Reason.of(ReasonCode.WORKING_STYLE_SAME, style=mentee.working_style.value)
    if mentee.meeting_mode not in {None, MeetingMode.EITHER} and mentee.meeting_mode == mentor.meeting_mode:
        yield Reason.of(ReasonCode.MEETING_MODE_SAME, mode=str(mentee.meeting_mode))
