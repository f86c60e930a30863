"""What would change a match that was made: counted over the candidates, exact in what it says."""

import numpy as np
import pytest

from services.matcher.explaining.changes import Outlook, changes_of_pairs
from services.matcher.policy import parse_policy
from services.matcher.scoring.national import NationalScores
from shared.explanations.features import FEATURES, Feature
from shared.explanations.reasons import Reason, ReasonCode
from tests.unit.matcher.crowd import crowd, interests

PLACE = FEATURES.index(Feature.PLACE)


def matched(seed: int) -> tuple[NationalScores, np.ndarray, np.ndarray, Outlook]:
    """Every row with the worst mentor it may have; all eligible pairs are candidates."""
    mentees, mentors = crowd(seed, 30, 12)
    scores = NationalScores(mentees, mentors, parse_policy("{}"), interests(seed, 30, 12))
    row, mentor = np.divmod(np.arange(scores.rows * 12), 12)
    given = scores.exact(row, mentor).reshape(scores.rows, 12)
    row, mentor = row[np.isfinite(given).ravel()], mentor[np.isfinite(given).ravel()]
    rows = np.unique(row)
    worst = np.where(np.isfinite(given), given, np.inf).argmin(axis=1)[rows]
    return scores, rows, worst.astype(np.int64), Outlook(np.arange(12) % 2 == 0, row, mentor, {int(rows[0]): 0.0421})


def numbers_of(told: list[tuple[Reason, ...]], code: ReasonCode) -> list[int]:
    return [next((int(str(r.parameters["number"])) for r in one if r.code is code), 0) for one in told]


@pytest.mark.parametrize("seed", range(4))
def test_without_place_as_many_fit_better_as_counting_one_by_one_finds(seed: int) -> None:
    """Against a policy in which place weighs nothing: its scores are in the order that is told."""
    scores, rows, given, outlook = matched(seed)
    plain = NationalScores(
        scores.mentee_people, scores.mentor_people, parse_policy("features: " + _without_place()), scores.interests,
        scores.interest.scale,
    )  # fmt: skip
    told = numbers_of(changes_of_pairs(scores, rows, given, outlook), ReasonCode.PLACE_ASIDE)
    for row, mentor, number in zip(rows, given, told, strict=True):
        mine = outlook.candidate_mentors[outlook.candidate_rows == row]
        here, there = np.full(len(mine), row), np.array([row])
        now = scores.exact(here, mine) > scores.exact(there, np.array([mentor]))[0]
        then = plain.exact(here, mine) > plain.exact(there, np.array([mentor]))[0] + 1e-9
        assert number == int((then & ~now).sum())


def _without_place() -> str:
    kept = "interest: {weight: 4}, specialty: {weight: 2, by_kind: {specialty: 4}}, stage: {weight: 1}"
    return "{" + kept + ", different_perspective: {weight: 1}, time: {weight: 1}, style: {weight: 0.5}}"


def test_one_more_place_is_told_where_it_would_serve_somebody() -> None:
    scores, rows, given, outlook = matched(1)
    told = changes_of_pairs(scores, rows, given, outlook)
    wanted = [any(reason.code is ReasonCode.MORE_PLACES for reason in one) for one in told]
    assert wanted == [bool(outlook.wanted[mentor]) for mentor in given]


def test_the_closest_alternative_is_told_where_there_is_one() -> None:
    scores, rows, given, outlook = matched(2)
    told = changes_of_pairs(scores, rows, given, outlook)
    assert told[0][-1] == Reason.of(ReasonCode.CLOSEST, points="0.042")
    assert all(reason.code is not ReasonCode.CLOSEST for one in told[1:] for reason in one)
