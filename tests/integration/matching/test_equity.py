"""The fairness report: made with the draft, by groups of those who agreed to it, suppressed, kept, each look noted."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from services.api.matching.equity import service
from services.api.matching.equity.report import EquityReport, EquityTable
from services.api.services import Services
from shared.contracts.messages import MatchRunDrafted
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models import equity
from shared.models.enrollment import DimensionAnswer, Participant
from shared.models.equity import MenteeStanding
from shared.models.matching import MatchRun, RunResult, RunState
from shared.models.oversight import AuditEvent
from shared.security.identity import seal_answer
from shared.security.keyring import Keyring
from shared.settings import DEVELOPMENT_KEYS
from tests.factories import matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast

Sides = tuple[list[Participant], list[Participant]]
KEYRING = Keyring.parse(DEVELOPMENT_KEYS)


def enroll(session: Session, cast: Cast, role: str, count: int, **fields: object) -> list[Participant]:
    return [
        rows.make_participant(session, cast.cycle, role, cast.institution, rows.make_account(session), **fields)
        for _ in range(count)
    ]


def names(session: Session, cast: Cast, people: Sequence[Participant], answer: str, *, report: bool = True) -> None:
    for person in people:
        answer_id = uuid4()
        session.add(
            DimensionAnswer(
                id=answer_id, program_id=person.program_id, account_id=person.account_id, participant_id=person.id,
                dimension_id=cast.dimension.id, sealed=seal_answer(KEYRING, answer_id, answer), may_report=report,
            )
        )  # fmt: skip
    session.flush()


def draft(session: Session, cast: Cast, mentees: Sequence[Participant], mentors: Sequence[Participant]) -> MatchRun:
    """Every second mentee has a proposal."""
    run = rows.make_run(session, cast.cycle, cast.policy)
    matching.make_draft(session, run, list(zip(mentees[::2], mentors, strict=False)))
    loads = [{"mentor_id": str(one.id), "slots": 2, "filled": 1} for one in mentors]
    result = session.get_one(RunResult, run.id)
    result.report = {**(result.report or {}), "loads": loads}
    for number, mentee in enumerate(mentees):
        given = number % 2 == 0
        score = 0.6 if given else None
        session.add(
            MenteeStanding(run_id=run.id, mentee_id=mentee.id, wanted=1, given=int(given), mean_score=score,
                           lowest_score=score, first_choice=given, envies=not given)
        )  # fmt: skip
    session.flush()
    return run


def report_of(services: Services, run_id: UUID) -> EquityReport:
    with services.database.writing(SYSTEM) as session:
        service.note_drafted(session, services, MatchRunDrafted(run_id=run_id))
    with services.database.reading(SYSTEM) as session:
        report = service.read_report(session, run_id)
    assert report is not None
    return report


def table_of(report: EquityReport, cast: Cast) -> EquityTable:
    return next(table for table in report.tables if table.code == cast.dimension.code)


@pytest.fixture
def people(as_owner: Database, cast: Cast) -> Sides:
    with as_owner.writing(SYSTEM) as session:
        return enroll(session, cast, "mentee", 40), enroll(session, cast, "mentor", 25)


@pytest.fixture
def run_id(as_owner: Database, cast: Cast, people: Sides) -> UUID:
    """Twelve mentees and eleven mentors agreed that reports may count them; five more mentees did not."""
    mentees, mentors = people
    with as_owner.writing(SYSTEM) as session:
        names(session, cast, mentees[:12], "Yes")
        names(session, cast, mentees[12:17], "Yes", report=False)
        names(session, cast, mentees[17:22], "No")
        names(session, cast, mentors[:11], "yes ")
        return draft(session, cast, mentees, mentors).id


def test_only_those_who_agreed_are_counted_and_small_groups_are_not_told(
    services: Services, run_id: UUID, cast: Cast
) -> None:
    table = table_of(report_of(services, run_id), cast)
    assert [(row.label, row.size.least, row.size.most) for row in table.mentees] == [("Yes", 11, 20)]
    assert [(row.label, row.size.least, row.size.most) for row in table.mentors] == [("yes", 11, 20)]
    assert (table.mentees[0].matched.low, table.mentees[0].matched.high) == (0.5, 0.6)


def test_everybody_is_told_exactly(services: Services, run_id: UUID) -> None:
    report = report_of(services, run_id)
    assert (report.mentees.size.least, report.mentees.matched.low, report.mentees.envies.low) == (40, 0.5, 0.5)
    assert {table.code for table in report.plain} == {"stage", "region", "site"}
    assert sum(row.size.least for row in report.plain[0].mentees) == 40


def test_a_newcomer_is_not_given_away_by_the_next_report(
    services: Services, run_id: UUID, cast: Cast, as_owner: Database, people: Sides
) -> None:
    """Ten newcomers with the answer wait; the eleventh takes all of them in, if as many came without it."""
    first = table_of(report_of(services, run_id), cast).mentees[0]
    mentees, mentors = people
    later = datetime.now(UTC) + timedelta(minutes=1)
    with as_owner.writing(SYSTEM) as session:
        newcomers = enroll(session, cast, "mentee", 10, registered_at=later)
        names(session, cast, newcomers, "Yes")
        second = draft(session, cast, [*mentees, *newcomers], mentors).id
    assert table_of(report_of(services, second), cast).mentees[0].size == first.size
    with as_owner.writing(SYSTEM) as session:
        more = enroll(session, cast, "mentee", 12, registered_at=later)
        names(session, cast, more[:1], "Yes")
        third = draft(session, cast, [*mentees, *newcomers, *more], mentors).id
    assert table_of(report_of(services, third), cast).mentees[0].size.least == 21


def test_the_lead_sees_the_report_before_publishing_and_the_look_is_noted(
    lead: Browser, services: Services, run_id: UUID, cast: Cast, as_owner: Database
) -> None:
    report_of(services, run_id)
    with as_owner.writing(SYSTEM) as session:
        session.execute(update(MatchRun).where(MatchRun.id == run_id).values(state=RunState.DRAFT))
    page = lead.page(f"/lead/{cast.program.slug}/runs/{run_id}/equity")
    assert "By what people named for reports" in page
    assert "11 – 20" in page
    with as_owner.reading(SYSTEM) as session:
        looks = session.scalars(select(AuditEvent).where(AuditEvent.action == "equity.viewed")).all()
    assert [look.object_id for look in looks] == [run_id]


def test_a_run_without_a_report_says_so(lead: Browser, cast: Cast, as_owner: Database) -> None:
    with as_owner.writing(SYSTEM) as session:
        run = rows.make_run(session, cast.cycle, cast.policy, state=RunState.DRAFT)
    address = f"runs/{run.id}/equity"
    assert "No fairness report" in lead.page(f"/lead/{cast.program.slug}/{address}")
    assert lead.get(f"/api/v1/programs/{cast.program.slug}/{address}").status_code == 404


def test_the_stored_report_cannot_be_changed_or_made_twice(services: Services, run_id: UUID) -> None:
    before = report_of(services, run_id)
    assert report_of(services, run_id) == before
    with pytest.raises(ProgrammingError, match="permission denied"), services.database.writing(SYSTEM) as session:
        session.execute(update(equity.EquityReport).values(report={}))


def test_nothing_in_the_stored_report_names_a_small_group_or_a_person(services: Services, run_id: UUID) -> None:
    stored = report_of(services, run_id).model_dump_json()
    assert '"No"' not in stored
    assert "Robin Example" not in stored
