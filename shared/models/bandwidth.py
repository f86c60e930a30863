"""When people can meet and how much of it a mentor gives."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import PROGRAM, Base, Created, Key, refers


class BandwidthPeriod(Base):
    """Hours a month and mentee slots of a mentor from one day to another (both included).

    Where periods overlap, the one with the fewest hours holds: leave inside a year wins over the year.
    """

    __tablename__ = "bandwidth_period"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="dates_in_order"),
        CheckConstraint("hours_per_month >= 0 and hours_per_month <= 80", name="hours_range"),
        CheckConstraint("mentee_slots >= 0 and mentee_slots <= 50", name="slots_range"),
        CheckConstraint("occasion in ('regular', 'rotation', 'nights', 'leave')", name="occasion_known"),
        Index(None, "participant_id"),
        PROGRAM,
    )

    id: Mapped[Key]
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
    participant_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    hours_per_month: Mapped[Decimal] = mapped_column(Numeric(4, 1))
    mentee_slots: Mapped[int]
    occasion: Mapped[str] = mapped_column(default="regular")
    created_at: Mapped[Created]


class AvailabilityHour(Base):
    """One hour of every week, in the participant's own time zone: weekday 0 = Monday, hour 0 to 23."""

    __tablename__ = "availability_hour"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday_range"),
        CheckConstraint("hour between 0 and 23", name="hour_range"),
        PROGRAM,
    )

    participant_id: Mapped[UUID] = mapped_column(refers("participant.id", on_delete="CASCADE"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[UUID] = mapped_column(refers("program.id"))
