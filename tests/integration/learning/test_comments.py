"""Leads read what people wrote in the survey: without names, among enough others, and never of their own pairs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.api.dashboards.suppression import SMALLEST
from services.api.learning.comments.service import tell_comments
from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.accounts import Account
from shared.models.enrollment import Participant
from shared.models.mentorships import Mentorship, SurveyResponse
from shared.models.oversight import AuditEvent
from tests.factories import rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast


def _page(cast: Cast) -> str:
    return f"/lead/{cast.program.slug}/learning/comments"


def _participant(session: Session, cast: Cast, account: Account, role: str) -> Participant:
    return rows.make_participant(session, cast.cycle, role, cast.institution, account)


def _pair(session: Session, cast: Cast, mentee: Account, mentor: Account) -> Mentorship:
    people = [_participant(session, cast, one, role) for one, role in ((mentee, "mentee"), (mentor, "mentor"))]
    return rows.make_mentorship(session, *people)


def _write(session: Session, pair: Mentorship, comment: str, at: datetime, side: str = "mentee") -> None:
    session.add(SurveyResponse(program_id=pair.program_id, mentorship_id=pair.id, side=side, satisfaction=3,
                               comment=comment, invited_at=at - timedelta(days=1), answered_at=at))  # fmt: skip
    session.flush()


def _many_write(
    database: Database, cast: Cast, comments: Sequence[str], at: datetime, names: tuple[str, str] = ("Ana Ruiz", "Bo")
) -> None:
    """Each comment by a mentee of their own, all of one mentor."""
    with database.writing(SYSTEM) as session:
        mentor = _participant(session, cast, rows.make_account(session, name=names[1]), "mentor")
        for comment in comments:
            mentee = _participant(session, cast, rows.make_account(session, name=names[0]), "mentee")
            _write(session, rows.make_mentorship(session, mentee, mentor), comment, at)


def _tell(database: Database, clock: FixedClock, later: timedelta = timedelta()) -> int:
    with database.writing(SYSTEM) as session:
        return tell_comments(session, clock.now() + later)


def _comments(count: int, what: str = "Comment") -> list[str]:
    return [f"{what} number {n}." for n in range(count)]


def _shown(lead: Browser, cast: Cast, **query: Any) -> list[str]:
    answer = lead.get(f"/api/v1/programs/{cast.program.slug}/survey-comments", params=query)
    return [one["text"] for one in answer.json()["comments"]]


def test_comments_wait_until_enough_people_have_written(
    lead: Browser, cast: Cast, as_owner: Database, as_api: Database, clock: FixedClock
) -> None:
    _many_write(as_owner, cast, _comments(SMALLEST - 1), clock.now())
    assert _tell(as_api, clock) == 0
    assert "Comments come once 11 people have written" in lead.page(_page(cast))
    _many_write(as_owner, cast, ["The eleventh."], clock.now())
    assert _tell(as_api, clock) == SMALLEST
    assert "The eleventh." in lead.page(_page(cast))


def test_one_person_who_writes_much_is_still_one(
    lead: Browser, cast: Cast, as_owner: Database, as_api: Database, clock: FixedClock
) -> None:
    with as_owner.writing(SYSTEM) as session:
        mentor = _participant(session, cast, rows.make_account(session), "mentor")
        for comment in _comments(SMALLEST + 5):
            mentee = _participant(session, cast, rows.make_account(session), "mentee")
            _write(session, rows.make_mentorship(session, mentee, mentor), comment, clock.now(), "mentor")
    assert _tell(as_api, clock) == 0
    assert _shown(lead, cast, side="mentor") == []


def test_newcomers_wait_for_as_many_again_and_then_come_first(
    lead: Browser, cast: Cast, as_owner: Database, as_api: Database, clock: FixedClock
) -> None:
    _many_write(as_owner, cast, _comments(SMALLEST, "Early"), clock.now())
    _tell(as_api, clock)
    _many_write(as_owner, cast, _comments(SMALLEST - 1, "Late"), clock.now())
    assert _tell(as_api, clock, timedelta(days=1)) == 0
    assert not any("Late" in text for text in _shown(lead, cast))
    _many_write(as_owner, cast, ["Late, too."], clock.now())
    assert _tell(as_api, clock, timedelta(days=2)) == SMALLEST
    first, second = _shown(lead, cast), _shown(lead, cast, page=2)
    assert all("Late" in text for text in first[:SMALLEST])
    assert all("Early" in text for text in [*first[SMALLEST:], *second])
    assert (len(first), len(second)) == (20, 2)


def test_names_and_contact_details_are_hidden(
    lead: Browser, cast: Cast, as_owner: Database, as_api: Database, clock: FixedClock
) -> None:
    told = "Thanks, josé! Dr. Adams and I, An, met; write to an.li@example.org or 612-555-0143. An hour was enough."
    _many_write(as_owner, cast, [*_comments(SMALLEST - 1), told], clock.now(), ("An Li", "José Peña-Ortiz"))
    _tell(as_api, clock)
    (shown,) = (text for text in _shown(lead, cast) if text.startswith("Thanks"))
    assert shown == "Thanks, •••! ••• and I, •••, met; write to ••• or •••. ••• hour was enough."
    page = lead.page(_page(cast))
    assert not any(word in page for word in ("Adams", "josé", "example.org", "0143", "satisfaction"))


def test_nobody_reads_what_their_own_partner_wrote(
    lead: Browser, cast: Cast, as_owner: Database, as_api: Database, clock: FixedClock
) -> None:
    """Neither before somebody leads (it is not told at all) nor after (it is told, but not to them)."""
    with as_owner.writing(SYSTEM) as session:
        leader = session.get_one(Account, cast.accounts["lead"].id)
        second = rows.make_account(session)
        mine = _pair(session, cast, rows.make_account(session), leader)
        other = _pair(session, cast, rows.make_account(session), second)
        _write(session, mine, "My lead never has time.", clock.now())
        _write(session, other, "Mine neither.", clock.now())
    _many_write(as_owner, cast, _comments(SMALLEST), clock.now())
    assert _tell(as_api, clock) == SMALLEST + 1
    assert not any("My lead" in text for text in _shown(lead, cast))
    with as_owner.writing(SYSTEM) as session:
        session.scalars(select(SurveyResponse).filter_by(mentorship_id=mine.id)).one().told_at = clock.now()
    shown = _shown(lead, cast)
    assert "Mine neither." in shown
    assert not any("My lead" in text for text in shown)


def test_the_two_of_a_pair_and_other_programs_see_nothing_of_it(
    lead: Browser, mentor: Browser, cast: Cast, as_owner: Database, as_api: Database, clock: FixedClock
) -> None:
    with as_owner.writing(SYSTEM) as session:
        _write(session, session.get_one(Mentorship, cast.mentorship.id), "Between us only.", clock.now())
    _many_write(as_owner, cast, _comments(SMALLEST), clock.now())
    _tell(as_api, clock)
    assert "Between us only." in _shown(lead, cast)
    assert "Between us only." not in mentor.page(f"/mentorships/{cast.mentorship.id}")
    assert lead.get(f"/lead/{cast.other_program.slug}/learning/comments").status_code == 404


def test_each_look_is_noted_without_a_word(
    lead: Browser, cast: Cast, as_owner: Database, as_api: Database, clock: FixedClock
) -> None:
    _many_write(as_owner, cast, _comments(SMALLEST), clock.now())
    _tell(as_api, clock)
    lead.page(_page(cast))
    with as_owner.reading(SYSTEM) as session:
        line = session.scalars(select(AuditEvent).filter_by(action="survey_comments.viewed")).one()
    assert line.detail == {"side": "mentee", "page": 1}


def test_comments_that_were_told_are_told_once(
    cast: Cast, as_owner: Database, as_api: Database, clock: FixedClock
) -> None:
    _many_write(as_owner, cast, [*_comments(SMALLEST), ""], clock.now())
    assert [_tell(as_api, clock), _tell(as_api, clock, timedelta(days=1))] == [SMALLEST, 0]
    with as_owner.reading(SYSTEM) as session:
        assert session.scalar(select(func.max(SurveyResponse.told_at))) == clock.now()


@pytest.mark.parametrize("query", ["side=neighbor", "page=0", "page=x", "page=999999999999"])
def test_wrong_addresses_are_answered_in_words(lead: Browser, cast: Cast, query: str) -> None:
    assert lead.get(f"{_page(cast)}?{query}").status_code in {404, 422}


def test_a_page_too_far_leads_back(lead: Browser, cast: Cast) -> None:
    assert "There is no such page" in lead.page(f"{_page(cast)}?page=7")
