"""A lead's what-if: the question (`match_run.asked`) and its answer (`run_result.report` of such a run)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.run_report import Count, Coverage

MOST_MENTORS = 500
MOST_PLACES = 10


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WhatIfQuestion(_Part):
    """What to change. Further mentors are like those who take part: copies, in turn, of the ones that are named.

    `specialty` (their first) and `state` name them; empty is any. None leaves a rule as the policy has it.
    """

    mentors: Annotated[int, Field(ge=0, le=MOST_MENTORS)] = 0
    specialty: str = ""
    state: str = ""
    places: Annotated[int, Field(ge=1, le=MOST_PLACES)] = 1
    more_places: Annotated[int, Field(ge=0, le=MOST_PLACES)] = 0
    load_weight: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] | None = None
    floor: Literal["max", "none"] | Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None

    @property
    def changes_nothing(self) -> bool:
        return not (self.mentors or self.more_places) and self.load_weight is None and self.floor is None


class MatchFigures(_Part):
    """A match in the figures that its objective is made of."""

    coverage: Coverage
    floor: float | None
    total_score: float
    load_cost: float
    gap: float
    proven_to: Literal["optimum", "floor"] = "optimum"


class WhatIfAnswer(_Part):
    """The match of today and the match as it would be, both proven optimal (leximin: to its floor).

    `newly_served` counts places that only the second match fills, by the mentee's first specialty; `moved` places
    that have another mentor.
    """

    before: MatchFigures
    after: MatchFigures
    moved: Count
    newly_served: dict[str, Count]
    seconds: float
