"""Sending one mail: claim it and commit, send it, commit how it ended. Each mail ends; none is sent without end."""

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

import structlog

from services.notifier import queries
from services.notifier.channels import Channel, Refused, Sent, TryAgain, Verdict
from services.notifier.composing import Composer, NothingToSayError
from services.notifier.messages import Template
from services.notifier.schedule import LEASE, delay_after
from shared.clock import Clock
from shared.contracts.messages import MailQueued
from shared.db.actor import SYSTEM
from shared.db.engine import WriteSession
from shared.models.notification import Mail, MailState
from shared.outbox.inbox import Delivery, NotYetError
from shared.outbox.writing import send
from shared.telemetry.metrics import MAIL

log = structlog.get_logger()


@dataclass(frozen=True)
class Pointless:
    """The reader does not want it, or there is nothing left to say: it is not even tried."""

    reason: str


ENDS = {Pointless: MailState.UNWANTED, Refused: MailState.BOUNCED, TryAgain: MailState.DEAD}


@dataclass(frozen=True)
class Postman:
    """Delivers mails through a channel."""

    channel: Channel
    composer: Composer
    clock: Clock

    def deliver(self, delivery: Delivery, message: MailQueued) -> None:
        """Handle MailQueued: at the end the mail is sent, bounced, dead, unwanted or postponed.

        A worker that dies in between leaves the mail in flight; the message comes again, and once the lease is
        over the mail is taken up with the same Message-ID.
        """
        with delivery.database.writing(SYSTEM) as session:
            mail = queries.claim_mail(session, message.mail_id)
        if mail is None:
            _leave(delivery, message)
            return
        verdict = self._try(delivery, mail)
        with delivery.database.writing(SYSTEM) as session:
            if delivery.finish(session):
                self._conclude(session, mail, verdict)

    def _try(self, delivery: Delivery, mail: Mail) -> Verdict | Pointless:
        try:
            with delivery.database.reading(SYSTEM) as session:
                if queries.is_unwanted(session, mail):
                    return Pointless("the reader has unsubscribed")
                composed: EmailMessage = self.composer.compose(session, mail)
        except NothingToSayError as error:
            return Pointless(str(error))
        return self.channel.send(composed)

    def _conclude(self, session: WriteSession, mail: Mail, verdict: Verdict | Pointless) -> None:
        outcome = self._end(session, mail, verdict)
        MAIL.labels(mail.template, outcome).inc()
        log.info("mail", template=mail.template, mail_id=str(mail.id), outcome=outcome)

    def _end(self, session: WriteSession, mail: Mail, verdict: Verdict | Pointless) -> MailState:
        """The state that the verdict leads to: an end, or the queue once more."""
        if isinstance(verdict, Sent):
            queries.end_mail(session, mail.id, MailState.SENT)
            self._forget_secret(session, mail)
            return MailState.SENT
        delay = delay_after(mail.attempts)
        if isinstance(verdict, TryAgain) and delay is not None:
            self._postpone(session, mail, verdict.reason, delay)
            return MailState.QUEUED
        queries.end_mail(session, mail.id, ENDS[type(verdict)], verdict.reason)
        return ENDS[type(verdict)]

    def _postpone(self, session: WriteSession, mail: Mail, reason: str, delay: timedelta) -> None:
        due_at = self.clock.now() + delay
        queries.postpone_mail(session, mail.id, due_at, reason)
        send(session, MailQueued(mail_id=mail.id), available_at=due_at)

    @staticmethod
    def _forget_secret(session: WriteSession, mail: Mail) -> None:
        if mail.template in {Template.LOGIN, Template.CONFIRM_REGISTRATION}:
            queries.forget_challenge_secret(session, mail.recipient_id)


def _leave(delivery: Delivery, message: MailQueued) -> None:
    """Someone else has the mail in hand (then the message comes again later), or it has ended (then we are done)."""
    with delivery.database.writing(SYSTEM) as session:
        if queries.mail_is_in_flight(session, message.mail_id):
            raise NotYetError(LEASE)
        delivery.finish(session)
