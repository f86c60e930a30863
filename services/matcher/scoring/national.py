"""The scores of all pairs of a cycle: fast for whole blocks, exact for chosen pairs, with their contributions.

score = Σ weight × feature over the features that apply to the mentee's slot, the weights scaled to sum 1 for that
slot. A feature does not apply if the mentee gave nothing for it (no text, no specialty, no opted-in experience …):
nobody is rated on what they left out, and a row's scores stay comparable with every other row's.
"""

from collections.abc import Sequence
from copy import copy
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.matcher.assignment.likeness import order_by_likeness
from services.matcher.assignment.parallel import in_parallel
from services.matcher.interests.records import Interests
from services.matcher.interests.scale import Scale
from services.matcher.policy import Policy
from services.matcher.scoring.block import BlockScores
from services.matcher.scoring.block_sides import TILE
from services.matcher.scoring.experience import SharedExperience
from services.matcher.scoring.hours import CommonHours
from services.matcher.scoring.interest import InterestSimilarity
from services.matcher.scoring.part import PartScores
from services.matcher.scoring.people import Mentee, Mentor
from services.matcher.scoring.places import Places
from services.matcher.scoring.rules import Exclusions, WhyNot, ready
from services.matcher.scoring.specialties import SpecialtyOverlap
from services.matcher.scoring.stages import UNFIT, StageFit
from services.matcher.scoring.styles import StyleFit
from shared.explanations.features import FEATURES, Feature
from shared.vocabulary.mentoring import Kind

Index = NDArray[np.int64]
Floats = NDArray[np.float64]

SAMPLE_PAIRS = 100_000
SAMPLE_SEED = 20_240_601
CHUNK = 20_000
TOLERANCE, FLOAT32_ERROR = 2e-6, 2e-7


class NationalScores:
    """A score source for the assignment: one row per wanted slot, in the order of mentees and their slots.

    `owner` int32[rows] is the mentee of each row, `kinds` the wanted kind. `scale` is given for late arrivals, so
    that they are measured as everybody before them. Raises ValueError where sizes do not fit together.
    """

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor], policy: Policy,
                 interests: Interests | None = None, scale: Scale | None = None) -> None:
        self.mentor_people, self.policy = tuple(mentors), policy
        self._read_rows(mentees)
        interests = interests or Interests.none(len(mentees), len(mentors))
        _check_sizes(interests, len(mentees), len(mentors))
        self.interests = interests
        self.stage = StageFit(mentees, mentors, self.kinds, self.owner, policy)
        self.specialty = SpecialtyOverlap(mentees, mentors)
        self.experience = SharedExperience(mentees, mentors)
        rules = policy.rules
        self.hours = CommonHours(mentees, mentors, policy.features.time.enough_hours, rules.minimum_common_hours)
        self.places = Places(mentees, mentors, policy)
        self.styles = StyleFit(mentees, mentors)
        self.exclusions = Exclusions(mentees, mentors)
        self.mentor_ready = ready(mentors, rules)
        self.mentee_ready = ready(mentees, rules)
        self.interest = InterestSimilarity(interests, policy.features.interest, scale, self._sample)
        self.weights = self._row_weights()

    def facing(self, mentees: Sequence[Mentee], interests: Interests) -> "NationalScores":
        """The same mentors, on the same scale, facing other mentees: nothing is worked out anew for a mentor.

        Of `interests` only the mentees' side is read. Raises ValueError where sizes do not fit together.
        """
        _check_sizes(interests, len(mentees), self.mentors)
        other = copy(self)
        for name in ("_blocks", "arranged", "tolerance"):
            other.__dict__.pop(name, None)
        for name in ("stage", "specialty", "experience", "hours", "places", "styles", "exclusions", "interest"):
            setattr(other, name, copy(getattr(self, name)))
        other.face(mentees, interests)
        return other

    def face(self, mentees: Sequence[Mentee], interests: Interests) -> None:
        """Take these mentees instead, in place."""
        self._read_rows(mentees)
        self.interests = interests
        self.stage.face(mentees, self.kinds, self.owner)
        for feature in (self.specialty, self.experience, self.hours, self.places, self.styles, self.exclusions):
            feature.face(mentees)
        self.interest.face(interests)
        self.mentee_ready = ready(mentees, self.policy.rules)
        self.weights = self._row_weights()

    def _read_rows(self, mentees: Sequence[Mentee]) -> None:
        self.mentee_people = tuple(mentees)
        self.owner = np.array([n for n, m in enumerate(mentees) for _ in m.slots], np.int32)
        self.kinds: tuple[Kind, ...] = tuple(kind for m in mentees for kind in m.slots)
        self.asks_specialty = np.array([kind is Kind.SPECIALTY for kind in self.kinds], np.bool_)

    @property
    def rows(self) -> int:
        return len(self.owner)

    @property
    def mentors(self) -> int:
        return len(self.mentor_people)

    def block(self, start: int, stop: int) -> NDArray[np.float32]:
        """float32[stop − start, mentors]: scores to propose with, −inf where not eligible, within `tolerance` of
        exact.
        """
        return self._blocks(np.arange(start, stop), 0, self.mentors)

    def tile(self, rows: slice | NDArray[np.integer], mentors: slice) -> NDArray[np.float32]:
        """float32[rows, mentors] like `block`, for any rows against a range of mentors."""
        first, last, _ = mentors.indices(self.mentors)
        return self._blocks(np.arange(self.rows)[rows], first, last)

    def narrowed(self, rows: NDArray[np.integer], mentors: NDArray[np.integer]) -> PartScores:
        """The same scores for some rows and mentors only, in the order given."""
        return PartScores(self, np.asarray(rows, np.int64), np.asarray(mentors, np.int64))

    @cached_property
    def arranged(self) -> tuple[Index, PartScores]:
        """An order of the mentors in which neighbors are alike (what they offer, then what they wrote), and the same
        scores in that order.
        """
        order = self._alike()
        return order, self.narrowed(np.arange(self.rows), order)

    @cached_property
    def tolerance(self) -> float:
        """How far a block's score may be from the exact one: more where the interest scale is steep."""
        heaviest = float(self.weights[:, FEATURES.index(Feature.INTEREST)].max(initial=0.0))
        # A float32 dot product of n terms errs by at most n·2⁻²⁴ for unit vectors (Higham, § 3.1).
        error = FLOAT32_ERROR + int(self.interest.mentees.vectors.shape[1]) * 2.0**-24
        return float(TOLERANCE + heaviest * self.interest.scale.steepest * error)

    def fingerprint(self) -> bytes:
        """A hash of everything that the scores are made of."""
        return self._blocks.fingerprint()

    def exact(self, rows: NDArray[np.integer], mentors: NDArray[np.integer]) -> Floats:
        """float64[k]: the score of each pair, −inf where not eligible."""
        at_rows, at_mentors = np.asarray(rows, np.int64), np.asarray(mentors, np.int64)
        scores = np.full(len(at_rows), UNFIT)
        eligible = np.flatnonzero(self.why_not(at_rows, at_mentors) == 0)

        def score(at: int) -> None:
            chosen = eligible[at : at + CHUNK]
            scores[chosen] = total(self.contributions(at_rows[chosen], at_mentors[chosen]))

        in_parallel(score, range(0, len(eligible), CHUNK))
        return scores

    def contributions(self, rows: Index, mentors: Index) -> Floats:
        """float64[k, features]: weight × feature, in the order of FEATURES; `total` of a row is the pair's score."""
        rows, mentors = np.asarray(rows, np.int64), np.asarray(mentors, np.int64)
        parts: Floats = self.weights[rows] * self.features(rows, mentors)
        return parts

    def features(self, rows: Index, mentors: Index) -> Floats:
        """float64[k, features]: each feature in [0, 1]; 0 where it counts nothing in the pair's row."""
        mentees = self.owner[rows].astype(np.int64)
        values = np.zeros((len(rows), len(FEATURES)))
        for n, feature in enumerate(FEATURES):
            if self.weights[:, n].any():
                values[:, n] = self._feature(feature, rows, mentees, mentors)
        return values

    def why_not(self, rows: Index, mentors: Index) -> Index:
        """int64[k]: the rules each pair breaks, as WhyNot bits; 0 is eligible."""
        rows, mentors = np.asarray(rows, np.int64), np.asarray(mentors, np.int64)
        mentees = self.owner[rows].astype(np.int64)
        broken = [
            (self.stage.values(rows, mentors) == UNFIT, WhyNot.KIND),
            (self.asks_specialty[rows] & self.specialty.foreign(mentees, mentors), WhyNot.SPECIALTY),
            (self.places.wrong_site(mentees, mentors), WhyNot.SITE),
            (self.hours.too_few(mentees, mentors), WhyNot.HOURS),
            (~self.mentee_ready[mentees], WhyNot.MENTEE_NOT_READY),
            (~self.mentor_ready[mentors], WhyNot.MENTOR_NOT_READY),
        ]
        if self.policy.rules.common_language:
            broken.append((self.styles.no_common_language(mentees, mentors), WhyNot.LANGUAGE))
        bits = self.exclusions.reasons(mentees, mentors)
        for is_broken, why in broken:
            bits |= np.where(is_broken, int(why), 0)
        return bits

    def given_kinds(self, rows: Index, mentors: Index) -> list[Kind]:
        """The kind that each pair's mentorship would be (for a wish of any kind: the best fitting one offered)."""
        return self.stage.kinds(np.asarray(rows, np.int64), np.asarray(mentors, np.int64))

    @cached_property
    def _blocks(self) -> BlockScores:
        return BlockScores(self)

    def _alike(self) -> Index:
        meaning = self.interest.mentors
        wrote = np.flatnonzero(meaning.given)
        place = np.zeros(self.mentors)
        if len(wrote):
            near = order_by_likeness(meaning.vectors[meaning.start[wrote]], TILE)
            place[wrote[near]] = np.arange(len(wrote))
        return np.lexsort((place, self.stage.mentor_code))

    def _feature(self, feature: Feature, rows: Index, mentees: Index, mentors: Index) -> Floats:
        if feature is Feature.STAGE:
            return np.maximum(self.stage.values(rows, mentors), 0.0)
        if feature is Feature.DIFFERENT_PERSPECTIVE:
            return self._different(mentees, mentors)
        return {
            Feature.INTEREST: self.interest.values,
            Feature.SPECIALTY: self.specialty.values,
            Feature.SHARED_EXPERIENCE: self.experience.shared,
            Feature.TIME: self.hours.values,
            Feature.PLACE: self.places.values,
            Feature.STYLE: self.styles.values,
        }[feature](mentees, mentors)

    def _different(self, mentees: Index, mentors: Index) -> Floats:
        """The mean of a different lived experience (if the mentee opted any in) and a different place."""
        opted = self.experience.total_count[mentees] > 0
        lived = np.where(opted, self.experience.different(mentees, mentors), 0.0)
        mean: Floats = (lived + self.places.elsewhere(mentees, mentors)) / (1.0 + opted)
        return mean

    def _row_weights(self) -> Floats:
        """float64[rows, features]: the policy's weights where the feature applies, each row scaled to sum 1."""
        wanted = {kind: [self.policy.features[f].weight_for(kind) for f in FEATURES] for kind in Kind}
        weights = np.array([wanted[kind] for kind in self.kinds]).reshape(self.rows, len(FEATURES))
        weights = weights * self.applies()
        sums = weights.sum(axis=1, keepdims=True)
        shares: Floats = weights / np.where(sums > 0, sums, 1.0)
        return shares

    def applies(self) -> Floats:
        """float64[rows, features]: 1 where a feature applies, 0 where not; shared experience by how much it matters."""
        own = self.owner
        column = {
            Feature.INTEREST: self.interest.given[own],
            Feature.SPECIALTY: self.specialty.named[own],
            Feature.STAGE: self.stage.known,
            Feature.SHARED_EXPERIENCE: self.experience.care[own],
            Feature.DIFFERENT_PERSPECTIVE: self.experience.wishes_difference[own],
            Feature.TIME: self.hours.mentee_known[own],
            Feature.PLACE: self.places.wishes[own],
            Feature.STYLE: self.styles.parts[own] > 0,
        }
        return np.stack([column[f].astype(np.float64) for f in FEATURES], axis=1)

    def _sample(self) -> tuple[Index, Index]:
        """Eligible (mentee, mentor) pairs, always the same for the same people: all of them, or a fixed draw."""
        pairs = self.rows * self.mentors
        draw = np.random.default_rng(SAMPLE_SEED).integers(0, max(pairs, 1), SAMPLE_PAIRS)
        chosen = np.arange(pairs) if pairs <= SAMPLE_PAIRS else np.sort(draw)
        rows, mentors = np.divmod(chosen, max(self.mentors, 1))
        eligible = self.why_not(rows, mentors) == 0
        return self.owner[rows[eligible]].astype(np.int64), mentors[eligible]


def total(contributions: Floats) -> Floats:
    """float64[k]: the sum of each pair's contributions, added from left to right."""
    scores = contributions[:, 0].copy()
    for n in range(1, contributions.shape[1]):
        scores += contributions[:, n]
    return scores


def _check_sizes(interests: Interests, mentees: int, mentors: int) -> None:
    sizes = {"mentee": (interests.mentee_statements.people, mentees),
             "mentor": (interests.mentor_statements.people, mentors)}
    for side, (vectors, people) in sizes.items():
        if vectors != people:
            raise ValueError(f"vectors are given for {vectors} {side}s, but there are {people}")
