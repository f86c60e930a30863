"""The notifier knows every message that is sent to it, and every word it may have to say in another language."""

import pytest
from pydantic import SecretStr

from services.notifier.channels import NullChannel
from services.notifier.inbox import make_inbox
from services.notifier.rendering import LANGUAGES
from shared.contracts.messages import REGISTRY, Queue
from shared.db.engine import Database
from shared.settings import Settings
from shared.vocabulary.labels import LABELS, label_in
from shared.vocabulary.mentoring import KIND_LABELS
from shared.vocabulary.mentoring import LANGUAGES as SPOKEN
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import STAGE_LABELS

WORDS = {*KIND_LABELS.values(), *SPOKEN.values(), *SPECIALTIES.values(), *STAGE_LABELS.values()}


def test_every_message_to_the_notifier_has_a_handler() -> None:
    inbox = make_inbox(Settings(), Database(SecretStr("postgresql+psycopg://nobody@127.0.0.1/none")), NullChannel())
    assert inbox.handled == {kind for kind in REGISTRY.values() if Queue.NOTIFIER in kind.queues}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_label_has_a_translation_and_none_is_left_over(language: str) -> None:
    assert set(LABELS[language]) == WORDS


def test_a_label_nobody_translated_stays_english() -> None:
    assert label_in("tl", "Cardiology") == "Cardiology"
