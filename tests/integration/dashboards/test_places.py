"""The free places that dashboards count are those that a match finds; a draft that was overtaken waits for nobody."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from services.api.dashboards import queries
from services.api.dashboards.places import places
from services.matcher.loading import load_cycle
from services.matcher.policy import Policy
from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.bandwidth import BandwidthPeriod
from shared.models.enrollment import Participant, Profile
from shared.models.matching import RunState
from tests.factories import rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast

Login = Callable[[str], Browser]
DEAR = Policy.model_validate({}).model_dump(mode="json")
DEAR["kinds"]["faculty"]["hours_per_month"] = 5


def _mentor(session: Session, cast: Cast, kinds: list[str], hours: int) -> Participant:
    mentor: Participant = rows.make_participant(
        session, cast.cycle, "mentor", cast.other_institution, rows.make_account(session)
    )
    session.get_one(Profile, mentor.id).kinds = kinds
    for period in session.query(BandwidthPeriod).filter_by(participant_id=mentor.id):
        period.hours_per_month, period.mentee_slots = Decimal(hours), 4
    return mentor


def test_a_match_finds_the_places_that_the_dashboard_counts(
    cast: Cast, as_owner: Database, as_api: Database, as_matcher: Database, clock: FixedClock
) -> None:
    """Dear kinds, a short leave, a long one, a mentorship and an open offer: one rule for all who count."""
    with as_owner.writing(SYSTEM) as session:
        rows.make_policy(session, cast.program, version=9, document=DEAR)
        _mentor(session, cast, ["faculty"], 11)
        _mentor(session, cast, ["near_peer"], 11)
        pausing, leaving = (_mentor(session, cast, ["any"], 8) for _ in range(2))
        for mentor, days in ((pausing, 20), (leaving, 90)):
            first = cast.cycle.starts_on + timedelta(days=60)
            session.add(
                BandwidthPeriod(
                    program_id=cast.program.id, participant_id=mentor.id, starts_on=first,
                    ends_on=first + timedelta(days=days), hours_per_month=0, mentee_slots=0, occasion="leave",
                )
            )  # fmt: skip
    with as_matcher.reading(SYSTEM) as session:
        found = load_cycle(session, cast.cycle.id, Policy.model_validate(DEAR)).mentors
    with as_api.reading(SYSTEM) as session:
        counted = places(session, cast.cycle, clock.now().date())
    free = [group.free // group.mentors for group in counted for _ in range(group.mentors)]
    assert sorted(free) == sorted(mentor.max_mentees for mentor in found)
    assert len({mentor.max_mentees for mentor in found}) > 2


def test_a_draft_overtaken_by_a_publication_waits_for_nobody(
    cast: Cast, as_owner: Database, clock: FixedClock, browse: Login
) -> None:
    with as_owner.writing(SYSTEM) as session:
        fields = {"state": RunState.DRAFT}
        old = rows.make_run(session, cast.cycle, cast.policy, requested_at=clock.now() - timedelta(days=2), **fields)
        new = rows.make_run(session, cast.cycle, cast.policy, requested_at=clock.now(), **fields)
    page = f"/lead/{cast.program.slug}/runs/{old.id}"
    assert "Another match was published" not in browse("lead").page(page)
    with as_owner.writing(SYSTEM) as session:
        published = rows.make_run(
            session, cast.cycle, cast.policy, state=RunState.PUBLISHED, published_at=clock.now() - timedelta(days=1)
        )
    with as_owner.reading(SYSTEM) as session:
        assert queries.drafts_waiting(session, cast.cycle.id) == [new.id]
    assert f"runs/{published.id}" in browse("lead").page(page)
