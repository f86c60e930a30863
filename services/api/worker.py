"""The API's worker: `celery -A services.api.worker:app worker -Q api`."""

import shared.telemetry.forked  # noqa: F401 — before what counts
from services.api.inbox import make_inbox
from services.api.services import make_services
from services.api.web.drawing import share_drawings
from shared.outbox.consumer import make_worker
from shared.settings import get_settings

_settings = get_settings()
share_drawings(_settings.redis_url.get_secret_value())
app = make_worker("api", _settings, make_inbox(make_services(_settings)))
