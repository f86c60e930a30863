"""What a lead may change in a draft."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Revision(BaseModel):
    """One decision about a pair: keep it (pin), keep the two apart (forbid), another mentor instead (move), or undo
    such a decision (release). `to_id` is the mentor that a mentee moves to; a mentee without a place has no mentor yet.
    """

    model_config = ConfigDict(extra="forbid")

    change: Literal["pin", "forbid", "move", "release"]
    mentee_id: UUID
    mentor_id: UUID | None = None
    to_id: UUID | None = None
