"""The scores of all pairs: blocks propose what exact decides, contributions add up, nothing private decides."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from services.matcher.interests.records import Statements, Terms
from services.matcher.policy import Policy, parse_policy
from services.matcher.scoring.block_sides import mentee_side, mentor_side
from services.matcher.scoring.national import Index, NationalScores, total
from services.matcher.scoring.people import Mentee, Mentor
from services.matcher.scoring.rules import WhyNot
from shared.explanations.features import FEATURES, Feature
from shared.vocabulary.mentoring import Kind, SitePreference
from shared.vocabulary.stages import Stage
from tests.unit.matcher.crowd import crowd, interests

EVERYTHING = """
features:
  interest: {weight: 4}
  specialty: {weight: 2, by_kind: {specialty: 5}}
  stage: {weight: 1}
  shared_experience: {weight: 2}
  different_perspective: {weight: 1}
  time: {weight: 1, enough_hours: 9}
  place: {weight: 1}
  style: {weight: 1}
rules: {minimum_common_hours: %d, same_site: %s, training: true, common_language: %s}
"""


def everybody(scores: NationalScores) -> tuple[Index, Index]:
    rows, mentors = np.divmod(np.arange(scores.rows * scores.mentors), scores.mentors)
    return rows, mentors


def one_pair(mentee: Mentee, mentor: Mentor, policy: Policy | None = None) -> NationalScores:
    return NationalScores([mentee], [mentor], policy or Policy())


FIRST = (np.array([0]), np.array([0]))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("site", "hours", "language"), [("allowed", 0, "true"), ("forbidden", 3, "true"),
                                                          ("required", 0, "false")])
def test_a_block_agrees_with_the_exact_scores_within_its_tolerance(
        seed: int, site: str, hours: int, language: str) -> None:
    mentees, mentors = crowd(seed, 40, 30)
    policy = parse_policy(EVERYTHING % (hours, site, language))
    scores = NationalScores(mentees, mentors, policy, interests(seed, 40, 30))
    exact = scores.exact(*everybody(scores)).reshape(scores.rows, scores.mentors)
    block = scores.block(0, scores.rows)
    eligible = np.isfinite(exact)
    assert eligible.any()
    assert (np.isfinite(block) == eligible).all()
    assert np.abs(block[eligible] - exact[eligible]).max() <= scores.tolerance < 1e-4


def test_mentees_may_use_words_that_no_mentor_has() -> None:
    mentees, mentors = crowd(3, 12, 8)
    texts = interests(3, 12, 8)
    rare = replace(texts.mentee_terms, term=texts.mentee_terms.term + texts.mentee_terms.vocabulary)
    scores = NationalScores(mentees, mentors, parse_policy(EVERYTHING % (0, "allowed", "true")),
                            replace(texts, mentee_terms=rare))
    left, right = mentee_side(scores), mentor_side(scores, np.arange(8))
    assert right.terms == left.term.max() + 1
    exact = scores.exact(*everybody(scores)).reshape(scores.rows, scores.mentors)
    np.testing.assert_allclose(scores.block(0, scores.rows), exact, atol=scores.tolerance)


def test_the_fingerprint_follows_what_people_state_and_nothing_else() -> None:
    mentees, mentors = crowd(5, 9, 8)
    same = NationalScores(mentees, mentors, Policy()).fingerprint()
    assert NationalScores(list(mentees), list(mentors), Policy()).fingerprint() == same
    changed = [replace(mentees[0], hours=(mentees[0].hours or 0) ^ 1), *mentees[1:]]
    assert NationalScores(changed, mentors, Policy()).fingerprint() != same
    heavier = parse_policy("features: {specialty: {weight: 2.5}}")
    assert NationalScores(mentees, mentors, heavier).fingerprint() != same


def test_a_block_does_not_depend_on_where_it_starts() -> None:
    mentees, mentors = crowd(5, 30, 20)
    scores = NationalScores(mentees, mentors, parse_policy(EVERYTHING % (0, "allowed", "true")), interests(5, 30, 20))
    whole = scores.block(0, scores.rows)
    parts = [scores.block(at, min(at + 7, scores.rows)) for at in range(0, scores.rows, 7)]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-6)


def test_any_rows_against_any_range_of_mentors_score_as_in_the_block() -> None:
    mentees, mentors = crowd(5, 30, 600)
    scores = NationalScores(mentees, mentors, parse_policy(EVERYTHING % (2, "forbidden", "true")),
                            interests(5, 30, 600))
    whole = scores.block(0, scores.rows)
    rows = np.random.default_rng(0).permutation(scores.rows)[:20]
    for mentors_of in (slice(0, 256), slice(200, 513), slice(512, 768), slice(None)):
        np.testing.assert_allclose(scores.tile(rows, mentors_of), whole[rows, mentors_of], atol=1e-6)


def test_a_part_scores_as_the_whole_in_its_own_order() -> None:
    mentees, mentors = crowd(6, 30, 600)
    scores = NationalScores(mentees, mentors, parse_policy(EVERYTHING % (2, "required", "true")),
                            interests(6, 30, 600))
    numbers = np.random.default_rng(1)
    rows, chosen = numbers.permutation(scores.rows)[:20], numbers.permutation(600)[:300]
    part = scores.narrowed(rows, chosen)
    np.testing.assert_allclose(part.block(0, 20), scores.block(0, scores.rows)[np.ix_(rows, chosen)], atol=1e-6)
    again = part.narrowed(np.arange(5), np.arange(100, 300))
    assert (again.exact(np.arange(5), np.arange(5)) == scores.exact(rows[:5], chosen[100:105])).all()
    np.testing.assert_allclose(again.tile(np.arange(5), slice(50, 60)), part.block(0, 5)[:, 150:160], atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_mentors_face_other_mentees_as_if_made_for_them(seed: int) -> None:
    mentees, mentors = crowd(seed, 40, 30)
    policy, texts = parse_policy(EVERYTHING % (2, "forbidden", "true")), interests(seed, 40, 30)
    first = NationalScores(*crowd(seed + 9, 7, 30)[:1], mentors, policy,
                           replace(texts, mentee_statements=Statements.none(7, 32), mentee_terms=Terms.none(7)))
    stranger = replace(mentees[0], specialties=("falconry",), institution="nowhere", languages=("vo",),
                       ties=frozenset({"far"}))
    people = [stranger, *mentees[1:]]
    straight = NationalScores(people, mentors, policy, texts, first.interest.scale)
    facing = first.facing(people, texts)
    assert (facing.exact(*everybody(facing)) == straight.exact(*everybody(straight))).all()
    np.testing.assert_allclose(facing.block(0, facing.rows), straight.block(0, straight.rows), atol=1e-6)
    assert (facing.why_not(*everybody(facing)) == straight.why_not(*everybody(straight))).all()


def test_contributions_add_up_to_the_score_to_the_last_bit() -> None:
    mentees, mentors = crowd(6, 30, 20)
    scores = NationalScores(mentees, mentors, parse_policy(EVERYTHING % (0, "allowed", "true")), interests(6, 30, 20))
    rows, people = everybody(scores)
    exact = scores.exact(rows, people)
    eligible = np.isfinite(exact)
    assert (total(scores.contributions(rows[eligible], people[eligible])) == exact[eligible]).all()


def test_features_and_scores_lie_between_zero_and_one() -> None:
    mentees, mentors = crowd(7, 50, 30)
    scores = NationalScores(mentees, mentors, parse_policy(EVERYTHING % (0, "allowed", "true")), interests(7, 50, 30))
    features = scores.features(*everybody(scores))
    assert features.min() >= 0.0
    assert features.max() <= 1.0
    assert (features.max(axis=0) > 0.5).all()
    exact = scores.exact(*everybody(scores))
    assert exact[np.isfinite(exact)].max() <= 1.0 + 1e-12


def test_the_same_people_in_another_order_get_the_same_scores() -> None:
    mentees, mentors = crowd(8, 25, 15)
    policy = parse_policy(EVERYTHING % (0, "allowed", "true") + "")
    straight = NationalScores(mentees, mentors, policy)
    turned = NationalScores(mentees[::-1], mentors[::-1], policy)
    one = straight.exact(*everybody(straight)).reshape(straight.rows, straight.mentors)
    other = turned.exact(*everybody(turned)).reshape(turned.rows, turned.mentors)
    by_owner = [other[turned.owner == len(mentees) - 1 - i, ::-1] for i in range(len(mentees))]
    assert (np.concatenate(by_owner) == one).all()


def test_a_row_counts_only_what_the_mentee_said() -> None:
    mentee = Mentee(id="a", specialties=("cardiology",))
    scores = one_pair(mentee, Mentor(id="b", specialties=("cardiology",), hours=1, languages=("en",)))
    assert scores.weights[0, FEATURES.index(Feature.SPECIALTY)] == 1.0
    assert scores.exact(*FIRST)[0] == 1.0


def test_a_mentee_who_said_nothing_scores_zero_with_everyone_and_stays_eligible() -> None:
    assert one_pair(Mentee(id="a"), Mentor(id="b")).exact(*FIRST)[0] == 0.0


def test_importance_scales_how_much_shared_experience_weighs() -> None:
    policy = parse_policy("features: {specialty: {weight: 1}, shared_experience: {weight: 1}}")
    mentor = Mentor(id="m", tokens=frozenset({"t"}))
    little = one_pair(Mentee(id="a", specialties=("cardiology",), tokens={"t": 1}), mentor, policy)
    much = one_pair(Mentee(id="a", specialties=("cardiology",), tokens={"t": 3}), mentor, policy)
    none = one_pair(Mentee(id="a", specialties=("cardiology",), tokens={"t": 0}), mentor, policy)
    assert none.exact(*FIRST)[0] == 0.0
    assert little.exact(*FIRST)[0] == pytest.approx(0.25)
    assert much.exact(*FIRST)[0] == pytest.approx(0.5)


def test_only_an_exactly_equal_token_is_shared() -> None:
    scores = one_pair(Mentee(id="a", tokens={"t1": 3, "t2": 3}), Mentor(id="b", tokens=frozenset({"t2", "t22"})))
    assert scores.experience.count(*FIRST)[0] == 1
    assert scores.experience.shared(*FIRST)[0] == 0.5


def test_who_wishes_a_different_perspective_gains_from_difference() -> None:
    policy = parse_policy("features: {different_perspective: {weight: 1}}")
    mentee = Mentee(id="a", tokens={"t1": 0}, different_perspective=True, institution="x", state="MN")
    alike = Mentor(id="b", tokens=frozenset({"t1"}), institution="x", state="MN")
    other = Mentor(id="c", tokens=frozenset({"t9"}), institution="y", state="NY")
    scores = NationalScores([mentee], [alike, other], policy)
    assert scores.exact(np.array([0, 0]), np.array([0, 1])).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(("mentee", "mentor", "why"), [
    (Mentee(id="a", slots=(Kind.FACULTY,), stage=Stage.M1), Mentor(id="b", stage=Stage.PGY2), WhyNot.KIND),
    (Mentee(id="a", slots=(Kind.NEAR_PEER,), stage=Stage.PGY3), Mentor(id="b", stage=Stage.PGY2), WhyNot.KIND),
    (Mentee(id="a", slots=(Kind.SPECIALTY,), specialties=("urology",)), Mentor(id="b", specialties=("cardiology",)),
     WhyNot.SPECIALTY),
    (Mentee(id="a"), Mentor(id="b", evaluates=frozenset({"a"})), WhyNot.EVALUATOR),
    (Mentee(id="a", blocked=frozenset({"b"})), Mentor(id="b"), WhyNot.BLOCKED),
    (Mentee(id="a"), Mentor(id="b", blocked=frozenset({"a"})), WhyNot.BLOCKED),
    (Mentee(id="a", account="p"), Mentor(id="b", account="p"), WhyNot.SAME_PERSON),
    (Mentee(id="a", institution="x"), Mentor(id="b", institution="x"), WhyNot.SITE),
    (Mentee(id="a", languages=("es",)), Mentor(id="b", languages=("en",)), WhyNot.LANGUAGE),
    (Mentee(id="a", hours=0b1111), Mentor(id="b", hours=0b10000), WhyNot.HOURS),
    (Mentee(id="a", trained=False), Mentor(id="b"), WhyNot.MENTEE_NOT_READY),
    (Mentee(id="a"), Mentor(id="b", pledged=False), WhyNot.MENTOR_NOT_READY),
])
def test_each_hard_rule_bars_a_pair_and_is_named(mentee: Mentee, mentor: Mentor, why: WhyNot) -> None:
    policy = parse_policy("rules: {same_site: forbidden, minimum_common_hours: 2, training: true, pledge: true}")
    scores = one_pair(mentee, mentor, policy)
    assert scores.why_not(*FIRST)[0] == why
    assert scores.exact(*FIRST)[0] == -np.inf
    assert scores.block(0, 1)[0, 0] == -np.inf


def test_nothing_unknown_bars_a_pair() -> None:
    policy = parse_policy("rules: {same_site: required, minimum_common_hours: 5}")
    assert one_pair(Mentee(id="a", slots=(Kind.FACULTY,)), Mentor(id="b"), policy).why_not(*FIRST)[0] == 0


def test_a_wish_for_any_mentor_becomes_the_kind_that_fits_best() -> None:
    mentee = Mentee(id="a", stage=Stage.M2, slots=(Kind.ANY,))
    scores = NationalScores([mentee], [Mentor(id="b", stage=Stage.PGY1), Mentor(id="c", stage=Stage.FACULTY)], Policy())
    assert scores.given_kinds(np.array([0, 0]), np.array([0, 1])) == [Kind.NEAR_PEER, Kind.FACULTY]


def test_a_specialty_slot_takes_a_neighboring_specialty_too() -> None:
    mentee = Mentee(id="a", slots=(Kind.SPECIALTY,), specialties=("urology", "critical_care"))
    assert one_pair(mentee, Mentor(id="b", specialties=("dermatology", "pulmonology"))).why_not(*FIRST)[0] == 0


def test_any_kind_becomes_a_specialty_mentorship_only_where_nothing_else_is_possible() -> None:
    mentee = Mentee(id="a", stage=Stage.M1)
    scores = NationalScores([mentee], [Mentor(id="b", stage=Stage.PGY2), Mentor(id="c", stage=Stage.FELLOW)], Policy())
    assert scores.given_kinds(np.array([0, 0]), np.array([0, 1])) == [Kind.NEAR_PEER, Kind.SPECIALTY]


def test_a_trainee_can_mentor_faculty_in_reverse_only() -> None:
    mentee = Mentee(id="a", stage=Stage.FACULTY, slots=(Kind.REVERSE, Kind.NEAR_PEER))
    scores = NationalScores([mentee], [Mentor(id="b", stage=Stage.PGY1)], Policy())
    assert (scores.why_not(np.array([0, 1]), np.array([0, 0])) == [0, WhyNot.KIND]).all()


def test_naming_more_specialties_never_raises_the_best_agreement() -> None:
    names = ("cardiology", "nephrology", "urology", "radiology")
    mentees = [Mentee(id=str(n), specialties=names[: n + 1]) for n in range(4)]
    scores = NationalScores(mentees, [Mentor(id="b", specialties=("cardiology",))], Policy())
    assert len(set(scores.specialty.values(np.arange(4), np.zeros(4, np.int64)))) == 1


def test_place_follows_the_wish_of_the_mentee() -> None:
    here: dict[str, Any] = {"institution": "x", "state": "MN"}
    wishes = [Mentee(id="s", site=SitePreference.SAME, **here), Mentee(id="o", site=SitePreference.OTHER, **here),
              Mentee(id="t", ties=frozenset({"AZ"}), **here)]
    mentors = [Mentor(id="1", **here), Mentor(id="2", institution="y", state="MN"),
               Mentor(id="3", institution="z", state="NY", ties=frozenset({"AZ"}))]
    scores = NationalScores(wishes, mentors, Policy())
    rows, people = everybody(scores)
    values = scores.places.values(rows, people).reshape(3, 3)
    assert values.tolist() == [[1.0, 0.5, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0]]


def test_given_vectors_with_the_cosine_scale_score_as_the_clipped_cosine() -> None:
    from services.matcher.interests.records import Interests
    rng = np.random.default_rng(0)
    left, right = rng.normal(size=(9, 16)), rng.normal(size=(7, 16))
    left, right = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (left, right))
    left, right = left.astype(np.float32), right.astype(np.float32)
    policy = parse_policy("features: {interest: {weight: 1, scale: cosine}}")
    scores = NationalScores([Mentee(id=f"a{n}") for n in range(9)], [Mentor(id=f"b{n}") for n in range(7)], policy,
                            Interests.given(left, right))
    cosine = np.maximum(0, left.astype(np.float64) @ right.astype(np.float64).T)
    np.testing.assert_allclose(scores.exact(*everybody(scores)).reshape(9, 7), cosine, atol=1e-9)


def test_vectors_for_another_number_of_people_are_refused() -> None:
    with pytest.raises(ValueError, match="vectors are given for 3 mentees, but there are 2"):
        NationalScores([Mentee(id="a"), Mentee(id="b")], [Mentor(id="c")], Policy(), interests(0, 3, 1))


def test_nobody_at_all_gives_an_empty_block() -> None:
    scores = NationalScores([], [], Policy())
    assert scores.block(0, 0).shape == (0, 0)
    assert scores.exact(np.zeros(0, np.int64), np.zeros(0, np.int64)).shape == (0,)
