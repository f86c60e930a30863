"""How well texts are understood: labelled mentoring texts (two halves) and, if its folder is given, published expertise
ratings (Stelmakh et al., arXiv:2303.16750). Each choice that was made is one variant beside the default.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from services.matcher.interests import texts
from services.matcher.interests.embedding import VectorCache
from services.matcher.interests.lexical import Lexicon, terms_of
from services.matcher.interests.model import EmbeddingModel, SentenceModel
from services.matcher.interests.openvino_model import OpenVinoModel, Precision
from services.matcher.interests.reading import InterestReader
from services.matcher.interests.records import Interests, Statements
from services.matcher.interests.texts import Aside, person_passages
from services.matcher.policy import InterestPolicy
from services.matcher.scoring.interest import InterestSimilarity
from tests.benchmarks.figures import Figure
from tests.benchmarks.labelled import FACETS, Floats, Texts, Topic, kendall_loss, load_topics, ndcg

SUITE = "interests"
EVERYTHING = 10**6
Model = Callable[[], EmbeddingModel]
Sides = tuple[list[list[str]], list[list[str]]]


@dataclass(frozen=True)
class Variant:
    """The default, or one thing done otherwise: words only, no glosses, another number of pooled pairs …"""

    name: str = "default"
    lexical: float = InterestPolicy().lexical
    pooled: int = 3
    facets: bool = True
    abbreviations: bool = True
    glosses: bool = True
    model: Model = OpenVinoModel


DEFAULT = Variant()
VARIANTS = (
    DEFAULT, Variant("meaning only", lexical=0.0), Variant("words only", lexical=1.0),
    *(Variant(f"share of words {share}", lexical=share) for share in (0.1, 0.3, 0.4)),
    *(Variant(f"best {pooled} pooled", pooled=pooled) for pooled in (1, 2, 4)),
    Variant("all pairs pooled", pooled=EVERYTHING), Variant("without facets", facets=False),
    Variant("without abbreviations", abbreviations=False), Variant("without glosses", glosses=False),
    Variant("plain: meaning of whole texts", lexical=0.0, facets=False, abbreviations=False, glosses=False),
)
BACKENDS = (
    Variant("torch f32", model=SentenceModel),
    *(Variant(f"openvino {p}", model=lambda p=p: OpenVinoModel(precision=p)) for p in Precision if p != "auto"),  # type: ignore[misc]
)


class Reading:
    """Scores texts by variants; vectors of the same model are made once."""

    def __init__(self) -> None:
        self._models: dict[Model, tuple[EmbeddingModel, VectorCache]] = {}

    def interests(self, sides: Sides, variant: Variant, lexicon: Lexicon | None = None) -> Interests:
        model, cache = self._models.setdefault(variant.model, (variant.model(), {}))
        mentees, mentors = ([[s if variant.facets else str(s) for s in p] for p in side] for side in sides)
        with _as_in(variant):
            return InterestReader(model, cache, lexicon=lexicon).read(mentees, mentors)


@contextmanager
def _as_in(variant: Variant) -> Iterator[None]:
    """Reading without abbreviations or glosses, as the variant says."""
    with ExitStack() as switched:
        if not variant.abbreviations:
            switched.enter_context(patch.object(texts, "expand", lambda sentence: sentence))
        if not variant.glosses:
            switched.enter_context(patch.object(texts, "gloss", lambda sentence, _language: sentence))
        texts._passages.cache_clear()
        yield
    texts._passages.cache_clear()


def similarities(interests: Interests, variant: Variant) -> Floats:
    """float64[mentees, mentors]: the product's own similarity; pooled here only where the variant pools otherwise."""
    policy = InterestPolicy(scale="cosine", lexical=variant.lexical)
    one, other = interests.mentee_statements, interests.mentor_statements
    pairs = np.divmod(np.arange(one.people * other.people), max(other.people, 1))
    similarity = InterestSimilarity(interests, policy, None, lambda: pairs)
    scores = similarity.similarity(*pairs).reshape(one.people, other.people)
    if variant.pooled == DEFAULT.pooled:
        return scores
    usual = InterestSimilarity(interests, policy.model_copy(update={"lexical": 0.0}), None, lambda: pairs)
    meaning = usual.similarity(*pairs).reshape(scores.shape)
    share = 1.0 - similarity.lexical
    return np.asarray(scores + share * (_pooled(one, other, variant.pooled) - meaning), np.float64)


def _pooled(one: Statements, other: Statements, most: int) -> Floats:
    return np.array([[_best(one, p, other, q, most) for q in range(other.people)] for p in range(one.people)])


def _best(one: Statements, p: int, other: Statements, q: int, most: int) -> float:
    """The mean of the best dot products of two people's comparable statements."""
    sides = [(s.start[n], s.border[n], s.start[n + 1]) for s, n in ((one, p), (other, q))]
    dots = [
        (one.vectors[slice(*left)].astype(np.float64) @ other.vectors[slice(*right)].T).ravel()
        for left, right in ((sides[0][:2], sides[1][:2]), (sides[0][1:], sides[1][1:]))
    ]
    best = np.sort(np.concatenate(dots))[::-1][:most]
    return float(best.mean()) if len(best) else 0.0


def said(given: Texts) -> list[str]:
    """A person's statements as the platform hands them over."""
    return [Aside(given[f]) if f == "interests" else given[f] for f in FACETS if f in given]


@dataclass(frozen=True)
class Result:
    """nDCG@10 by category and over all queries, and the loss over all graded pairs of mentors."""

    by_category: dict[str, list[float]]
    loss: float

    @property
    def mean(self) -> float:
        return float(np.mean([value for values in self.by_category.values() for value in values]))


def judge(topics: Sequence[Topic], reading: Reading, variant: Variant) -> Result:
    """How well the ranking of each query's ten mentors follows the grades."""
    found: dict[str, list[float]] = defaultdict(list)
    cost = most = 0.0
    lexicon = _lexicon(topics, variant)
    for topic in topics:
        sides = [said(q.texts) for q in topic.queries], [said(m) for m in topic.mentors]
        scores = similarities(reading.interests(sides, variant, lexicon), variant)
        for query, row in zip(topic.queries, scores, strict=True):
            found[query.category].append(ndcg(row, query.grades))
            cost, most = (a + b for a, b in zip((cost, most), kendall_loss(row, query.grades), strict=True))
    return Result(dict(sorted(found.items())), cost / most)


def _lexicon(topics: Sequence[Topic], variant: Variant) -> Lexicon:
    people = [said(given) for t in topics for given in (*t.mentors, *(q.texts for q in t.queries))]
    with _as_in(variant):
        return Lexicon.of([terms_of(person_passages(statements)) for statements in people])


def expertise_loss(folder: Path, reading: Reading, variant: Variant) -> float:
    """The loss on published ratings: how well people's own papers tell which other papers they know well."""
    given = json.loads((folder / "expertise" / "ratings.json").read_text())
    paper = {key: f"{one['title']}. {one['abstract'] or ''}" for key, one in given["documents"].items()}
    with _as_in(variant):
        lexicon = Lexicon.of([terms_of(person_passages([text])) for text in paper.values()])
    cost = most = 0.0
    for person in given["people"].values():
        rated = list(person["expertise"])
        sides = [[paper[p]] for p in rated], [[paper[own] for own in draw] for draw in person["profiles"]]
        scores = similarities(reading.interests(sides, variant, lexicon), variant)
        for column in scores.T:
            grades = [person["expertise"][p] for p in rated]
            cost, most = (a + b for a, b in zip((cost, most), kendall_loss(column, grades), strict=True))
    return cost / most


def bench_interests(data: Path | None) -> list[Figure]:
    """All variants on both halves, the default by category, the backends; expertise ratings if a folder is given."""
    reading, figures = Reading(), []
    halves = {half: load_topics(half) for half in ("dev", "test")}
    for half, topics in halves.items():
        for variant in (*VARIANTS, *BACKENDS):
            result = judge(topics, reading, variant)
            figures += _figures(half, variant, result)
            if variant is DEFAULT:
                figures += [Figure(SUITE, f"… {category} ({len(values)})", half, float(np.mean(values)), "nDCG@10")
                            for category, values in result.by_category.items()]
    if data:
        for variant in (*VARIANTS[:9], *BACKENDS):
            loss = expertise_loss(data, reading, variant)
            figures.append(Figure(SUITE, variant.name, "expertise", loss, "loss"))
    return figures


def _figures(half: str, variant: Variant, result: Result) -> list[Figure]:
    return [Figure(SUITE, variant.name, half, result.mean, "nDCG@10"),
            Figure(SUITE, variant.name, half, result.loss, "loss")]
