"""Style: how people like to meet and work, and in which language.

The mean of what the mentee stated: meeting mode, working style, meetings per month, first language.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from services.matcher.scoring.people import Mentee, Mentor, Person
from shared.vocabulary.mentoring import MeetingMode, WorkingStyle

Floats = NDArray[np.float64]

MODES: tuple[MeetingMode | None, ...] = (None, *MeetingMode)
STYLES: tuple[WorkingStyle | None, ...] = (None, *WorkingStyle)
MOST_MEETINGS = 8
RATES = MOST_MEETINGS + 1
CODES = len(MODES) * len(STYLES) * RATES
REMOTE = frozenset({MeetingMode.VIDEO, MeetingMode.PHONE})
MOST_LANGUAGES = 63
NOBODY_SPEAKS = 1 << MOST_LANGUAGES


def mode_fit(mentee: MeetingMode | None, mentor: MeetingMode | None) -> float:
    """Same or either 1; video and phone ½; on site and remote 0."""
    if mentee is None or mentor is None:
        return 0.0
    if mentee == mentor or MeetingMode.EITHER in {mentee, mentor}:
        return 1.0
    return 0.5 if {mentee, mentor} <= REMOTE else 0.0


def rate_fit(mentee: int, mentor: int) -> float:
    """1 for equally many meetings a month, ½ for twice as many; 0 if either is unknown (0)."""
    return min(mentee, mentor) / max(mentee, mentor, 1)


class StyleFit:
    """Codes of (mode, working style, rate) with a table of pairs, and languages as bits.

    `table` float64[CODES, CODES] is the sum over the parts; `parts` float64[mentees] the number of parts stated.
    """

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> None:
        spoken = sorted({name for p in mentors for name in p.languages})
        if len(spoken) > MOST_LANGUAGES:
            raise ValueError(f"mentors name {len(spoken)} languages; at most {MOST_LANGUAGES} can be told apart")
        self._bit = {name: 1 << n for n, name in enumerate(spoken)}
        self.mentor_code, self.mentor_languages = _codes(mentors), _languages(mentors, self._bit)
        self.table = _table()
        self.face(mentees)

    def face(self, mentees: Sequence[Mentee]) -> None:
        """Take these mentees instead; languages that no mentor speaks are one and the same here."""
        first = [self._bit.get(m.languages[0], NOBODY_SPEAKS) if m.languages else 0 for m in mentees]
        self.mentee_code, self.mentee_languages = _codes(mentees), _languages(mentees, self._bit)
        self.first_language = np.array(first, np.uint64)
        self.parts = np.array([_parts(m) for m in mentees], np.float64)

    def values(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64[k] in [0, 1]: the mean over the parts the mentee stated; 0 without any."""
        agreed = self.table[self.mentee_code[mentees], self.mentor_code[mentors]]
        first = (self.first_language[mentees] & self.mentor_languages[mentors]) != 0
        mean: Floats = (agreed + first) / np.maximum(self.parts[mentees], 1.0)
        return mean

    def no_common_language(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool[k]: both said what they speak, and share nothing."""
        one, other = self.mentee_languages[mentees], self.mentor_languages[mentors]
        barred: NDArray[np.bool_] = (one != 0) & (other != 0) & (one & other == 0)
        return barred


def _parts(mentee: Mentee) -> int:
    stated = (mentee.meeting_mode, mentee.working_style, mentee.meetings_per_month, mentee.languages)
    return sum(bool(part) for part in stated)


def _codes(people: Sequence[Person]) -> NDArray[np.int32]:
    modes, styles = {m: n for n, m in enumerate(MODES)}, {s: n for n, s in enumerate(STYLES)}
    return np.array([
        (modes[p.meeting_mode] * len(STYLES) + styles[p.working_style]) * RATES
        + min(p.meetings_per_month or 0, MOST_MEETINGS)
        for p in people
    ], np.int32)


def _languages(people: Sequence[Person], bit: dict[str, int]) -> NDArray[np.uint64]:
    spoken = [{bit.get(name, NOBODY_SPEAKS) for name in p.languages} for p in people]
    return np.array([sum(bits) for bits in spoken], np.uint64)


@cache
def _table() -> NDArray[np.float64]:
    modes = np.array([[mode_fit(a, b) for b in MODES] for a in MODES])
    styles = np.eye(len(STYLES))
    styles[0, 0] = 0.0
    rates = np.array([[rate_fit(a, b) for b in range(RATES)] for a in range(RATES)])
    mode, style, rate = np.unravel_index(np.arange(CODES), (len(MODES), len(STYLES), RATES))
    table: Floats = modes[np.ix_(mode, mode)] + styles[np.ix_(style, style)] + rates[np.ix_(rate, rate)]
    return table
