"""The matcher: `celery -A services.matcher.worker:app worker -Q matcher` (quick), `-Q matcher.runs` (long)."""

import threading
from typing import Any

from celery.signals import worker_process_init

import shared.telemetry.forked  # noqa: F401 — before what counts
from services.matcher.interests.choosing import make_model
from services.matcher.suggestions import SuggestionDesk
from services.matcher.tasks import make_inbox
from shared.db.engine import Database
from shared.outbox.consumer import make_worker
from shared.settings import get_settings

_settings = get_settings()
_database = Database(_settings.matcher_database_url)
_model = make_model(_settings)
_desk = SuggestionDesk(_database, _model)
app = make_worker("matcher", _settings, make_inbox(_database, _model, _desk))


def load_model_early(**_: Any) -> None:
    """The first person to register should not wait for the model to load; a missing model is said when it is used."""
    threading.Thread(target=_desk.warm_up, daemon=True).start()


worker_process_init.connect(load_model_early, weak=False)
