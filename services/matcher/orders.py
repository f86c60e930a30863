"""What a run is asked to do: whom to match, by which policy, with which decisions of the lead."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlalchemy import RowMapping

from services.matcher import queries
from services.matcher.assignment.problem import Rules
from services.matcher.interests.scale import Scale
from services.matcher.loading import Cycle, load_cycle
from services.matcher.policy import Policy
from services.matcher.posing import Decisions
from shared.db.engine import ReadSession
from shared.models.base import Json
from shared.models.matching import RunPurpose


@dataclass(frozen=True)
class Order:
    """A run's task, read at one moment. `scale`, for additions, is that of the match they add to."""

    purpose: RunPurpose
    policy: Policy
    policy_version: int
    cycle: Cycle
    decisions: Decisions
    asked: Json
    scale: Scale | None
    read_at: datetime

    @property
    def rules(self) -> Rules:
        return Rules(**self.policy.assignment.model_dump())

    @property
    def is_what_if(self) -> bool:
        return self.purpose is RunPurpose.WHAT_IF


def read_order(session: ReadSession, run_id: UUID, at: datetime | None = None) -> Order | None:
    """A run's order; None for an unknown run. `at`: with mentorships and offers as they stood at that moment."""
    run = queries.read_run(session, run_id)
    if run is None:
        return None
    policy = Policy.model_validate(run["policy"])
    return Order(
        purpose=RunPurpose(run["purpose"]),
        policy=policy,
        policy_version=run["policy_version"],
        cycle=load_cycle(session, run["cycle_id"], policy, at),
        decisions=Decisions.of(queries.read_run_rules(session, run_id)),
        asked=run["asked"],
        scale=_scale(session, run),
        read_at=at or queries.now(session),
    )


def _scale(session: ReadSession, run: RowMapping) -> Scale | None:
    """Those who come late are measured on the table of those before them."""
    if run["purpose"] != RunPurpose.ADDITIONS or run["base_run_id"] is None:
        return None
    table = queries.read_interest_scale(session, run["base_run_id"])
    return Scale(np.frombuffer(table, "<f8")) if table else None
