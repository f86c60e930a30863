"""Mentors next to their like, so that what bounds a stretch of them says something about each."""

import numpy as np

from services.matcher.assignment.problem import Float32, Int64

STEPS = 6


def order_by_likeness(vectors: Float32, size: int) -> Int64:
    """An order of vectors float32[n, d] in which stretches of `size` point in like directions.

    Halves are split again and again along their main direction (a balanced principal direction tree, Boley 1998).
    """
    done: list[Int64] = []
    waiting = [np.arange(len(vectors))]
    while waiting:
        group = waiting.pop()
        if len(group) <= size:
            done.append(group)
            continue
        ranked = group[np.argsort(vectors[group] @ _main_direction(vectors[group]), kind="stable")]
        half = max(1, len(group) // (2 * size)) * size
        waiting += [ranked[half:], ranked[:half]]
    return np.concatenate([*done, np.empty(0, np.int64)])


def _main_direction(vectors: Float32) -> Float32:
    """Roughly the first principal component: a few steps of the power method from a fixed start."""
    middle = vectors.mean(axis=0)
    direction: Float32 = vectors[0] - middle
    for _ in range(STEPS):
        along = vectors @ direction - middle @ direction
        direction = along @ vectors - along.sum() * middle
        direction /= max(float(np.linalg.norm(direction)), 1e-30)
    return direction
