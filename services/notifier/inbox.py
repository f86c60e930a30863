"""Which handler of the notifier takes which message."""

from email.utils import parseaddr

from services.notifier import tasks
from services.notifier.channels import Channel, make_channel
from services.notifier.composing import Composer
from services.notifier.delivery import Postman
from shared.clock import Clock, SystemClock
from shared.contracts.messages import MailQueued
from shared.db.engine import Database
from shared.outbox.inbox import Inbox
from shared.settings import Settings


def make_inbox(
    settings: Settings, database: Database, channel: Channel | None = None, clock: Clock | None = None
) -> Inbox:
    """Every handler of the notifier; mails leave through the channel of the settings unless another is given."""
    inbox, time = Inbox(database), clock or SystemClock()
    tasks.register(inbox, parseaddr(settings.mail_from)[1].rpartition("@")[2])
    postman = Postman(channel or make_channel(settings), Composer(settings, time), time)
    inbox.on_long(MailQueued, postman.deliver)
    return inbox
