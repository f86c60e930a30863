"""What else a place of a draft could have had: `draft_pair.alternatives` and `draft_unmatched.alternatives`."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Alternative(BaseModel):
    """Another mentor for a place. Making this pair instead costs the whole match `costs` points or more.

    Proved by the run's prices: no match with this pair that fills as many places, and whose weakest match is no
    weaker, is worth more than the draft less `costs`. Above 1 it will hardly be had without one or the other. What it
    costs exactly, a run with the pair pinned tells.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mentor_id: UUID
    score: float
    costs: float
