"""Compiled inner loops over chosen pairs, in float64 and in a fixed order of additions.

Numbers come out the same on any number of threads: a pair's sum is always made by one thread, in eight lanes that
are added up at the end.
"""

import numba
import numpy as np
from numpy.typing import NDArray

LANES = 8
TOP = 3


@numba.njit(cache=True, nogil=True)
def shared_tokens(mentees: NDArray[np.int64], mentors: NDArray[np.int64], mentee_start: NDArray[np.int64],
                  mentee_token: NDArray[np.int32], value: NDArray[np.float64], mentor_start: NDArray[np.int64],
                  mentor_token: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Per pair: the sum of the mentee's values over common tokens, and their number (rows ascending)."""
    pairs = len(mentees)
    total, count = np.zeros(pairs), np.zeros(pairs)
    for p in range(pairs):
        a, a_end = mentee_start[mentees[p]], mentee_start[mentees[p] + 1]
        b, b_end = mentor_start[mentors[p]], mentor_start[mentors[p] + 1]
        while a < a_end and b < b_end:
            if mentee_token[a] == mentor_token[b]:
                total[p] += value[a]
                count[p] += 1.0
                a += 1
                b += 1
            elif mentee_token[a] < mentor_token[b]:
                a += 1
            else:
                b += 1
    return total, count


@numba.njit(cache=True, nogil=True)
def shared_terms(mentees: NDArray[np.int64], mentors: NDArray[np.int64], mentee_start: NDArray[np.int64],
                 mentee_term: NDArray[np.int32], mentee_weight: NDArray[np.float64],
                 mentor_start: NDArray[np.int64], mentor_term: NDArray[np.int32],
                 mentor_weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Per pair: the dot product of two sparse rows with ascending terms."""
    total = np.zeros(len(mentees))
    for p in range(len(mentees)):
        a, a_end = mentee_start[mentees[p]], mentee_start[mentees[p] + 1]
        b, b_end = mentor_start[mentors[p]], mentor_start[mentors[p] + 1]
        while a < a_end and b < b_end:
            if mentee_term[a] == mentor_term[b]:
                total[p] += mentee_weight[a] * mentor_weight[b]
                a += 1
                b += 1
            elif mentee_term[a] < mentor_term[b]:
                a += 1
            else:
                b += 1
    return total


@numba.njit(cache=True)
def dot(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """The dot product in float64; the order of additions is fixed."""
    lanes = np.zeros(LANES)
    whole = len(one) // LANES * LANES
    for k in range(0, whole, LANES):
        for lane in range(LANES):
            lanes[lane] += np.float64(one[k + lane]) * np.float64(other[k + lane])
    total = 0.0
    for lane in range(LANES):
        total += lanes[lane]
    for k in range(whole, len(one)):
        total += np.float64(one[k]) * np.float64(other[k])
    return total


@numba.njit(cache=True, nogil=True)
def pooled_dots(mentees: NDArray[np.int64], mentors: NDArray[np.int64], mentee_vectors: NDArray[np.float32],
                mentee_start: NDArray[np.int64], mentee_border: NDArray[np.int64], mentor_vectors: NDArray[np.float32],
                mentor_start: NDArray[np.int64], mentor_border: NDArray[np.int64]) -> NDArray[np.float64]:
    """Per pair: the mean of the three best dot products of statements before both borders or behind both; 0 where
    there is nothing to compare.
    """
    pooled = np.zeros(len(mentees))
    for p in range(len(mentees)):
        best = np.full(TOP, -np.inf)
        found = 0
        for a in range(mentee_start[mentees[p]], mentee_start[mentees[p] + 1]):
            first, last = mentor_start[mentors[p]], mentor_border[mentors[p]]
            if a >= mentee_border[mentees[p]]:
                first, last = last, mentor_start[mentors[p] + 1]
            for b in range(first, last):
                keep_best(best, dot(mentee_vectors[a], mentor_vectors[b]))
                found += 1
        for n in range(min(found, TOP)):
            pooled[p] += best[n] / min(found, TOP)
    return pooled


@numba.njit(cache=True)
def keep_best(best: NDArray[np.float64], value: float) -> None:
    """Insert a value into the descending list of the best ones."""
    for n in range(len(best)):
        if value > best[n]:
            best[n], value = value, best[n]
