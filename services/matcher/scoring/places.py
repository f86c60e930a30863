"""Place: same or other institution, and regions in which a mentee would like a mentor.

The mean of what the mentee (or else the program) wishes: the institution, and the ties. Same institution: 1, same
state ½. Ties: the mentor works in, or has ties to, one of the regions named.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.matcher.policy import Policy
from services.matcher.scoring.people import Mentee, Mentor
from shared.vocabulary.mentoring import SitePreference

Bools = NDArray[np.bool_]

NO_WISH, SAME, OTHER = 0, 1, 2
SAME_STATE = 0.5
WORDS = 2
WISHES = {SitePreference.NO_PREFERENCE: NO_WISH, SitePreference.SAME: SAME, SitePreference.OTHER: OTHER}
PROGRAM_WISHES = {"none": NO_WISH, "same": SAME, "other": OTHER}


class Places:
    """Institutions and states as numbers (unknown ones differ from everything), regions as 128 bits."""

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor], policy: Policy) -> None:
        self.mentee_site, self.mentor_site = _numbers([m.institution for m in mentees],
                                                      [m.institution for m in mentors])
        self.mentee_state, self.mentor_state = _numbers([m.state for m in mentees], [m.state for m in mentors])
        program = PROGRAM_WISHES[policy.features.place.prefer]
        self.wish = np.array([WISHES[m.site] or program for m in mentees], np.int8)
        self.wish[self.mentee_site < 0] = NO_WISH
        region = _region_numbers(mentees)
        self.mentee_ties = _bits([m.ties for m in mentees], region)
        self.mentor_ties = _bits([m.ties | {m.state} for m in mentors], region)
        self.has_ties = np.array([bool(m.ties) for m in mentees], np.bool_)
        self.rule = policy.rules.same_site

    @property
    def wishes(self) -> NDArray[np.bool_]:
        """bool[mentees]: who has any wish about place."""
        wishes: Bools = (self.wish != NO_WISH) | self.has_ties
        return wishes

    def same_site(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.bool_]:
        same: Bools = self.mentee_site[mentees] == self.mentor_site[mentors]
        return same

    def same_state(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.bool_]:
        same: Bools = self.mentee_state[mentees] == self.mentor_state[mentors]
        return same

    def tied(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool[k]: the mentor is in, or has ties to, a region the mentee named."""
        found: Bools = np.any(self.mentee_ties[mentees] & self.mentor_ties[mentors], axis=1)
        return found

    def values(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64[k] in [0, 1]: the mean over the mentee's wishes; 0 without any."""
        wish, same = self.wish[mentees], self.same_site(mentees, mentors)
        near = np.where(same, 1.0, SAME_STATE * self.same_state(mentees, mentors))
        site = np.where(wish == SAME, near, np.where(wish == OTHER, ~same, 0.0))
        wishes = (wish != NO_WISH).astype(np.float64) + self.has_ties[mentees]
        mean: NDArray[np.float64] = (site + self.tied(mentees, mentors)) / np.maximum(wishes, 1.0)
        return mean

    def elsewhere(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64[k]: how different the place is: another state 1, another institution ½, the same or unknown 0."""
        known = (self.mentee_site[mentees] >= 0) & (self.mentor_site[mentors] >= 0)
        same, state = self.same_site(mentees, mentors), self.same_state(mentees, mentors)
        return np.where(known & ~same, np.where(state, SAME_STATE, 1.0), 0.0)

    def wrong_site(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool[k]: the program's rule about the same institution is broken; unknown institutions break none."""
        known = (self.mentee_site[mentees] >= 0) & (self.mentor_site[mentors] >= 0)
        same = self.same_site(mentees, mentors)
        if self.rule == "forbidden":
            return known & same
        return known & ~same if self.rule == "required" else np.zeros(len(mentees), np.bool_)


def _numbers(mentees: list[str], mentors: list[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Equal names get equal numbers; an unknown one is −1 for a mentee and −2 for a mentor."""
    code = {name: n for n, name in enumerate(sorted({*mentees, *mentors} - {""}))}
    return (np.array([code.get(name, -1) for name in mentees], np.int32),
            np.array([code.get(name, -2) for name in mentors], np.int32))


def _region_numbers(mentees: Sequence[Mentee]) -> dict[str, int]:
    wanted = sorted({region for m in mentees for region in m.ties} - {""})
    if len(wanted) > WORDS * 64:
        raise ValueError(f"ties name {len(wanted)} regions; at most {WORDS * 64} can be told apart")
    return {region: n for n, region in enumerate(wanted)}


def _bits(regions: list[frozenset[str]], number: dict[str, int]) -> NDArray[np.uint64]:
    masks = [sum(1 << number[r] for r in named if r in number) for named in regions]
    joined = b"".join(mask.to_bytes(WORDS * 8, "little") for mask in masks)
    return np.frombuffer(joined, np.dtype("<u8")).reshape(len(regions), WORDS).astype(np.uint64)
