"""A lead sets how far match runs explore: within limits, as a new version of the policy, after reading the price."""

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from services.api.matching.runs import queries as runs
from shared.contracts.run_report import Exploration
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.matching import RunResult
from shared.models.oversight import AuditEvent
from shared.models.programs import Policy
from tests.factories import learning, matching, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.pagecheck import check_page

A_LITTLE = {"epsilon": "0.01", "draws": "30"}


def _page(cast: Cast) -> str:
    return f"/lead/{cast.program.slug}/learning/exploration"


def _api(cast: Cast) -> str:
    return f"/api/v1/programs/{cast.program.slug}/exploration"


def _policies(database: Database, cast: Cast) -> list[Policy]:
    with database.reading(SYSTEM) as session:
        mine = select(Policy).filter_by(program_id=cast.program.id)
        return list(session.scalars(mine.order_by(Policy.version)))


def _rewrite(database: Database, **document: Any) -> None:
    with database.writing(SYSTEM) as session:
        session.execute(update(Policy).values(document=document))


def test_a_setting_is_a_new_version_equal_in_everything_else(lead: Browser, cast: Cast, as_owner: Database) -> None:
    _rewrite(as_owner, version=1, model=3, features={"time": {"weight": 2}}, assignment={"load_weight": 0.1})
    assert lead.submit(_page(cast), A_LITTLE).status_code == 303
    before, after = _policies(as_owner, cast)
    assert after.document == {
        **before.document, "version": 2, "exploration": {"epsilon": 0.01, "draws": 30}
    }  # fmt: skip
    with as_owner.reading(SYSTEM) as session:
        line = session.scalars(select(AuditEvent).filter_by(action="policy.exploration_set")).one()
    assert line.detail == {"version": 2, "epsilon": 0.01, "draws": 30, "was": 0.0}
    assert "up to 0.01" in lead.page(f"/lead/{cast.program.slug}/runs/new")


def test_the_same_setting_again_makes_no_version(lead: Browser, cast: Cast, as_owner: Database) -> None:
    lead.submit(_page(cast), A_LITTLE)
    lead.submit(_page(cast), A_LITTLE)
    assert len(_policies(as_owner, cast)) == 2


def test_it_can_be_switched_off_again(lead: Browser, cast: Cast, as_owner: Database) -> None:
    lead.submit(_page(cast), A_LITTLE)
    assert "Match runs explore" in lead.page(f"/lead/{cast.program.slug}/learning")
    lead.submit(_page(cast), {"epsilon": "0", "draws": "20"})
    assert _policies(as_owner, cast)[-1].document["exploration"]["epsilon"] == 0
    assert "do not explore" in lead.page(f"/lead/{cast.program.slug}/learning")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"epsilon": "0.06", "draws": "20"}, "Enter 0.05 or less."),
        ({"epsilon": "-0.01", "draws": "20"}, "or more."),
        ({"epsilon": "nan", "draws": "20"}, "usa-error-message"),
        ({"epsilon": "much", "draws": "20"}, "Enter a number."),
        ({"draws": "20"}, "Please fill this in."),
        ({"epsilon": "0.01", "draws": "4"}, "Enter 5 or more."),
        ({"epsilon": "0.01", "draws": "500"}, "Enter 50 or less."),
        ({"epsilon": "0.01", "draws": "7.5"}, "Enter a whole number."),
    ],
)
def test_what_is_out_of_bounds_is_told_at_its_field_and_changes_nothing(
    lead: Browser, cast: Cast, as_owner: Database, typed: dict[str, str], said: str
) -> None:
    answer = lead.submit(_page(cast), typed)
    assert said in lead.checked(answer, 422)
    assert len(_policies(as_owner, cast)) == 1


def test_a_policy_of_leximin_says_why_it_cannot_explore(lead: Browser, cast: Cast, as_owner: Database) -> None:
    _rewrite(as_owner, version=1, assignment={"floor": "leximin"})
    assert "leximin" in lead.checked(lead.submit(_page(cast), A_LITTLE), 422)
    header = {"X-CSRF-Token": lead.csrf_token}
    answer = lead.put(_api(cast), json={"epsilon": 0.01}, headers=header)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["epsilon"])
    assert len(_policies(as_owner, cast)) == 1


def test_a_policy_that_explores_further_by_file_is_shown_as_it_is(
    lead: Browser, cast: Cast, as_owner: Database
) -> None:
    _rewrite(as_owner, version=1, exploration={"epsilon": 0.2})
    assert "As it is now" in lead.page(_page(cast))
    assert lead.get(_api(cast)).json() == {"epsilon": 0.2, "draws": 20, "policy_version": 1}


def test_programs_set_it_too(lead: Browser, cast: Cast, as_owner: Database) -> None:
    header = {"X-CSRF-Token": lead.csrf_token}
    answers = [lead.put(_api(cast), json={"epsilon": 0.01}, headers=header) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].json() == {"epsilon": 0.01, "draws": 20, "policy_version": 2}
    assert len(_policies(as_owner, cast)) == 2


def test_the_page_tells_price_gain_and_limits(
    lead: Browser, cast: Cast, as_owner: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = lead.page(_page(cast))
    assert check_page(page) == []
    assert all(told in page for told in ("What it does to people", "What it buys", "one pair can give up more"))
    assert "Too large" not in page
    monkeypatch.setattr("services.api.learning.exploring.service.MOST_EXPLORED_PAIRS", 0)
    with as_owner.reading(SYSTEM) as session:
        who = runs.who_is_in(session, cast.cycle.id)
    assert who.slots_wanted * who.mentors > 0
    assert f"Too large to explore: {cast.cycle.name}" in lead.page(_page(cast))


def test_adopting_weights_keeps_how_far_runs_explore(lead: Browser, cast: Cast, as_owner: Database) -> None:
    lead.submit(_page(cast), A_LITTLE)
    with as_owner.writing(SYSTEM) as session:
        model = learning.make_model(session, cast.policy)
    lead.submit(f"/lead/{cast.program.slug}/learning/{model.id}/adopt", {"reason": "Three cycles agree."})
    newest = _policies(as_owner, cast)[-1]
    assert (newest.version, newest.document["model"]) == (3, 1)
    assert newest.document["exploration"] == {"epsilon": 0.01, "draws": 30}


def test_a_draft_says_how_many_pairs_were_explored_and_what_it_cost(
    lead: Browser, cast: Cast, as_owner: Database
) -> None:
    told = Exploration(epsilon=0.01, draws=20, moved=1, lost=0.0042, least_propensity=0.05)
    with as_owner.writing(SYSTEM) as session:
        run = rows.make_run(session, cast.cycle, cast.policy)
        matching.make_draft(session, run, [(cast.participants["mentee"], cast.participants["mentor"])])
        result = session.get_one(RunResult, run.id)
        assert result.report is not None
        result.report = {**result.report, "exploration": told.model_dump(mode="json")}
        run.state = "draft"
    page = " ".join(lead.page(f"/lead/{cast.program.slug}/runs/{run.id}").split())
    assert check_page(page) == []
    assert "1 of 1 pairs is not in the best match." in page
    assert re.search(r"gave up 0\.0042 a pair on average, of the 0\.010? that were allowed", page)
