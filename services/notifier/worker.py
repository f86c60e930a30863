"""The notifier's worker: `celery -A services.notifier.worker:app worker -Q notifier`."""

import shared.telemetry.forked  # noqa: F401 — before what counts
from services.notifier.inbox import make_inbox
from shared.db.engine import Database
from shared.outbox.consumer import make_worker
from shared.settings import get_settings

_settings = get_settings()
app = make_worker("notifier", _settings, make_inbox(_settings, Database(_settings.notifier_database_url)))
