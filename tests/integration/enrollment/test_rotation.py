"""Rotating the keys: everything opens with the new key alone, and nothing else has changed."""

from uuid import uuid4

from services.api.enrollment.rotation import rotate
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.enrollment import DimensionAnswer
from shared.models.programs import Cycle
from shared.security.identity import open_answer, open_cycle_key, seal_answer
from shared.security.keyring import Keyring, new_key
from shared.settings import DEVELOPMENT_KEYS
from tests.factories.cast import Cast
from tests.factories.rows import TOKEN_KEY

OLD = Keyring.parse(DEVELOPMENT_KEYS)
FRESH = new_key("2026b")


def _answer(cast: Cast) -> DimensionAnswer:
    person, answer_id = cast.participants["mentee"], uuid4()
    return DimensionAnswer(
        id=answer_id,
        program_id=person.program_id,
        account_id=person.account_id,
        participant_id=person.id,
        dimension_id=cast.dimension.id,
        sealed=seal_answer(OLD, answer_id, "Yes"),
    )


def test_after_a_rotation_the_new_key_opens_everything(cast: Cast, as_api: Database) -> None:
    answer = _answer(cast)
    with as_api.writing(SYSTEM) as session:
        session.add(answer)
    done = dict(rotate(as_api, Keyring.parse(f"{FRESH},{DEVELOPMENT_KEYS}")))
    assert done == {"dimension_answer": 1, "cycle": 2}
    only_new = Keyring.parse(FRESH)
    with as_api.reading(SYSTEM) as session:
        sealed = session.get_one(DimensionAnswer, answer.id).sealed
        cycle = session.get_one(Cycle, cast.cycle.id)
        assert open_answer(only_new, answer.id, sealed) == "Yes"
        assert open_cycle_key(only_new, cycle.id, cycle.sealed_token_key) == TOKEN_KEY


def test_a_second_rotation_changes_nothing(cast: Cast, as_api: Database) -> None:
    keyring = Keyring.parse(f"{FRESH},{DEVELOPMENT_KEYS}")
    list(rotate(as_api, keyring))
    assert sum(changed for _, changed in rotate(as_api, keyring)) == 0
