"""The arrays that blocks of scores are made from: one side per row, mentee and mentor, and the tables between."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matcher.scoring.specialties import SpecialtyOverlap, rank_weight

if TYPE_CHECKING:
    from services.matcher.scoring.national import NationalScores

TILE = 256
Index = NDArray[np.int64]


class MenteeSide(NamedTuple):
    """Arrays with one entry per mentee (or compressed rows of them)."""

    statement_start: NDArray[np.int64]
    statement_border: NDArray[np.int64]
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
    """Arrays with one entry per mentor (the last axis, where there are two), and per tile of mentors the lists of who
    in it has a token or a term: of tile n and token t from token_start[n · tokens + t] on, mentors numbered from 0.

    A mentor who is not ready has the offer code that no stage fits.
    """

    tile: int
    statement_start: NDArray[np.int64]
    statement_border: NDArray[np.int64]
    wrote: NDArray[np.float32]
    offer: NDArray[np.uint16]
    specialty: NDArray[np.uint16]
    rank_weight: NDArray[np.float32]
    specialty_named: NDArray[np.bool_]
    hours: NDArray[np.uint64]
    hours_known: NDArray[np.bool_]
    site: NDArray[np.int32]
    state: NDArray[np.int32]
    ties: NDArray[np.uint64]
    style: NDArray[np.uint16]
    languages: NDArray[np.uint64]
    tokens_said: NDArray[np.float32]
    token_start: NDArray[np.int32]
    token_mentor: NDArray[np.int32]
    tokens: int
    term_start: NDArray[np.int32]
    term_mentor: NDArray[np.int32]
    term_weight: NDArray[np.float32]
    terms: int


class Tables(NamedTuple):
    """What both sides are looked up in, and the rules."""

    stage: NDArray[np.float32]
    style: NDArray[np.float32]
    scale: NDArray[np.float32]
    slope: NDArray[np.float32]
    one_each: bool
    lexical: np.float32
    enough_hours: np.float32
    least_hours: np.float32
    site_rule: int
    need_language: bool


class RowSide(NamedTuple):
    """Arrays with one entry per row."""

    owner: NDArray[np.int32]
    code: NDArray[np.int32]
    asks_specialty: NDArray[np.bool_]
    weight: NDArray[np.float32]


def mentee_side(scores: "NationalScores") -> MenteeSide:
    places, styles, experience = scores.places, scores.styles, scores.experience
    terms, specialty = scores.interest.mentee_terms, scores.specialty
    return MenteeSide(
        statement_start=scores.interest.mentees.start, statement_border=scores.interest.mentees.border,
        specialty_list=specialty.mentee_list,
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


def mentor_side(scores: "NationalScores", chosen: Index) -> MentorSide:
    """The arrays of some mentors, in the order chosen."""
    places, styles, experience, hours = scores.places, scores.styles, scores.experience, scores.hours
    terms, specialty, texts = scores.interest.mentor_terms, scores.specialty, scores.interest.mentors
    statement_start = taken(texts.start, chosen)[0]
    offer = np.where(scores.mentor_ready, scores.stage.mentor_code, scores.stage.table.shape[1])
    ones = np.ones(len(experience.mentor_token))
    tokens = numbers(experience.mentee_token, experience.mentor_token)
    words = numbers(scores.interest.mentee_terms.term, terms.term)
    token_start, token_mentor, _ = turned(experience.mentor_start, experience.mentor_token, ones, chosen, tokens)
    term_start, term_mentor, term_weight = turned(terms.start, terms.term, terms.weight, chosen, words)
    return MentorSide(
        tile=TILE,
        statement_start=statement_start, wrote=texts.given[chosen].astype(np.float32),
        statement_border=statement_start[:-1] + (texts.border - texts.start[:-1])[chosen],
        offer=offer[chosen].astype(np.uint16), specialty=_turned_codes(specialty.mentor_specialty[chosen]),
        rank_weight=_rank_weights(specialty), specialty_named=specialty.mentor_named[chosen],
        hours=np.ascontiguousarray(hours.mentor_hours[chosen].T), hours_known=hours.mentor_known[chosen],
        site=places.mentor_site[chosen], state=places.mentor_state[chosen],
        ties=np.ascontiguousarray(places.mentor_ties[chosen].T), style=styles.mentor_code[chosen].astype(np.uint16),
        languages=styles.mentor_languages[chosen], tokens_said=experience.mentor_count[chosen].astype(np.float32),
        token_start=token_start, token_mentor=token_mentor, tokens=tokens, term_start=term_start,
        term_mentor=term_mentor, term_weight=term_weight, terms=words,
    )


def _turned_codes(codes: NDArray[np.int32]) -> NDArray[np.uint16]:
    """uint16[entries, people], contiguous per entry."""
    if codes.max(initial=0) > np.iinfo(np.uint16).max:
        raise ValueError("more than 65,535 different specialties cannot be told apart")
    return np.ascontiguousarray(codes.T.astype(np.uint16))


def _rank_weights(specialty: SpecialtyOverlap) -> NDArray[np.float32]:
    return np.array([rank_weight(rank) for rank in range(specialty.mentor_specialty.shape[1])], np.float32)


def tables(scores: "NationalScores") -> Tables:
    policy, interest = scores.policy, scores.interest
    stage = np.pad(scores.stage.table, ((0, 0), (0, 1)), constant_values=-np.inf)
    return Tables(
        stage=stage.astype(np.float32), style=scores.styles.table.astype(np.float32),
        scale=interest.scale.table.astype(np.float32), slope=np.diff(interest.scale.table).astype(np.float32),
        one_each=bool((interest.mentors.border - interest.mentors.start[:-1] == np.diff(interest.mentors.start)).all()
                      and (np.diff(interest.mentors.start) == 1).all()), lexical=np.float32(interest.lexical),
        enough_hours=np.float32(policy.features.time.enough_hours),
        least_hours=np.float32(policy.rules.minimum_common_hours),
        site_rule={"allowed": 0, "forbidden": 1, "required": 2}[policy.rules.same_site],
        need_language=policy.rules.common_language,
    )


def numbers(mentees: NDArray[np.int32], mentors: NDArray[np.int32]) -> int:
    """How many numbers the two sides use: a mentee may ask for one that no mentor has."""
    return 1 + max(int(mentees.max(initial=-1)), int(mentors.max(initial=-1)))


def taken(start: Index, chosen: Index) -> tuple[Index, Index]:
    """Compressed rows of some people: where each begins now, and which entries those are."""
    lengths = np.diff(start)[chosen]
    begin = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return begin, np.repeat(start[:-1][chosen] - begin[:-1], lengths) + np.arange(begin[-1])


def turned(start: Index, number: NDArray[np.int32], weight: NDArray[np.float64], chosen: Index, count: int
           ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Compressed rows of some people turned into compressed columns, tile by tile.

    For each tile and each number below `count`: who of the tile (from 0) has it, and with which weight.
    """
    begin, entries = taken(start, chosen)
    who = np.repeat(np.arange(len(chosen)), np.diff(begin))
    tiles = max(1, -(-len(chosen) // TILE))
    cell = who // TILE * count + number[entries]
    order = np.argsort(cell, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=tiles * count))])
    return (first.astype(np.int32), (who % TILE)[order].astype(np.int32), weight[entries][order].astype(np.float32))
