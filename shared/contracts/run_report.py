"""What the matcher reports of a run, and what the lead's pages read: one typed contract for `run_result.report`.

`run_result.phase` is a RunPhase and `run_result.progress` the share of that phase which is done, in [0, 1].
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class RunPhase(StrEnum):
    """The phases of a run in their order; FAILED is an end from any of them."""

    WAITING = "waiting"
    READING = "reading"
    EMBEDDING = "embedding"
    SCORING = "scoring"
    COVERAGE = "coverage"
    FLOOR = "floor"
    TOTAL = "total"
    CERTIFYING = "certifying"
    EXPLAINING = "explaining"
    COMPARING = "comparing"
    DONE = "done"
    FAILED = "failed"


# The phases of a run that makes a draft, and of one that answers a what-if.
WORKING_PHASES: tuple[RunPhase, ...] = tuple(
    p for p in RunPhase if p not in {RunPhase.COMPARING, RunPhase.DONE, RunPhase.FAILED}
)
COMPARING_PHASES: tuple[RunPhase, ...] = tuple(
    p for p in (*WORKING_PHASES, RunPhase.COMPARING) if p not in {RunPhase.CERTIFYING, RunPhase.EXPLAINING}
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Coverage(_Part):
    slots_wanted: Count
    slots_filled: Count
    rate: Share  # slots_filled / slots_wanted; 1 when nobody wants anything


class ScoreBin(_Part):
    """Proposals with lower <= score < upper; the last bin includes its upper end."""

    lower: float
    upper: float
    count: Count


class MentorLoad(_Part):
    """A mentor of the run: the slots that were free before it, and how many of them the draft fills."""

    mentor_id: UUID
    slots: Count
    filled: Count


class SlotWorth(_Part):
    """What one more place at a mentor of a group adds at least, on average over the group's mentors.

    `grouping` is specialty, state, stage or institution; `coverage` counts further places filled (0 to 1), `total`
    further score. Without the floor: a further place may serve somebody whose best score is below the weakest match.
    """

    grouping: str
    group: str
    mentors: Count
    coverage: float
    total: float


class Exploration(_Part):
    """What exploring near the optimum did: `moved` pairs are not in it, `lost` is the mean score given up a pair."""

    epsilon: Share
    draws: Count
    moved: Count
    lost: float
    least_propensity: Share


class RunReport(_Part):
    """A finished draft in numbers. `unmatched` counts open slots by the first of their reason codes."""

    coverage: Coverage
    floor: float | None  # the lowest score given; None when nothing was matched
    mean_score: float | None
    total_score: float
    load_cost: float = 0.0
    objective: float = 0.0
    dual_bound: float = 0.0
    gap: float  # dual bound minus objective; 0 is the proof of the optimum
    proven_to: Literal["optimum", "floor"] = "optimum"  # leximin is proven to its floor; `gap` is what it gives up
    score_histogram: list[ScoreBin]
    loads: list[MentorLoad]
    cross_institution_share: Share
    unmatched: dict[str, Count]
    seconds: dict[RunPhase, float]
    pairs_considered: Count
    candidate_edges: Count = 0
    mentees: Count
    mentors: Count
    seed: int = 0
    model: str  # the embedding model
    versions: dict[str, str]  # of the libraries and of the policy
    input_hash: str
    people_hash: str = ""  # as input_hash, without the lead's decisions: equal for runs over the same people
    read_at: datetime | None = None  # when the people were read
    pinned: Count = 0
    forbidden: Count = 0
    checked: bool = False  # verified by the matcher, without its solver, before it was stored
    worth: list[SlotWorth] = []
    exploration: Exploration | None = None  # the certificate is then that of the optimum nearby
