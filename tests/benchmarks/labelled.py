"""Mentoring texts with graded relevance, and how well a ranking agrees with the grades."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

Texts = Mapping[str, str]
Floats = NDArray[np.float64]

DATA = Path(__file__).parent / "data"
FACETS = ("wish", "goals", "offer", "expertise", "interests")


@dataclass(frozen=True)
class Query:
    """What a mentee wrote, by facet, and how relevant each mentor of the topic is (0 to 3)."""

    category: str
    texts: Texts
    grades: tuple[int, ...]


@dataclass(frozen=True)
class Topic:
    name: str
    mentors: tuple[Texts, ...]
    queries: tuple[Query, ...]


def load_topics(half: str) -> list[Topic]:
    """The topics of a half, `dev` or `test`."""
    given = yaml.safe_load((DATA / f"mentoring_{half}.yaml").read_text())
    return [Topic(one["topic"], tuple(one["mentors"]), tuple(map(_query, one["mentees"]))) for one in given]


def _query(given: Mapping[str, Any]) -> Query:
    return Query(given["category"], {f: given[f] for f in FACETS if f in given}, tuple(given["grades"]))


def ndcg(scores: Floats, grades: Sequence[int], at: int = 10) -> float:
    """Normalized discounted cumulative gain with gains 2^grade − 1; tied scores share the mean of their gains.

    Sources: Järvelin and Kekäläinen, TOIS 20 (2002); ties as in McSherry and Najork, ECIR 2008.
    """
    gains = 2.0 ** np.asarray(grades) - 1.0
    discount = 1.0 / np.log2(np.arange(2, len(gains) + 2))
    discount[at:] = 0.0
    shared = np.array([gains[scores == score].mean() for score in scores])
    best = float((np.sort(gains)[::-1] * discount).sum())
    return float((shared[np.argsort(-scores, kind="stable")] * discount).sum()) / best


def kendall_loss(scores: Floats, grades: Sequence[float]) -> tuple[float, float]:
    """The cost of wrongly ordered pairs and the most it could be: each two different grades weigh their difference,
    a tie costs half. Source: Stelmakh et al., arXiv:2303.16750.
    """
    given = np.asarray(grades, np.float64)
    weight = np.maximum(given[:, None] - given[None, :], 0.0)
    ahead = scores[:, None] - scores[None, :]
    cost = weight * ((ahead < 0) + 0.5 * (ahead == 0))
    return float(cost.sum()), float(weight.sum())
