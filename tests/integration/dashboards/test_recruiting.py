"""Where to recruit next: from the last finished match of the cycle, in words and in a table."""

from collections.abc import Callable

from services.api.dashboards.recruiting import Recruiting, recruiting, recruiting_figure
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.matching import RunPurpose, RunState
from tests.factories import matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast

Login = Callable[[str], Browser]


def found(as_owner: Database, cast: Cast) -> Recruiting | None:
    with as_owner.reading(SYSTEM) as session:
        return recruiting(session, cast.cycle.id)


def test_before_the_first_match_nothing_is_said(cast: Cast, as_owner: Database, lead: Browser) -> None:
    assert found(as_owner, cast) is None
    assert "Where to recruit next" not in lead.page(f"/lead/{cast.program.slug}/supply")


def test_the_last_match_says_where_one_more_place_helps(cast: Cast, as_owner: Database, lead: Browser) -> None:
    with as_owner.writing(SYSTEM) as session:
        run = rows.make_run(session, cast.cycle, cast.policy, state=RunState.DRAFT)
        matching.make_draft(session, run, [(cast.participants["mentee"], cast.participants["mentor"])])
        matching.make_answered_question(session, cast.cycle, cast.policy)
    told = found(as_owner, cast)
    assert told is not None
    assert [(one.name, one.total) for one in told.groups["specialty"]] == [
        ("Emergency medicine", 0.71), ("Cardiology", 0.3),
    ]  # fmt: skip
    page = lead.page(f"/lead/{cast.program.slug}/supply")
    assert "One more place helps most in Emergency medicine" in page
    assert "what-if?specialty=emergency_medicine" in page
    assert 'value="5"' in lead.page(f"/lead/{cast.program.slug}/what-if?specialty=emergency_medicine")


def test_a_group_of_one_or_two_mentors_makes_no_headline(cast: Cast, as_owner: Database) -> None:
    with as_owner.writing(SYSTEM) as session:
        run = rows.make_run(session, cast.cycle, cast.policy, state=RunState.DRAFT, purpose=RunPurpose.MATCH)
        matching.make_draft(session, run, [])
    told = found(as_owner, cast)
    assert told is not None
    figure = recruiting_figure(told)
    assert figure is not None
    assert figure.rows == (("Emergency medicine", "0.710"),)
    assert ">0.710</text>" in figure.svg
