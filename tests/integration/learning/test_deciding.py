"""A lead asks what outcomes say, reads the card, and adopts the weights or keeps their own; all of it is on record."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.api.learning.service import note_failed, note_ready
from shared.contracts.messages import OutcomeModelFailed, OutcomeModelReady
from shared.contracts.model_card import Caution, Verdict
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.explanations.features import Feature
from shared.models.learning import ModelFit, ModelState, OutcomeModel
from shared.models.messaging import OutboxMessage
from shared.models.oversight import AuditEvent
from shared.models.programs import Policy
from tests.factories import learning, rows
from tests.factories.browser import Browser
from tests.factories.cast import Cast
from tests.pagecheck import check_page

WHY = {"reason": "Three cycles agree."}


def _page(cast: Cast, model: OutcomeModel | None = None) -> str:
    return f"/lead/{cast.program.slug}/learning" + (f"/{model.id}" if model else "")


def _made(database: Database, cast: Cast, **how: Any) -> OutcomeModel:
    with database.writing(SYSTEM) as session:
        return learning.make_model(session, cast.policy, **how)


def _after(database: Database, model: OutcomeModel) -> OutcomeModel:
    with database.reading(SYSTEM) as session:
        return session.get_one(OutcomeModel, model.id)


def _policies(session: Session, cast: Cast) -> list[Policy]:
    return list(session.scalars(select(Policy).filter_by(program_id=cast.program.id).order_by(Policy.version)))


def test_asking_sends_one_message_and_a_second_question_waits(lead: Browser, cast: Cast, as_owner: Database) -> None:
    assert lead.submit(_page(cast)).status_code == 303
    assert lead.submit(_page(cast)).status_code == 409
    with as_owner.reading(SYSTEM) as session:
        assert session.scalars(select(OutboxMessage.name)).all() == ["OutcomeModelRequested"]
        asked = session.scalars(select(OutcomeModel)).one()
        actions = session.scalars(select(AuditEvent.action)).all()
    assert (asked.version, asked.state, asked.policy_id) == (1, "requested", cast.policy.id)
    assert "outcome_model.requested" in actions


def test_adopting_makes_a_new_version_of_the_policy_that_names_the_model(
    lead: Browser, cast: Cast, as_owner: Database
) -> None:
    model = _made(as_owner, cast)
    assert lead.submit(f"{_page(cast, model)}/adopt", WHY).status_code == 303
    with as_owner.reading(SYSTEM) as session:
        before, after = _policies(session, cast)
        line = session.scalars(select(AuditEvent).filter_by(action="outcome_model.adopted")).one()
    assert (before.version, after.version) == (1, 2)
    assert (after.document["model"], after.document["version"]) == (1, 2)
    assert after.document["features"]["specialty"]["weight"] == learning.FITTED[Feature.SPECIALTY]
    decided = _after(as_owner, model)
    assert (decided.state, decided.adopted_policy_id, decided.reason) == ("adopted", after.id, WHY["reason"])
    assert line.detail["policy_version"] == 2
    assert "reason" not in line.detail


def test_a_model_is_decided_on_once(lead: Browser, cast: Cast, as_owner: Database) -> None:
    model = _made(as_owner, cast)
    assert lead.submit(f"{_page(cast, model)}/refuse", WHY).status_code == 303
    assert lead.submit(f"{_page(cast, model)}/adopt", WHY).status_code == 409
    assert _after(as_owner, model).state == ModelState.REFUSED
    with as_owner.reading(SYSTEM) as session:
        assert len(_policies(session, cast)) == 1


def test_weights_that_stay_as_they_are_cannot_be_adopted(lead: Browser, cast: Cast, as_owner: Database) -> None:
    model = _made(as_owner, cast, told=learning.card(Verdict.TOO_FEW))
    page = lead.get(_page(cast, model)).text
    assert "Adopt these weights" not in page
    assert lead.submit(f"{_page(cast, model)}/adopt", WHY).status_code == 409


def test_a_decision_without_a_reason_is_asked_for_one_and_changes_nothing(
    lead: Browser, cast: Cast, as_owner: Database
) -> None:
    model = _made(as_owner, cast)
    answer = lead.submit(f"{_page(cast, model)}/adopt", {"reason": ""})
    assert answer.status_code == 422
    assert check_page(answer.text) == []
    assert _after(as_owner, model).state == ModelState.READY


def test_the_next_model_is_compared_with_the_hand_set_policy_not_with_an_adopted_one(
    lead: Browser, cast: Cast, as_owner: Database
) -> None:
    model = _made(as_owner, cast)
    lead.submit(f"{_page(cast, model)}/adopt", WHY)
    lead.submit(_page(cast))
    with as_owner.reading(SYSTEM) as session:
        second = session.scalars(select(OutcomeModel).filter_by(version=2)).one()
    assert second.policy_id == cast.policy.id


def test_the_matchers_answer_moves_a_model_on_once(cast: Cast, as_owner: Database, as_api: Database) -> None:
    model = _made(as_owner, cast, state=ModelState.REQUESTED)
    with as_api.writing(SYSTEM) as session:
        note_ready(session, OutcomeModelReady(model_id=model.id))
        note_failed(session, OutcomeModelFailed(model_id=model.id))
    assert _after(as_owner, model).state == ModelState.READY


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_an_honest_page(lead: Browser, cast: Cast, as_owner: Database, verdict: Verdict) -> None:
    model = _made(as_owner, cast, told=learning.card(verdict))
    page = lead.get(_page(cast, model))
    assert check_page(page.text) == []
    assert ("do not show that the fitted weights are better" in page.text) == (
        verdict not in {Verdict.TOO_FEW, Verdict.FITTED_IS_BETTER}
    )


def test_a_page_says_what_to_be_careful_about_and_who_answered(lead: Browser, cast: Cast, as_owner: Database) -> None:
    model = _made(as_owner, cast, told=learning.card(cautions=[Caution.BIASED_RESPONSE]))
    page = lead.get(_page(cast, model)).text
    assert "met more often" in page
    assert "+12 points" in page


def test_the_page_moves_on_while_the_matcher_learns(lead: Browser, cast: Cast, as_owner: Database) -> None:
    model = _made(as_owner, cast, state=ModelState.REQUESTED, phase="judging", progress=0.7, finished_at=None)
    assert "Judging them on later pairs" in lead.get(f"{_page(cast, model)}/progress").text
    with as_owner.writing(SYSTEM) as session:
        session.get_one(OutcomeModel, model.id).state = ModelState.READY
        session.get_one(ModelFit, model.id).card = learning.card().model_dump(mode="json")
    assert lead.get(f"{_page(cast, model)}/progress").headers["hx-refresh"] == "true"


def test_a_failed_model_says_why(lead: Browser, cast: Cast, as_owner: Database) -> None:
    model = _made(as_owner, cast, state=ModelState.FAILED, phase="failed", error="No policy could be read.")
    assert "No policy could be read." in lead.get(_page(cast, model)).text


def test_a_model_of_another_program_is_not_there(lead: Browser, cast: Cast, as_owner: Database) -> None:
    with as_owner.writing(SYSTEM) as session:
        policy = rows.make_policy(session, cast.other_program)
        model = learning.make_model(session, policy)
    assert lead.get(_page(cast, model)).status_code == 404
