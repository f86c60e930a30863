"""The card: everything a lead should know, and a document that can be adopted."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.matcher.learning.card import Source, card_hash, make_card, reweighted
from services.matcher.learning.learning import learn
from services.matcher.policy import Policy
from shared.contracts.model_card import Caution, ModelCard, Verdict
from shared.explanations.features import FEATURES, Feature
from shared.vocabulary.mentoring import Kind
from tests.unit.learning.worlds import world

POLICY = Policy.model_validate({"features": {
    "interest": {"weight": 4}, "specialty": {"weight": 2, "by_kind": {"specialty": 4}}, "stage": {"weight": 1},
    "shared_experience": {"weight": 2}, "different_perspective": {"weight": 1}, "time": {"weight": 1},
    "place": {"weight": 0.5}, "style": {"weight": 0.5},
}})  # fmt: skip


def _card(seed: int = 1, per_cycle: int = 150, *, by_cycle: bool = True) -> ModelCard:
    seen = world(seed, per_cycle=per_cycle)
    started = tuple(datetime(2026, 1, 1, tzinfo=UTC) for _ in range(seen.pairs))
    source = Source(uuid4(), POLICY, 3, FEATURES, started, 4, by_cycle, reconstructed=2, explored=0, chosen=1)
    return make_card(seen, learn(seen), source)


@pytest.fixture(scope="module")
def card() -> ModelCard:
    return _card()


def test_a_card_survives_being_stored(card: ModelCard) -> None:
    assert ModelCard.model_validate_json(card.model_dump_json()) == card


def test_a_changed_card_no_longer_has_its_hash(card: ModelCard) -> None:
    assert card_hash(card) == card.hash
    assert card_hash(card.model_copy(update={"verdict": Verdict.NO_SIGNAL})) != card.hash


def test_weights_keep_the_sum_of_the_hand_set_ones(card: ModelCard) -> None:
    assert sum(w.fitted for w in card.weights) == pytest.approx(sum(w.hand_set for w in card.weights), abs=0.01)
    assert all(w.alone.low <= w.alone.high for w in card.weights)


def test_the_document_can_be_adopted_and_changes_nothing_but_weights(card: ModelCard) -> None:
    adopted = Policy.model_validate(card.policy)
    fitted = {weight.feature: weight.fitted for weight in card.weights}
    assert {f: adopted.features[f].weight for f in FEATURES} == fitted
    assert adopted.model_copy(update={"features": POLICY.features}) == POLICY


def test_weights_of_a_kind_keep_their_ratio() -> None:
    document = reweighted(POLICY, {Feature.SPECIALTY: 3.0})
    assert Policy.model_validate(document).features.specialty.weight_for(Kind.SPECIALTY) == 6.0


def test_a_card_says_what_to_be_careful_about() -> None:
    cautions = _card(by_cycle=False).cautions
    assert {Caution.ONE_CYCLE, Caution.RECONSTRUCTED, Caution.NOT_EXPLORED} <= set(cautions)


def test_with_too_few_pairs_a_card_leaves_the_weights_and_says_how_many_it_needs() -> None:
    few = _card(per_cycle=7)
    assert few.verdict is Verdict.TOO_FEW
    assert few.needed == 80
    assert not few.may_be_adopted
    assert few.later is None
