"""The dashboard's numbers are those that one counts by hand, and pages show them."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from services.api.dashboards import queries, service
from services.api.dashboards.supply import supply_key
from services.api.dashboards.warming import warm
from services.api.services import Services
from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.db.engine import Database, ReadSession
from shared.models.bandwidth import BandwidthPeriod
from shared.models.enrollment import Participant
from shared.models.matching import MatchRun, RunState
from shared.models.mentorships import Meeting, SurveyResponse
from tests.factories import matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast

Login = Callable[[str], Browser]
T = TypeVar("T")


@pytest.fixture
def small_world(cast: Cast, as_owner: Database) -> Cast:
    """Beside the cast's pair (same site): a second pair across sites, a mentor without bandwidth, a survey."""
    with as_owner.writing() as session:
        mentee = _enroll(session, cast, "mentee", cast.other_institution)
        mentor = _enroll(session, cast, "mentor", cast.institution)
        pair = rows.make_mentorship(session, mentee, mentor)
        idle = _enroll(session, cast, "mentor", cast.other_institution)
        session.query(BandwidthPeriod).filter_by(participant_id=idle.id).delete()
        answered = pair.started_at
        session.add(
            SurveyResponse(
                program_id=pair.program_id, mentorship_id=pair.id, side="mentee", satisfaction=4, answered_at=answered
            )
        )
        session.add(SurveyResponse(program_id=pair.program_id, mentorship_id=pair.id, side="mentor"))
    return cast


def _enroll(session: Session, cast: Cast, role: str, site: object) -> Participant:
    return rows.make_participant(session, cast.cycle, role, site, rows.make_account(session))  # type: ignore[arg-type]


def test_the_five_numbers_are_those_one_counts(small_world: Cast, as_api: Database, clock: FixedClock) -> None:
    with as_api.reading(SYSTEM) as session:
        found = service.numbers(service.count(session, small_world.cycle, clock.now()))
    assert (found.mentees, found.waiting, found.mentors) == (3, 1, 3)
    assert (found.slots, found.free, found.hours) == (4, 2, 16.0)
    assert found.matched_share == pytest.approx(2 / 3)
    assert found.across_share == pytest.approx(1 / 2)
    assert (found.asked, found.answered, found.satisfaction) == (2, 1, 4.0)


def _todo(session: ReadSession, world: Cast, clock: FixedClock) -> service.Todo:
    return service.todo(session, world.cycle, clock.now(), service.count(session, world.cycle, clock.now()))


def test_what_needs_a_lead_is_counted(small_world: Cast, as_api: Database, clock: FixedClock) -> None:
    clock.at += timedelta(days=31)
    with as_api.reading(SYSTEM) as session:
        before = _todo(session, small_world, clock)
    with as_api.writing(SYSTEM) as session:
        session.add(
            Meeting(
                program_id=small_world.program.id,
                mentorship_id=small_world.mentorship.id,
                starts_at=clock.now(),
                state="held",
            )
        )
    with as_api.reading(SYSTEM) as session:
        after = _todo(session, small_world, clock)
    assert (before.without_bandwidth, before.never_met, after.never_met) == (1, 2, 1)


def test_whoever_has_an_open_offer_takes_a_place_and_no_longer_waits_for_one(
    small_world: Cast, as_owner: Database, as_api: Database, lead: Browser
) -> None:
    with as_api.reading(SYSTEM) as session:
        before = sum(queries.waiting(session, small_world.cycle.id, "stage").values())
    with as_owner.writing(SYSTEM) as session:
        mentor = _enroll(session, small_world, "mentor", small_world.other_institution)
        rows.make_request(session, small_world.participants["outsider"], mentor)
    with as_api.reading(SYSTEM) as session:
        after = sum(queries.waiting(session, small_world.cycle.id, "stage").values())
    assert (before, after) == (1, 0)
    assert "offer waits for its mentor" in lead.page(f"/lead/{small_world.program.slug}")


def test_supply_and_demand_by_state(small_world: Cast, as_api: Database, clock: FixedClock) -> None:
    cycle = small_world.cycle
    with as_api.reading(SYSTEM) as session:
        found = service.gaps(session, cycle, clock.now())["state"]
    assert {key: (free, waiting) for key, free, waiting in found} == {"MN": (2, 1), "AZ": (0, 0)}


def test_a_dashboard_of_another_program_is_empty_of_this_one(small_world: Cast, as_api: Database) -> None:
    with as_api.reading(SYSTEM) as session:
        assert queries.sites(session, [small_world.other_cycle.id]) == []


def slowly(now: list[float], value: T) -> Callable[[], T]:
    """Counting takes a second of this clock."""

    def count() -> T:
        now[0] += 1
        return value

    return count


def test_the_memory_keeps_what_took_long_for_half_a_minute() -> None:
    now = [0.0]
    memory = service.Memory(lambda: now[0])
    seen = []
    for at in (0.0, 29.0, 32.0):
        now[0] = at
        seen.append(memory.recall("key", slowly(now, at)))
    assert seen == [0.0, 0.0, 32.0]


def test_what_was_drawn_is_drawn_anew_beside_the_request() -> None:
    now = [0.0]
    memory, renewed = service.Memory(lambda: now[0]), Event()
    assert memory.recall("key", lambda: "old", drawn=True) == "old"
    now[0] = 31.0
    assert memory.recall("key", lambda: pytest.fail("in the request"), renewed.set, drawn=True) == "old"
    assert renewed.wait(10)


def test_what_is_counted_in_no_time_is_counted_anew() -> None:
    now = [0.0]
    memory = service.Memory(lambda: now[0])
    assert memory.recall("key", lambda: "old") == "old"
    now[0] = 3.0
    assert memory.recall("key", lambda: "new", lambda: pytest.fail("not beside the request")) == "new"


@pytest.mark.parametrize("path", ["", "/supply", "/mentors-without-bandwidth"])
def test_a_lead_sees_the_pages_with_people_and_without(small_world: Cast, browse: Login, path: str) -> None:
    for name, program in (("lead", small_world.program), ("other_lead", small_world.other_program)):
        assert program.name in browse(name).page(f"/lead/{program.slug}{path}")


def test_the_count_of_mentors_without_bandwidth_leads_to_their_names(
    small_world: Cast, browse: Login, as_owner: Database
) -> None:
    """Those that are listed are those that are counted; somebody with places is none of them."""
    with as_owner.writing() as session:
        for name in ("Idle at all", "Too little time"):
            account = rows.make_account(session, name=name)
            person = rows.make_participant(session, small_world.cycle, "mentor", small_world.institution, account)
            given = session.query(BandwidthPeriod).filter_by(participant_id=person.id)
            if name == "Idle at all":
                given.delete()
            else:
                given.update({"hours_per_month": 1})
    lead, path = browse("lead"), f"/lead/{small_world.program.slug}"
    overview = lead.page(path)
    assert f'href="{path}/mentors-without-bandwidth"' in overview
    assert "3 mentors offer no bandwidth" in overview
    listed = lead.page(f"{path}/mentors-without-bandwidth")
    assert "3 mentors</caption>" in listed
    assert re.findall(r"(Idle at all|Too little time).*?(none given|up to [\d.]+ h)", listed, re.DOTALL) == [
        ("Idle at all", "none given"), ("Too little time", "up to 1 h"),
    ]
    assert small_world.accounts["mentor"].name not in listed


def test_a_coordinator_sees_their_own_site_in_counts(small_world: Cast, browse: Login) -> None:
    page = browse("coordinator").page(f"/site/{small_world.institution.id}")
    assert "Robin" not in page
    assert small_world.institution.name in page


def test_the_front_door_names_open_programs(small_world: Cast, api_client: Browser) -> None:
    page = api_client.page("/")
    assert small_world.program.name in page
    assert f"/register/{small_world.program.slug}" in api_client.page(f"/programs/{small_world.program.slug}")


def test_an_unknown_program_is_not_found(api_client: Browser) -> None:
    api_client.page("/programs/nowhere", status=404)


@dataclass
class Noticing(service.Memory):
    """Says when a value has been kept."""

    noticed: Event = field(default_factory=Event)

    def count(self, key: Hashable, make: Callable[[], T]) -> T:
        value = super().count(key, make)
        self.noticed.set()
        return value


def test_an_older_value_is_shown_once_more_while_a_new_one_is_counted() -> None:
    now, counted = [0.0], Event()
    memory = Noticing(lambda: now[0], noticed=counted)

    again, made = slowly(now, "new"), slowly(now, "made in the request")
    assert memory.recall("key", slowly(now, "old"), again) == "old"
    now[0] = 40.0
    counted.clear()
    assert memory.recall("key", made, again) == "old"
    assert counted.wait(10)
    assert memory.recall("key", made, again) == "new"
    now[0] = 4_000.0
    assert memory.recall("key", made, again) == "made in the request"


def test_dashboards_are_counted_ahead(small_world: Cast, services: Services) -> None:
    memory = service.Memory()
    assert warm(services, memory) > 0
    seen = memory.recall(("overview", small_world.program.id), object)
    assert isinstance(seen, service.Overview)
    assert seen.numbers.mentees == 3


def test_a_match_that_has_finished_is_drawn_without_waiting(
    small_world: Cast, services: Services, as_owner: Database
) -> None:
    memory = service.Memory()
    warm(services, memory)
    assert warm(services, memory) == 0, "nothing is counted again while it is young and nothing has happened"
    with as_owner.writing(SYSTEM) as session:
        run = rows.make_run(session, small_world.cycle, small_world.policy, state=RunState.DRAFT)
        matching.make_draft(session, run, [])
    assert warm(services, memory) == 1
    with services.database.reading(SYSTEM) as session:
        drafted = supply_key(session, small_world.cycle, "en")
    assert memory.holds(drafted, 60)
    with as_owner.writing(SYSTEM) as session:
        session.get_one(MatchRun, run.id).state = RunState.PUBLISHED
    with services.database.reading(SYSTEM) as session:
        assert not memory.holds(supply_key(session, small_world.cycle, "en"), 60), "offers hold places now"
