"""The titles of a draft's charts say what is true of it, and their labels are whole."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.matching.drafts.figures import load_figure, reason_label, score_figure, unmatched_figure
from services.api.matching.telling import kind_label
from services.api.web.charts import Finding, bars
from shared.contracts.run_report import MentorLoad, RunReport, ScoreBin
from shared.explanations.reasons import ReasonCode
from shared.vocabulary.mentoring import Kind
from shared.vocabulary.specialties import SPECIALTIES
from tests.factories.matching import report

BINS = 20


def scored(scores: list[float]) -> RunReport:
    """A report over proposals with these scores."""
    counts = [sum(min(int(score * BINS), BINS - 1) == n for score in scores) for n in range(BINS)]
    bins = [ScoreBin(lower=n / BINS, upper=(n + 1) / BINS, count=count) for n, count in enumerate(counts)]
    known = {"score_histogram": bins, "floor": min(scores), "mean_score": sum(scores) / len(scores)}
    return report([]).model_copy(update=known)


def title(scores: list[float]) -> str:
    figure = score_figure(scored(scores))
    assert figure
    return figure.finding.title


def test_the_share_in_the_title_is_that_of_the_proposals_that_reach_the_score() -> None:
    scores = [0.55] * 37 + [0.81] * 33 + [0.92] * 30
    assert title(scores) == "63% of all proposals score 0.800 or more; none scores below 0.550"


def test_where_half_lie_with_the_weakest_only_the_weakest_is_told() -> None:
    assert title([0.81, 0.82, 0.83]) == "No proposal scores below 0.810"


@given(st.lists(st.integers(0, 1000).map(lambda thousandth: thousandth / 1000), min_size=1, max_size=60))
def test_what_the_title_says_is_true_of_any_scores(scores: list[float]) -> None:
    words = title(scores).split()
    assert min(scores) >= float(words[-1])
    if "%" in words[0]:
        reached = sum(score >= float(words[5]) for score in scores) / len(scores)
        assert reached == pytest.approx(float(words[0].rstrip("%")) / 100, abs=0.0101)
        assert reached >= 0.5


def test_thousands_are_grouped_in_titles() -> None:
    idle = MentorLoad(mentor_id=UUID(int=1), slots=2, filled=0)
    figure = load_figure(report([]).model_copy(update={"loads": [idle] * 1559}))
    assert figure
    assert figure.finding.title == "1,559 of 1,559 mentors with free places get nobody"


def test_labels_of_reasons_and_specialties_are_drawn_whole() -> None:
    labels = [reason_label(code) for code in ReasonCode] + list(SPECIALTIES.values())
    svg = bars(Finding("whole", "Title"), [(label, 10) for label in labels], ("Reason", "Wishes")).svg
    assert "…" not in svg


def test_a_wish_is_called_a_wish_and_a_place_a_place() -> None:
    open_wishes = unmatched_figure(report([]))
    assert open_wishes
    assert open_wishes.finding.title == "100% of the open wishes: all who fit are full"


def test_kinds_are_named_for_leads_not_in_the_mentees_words() -> None:
    assert kind_label("specialty") == "Same specialty"
    assert not [kind for kind in Kind if {"my", "me", "i"} & set(kind_label(kind).lower().split())]
