"""A program set up from a file is open to people at once; a second time brings it up to date and loses nothing."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Text, func, select
from typer.testing import CliRunner

from services.api.founding.command import told
from services.api.founding.reading import read_plan
from services.api.founding.schemas import Plan
from services.api.founding.service import Founding
from services.api.services import Services
from services.matcher.policy import Features
from services.matcher.policy import Policy as MatchingPolicy
from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.accounts import Account, StaffRole
from shared.models.oversight import AuditEvent
from shared.models.programs import Cycle, Dimension, Institution, Policy
from shared.vocabulary.dimensions import DEFAULT_DIMENSIONS
from tests.factories.browser import Browser

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "program.toml"


def set_up(services: Services, plan: Plan) -> Founding:
    with services.database.writing(SYSTEM) as session:
        founding = Founding(session, services.keyring, plan)
        founding.run()
    return founding


@pytest.fixture
def plan(clock: FixedClock) -> Plan:
    """The example, open for registration today."""
    example, today = read_plan(EXAMPLE), clock.now().date()
    dates = {"opens_on": today, "starts_on": today + timedelta(days=30), "ends_on": today + timedelta(days=300)}
    return example.model_copy(update={"cycle": example.cycle.model_copy(update=dates)})


def test_people_can_register_at_once_and_the_lead_finds_the_dashboard(
    plan: Plan, services: Services, app: FastAPI, api_client: Browser, as_owner: Database
) -> None:
    set_up(services, plan)
    assert plan.program.name in api_client.page("/")
    assert "How would you like to join?" in api_client.page(f"/register/{plan.program.slug}")
    with as_owner.reading(SYSTEM) as session:
        lead = session.scalars(select(Account).where(Account.email == "robin.lead@example.org")).one()
        site = session.scalars(select(Institution).where(Institution.name == "Example Health North")).one()
        coordinator = session.scalars(select(StaffRole).where(StaffRole.institution_id == site.id)).one()
        assert session.scalar(select(func.count()).select_from(Dimension)) == len(DEFAULT_DIMENSIONS)
        assert session.scalars(select(Policy)).one().document["features"]["interest"] == {"weight": 4}
    lead_page = Browser(app).log_in(lead.id).page(f"/lead/{plan.program.slug}")
    assert plan.cycle.name in lead_page
    assert "Nobody has registered yet." in lead_page
    assert f'href="/programs/{plan.program.slug}"' in lead_page
    assert site.name in Browser(app).log_in(coordinator.account_id).page(f"/site/{site.id}")


def test_the_matcher_takes_the_policy_with_weights_of_ones_own_or_without(
    plan: Plan, services: Services, as_owner: Database
) -> None:
    set_up(services, plan)
    part = plan.program.model_copy(update={"slug": "another"})
    set_up(services, plan.model_copy(update={"program": part, "weights": {}}))
    with as_owner.reading(SYSTEM) as session:
        weighted, plain = (
            MatchingPolicy.model_validate(one.document)
            for one in session.scalars(select(Policy).order_by(func.length(Policy.document.cast(Text)).desc()))
        )
    assert weighted.features.shared_experience.weight == 2
    assert plain.features == Features()


def test_a_second_time_changes_nothing(plan: Plan, services: Services, as_owner: Database) -> None:
    first = set_up(services, plan)
    assert "1 cycle, 14 dimensions, 3 institutions" in told(first, "https://mentoring.example.org")[0]
    key = _cycle_key(as_owner)
    again = set_up(services, plan)
    assert (again.added, again.changed, again.removed) == ({}, {}, {})
    assert "as the file says already" in "\n".join(told(again, "https://mentoring.example.org"))
    assert _cycle_key(as_owner) == key
    with as_owner.reading(SYSTEM) as session:
        lines = select(func.count()).where(AuditEvent.action == "program.set_up")
        assert session.scalar(lines) == 1, "what changes nothing leaves no line"


def test_changes_of_the_file_arrive_and_whoever_left_loses_the_role(
    plan: Plan, services: Services, as_owner: Database
) -> None:
    set_up(services, plan)
    successor = plan.people[0].model_copy(update={"email": "next.lead@example.org"})
    changed = plan.model_copy(
        update={
            "people": (successor, *plan.people[1:]),
            "cycle": plan.cycle.model_copy(update={"name": "Fall 2027"}),
            "program": plan.program.model_copy(update={"summary": "Newly told."}),
        }
    )
    done = set_up(services, changed)
    assert (done.added, done.changed, done.removed) == (
        {"account": 1, "staff_role": 1, "cycle": 1}, {"program": 1}, {"staff_role": 1},
    )  # fmt: skip
    with as_owner.reading(SYSTEM) as session:
        leads = select(Account.email).join(StaffRole, StaffRole.account_id == Account.id)
        assert session.scalars(leads.where(StaffRole.role == "lead")).all() == ["next.lead@example.org"]


def test_setting_up_is_noted_in_the_audit_trail(plan: Plan, services: Services, as_owner: Database) -> None:
    set_up(services, plan)
    with as_owner.reading(SYSTEM) as session:
        line = session.scalars(select(AuditEvent).where(AuditEvent.action == "program.set_up")).one()
    assert (line.actor_role, line.detail["added"]["institution"]) == ("operator", 3)
    assert not re.search(r"@|Robin", str(line.detail))


def _cycle_key(database: Database) -> bytes:
    with database.reading(SYSTEM) as session:
        return session.scalars(select(Cycle.sealed_token_key)).one()


def test_the_command_answers_a_wrong_file_with_all_of_it_and_changes_nothing(tmp_path: Path) -> None:
    import typer

    from services.api.founding.command import main

    command = typer.Typer()
    command.command()(main)
    answer = CliRunner().invoke(command, [str(tmp_path / "none.toml")])
    assert answer.exit_code == 2
    assert "Nothing was changed." in answer.output
    assert "cannot be read" in answer.output
