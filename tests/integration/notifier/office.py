"""A post office of the tests' own: tell it a fact, and it works through the notifier's messages as the queue would."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import func, select, update

from services.notifier.channels import Channel, NullChannel
from services.notifier.inbox import make_inbox
from shared.clock import FixedClock
from shared.contracts.messages import Message, Queue
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.messaging import OutboxMessage, OutboxState
from shared.models.notification import Mail
from shared.outbox.inbox import Envelope, Outcome
from shared.outbox.writing import send
from shared.settings import Settings


@dataclass
class Office:
    """`as_notifier` does the work; `as_relay` hands over; `as_owner` looks."""

    settings: Settings
    as_owner: Database
    as_relay: Database
    as_notifier: Database
    clock: FixedClock
    channel: Channel = field(default_factory=NullChannel)

    def tell(self, *facts: Message) -> None:
        """Let facts become known, without working on them yet."""
        with self.as_owner.writing(SYSTEM) as session:
            for fact in facts:
                send(session, fact)

    def work(self) -> list[Outcome]:
        """Take up what is waiting now, and what comes of it; postponed messages are left alone."""
        outcomes: list[Outcome] = []
        while envelopes := self._take():
            outcomes += [self.receive(envelope) for envelope in envelopes]
        return outcomes

    def hurry(self) -> list[Outcome]:
        """As if the delay of everything postponed were over."""
        with self.as_owner.writing(SYSTEM) as session:
            session.execute(update(OutboxMessage).values(available_at=OutboxMessage.created_at))
        return self.work()

    def receive(self, envelope: Envelope) -> Outcome:
        return make_inbox(self.settings, self.as_notifier, self.channel, self.clock).receive(envelope)

    def _take(self) -> list[Envelope]:
        due = (OutboxMessage.state == OutboxState.PENDING, OutboxMessage.queue == Queue.NOTIFIER)
        with self.as_relay.writing(SYSTEM) as session:
            rows = session.scalars(select(OutboxMessage).where(*due, OutboxMessage.available_at <= func.now()))
            return [_handed_over(row) for row in rows.all()]

    def mails(self) -> list[Mail]:
        with self.as_owner.reading(SYSTEM) as session:
            return list(session.scalars(select(Mail).order_by(Mail.created_at, Mail.template)))

    def mail(self) -> Mail:
        """The only one there is."""
        (only,) = self.mails()
        return only

    def sent(self) -> dict[UUID, EmailMessage]:
        """What went through a null channel, by recipient."""
        assert isinstance(self.channel, NullChannel)
        recipients = {mail.message_id: mail.recipient_id for mail in self.mails()}
        return {recipients[mail["Message-ID"]]: mail for mail in self.channel.mails}


def _handed_over(row: OutboxMessage) -> Envelope:
    row.state = OutboxState.PUBLISHED
    return Envelope(message_id=row.id, queue=row.queue, name=row.name, version=row.version, payload=row.payload)


def part(mail: EmailMessage, subtype: str) -> str:
    """The text of the mail's `plain`, `html` or `calendar` part."""
    for found in mail.walk():
        if found.get_content_type() == f"text/{subtype}":
            content = found.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode()
    raise AssertionError(f"the mail has no text/{subtype}")
