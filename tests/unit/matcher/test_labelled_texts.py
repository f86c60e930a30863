"""The labelled mentoring texts are sound, and the default reads them as well as was measured when it was chosen."""

from collections import Counter

import numpy as np
import pytest

from services.matcher.interests.openvino_model import OpenVinoModel, Precision
from tests.benchmarks.interests import DEFAULT, Reading, Variant, judge
from tests.benchmarks.labelled import kendall_loss, load_topics, ndcg

HALVES = ("dev", "test")
CATEGORIES = {"plain", "abbreviation", "same_words", "other_words", "spanish", "french", "short", "long", "boilerplate",
              "facets"}
EXACT = Variant("f32", model=lambda: OpenVinoModel(precision=Precision.F32))


@pytest.mark.parametrize("half", HALVES)
def test_every_query_grades_every_mentor_of_its_topic_and_somebody_highly(half: str) -> None:
    topics = load_topics(half)
    queries = [query for topic in topics for query in topic.queries]
    assert len(topics) == 6
    assert len(queries) >= 57
    assert {query.category for query in queries} == CATEGORIES
    for topic in topics:
        for query in topic.queries:
            assert len(query.grades) == len(topic.mentors) == 10
            assert set(query.grades) <= {0, 1, 2, 3}
            assert max(query.grades) == 3
            assert 0 in query.grades


def test_the_halves_share_no_mentor_and_no_query() -> None:
    texts = Counter(text for half in HALVES for topic in load_topics(half)
                    for given in (*topic.mentors, *(q.texts for q in topic.queries))
                    for facet, text in given.items() if facet in {"wish", "offer"})
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize(("half", "gain", "loss"), [("dev", 0.92, 0.125), ("test", 0.89, 0.11)])
def test_the_default_ranks_as_measured(half: str, gain: float, loss: float) -> None:
    result = judge(load_topics(half), Reading(), EXACT)
    assert result.mean > gain
    assert result.loss < loss


@pytest.mark.parametrize("half", HALVES)
def test_each_choice_of_the_default_earns_its_place(half: str) -> None:
    topics, reading = load_topics(half), Reading()
    default = judge(topics, reading, EXACT).mean
    for without in ("facets", "abbreviations", "glosses"):
        assert judge(topics, reading, Variant(model=EXACT.model, **{without: False})).mean < default, without  # type: ignore[arg-type]
    assert judge(topics, reading, Variant(model=EXACT.model, lexical=0.0)).mean < default
    assert DEFAULT.facets and DEFAULT.abbreviations and DEFAULT.glosses  # noqa: PT018 — one claim: the default has all


def test_a_perfect_order_gains_everything_and_ties_share_alike() -> None:
    assert ndcg(np.array([0.9, 0.5, 0.1]), [3, 1, 0]) == 1.0
    assert ndcg(np.array([0.1, 0.5, 0.9]), [3, 1, 0]) < 0.6
    assert ndcg(np.zeros(2), [3, 0]) == pytest.approx((1 + 1 / np.log2(3)) / 2)


def test_the_loss_counts_wrong_orders_by_their_distance_and_ties_by_half() -> None:
    assert kendall_loss(np.array([0.9, 0.5, 0.1]), [3, 1, 0]) == (0.0, 6.0)
    assert kendall_loss(np.array([0.1, 0.5, 0.9]), [3, 1, 0]) == (6.0, 6.0)
    assert kendall_loss(np.zeros(3), [3, 1, 0]) == (3.0, 6.0)
