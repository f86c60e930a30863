"""What cards of people say: reasons that tell one card from the other, and first words."""

from services.api.matching.telling import Told, tell, told_apart
from shared.explanations.features import FEATURES
from shared.explanations.reasons import Contribution, Explanation, Reason, ReasonCode
from shared.explanations.words import Reader

CLOSE = Reason.of(ReasonCode.INTEREST_CLOSE, percent=93)
HOURS = Reason.of(ReasonCode.TIME_COMMON, number=4)
SPECIALTY = Reason.of(ReasonCode.SPECIALTY_SAME, specialty="emergency_medicine")
FACULTY = Reason.of(ReasonCode.STAGE_FACULTY)


def told(*reasons: Reason) -> Told:
    parts = tuple(Contribution(feature=f, value=0.0, weight=0.0, points=0.0) for f in FEATURES)
    stored = Explanation(score=0.0, contributions=parts, reasons=reasons, notes=())
    return tell(stored.model_dump(mode="json"), Reader.MENTEE, "en")


def test_what_a_card_shows_as_a_fact_is_not_said_again() -> None:
    assert told(HOURS, CLOSE, SPECIALTY).headline == told(CLOSE, SPECIALTY).reasons


def test_where_too_little_else_is_known_it_is_said_all_the_same() -> None:
    assert told(HOURS, CLOSE).headline == told(HOURS, CLOSE).reasons


def test_cards_of_a_list_say_what_the_others_do_not() -> None:
    one, other = told(CLOSE, SPECIALTY, FACULTY), told(CLOSE, SPECIALTY)
    assert [card.headline for card in told_apart([one, other])] == [[one.reasons[0], one.reasons[2]], other.reasons]


def test_the_strongest_reasons_stand_first_where_nothing_tells_apart() -> None:
    one = told(CLOSE, SPECIALTY, FACULTY)
    assert [card.headline for card in told_apart([one, one])] == [one.reasons[:2]] * 2
    assert told_apart([]) == []
