"""The notifier's worker: `celery -A services.notifier.worker:app worker -Q notifier`."""

from services.notifier import tasks
from services.notifier.channels import make_channel
from services.notifier.composing import make_composer
from services.notifier.delivery import Postman
from shared.clock import SystemClock
from shared.contracts.messages import MailQueued
from shared.db.engine import Database
from shared.outbox.consumer import make_worker
from shared.outbox.inbox import Inbox
from shared.settings import Settings, get_settings


def make_inbox(settings: Settings, database: Database) -> Inbox:
    """Every handler of the notifier."""
    inbox = Inbox(database)
    tasks.register(inbox)
    postman = Postman(make_channel(settings), make_composer(settings), SystemClock())
    inbox.on_long(MailQueued, postman.deliver)
    return inbox


_settings = get_settings()
app = make_worker("notifier", _settings, make_inbox(_settings, Database(_settings.notifier_database_url)))
