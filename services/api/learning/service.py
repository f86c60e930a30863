"""Asking what outcomes say about the weights, and adopting or refusing the answer."""

from dataclasses import dataclass
from datetime import datetime

from services.api.errors import ConflictError
from services.api.learning import queries
from services.api.learning.queries import ModelLine
from services.api.oversight.audit import record
from services.api.visitor import Visitor
from services.api.web.translations import gettext as _
from shared.contracts.messages import OutcomeModelFailed, OutcomeModelReady, OutcomeModelRequested
from shared.contracts.model_card import ModelCard
from shared.db.engine import WriteSession
from shared.models.base import Json
from shared.models.learning import ModelState, OutcomeModel
from shared.models.programs import Policy, Program
from shared.outbox.writing import send


def request_model(session: WriteSession, visitor: Visitor, program: Program) -> OutcomeModel:
    """Ask the matcher for a model. ConflictError: one is being learned already, or there is no hand-set policy."""
    queries.lock_program(session, program.id)
    if queries.is_learning(session, program.id):
        raise ConflictError(_("The matcher is learning already."), _("Wait for its card."), code="learning")
    policy = queries.hand_set_policy(session, program.id)
    if policy is None:
        message = _("This program has no policy that was set by hand, so there is nothing to compare with.")
        raise ConflictError(message, code="no_hand_set_policy")
    version = queries.next_model_version(session, program.id)
    asked = OutcomeModel(
        program_id=program.id, version=version, policy_id=policy.id, requested_by=visitor.account_id
    )  # fmt: skip
    model = queries.add_model(session, asked)
    send(session, OutcomeModelRequested(model_id=model.id))
    record(session, visitor, "outcome_model.requested", "outcome_model", model.id, program.id, version=version)
    return model


def card_of(line: ModelLine) -> ModelCard | None:
    """The card, checked against the contract; None while there is none."""
    return ModelCard.model_validate(line.card) if line.card else None


@dataclass(frozen=True)
class Case:
    """A model that a lead is deciding on."""

    session: WriteSession
    visitor: Visitor
    line: ModelLine
    now: datetime


def adopt(case: Case, reason: str) -> Policy:
    """ready → adopted: a new version of the policy, which later runs may use. The old versions stay.

    Raises ConflictError for a model that is not to be decided on, or that changes nothing.
    """
    model, card = case.line.model, card_of(case.line)
    queries.lock_program(case.session, model.program_id)
    if card is None or not card.may_be_adopted:
        raise ConflictError(_("This model leaves the weights as they are."), code="nothing_to_adopt")
    version = queries.next_policy_version(case.session, model.program_id)
    policy = queries.add_policy(case.session, _policy(case, card, version))
    _decide(case, ModelState.ADOPTED, reason, adopted_policy_id=policy.id)
    _note(case, "adopted", policy_version=version, card=card.hash)
    return policy


def refuse(case: Case, reason: str) -> None:
    """ready → refused: the weights stay. Raises ConflictError for a model that is not to be decided on."""
    _decide(case, ModelState.REFUSED, reason)
    _note(case, "refused")


def _policy(case: Case, card: ModelCard, version: int) -> Policy:
    """The document of the card; how far runs explore is no finding of the card's and stays as it is by now."""
    model, newest = case.line.model, queries.newest_policy(case.session, case.line.model.program_id)
    document: Json = {**card.policy, "version": version, "model": model.version}
    if newest and "exploration" in newest.document:
        document["exploration"] = newest.document["exploration"]
    note = f"Weights of outcome model {model.version}"
    return Policy(
        program_id=model.program_id, version=version, document=document, created_by=case.visitor.account_id, note=note
    )


def _decide(case: Case, to: ModelState, reason: str, **values: object) -> None:
    decided = {"decided_by": case.visitor.account_id, "decided_at": case.now, "reason": reason, **values}
    if not queries.move_model(case.session, case.line.model.id, to, **decided):
        raise ConflictError(_("This model has been decided on already, or is not ready."), code="not_ready")


def _note(case: Case, decision: str, **detail: object) -> None:
    model = case.line.model
    told = {"version": model.version, **detail}
    record(
        case.session, case.visitor, f"outcome_model.{decision}", "outcome_model", model.id, model.program_id, **told
    )


def note_ready(session: WriteSession, message: OutcomeModelReady) -> None:
    """The matcher has a card: requested → ready."""
    queries.move_model(session, message.model_id, ModelState.READY)


def note_failed(session: WriteSession, message: OutcomeModelFailed) -> None:
    """The matcher has given up: requested → failed; its reason stands beside the card."""
    queries.move_model(session, message.model_id, ModelState.FAILED)
