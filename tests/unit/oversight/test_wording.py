"""Whatever is noted in the audit trail has words, in every language."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from services.api.oversight.wording import actions, roles
from services.api.visitor import StaffRoleName
from services.api.web.catalogs import TRANSLATED
from services.api.web.translations import reading_as
from shared.security.answer_links import OfferKind
from shared.vocabulary.mentoring import Role

PROJECT = Path(__file__).parents[3]
RECORDING = {"record": 2, "_audit": 0}  # the functions that write a line, and where their action stands

# Actions that are put together, and all that they can come to. An expression that is not here fails the test.
COMPOSED = {
    "f'{knock.kind}.{done}'": {f"{kind}.{done}" for kind in OfferKind for done in ("accepted", "declined")},
    "f'outcome_model.{decision}'": {"outcome_model.adopted", "outcome_model.refused"},
    "f'mentoring_{way[1]}'": {"mentoring_paused", "mentoring_active"},
}
FORWARDED = {("services/api/bandwidth/service.py", "action"): ("_tell", 4)}


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if name == (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")):
                yield node


def actions_of(path: str, tree: ast.AST, said: ast.expr) -> set[str]:
    if isinstance(said, ast.Constant):
        return {str(said.value)}
    source = ast.unparse(said)
    if (path, source) in FORWARDED:
        name, place = FORWARDED[path, source]
        return {action for call in calls(tree, name) for action in actions_of(path, tree, call.args[place])}
    assert source in COMPOSED, f"{path}: say in COMPOSED what {source} can come to"
    return COMPOSED[source]


def recorded() -> set[str]:
    found: set[str] = set()
    for folder in ("services", "infra"):
        for file in (PROJECT / folder).rglob("*.py"):
            tree, path = ast.parse(file.read_text()), str(file.relative_to(PROJECT))
            for name, place in RECORDING.items():
                for call in calls(tree, name):
                    found |= actions_of(path, tree, call.args[place])
    return found


def test_the_table_holds_every_action_that_is_recorded_and_no_other() -> None:
    assert recorded() == set(actions())


def test_every_role_has_words() -> None:
    assert set(roles()) == {*get_args(StaffRoleName), *Role, "account", "stranger"}


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_word_is_translated(locale: str) -> None:
    english = {**actions(), **roles()}
    with reading_as(locale):
        told = {**actions(), **roles()}
    same = {key for key, words in told.items() if words == english[key]}
    assert same <= {"mentor"}  # a word of all three languages
