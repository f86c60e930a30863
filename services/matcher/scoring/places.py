"""Place: same or other institution, and regions in which a mentee would like a mentor.

The mean of what the mentee (or else the program) wishes: the institution, and the ties. Same institution: 1, same
state ½. Ties: the mentor works in, or has ties to, one of the regions named.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from services.matcher.policy import Policy
from services.matcher.scoring.people import Mentee, Mentor
from shared.vocabulary.mentoring import SitePreference

Bools = NDArray[np.bool_]

NO_WISH, SAME, OTHER = 0, 1, 2
SAME_STATE = 0.5
WORDS = 2
MOST_REGIONS = 64 * WORDS
WISHES = {SitePreference.NO_PREFERENCE: NO_WISH, SitePreference.SAME: SAME, SitePreference.OTHER: OTHER}
PROGRAM_WISHES = {"none": NO_WISH, "same": SAME, "other": OTHER}


class Places:
    """Institutions and states as numbers (unknown ones differ from everything), regions as 128 bits."""

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor], policy: Policy) -> None:
        self._site, self._state = _numbered(m.institution for m in mentors), _numbered(m.state for m in mentors)
        self.mentor_site = np.array([self._site.get(m.institution, -2) for m in mentors], np.int32)
        self.mentor_state = np.array([self._state.get(m.state, -2) for m in mentors], np.int32)
        self._ties = [m.ties | {m.state} for m in mentors]
        self._program = PROGRAM_WISHES[policy.features.place.prefer]
        self.rule = policy.rules.same_site
        self._region: dict[str, int] = {}
        self.mentor_ties = np.zeros((len(mentors), WORDS), np.uint64)
        self.face(mentees)

    def face(self, mentees: Sequence[Mentee]) -> None:
        """Take these mentees instead; a place where no mentor is has a number that no mentor has."""
        elsewhere = len(self._site)
        self.mentee_site = np.array([self._site.get(m.institution, elsewhere) if m.institution else -1
                                     for m in mentees], np.int32)
        self.mentee_state = np.array([self._state.get(m.state, -1) for m in mentees], np.int32)
        self.wish = np.array([WISHES[m.site] or self._program for m in mentees], np.int8)
        self.wish[self.mentee_site < 0] = NO_WISH
        self.has_ties = np.array([bool(m.ties) for m in mentees], np.bool_)
        self._know({region for m in mentees for region in m.ties} - {""})
        self.mentee_ties = _bits([m.ties for m in mentees], self._region)

    def _know(self, wanted: set[str]) -> None:
        """Give the regions that mentees name numbers; those of earlier mentees stay while there is room."""
        new = sorted(wanted - self._region.keys())
        if not new:
            return
        known = [*self._region, *new] if len(self._region) + len(new) <= MOST_REGIONS else sorted(wanted)
        if len(known) > MOST_REGIONS:
            raise ValueError(f"ties name {len(known)} regions; at most {MOST_REGIONS} can be told apart")
        self._region = {region: n for n, region in enumerate(known)}
        self.mentor_ties = _bits(self._ties, self._region)

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


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: n for n, name in enumerate(sorted({*names} - {""}))}


def _bits(regions: list[frozenset[str]], number: dict[str, int]) -> NDArray[np.uint64]:
    masks = [sum(1 << number[r] for r in named if r in number) for named in regions]
    joined = b"".join(mask.to_bytes(WORDS * 8, "little") for mask in masks)
    return np.frombuffer(joined, np.dtype("<u8")).reshape(len(regions), WORDS).astype(np.uint64)
