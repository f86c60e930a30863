"""Compiling ahead: on a new machine the first scores wait for the compiler (some seconds), later ones do not."""

import numpy as np

from services.matcher.interests.records import Interests, Statements, Terms
from services.matcher.policy import Policy
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.people import Mentee, Mentor


def compile_kernels() -> None:
    """Compile every inner loop of the scores, or load it from the cache on disk; call it when a worker starts."""
    statement = Statements.one_each(np.eye(1, 8, dtype=np.float32))
    term = Terms(np.array([0, 1]), np.zeros(1, np.int32), np.ones(1), 1)
    mentee = Mentee(id="mentee", tokens={"token": 1}, specialties=("cardiology",), hours=1)
    mentor = Mentor(id="mentor", tokens=frozenset({"token"}), specialties=("cardiology",), hours=1)
    policy = Policy.model_validate({"features": {"interest": {}, "shared_experience": {"weight": 1}, "time": {}}})
    scores = NationalScores([mentee], [mentor], policy, Interests(statement, statement, term, term))
    scores.block(0, 1)
    scores.exact(np.zeros(1, np.int64), np.zeros(1, np.int64))
