"""What a fairness report is made of: how each mentee fares in a run (blind), and the suppressed report itself."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import MATCHING, PROGRAM, Base, Created, Json, refers


class MenteeStanding(Base):
    """How a mentee fares in a run: wishes and proposals, mean and lowest score, first choice, envy.

    Written by the matcher, which knows of nobody's identity. `first_choice` and `envies` hold if they do for one of
    the mentee's wishes (`services/matcher/assignment/envy.py` defines both).
    """

    __tablename__ = "mentee_standing"
    __table_args__ = MATCHING

    run_id: Mapped[UUID] = mapped_column(ForeignKey("program.match_run.id", ondelete="CASCADE"), primary_key=True)
    mentee_id: Mapped[UUID] = mapped_column(primary_key=True)
    wanted: Mapped[int]
    given: Mapped[int]
    mean_score: Mapped[float | None]
    lowest_score: Mapped[float | None]
    first_choice: Mapped[bool]
    envies: Mapped[bool]


class EquityReport(Base):
    """The fairness report of a run as leads see it: aggregates, suppressed before they are stored, never changed."""

    __tablename__ = "equity_report"
    __table_args__ = PROGRAM

    run_id: Mapped[UUID] = mapped_column(refers("match_run.id", on_delete="CASCADE"), primary_key=True)
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    report: Mapped[Json]
    made_at: Mapped[Created]
