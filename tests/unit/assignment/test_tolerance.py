"""What float32 products may hide is within the tolerance, also for vectors made to be hard."""

import numpy as np
import pytest

from services.matcher.assignment.sources import FactorScores


@pytest.mark.parametrize("width", [256, 320, 384, 1024])
def test_smooth_positive_vectors_err_by_less_than_the_tolerance(width: int) -> None:
    """All terms of one sign and size: rounding adds up instead of canceling."""
    steps = np.linspace(1.0, 1.001, width, dtype=np.float64)
    vectors = np.stack([steps / np.linalg.norm(steps), steps[::-1] / np.linalg.norm(steps)]).astype(np.float32)
    source = FactorScores(np.repeat(vectors, 30, axis=0), np.repeat(vectors, 40, axis=0))
    rows, mentors = (index.ravel() for index in np.indices((60, 80)))
    error = source.block(0, 60).ravel().astype(np.float64) - source.exact(rows, mentors)
    assert np.abs(error).max() <= source.tolerance
    assert source.tolerance >= width * 2.0**-24
