"""Scores of a block of rows against every mentor: one matrix product, then one compiled pass over its result.

Meaning is the matrix product; hours are counted in bits; stage, style and specialty are look-ups in tables that stay
in the cache; tokens and words, being sparse, are spread from lists of mentors per token. Everything is float32.
"""

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matcher.scoring.block_kernel import score_rows
from shared.explanations.features import FEATURES, Feature

if TYPE_CHECKING:
    from services.matcher.scoring.national import NationalScores

TILE_BYTES = 64 * 2**20


class MenteeSide(NamedTuple):
    """Arrays with one entry per mentee (or compressed rows of them)."""

    statement_start: NDArray[np.int64]
    specialty_list: NDArray[np.int32]
    wish: NDArray[np.float32]
    near_wish: NDArray[np.bool_]
    hours: NDArray[np.uint64]
    hours_known: NDArray[np.bool_]
    site: NDArray[np.int32]
    state: NDArray[np.int32]
    site_wish: NDArray[np.int8]
    ties: NDArray[np.uint64]
    has_ties: NDArray[np.bool_]
    style: NDArray[np.int32]
    style_parts: NDArray[np.float32]
    languages: NDArray[np.uint64]
    first_language: NDArray[np.uint64]
    token_start: NDArray[np.int64]
    token: NDArray[np.int32]
    importance: NDArray[np.float32]
    importance_sum: NDArray[np.float32]
    opted: NDArray[np.bool_]
    term_start: NDArray[np.int64]
    term: NDArray[np.int32]
    term_weight: NDArray[np.float32]
    ready: NDArray[np.bool_]
    specialty_named: NDArray[np.bool_]
    excluded_start: NDArray[np.int64]
    excluded: NDArray[np.int64]


class MentorSide(NamedTuple):
    """Arrays with one entry per mentor, and lists of mentors per token and per term."""

    statement_start: NDArray[np.int64]
    offer: NDArray[np.int32]
    specialty: NDArray[np.int32]
    specialty_weight: NDArray[np.float32]
    specialty_named: NDArray[np.bool_]
    hours: NDArray[np.uint64]
    hours_known: NDArray[np.bool_]
    site: NDArray[np.int32]
    state: NDArray[np.int32]
    ties: NDArray[np.uint64]
    style: NDArray[np.int32]
    languages: NDArray[np.uint64]
    tokens_said: NDArray[np.float32]
    ready: NDArray[np.bool_]
    token_start: NDArray[np.int64]
    token_mentor: NDArray[np.int32]
    term_start: NDArray[np.int64]
    term_mentor: NDArray[np.int32]
    term_weight: NDArray[np.float32]


class Tables(NamedTuple):
    """What both sides are looked up in, and the rules."""

    stage: NDArray[np.float32]
    style: NDArray[np.float32]
    scale: NDArray[np.float32]
    lexical: np.float32
    enough_hours: np.float32
    least_hours: int
    site_rule: int
    need_language: bool


class BlockScores:
    """Prepares the arrays once; calling it scores a range of rows."""

    def __init__(self, scores: "NationalScores") -> None:
        self._owner, self._code, self._specialty = scores.owner, scores.stage.row_code, scores.asks_specialty
        self._weights = scores.weights.astype(np.float32)
        interest = scores.interest
        self._mentees, self._mentors = interest.mentees, interest.mentors
        self._meaning = bool(scores.weights[:, FEATURES.index(Feature.INTEREST)].any())
        self._left, self._right = mentee_side(scores), mentor_side(scores)
        self._tables = tables(scores)
        self._width = scores.mentors

    def fingerprint(self) -> bytes:
        """A hash of everything that scores are made of."""
        digest = hashlib.blake2b(digest_size=32)
        parts = (self._owner, self._code, self._specialty, self._weights, self._mentees.vectors, self._mentors.vectors)
        for part in (*parts, *self._left, *self._right, *self._tables):
            digest.update(f"{np.asarray(part).dtype}{np.shape(part)}".encode())
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.digest()

    def __call__(self, start: int, stop: int) -> NDArray[np.float32]:
        """float32[stop − start, mentors]."""
        scores = np.empty((stop - start, self._width), np.float32)
        for first, last in self._tiles(start, stop):
            tile = scores[first - start : last - start]
            similar, offset = self._similar(first, last)
            score_rows(first, self._owner[first:last], self._code, self._specialty, self._weights, similar, offset,
                       self._left, self._right, self._tables, tile)
        return scores

    def _tiles(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Ranges of rows whose statements' products fit into a tile."""
        per_mentee = len(self._mentees.vectors) / max(self._mentees.people, 1)
        row_bytes = max(per_mentee, 1.0) * max(len(self._mentors.vectors), 1) * 4
        step = max(1, int(TILE_BYTES / row_bytes))
        return [(at, min(at + step, stop)) for at in range(start, stop, step)]

    def _similar(self, first: int, last: int) -> tuple[NDArray[np.float32], int]:
        """Dot products float32[statements of these rows, all mentor statements] and the first statement's number."""
        if not self._meaning or first == last:
            return np.zeros((0, 0), np.float32), 0
        begin = int(self._mentees.start[self._owner[first]])
        end = int(self._mentees.start[self._owner[last - 1] + 1])
        return self._mentees.vectors[begin:end] @ self._mentors.vectors.T, begin


def mentee_side(scores: "NationalScores") -> MenteeSide:
    places, styles, experience = scores.places, scores.styles, scores.experience
    terms, specialty = scores.interest.mentee_terms, scores.specialty
    return MenteeSide(
        statement_start=scores.interest.mentees.start, specialty_list=specialty.mentee_list,
        wish=specialty.wish.astype(np.float32), near_wish=specialty.near_wish,
        hours=scores.hours.mentee_hours, hours_known=scores.hours.mentee_known,
        site=places.mentee_site, state=places.mentee_state, site_wish=places.wish, ties=places.mentee_ties,
        has_ties=places.has_ties, style=styles.mentee_code,
        style_parts=styles.parts.astype(np.float32), languages=styles.mentee_languages,
        first_language=styles.first_language, token_start=experience.mentee_start,
        token=experience.mentee_token, importance=experience.importance.astype(np.float32),
        importance_sum=np.maximum(experience.total, 1.0).astype(np.float32), opted=experience.total_count > 0,
        term_start=terms.start, term=terms.term, term_weight=terms.weight.astype(np.float32),
        ready=scores.mentee_ready, specialty_named=specialty.named,
        excluded_start=scores.exclusions.start.astype(np.int64), excluded=scores.exclusions.mentor,
    )


def mentor_side(scores: "NationalScores") -> MentorSide:
    places, styles, experience = scores.places, scores.styles, scores.experience
    terms, specialty = scores.interest.mentor_terms, scores.specialty
    token_start, token_mentor, _ = turned(experience.mentor_start, experience.mentor_token,
                                          np.ones(len(experience.mentor_token)), len(experience.number))
    term_start, term_mentor, term_weight = turned(terms.start, terms.term, terms.weight, terms.vocabulary)
    return MentorSide(
        statement_start=scores.interest.mentors.start, offer=scores.stage.mentor_code,
        specialty=specialty.mentor_specialty, specialty_weight=specialty.mentor_weight.astype(np.float32),
        specialty_named=specialty.mentor_named, hours=scores.hours.mentor_hours, hours_known=scores.hours.mentor_known,
        site=places.mentor_site, state=places.mentor_state, ties=places.mentor_ties, style=styles.mentor_code,
        languages=styles.mentor_languages, tokens_said=experience.mentor_count.astype(np.float32),
        ready=scores.mentor_ready, token_start=token_start, token_mentor=token_mentor, term_start=term_start,
        term_mentor=term_mentor, term_weight=term_weight,
    )


def tables(scores: "NationalScores") -> Tables:
    policy, interest = scores.policy, scores.interest
    return Tables(
        stage=scores.stage.table.astype(np.float32), style=scores.styles.table.astype(np.float32),
        scale=interest.scale.table.astype(np.float32), lexical=np.float32(interest.lexical),
        enough_hours=np.float32(policy.features.time.enough_hours), least_hours=policy.rules.minimum_common_hours,
        site_rule={"allowed": 0, "forbidden": 1, "required": 2}[policy.rules.same_site],
        need_language=policy.rules.common_language,
    )


def turned(start: NDArray[np.int64], number: NDArray[np.int32], weight: NDArray[Any], numbers: int
           ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Compressed rows turned into compressed columns: for each number, who has it and with which weight."""
    who = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    order = np.argsort(number, kind="stable")
    begin = np.searchsorted(number[order], np.arange(numbers + 1))
    return begin.astype(np.int64), who[order], weight[order].astype(np.float32)


