"""The fairness report of a run, as it is stored and shown: nothing in it is about fewer people than may be told."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Fraction = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Size(_Part):
    """How many people, as a band for groups that people named for reports; `most` is None where it has no end."""

    least: int
    most: int | None


class Share(_Part):
    """A share lies between low and high (equal where it may be told to the percent), with its 95 % interval."""

    low: Fraction
    high: Fraction
    interval_low: Fraction
    interval_high: Fraction


class Mean(_Part):
    """A mean with its 95 % interval."""

    value: float
    low: float
    high: float


class MenteeRow(_Part):
    """How a group of mentees fares.

    matched: has a proposal at all. mean_score: over the mentees with one, of the mean of theirs. floor: none of them
    has a lower score (to within a twentieth of all mentees where the group is protected). first_choice and envies:
    for one of their wishes at least. differs: measures that chance alone does not explain (Bonferroni over all).
    """

    label: str
    size: Size
    matched: Share
    mean_score: Mean | None
    floor: float | None
    first_choice: Share
    envies: Share
    differs: list[str] = []


class MentorRow(_Part):
    """What a group of mentors carries, against its share of mentors.

    of_mentors: its share of all mentors, from and to. places and load: its share of the places offered, and of the
    mentees given, for each part of that share: 1 is as much as everybody, 2 twice as much.
    """

    label: str
    size: Size
    of_mentors: tuple[Fraction, Fraction]
    places: float
    load: float | None
    mentees_each: Mean | None
    differs: list[str] = []


class EquityTable(_Part):
    """One way to group people. `protected`: by what they named for reports; else by what the program knows anyway."""

    code: str
    name: str
    protected: bool
    mentees: list[MenteeRow]
    mentors: list[MentorRow]

    @property
    def is_empty(self) -> bool:
        return not (self.mentees or self.mentors)


class EquityReport(_Part):
    smallest: int = Field(description="No group smaller than this is told.")
    mentees: MenteeRow
    mentors: MentorRow
    tables: list[EquityTable]

    @property
    def protected(self) -> list[EquityTable]:
        """Tables by what people named for reports, those with something to tell."""
        return [table for table in self.tables if table.protected and not table.is_empty]

    @property
    def withheld(self) -> list[str]:
        """Names of the dimensions of which nothing may be told."""
        return [table.name for table in self.tables if table.protected and table.is_empty]

    @property
    def plain(self) -> list[EquityTable]:
        return [table for table in self.tables if not table.protected]
