"""How long scores take, beside one bare matrix product over the same pairs and width in the same run."""

import numpy as np

from services.matcher.assignment.parallel import in_parallel
from services.matcher.scoring.national import NationalScores
from tests.benchmarks.figures import Figure, Setting, size_name, timed
from tests.benchmarks.nation import everything, nation_of
from tests.benchmarks.national import bare_pass

ROWS, PAIRS = 512, 200_000


def bench_scoring(setting: Setting) -> list[Figure]:
    """All features of all pairs of a nation, the product for the interests included."""
    setting.tell(f"scoring: {setting.size:,} mentees")
    people, mentors, texts = nation_of(setting.size)
    name = size_name(len(people), len(mentors))
    NationalScores(*nation_of(100, seed=1)[:2], everything(), nation_of(100, seed=1)[2]).block(0, 5)  # compiles
    scores, preparing = timed(lambda: NationalScores(people, mentors, everything(), texts))
    scores.block(0, 1)
    spans = [(at, min(at + ROWS, scores.rows)) for at in range(0, scores.rows, ROWS)]
    _, blocks = timed(lambda: in_parallel(lambda span: scores.block(*span).max(), spans))
    _, bare = timed(lambda: bare_pass(texts.mentee_statements.vectors, texts.mentor_statements.vectors))
    numbers = np.random.default_rng(0)
    rows, others = numbers.integers(0, scores.rows, PAIRS), numbers.integers(0, scores.mentors, PAIRS)
    _, exact = timed(lambda: scores.exact(rows, others))
    return [
        Figure("scoring", "preparing", name, preparing, "s"),
        Figure("scoring", "all pairs, all features", name, blocks, "s"),
        Figure("scoring", "bare pass over all pairs", name, bare, "s"),
        Figure("scoring", "all features / bare pass", name, blocks / bare, "times"),
        Figure("scoring", f"exact scores of {PAIRS:,} pairs", name, exact, "s"),
    ]
