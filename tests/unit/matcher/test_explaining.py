"""Explanations: exact numbers, honest reasons, no dimension that is not shown, and what would help."""

import string

import numpy as np
import pytest

from services.matcher.explaining.explain import explain, explain_pairs
from services.matcher.explaining.open_slots import part_of_week, what_would_help, why_open
from services.matcher.explaining.telling import telling_words
from services.matcher.interests.model import HashingModel
from services.matcher.interests.reading import InterestReader
from services.matcher.policy import Policy, parse_policy
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.people import Mentee, Mentor
from shared.explanations.phrases_en import ENGLISH
from shared.explanations.reasons import Explanation, Reason, ReasonCode, shares_for_leads, shares_for_people
from shared.explanations.words import PHRASES, Reader, Voice
from shared.vocabulary.mentoring import Kind, MeetingMode, SitePreference, WorkingStyle
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import Stage
from tests.unit.matcher.crowd import crowd, interests

ALL_ON = parse_policy(
    "features: {interest: {}, specialty: {}, stage: {}, shared_experience: {weight: 2}, "
    "different_perspective: {}, time: {}, place: {}, style: {}}"
)


def codes(reasons: tuple[Reason, ...] | list[Reason]) -> list[ReasonCode]:
    return [reason.code for reason in reasons]


def pair(mentee: Mentee, mentor: Mentor, policy: Policy = ALL_ON) -> Explanation:
    return explain(NationalScores([mentee], [mentor], policy), 0, 0)


@pytest.mark.parametrize("seed", range(3))
def test_points_added_from_left_to_right_are_the_score_to_the_last_bit(seed: int) -> None:
    mentees, mentors = crowd(seed, 20, 15)
    scores = NationalScores(mentees, mentors, ALL_ON, interests(seed, 20, 15))
    rows, people = np.divmod(np.arange(scores.rows * scores.mentors), scores.mentors)
    exact = scores.exact(rows, people)
    eligible = np.flatnonzero(np.isfinite(exact))
    for at, told in zip(eligible, explain_pairs(scores, rows[eligible], people[eligible]), strict=True):
        points = 0.0
        for contribution in told.contributions:
            points += contribution.points
        assert points == told.score == exact[at]
        assert all(c.weight * c.value == c.points for c in told.contributions)


def test_each_thing_in_common_is_a_reason() -> None:
    mentee = Mentee(
        id="a", stage=Stage.M3, specialties=("cardiology",), tokens={"t": 3}, different_perspective=True,
        hours=0b11111, institution="x", state="MN", site=SitePreference.OTHER, ties=frozenset({"AZ"}),
        languages=("es", "en"), meeting_mode=MeetingMode.VIDEO, working_style=WorkingStyle.LISTENING,
    )
    mentor = Mentor(
        id="b", stage=Stage.PGY1, specialties=("cardiology",), tokens=frozenset({"t"}), hours=0b11110,
        institution="y", state="AZ", languages=("en", "es"), meeting_mode=MeetingMode.VIDEO,
        working_style=WorkingStyle.LISTENING,
    )
    assert set(codes(pair(mentee, mentor).reasons)) == {
        ReasonCode.SPECIALTY_SAME, ReasonCode.STAGE_AHEAD, ReasonCode.SHARED_EXPERIENCE, ReasonCode.DIFFERENT_PLACE,
        ReasonCode.TIME_COMMON, ReasonCode.PLACE_TIES, ReasonCode.PLACE_OTHER_SITE, ReasonCode.LANGUAGE_COMMON,
        ReasonCode.WORKING_STYLE_SAME, ReasonCode.MEETING_MODE_SAME,
    }


def test_the_strongest_feature_speaks_first_and_each_once_before_any_twice() -> None:
    mentee = Mentee(id="a", specialties=("cardiology",), hours=0b111, meeting_mode=MeetingMode.VIDEO,
                    working_style=WorkingStyle.LISTENING)
    mentor = Mentor(id="b", specialties=("cardiology",), hours=0b111, meeting_mode=MeetingMode.VIDEO,
                    working_style=WorkingStyle.LISTENING)
    policy = parse_policy("features: {style: {weight: 9}, specialty: {weight: 1}, time: {enough_hours: 6}}")
    assert codes(pair(mentee, mentor, policy).reasons) == [
        ReasonCode.WORKING_STYLE_SAME, ReasonCode.SPECIALTY_SAME, ReasonCode.TIME_COMMON,
        ReasonCode.MEETING_MODE_SAME,
    ]


def test_what_to_know_about_a_pair_is_noted() -> None:
    mentee = Mentee(id="a", specialties=("cardiology",), hours=0b1)
    mentor = Mentor(id="b", specialties=("urology",), hours=0b1)
    assert codes(pair(mentee, mentor).notes) == [ReasonCode.SPECIALTY_OTHER, ReasonCode.TIME_LITTLE]


def test_common_words_are_told_and_words_of_identity_never() -> None:
    assert telling_words(["POCUS", "nigerian american", "lgbtq clinic", "rural clinics", "POCUS scans", "toxicology",
                          "wilderness"]) == ["POCUS", "toxicology", "wilderness"]
    wish, offer = ["I love toxicology and want to see wilderness rescue"], ["Toxicology; wilderness rescue teams"]
    texts = InterestReader(HashingModel(), {}).read([wish], [offer])
    scores = NationalScores([Mentee(id="a")], [Mentor(id="b")], Policy(), texts)
    words = [r.parameters["words"] for r in explain(scores, 0, 0).reasons if r.code is ReasonCode.INTEREST_WORDS]
    assert words
    assert "toxicology" in words[0]  # type: ignore[operator]


@pytest.mark.parametrize("dull", [
    "bearable", "pace", "teamwork", "bay", "puzzle", "disbelief", "minute minute", "rules change",
    "listening procedure", "apology", "geography", "technology transfer", "international", "general", "happening", "OK",
])
def test_dull_words_are_not_told_however_few_people_write_them(dull: str) -> None:
    assert telling_words([dull]) == []


@pytest.mark.parametrize("telling", [
    "palliative", "stroke", "maternal mortality", "regional anesthesia", "general surgery", "neurosurgery", "ECMO",
    "POCUS", "glaucoma", "colorectal", "away rotations", "addiction", "airways", "emergency psychiatry",
    "artificial intelligence", *(name for name in SPECIALTIES.values() if " " not in name),
])
def test_words_of_the_field_are_told(telling: str) -> None:
    assert telling_words([telling]) == [telling]


def test_an_abbreviation_and_what_it_stands_for_are_not_both_told() -> None:
    assert telling_words(["ED emergency", "CV", "curriculum vitae", "stroke"]) == ["CV", "stroke"]


SHARED = Explanation(
    score=0.5, contributions=(), reasons=(Reason.of(ReasonCode.SHARED_EXPERIENCE, number=2),)
)


def test_a_shared_experience_is_told_only_by_the_names_that_are_shown() -> None:
    assert Voice(Reader.MENTEE).summary(SHARED) == ""
    assert Voice(Reader.LEAD, shown=("Veteran",)).summary(SHARED) == ""
    assert Voice(Reader.MENTEE, shown=("Veteran",)).summary(SHARED).endswith("that matters to you: Veteran.")
    assert "Veteran y Lesbiana" in Voice(Reader.MENTOR, "es", shown=("Veteran", "Lesbiana")).summary(SHARED)


def test_the_two_of_a_pair_see_no_number_that_holds_a_shared_experience() -> None:
    kate = Mentee(id="a", tokens={"t": 3}, meeting_mode=MeetingMode.VIDEO)
    private = pair(kate, Mentor(id="b", tokens=frozenset({"t"}), meeting_mode=MeetingMode.VIDEO))
    nothing = pair(kate, Mentor(id="c", meeting_mode=MeetingMode.VIDEO))
    assert private.score > nothing.score
    assert shares_for_people(private) == shares_for_people(nothing)


def test_leads_see_personal_features_in_one_number_and_the_whole_score() -> None:
    told = pair(Mentee(id="a", tokens={"t": 3}, meeting_mode=MeetingMode.VIDEO),
                Mentor(id="b", tokens=frozenset({"t"}), meeting_mode=MeetingMode.VIDEO))
    assert [share.feature for share in shares_for_leads(told)] == [None]
    assert sum(share.points for share in shares_for_leads(told)) == pytest.approx(told.score)


def test_an_explanation_survives_being_stored() -> None:
    told = pair(Mentee(id="a", specialties=("cardiology",)), Mentor(id="b", specialties=("cardiology",)))
    assert Explanation.model_validate_json(told.model_dump_json()) == told


def fields(phrase: str | tuple[str, str]) -> set[str]:
    text = phrase if isinstance(phrase, str) else phrase[1]
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["es", "fr"])
@pytest.mark.parametrize("table", [*Reader, "words"])
def test_every_english_phrase_is_said_in_every_language_with_the_same_parameters(language: str, table: str) -> None:
    english, other = ENGLISH[table], PHRASES[language][table]
    assert english.keys() == other.keys()
    assert all(fields(english[code]) == fields(other[code]) for code in english)
    assert all(other[code] != english[code] for code in english)


def test_every_reason_can_be_said_to_mentee_and_lead_and_the_reasons_for_a_pair_to_the_mentor() -> None:
    everything = {code.value for code in ReasonCode}
    assert ENGLISH[Reader.MENTEE].keys() == everything - {"more_places", "closest"}
    assert ENGLISH[Reader.LEAD].keys() == everything - {"shared_experience"}
    until_notes = list(ReasonCode)[: list(ReasonCode).index(ReasonCode.INTEREST_FAR) + 1]
    assert ENGLISH[Reader.MENTOR].keys() == {"more_places", *(code.value for code in until_notes)}


def test_one_and_many_differ() -> None:
    voice = Voice(Reader.LEAD)
    assert voice.say(Reason.of(ReasonCode.TIME_COMMON, number=1)) == "One common hour a week."
    assert voice.say(Reason.of(ReasonCode.TIME_COMMON, number=4)) == "4 common hours a week."


def test_labels_of_the_vocabulary_are_put_into_the_readers_language() -> None:
    voice = Voice(Reader.MENTEE, "fr", translate={"Cardiology": "Cardiologie"}.get)  # type: ignore[arg-type]
    assert "Cardiologie" in str(voice.say(Reason.of(ReasonCode.SPECIALTY_SAME, specialty="cardiology")))


def test_an_unknown_language_is_told_in_english() -> None:
    assert Voice(Reader.LEAD, "xx").say(Reason.of(ReasonCode.PLACE_SAME_STATE)) == "Same state."


def open_slot(mentee: Mentee, mentors: list[Mentor], free: list[int], rules: str = "{}") -> list[Reason]:
    scores = NationalScores([mentee], mentors, parse_policy(f"rules: {rules}"))
    return why_open(scores, 0, np.array(free))


def test_a_slot_stays_open_because_all_who_fit_are_full() -> None:
    found = open_slot(Mentee(id="a"), [Mentor(id="b"), Mentor(id="c")], [0, 0])
    assert found == [Reason.of(ReasonCode.ALL_FULL, number=2), Reason.of(ReasonCode.MORE_BANDWIDTH)]


def test_a_slot_stays_open_because_nobody_offers_the_kind_and_another_kind_would_help() -> None:
    mentee = Mentee(id="a", stage=Stage.M1, slots=(Kind.FACULTY,))
    found = open_slot(mentee, [Mentor(id="b", stage=Stage.PGY1), Mentor(id="c", stage=Stage.PGY2)], [1, 1])
    assert found == [Reason.of(ReasonCode.BARRED_KIND, number=2), Reason.of(ReasonCode.ANY_KIND, number=2)]


def test_with_evening_hours_more_mentors_fit() -> None:
    evening = part_of_week("weekday_evenings", -6)
    mentee = Mentee(id="a", hours=part_of_week("weekday_days", -6), utc_offset=-6)
    mentors = [Mentor(id=str(n), hours=evening) for n in range(5)]
    found = open_slot(mentee, mentors, [1] * 5, "{minimum_common_hours: 2}")
    assert found == [Reason.of(ReasonCode.BARRED_HOURS, number=5),
                     Reason.of(ReasonCode.MORE_HOURS, part="weekday_evenings", number=5)]
    assert Voice(Reader.MENTEE).say(found[1]) == "With weekday evenings, 5 more mentors would fit."


def test_hours_that_help_count_only_mentors_with_room() -> None:
    mentors = [Mentor(id=str(n), hours=part_of_week("weekends", 0)) for n in range(3)]
    scores = NationalScores([Mentee(id="a", hours=0b1)], mentors, Policy())
    assert what_would_help(scores, 0, np.array([0, 1, 0])) == [
        Reason.of(ReasonCode.MORE_HOURS, part="weekends", number=1)]


def test_a_mentee_who_is_not_ready_is_told_so_first() -> None:
    found = open_slot(Mentee(id="a", pledged=False), [Mentor(id="b")], [1], "{pledge: true}")
    assert codes(found) == [ReasonCode.MENTEE_NOT_READY]


def test_a_cycle_without_mentors_says_so() -> None:
    assert codes(open_slot(Mentee(id="a"), [], [])) == [ReasonCode.NO_MENTORS]
