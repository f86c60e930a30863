"""What services promise each other: every message has a reader, and a published version never changes its meaning."""

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.api.inbox import make_inbox as api_inbox
from services.api.services import make_services
from services.matcher.interests.model import HashingModel
from services.matcher.suggestions import SuggestionDesk
from services.matcher.tasks import make_inbox as matcher_inbox
from services.notifier.inbox import make_inbox as notifier_inbox
from shared.contracts.messages import REGISTRY, Message, Queue, UnknownMessageError, parse_message
from shared.db.engine import Database
from shared.settings import Settings

PUBLISHED = Path(__file__).parent / "messages.json"


def _contract(kind: type[Message]) -> dict[str, object]:
    fields = {name: str(field.annotation.__name__) for name, field in kind.model_fields.items() if field.annotation}
    return {"queues": list(kind.queues), "fields": fields}


def test_published_contracts_stay_as_they_are() -> None:
    """A changed meaning is a new version beside the old one; a new message is added to the file."""
    found = {f"{name}.v{version}": _contract(kind) for (name, version), kind in REGISTRY.items()}
    assert found == json.loads(PUBLISHED.read_text())


@pytest.fixture
def handled() -> dict[str, frozenset[type[Message]]]:
    settings, nowhere = Settings(), Database(SecretStr("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    model = HashingModel()
    matcher = matcher_inbox(nowhere, model, SuggestionDesk(nowhere, model)).handled
    return {
        Queue.API: api_inbox(make_services(settings)).handled,
        Queue.MATCHER: matcher,
        Queue.MATCHER_RUNS: matcher,
        Queue.NOTIFIER: notifier_inbox(settings, nowhere).handled,
    }


def test_every_message_has_a_reader_at_each_of_its_queues(handled: dict[str, frozenset[type[Message]]]) -> None:
    unread = [(kind.name(), queue) for kind in REGISTRY.values() for queue in kind.queues if kind not in handled[queue]]
    assert unread == []


def test_nobody_waits_for_a_message_that_is_never_sent_there(handled: dict[str, frozenset[type[Message]]]) -> None:
    sent = {kind for kind in REGISTRY.values() for _ in kind.queues}
    assert {kind for kinds in handled.values() for kind in kinds} <= sent


def test_a_version_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownMessageError, match="version 7"):
        parse_message("ParticipantChanged", 7, {})
