"""Models with cards, as the matcher leaves them."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from shared.contracts import model_card as contract
from shared.explanations.features import Feature
from shared.models.learning import ModelFit, ModelState, OutcomeModel
from shared.models.programs import Policy

HAND_SET = {Feature.INTEREST: 4.0, Feature.SPECIALTY: 2.0, Feature.STAGE: 1.0, Feature.TIME: 1.0}
FITTED = {Feature.INTEREST: 2.5, Feature.SPECIALTY: 3.6, Feature.STAGE: 1.1, Feature.TIME: 0.8}


def estimate(value: float, reach: float) -> contract.Estimate:
    return contract.Estimate(value=value, low=value - reach, high=value + reach)


def card(verdict: contract.Verdict = contract.Verdict.FITTED_IS_BETTER, **fields: Any) -> contract.ModelCard:
    """A card of 640 pairs in three cycles; `fields` replaces parts of it."""
    fitted = HAND_SET if verdict is contract.Verdict.TOO_FEW else FITTED
    made = contract.ModelCard(
        model_id=uuid4(), policy_version=1, verdict=verdict, needed=40, cautions=list(contract.Caution),
        data=contract.Data(pairs=660, with_outcomes=640, mentors=210, cycles=3, reconstructed=120, explored=0,
                           chosen=90,
                           first_started_at=datetime(2024, 9, 1, tzinfo=UTC),
                           last_started_at=datetime(2026, 2, 1, tzinfo=UTC), hash="1" * 64),
        outcomes=[contract.OutcomeCount(outcome=name, known=600, good=0.7)
                  for name in ("met_30_days", "active_60_days", "mentee_content", "mentor_content")],
        responses=[contract.ResponseCount(side="mentee", asked=600, answered=390, gap=estimate(0.12, 0.05)),
                   contract.ResponseCount(side="mentor", asked=600, answered=280, gap=None)],
        weights=[contract.LearnedWeight(feature=f, hand_set=HAND_SET[f], fitted=fitted[f],
                                        alone=estimate(FITTED[f], 0.5)) for f in HAND_SET],
        pull=10.0, later=None if verdict is contract.Verdict.TOO_FEW else later(),
        policy={"features": {f.value: {"weight": fitted[f]} for f in HAND_SET}}, versions={"numpy": "2"}, hash="2" * 64,
    )  # fmt: skip
    return made.model_copy(update=fields)


def later() -> contract.LaterPairs:
    bins = [contract.Bin(count=60, foretold=n / 8, happened=estimate(n / 8 + 0.02, 0.1)) for n in range(2, 8)]
    calibration = contract.Calibration(slope=0.95, shift=0.02, error=0.02, bins=bins)
    base, mine, theirs = (
        contract.Scores(log_loss=loss, brier=loss / 3, auc=auc)
        for loss, auc in ((0.66, 0.5), (0.64, 0.6), (0.61, 0.68))
    )  # fmt: skip
    return contract.LaterPairs(
        pairs=420, base_rates=base, hand_set=mine, fitted=theirs, gain_of_hand_set=estimate(0.02, 0.01),
        gain_of_fitted=estimate(0.05, 0.02), gain_over_hand_set=estimate(0.03, 0.01), calibration=calibration,
        hand_set_calibration=calibration,
    )  # fmt: skip


def make_model(
    session: Session, policy: Policy, version: int = 1, state: ModelState = ModelState.READY,
    told: contract.ModelCard | None = None, **fit: Any,
) -> OutcomeModel:  # fmt: skip
    """A model in a state; one that is ready has a card."""
    model = OutcomeModel(program_id=policy.program_id, version=version, policy_id=policy.id, state=state)
    session.add(model)
    session.flush()
    if state is not ModelState.REQUESTED or fit:
        done: dict[str, Any] = {"phase": "done", "progress": 1.0, "finished_at": datetime.now(UTC)}
        done["card"] = (told or card()).model_dump(mode="json") if state is not ModelState.FAILED and not fit else None
        session.add(ModelFit(model_id=model.id, **{**done, **fit}))
        session.flush()
    return model


