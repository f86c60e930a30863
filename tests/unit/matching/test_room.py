"""Room on both sides of a pair, and where a run is."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.matching.room import Commitments, Room, mentor_slots
from services.api.matching.runs.service import PHASE_WEIGHTS, Progress
from shared.bandwidth import Period
from shared.contracts.run_report import COMPARING_PHASES, WORKING_PHASES, RunPhase
from shared.costs import hours_for, kinds_given
from shared.vocabulary.mentoring import Kind
from shared.vocabulary.stages import Stage

SPAN = (date(2026, 9, 1), date(2027, 5, 31))
FALL = Period(date(2026, 9, 1), date(2026, 12, 31), Decimal(8), 3)
SPRING = Period(date(2027, 1, 1), date(2027, 5, 31), Decimal(2), 3)


def test_held_offers_take_room_from_new_offers_but_not_from_an_accept() -> None:
    room = Room(2, Commitments(active=1, held=1))
    assert room.free == 0
    assert room.may_accept
    assert not Room(2, Commitments(active=2)).may_accept


def test_a_bandwidth_that_shrank_leaves_no_negative_room() -> None:
    assert Room(1, Commitments(active=2, held=1)).free == 0


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_room_is_never_given_twice(slots: int, active: int, held: int) -> None:
    room = Room(slots, Commitments(active, held))
    assert room.free == 0 or room.free + active + held == slots
    assert room.may_accept or not room.free
    assert room.hours_free == room.free * room.hours_each


def test_slots_count_from_today_to_the_end_of_the_cycle() -> None:
    assert mentor_slots([FALL, SPRING], SPAN, date(2026, 8, 1), Decimal(2)) == 1
    assert mentor_slots([FALL], (date(2026, 9, 1), date(2026, 12, 31)), date(2026, 10, 1), Decimal(2)) == 3
    assert mentor_slots([SPRING], SPAN, date(2027, 2, 1), Decimal(2)) == 1


def test_a_cycle_that_is_over_counts_as_a_whole() -> None:
    assert mentor_slots([FALL], (date(2026, 9, 1), date(2026, 12, 31)), date(2027, 3, 1), Decimal(2)) == 3


def test_slots_are_counted_with_the_dearest_kind_that_is_given() -> None:
    policy = {"kinds": {"faculty": {"hours_per_month": 3}, "specialty": {"hours_per_month": 1.5}}}
    assert hours_for(policy, kinds_given([Kind.ANY], Stage.FACULTY)) == 3
    assert hours_for(policy, kinds_given([Kind.SPECIALTY], Stage.FACULTY)) == Decimal("1.5")
    assert hours_for({}, kinds_given([], Stage.PGY3)) == 2


@pytest.mark.parametrize("phase", WORKING_PHASES)
def test_progress_never_goes_back_from_phase_to_phase(phase: RunPhase) -> None:
    begun, finished = Progress(phase, 0.0).share, Progress(phase, 1.0).share
    assert 0 <= begun <= finished <= 1
    following = WORKING_PHASES.index(phase) + 1
    if following < len(WORKING_PHASES):
        assert Progress(WORKING_PHASES[following], 0.0).share == pytest.approx(finished)


def test_progress_knows_what_is_done_current_and_ahead() -> None:
    progress = Progress(RunPhase.FLOOR, 0.5)
    assert progress.state_of(RunPhase.COVERAGE) == "done"
    assert progress.state_of(RunPhase.FLOOR) == "current"
    assert progress.state_of(RunPhase.TOTAL) == "ahead"
    assert Progress(RunPhase.DONE, 1).share == 1
    assert set(PHASE_WEIGHTS) == {*WORKING_PHASES, *COMPARING_PHASES}


def test_the_bar_of_a_what_if_only_moves_forward_and_ends_full() -> None:
    shares = [Progress(phase, done, COMPARING_PHASES).share for phase in COMPARING_PHASES for done in (0.0, 0.5, 1.0)]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
