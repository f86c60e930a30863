"""Each mail ends: sent, bounced, dead or unwanted; none is forgotten and none is sent without end."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from services.notifier.channels import NullChannel, Refused, Sent, SmtpChannel, TryAgain, Verdict
from services.notifier.messages import PlannedMail, Template
from services.notifier.schedule import MAX_ATTEMPTS, delay_after
from services.notifier.tasks import queue_mail
from shared.contracts.messages import MailQueued, RegistrationConfirmed
from shared.db.actor import SYSTEM
from shared.models.messaging import InboxMessage, OutboxMessage, OutboxState
from shared.models.notification import MAIL_TRANSITIONS, Mail, MailState
from shared.outbox.inbox import Envelope, Outcome
from shared.telemetry.metrics import MAIL
from tests.factories.cast import Cast
from tests.integration.notifier.mail_server import Faults, mail_server
from tests.integration.notifier.office import Office


class KilledError(BaseException):
    """Stands for SIGKILL: nothing in the process gets to react."""


class DyingChannel(NullChannel):
    """The worker is killed the moment after the first mail has left."""

    def send(self, mail: EmailMessage) -> Verdict:
        verdict = super().send(mail)
        if len(self.mails) == 1:
            raise KilledError
        return verdict


def welcome(office: Office, cast: Cast) -> None:
    office.tell(RegistrationConfirmed(participant_id=cast.participants["mentee"].id))


def waiting(office: Office) -> int:
    """How many messages are still to be worked on."""
    with office.as_owner.reading(SYSTEM) as session:
        pending = select(func.count()).where(OutboxMessage.state == OutboxState.PENDING)
        return session.scalar(pending) or 0


def the_queued_message(office: Office) -> Envelope:
    with office.as_owner.reading(SYSTEM) as session:
        row = session.scalars(select(OutboxMessage).where(OutboxMessage.name == MailQueued.name())).one()
        return Envelope(message_id=row.id, queue=row.queue, name=row.name, version=row.version, payload=row.payload)


def let_the_lease_run_out(office: Office) -> None:
    with office.as_owner.writing(SYSTEM) as session:
        session.execute(update(Mail).values(due_at=func.now() - timedelta(seconds=1)))
        session.execute(update(OutboxMessage).values(available_at=func.now()))


@pytest.mark.parametrize(
    "fault",
    [
        Faults(rcpt="421 busy", left=2),
        Faults(rcpt="450 try later", left=2),
        Faults(data="451 not now", left=2),
        Faults(hang_at_rcpt=True, left=2),
    ],
    ids=["421", "450", "451", "hang"],
)
def test_a_server_that_recovers_gets_the_mail_once(office: Office, cast: Cast, fault: Faults) -> None:
    welcome(office, cast)
    with mail_server(replace(fault, received=fault.received)) as url:
        office.channel = SmtpChannel(url, timeout=0.3, patience=0.3)
        office.work()
        assert office.mail().state == MailState.QUEUED
        office.hurry()
        office.hurry()
    mail = office.mail()
    assert (mail.state, mail.attempts) == (MailState.SENT, 3)
    assert [one["Message-ID"] for one in fault.received] == [mail.message_id]
    assert waiting(office) == 0


def test_a_mail_that_is_refused_bounces_at_once_and_is_not_tried_again(office: Office, cast: Cast) -> None:
    welcome(office, cast)
    with mail_server(Faults(rcpt="550 no such user")) as url:
        office.channel = SmtpChannel(url, timeout=1, patience=1)
        office.work()
    mail = office.mail()
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.BOUNCED, 1, "550 no such user")
    assert waiting(office) == 0


def test_a_server_that_drops_every_time_after_the_data_gets_a_few_copies_of_one_mail(
    office: Office, cast: Cast
) -> None:
    welcome(office, cast)
    faults = Faults(drop_after_data=True)
    with mail_server(faults) as url:
        office.channel = SmtpChannel(url, timeout=1, patience=1)
        for _ in range(MAX_ATTEMPTS + 3):
            office.hurry()
    mail = office.mail()
    assert mail.state == MailState.DEAD
    assert [one["Message-ID"] for one in faults.received] == [mail.message_id] * MAX_ATTEMPTS
    assert waiting(office) == 0


def counted(outcome: str) -> float:
    """What the metrics of this process say about mails that ended so."""
    samples = [sample for metric in MAIL.collect() for sample in metric.samples if sample.name == "belay_mail_total"]
    return sum(sample.value for sample in samples if sample.labels["outcome"] == outcome)


def test_a_mail_that_can_never_be_sent_dies_after_a_few_attempts_with_its_reason(office: Office, cast: Cast) -> None:
    welcome(office, cast)
    channel = NullChannel(verdict=TryAgain("421 busy for ever"))
    office.channel = channel
    before = counted("dead")
    for _ in range(MAX_ATTEMPTS + 3):
        office.hurry()
    mail = office.mail()
    assert (mail.state, mail.last_error) == (MailState.DEAD, "421 busy for ever")
    assert len(channel.mails) == MAX_ATTEMPTS
    assert counted("dead") == before + 1


def test_a_mail_that_cannot_be_written_dies_with_its_reason(office: Office, cast: Cast) -> None:
    about_nobody = PlannedMail(Template.WELCOME_MENTEE, cast.accounts["mentee"].id, {})
    with office.as_notifier.writing(SYSTEM) as session:
        queue_mail(session, uuid4(), about_nobody, "example.org")
    for _ in range(MAX_ATTEMPTS + 3):
        office.hurry()
    mail = office.mail()
    assert (mail.state, mail.last_error) == (MailState.DEAD, "it cannot be written: KeyError: 'participant'")
    assert waiting(office) == 0


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Sent(), MailState.SENT),
        (Refused("550 no such user"), MailState.BOUNCED),
        (TryAgain("421 busy for ever"), MailState.DEAD),
    ],
)
def test_how_a_mail_ended_is_counted_as_the_alerts_name_it(
    office: Office, cast: Cast, verdict: Verdict, state: MailState
) -> None:
    counter = MAIL.labels(Template.WELCOME_MENTEE, state)
    before = counter._value.get()
    welcome(office, cast)
    office.channel = NullChannel(verdict=verdict)
    for _ in range(MAX_ATTEMPTS):
        office.hurry()
    assert counter._value.get() == before + 1


def test_each_attempt_waits_longer_than_the_one_before(office: Office, cast: Cast) -> None:
    delays = [delay_after(attempt) for attempt in range(1, MAX_ATTEMPTS)]
    assert all(delay is not None for delay in delays)
    assert delays == sorted(delays, key=lambda delay: delay or timedelta())
    welcome(office, cast)
    office.channel = NullChannel(verdict=TryAgain("421 busy"))
    office.work()
    assert office.mail().due_at == office.clock.at + timedelta(seconds=5)


def test_a_fact_told_five_times_makes_one_mail(office: Office, cast: Cast) -> None:
    for _ in range(5):
        welcome(office, cast)
    office.work()
    assert len(office.mails()) == 1
    assert len(office.sent()) == 1


def test_a_message_that_comes_five_times_sends_one_mail(office: Office, cast: Cast) -> None:
    welcome(office, cast)
    office.work()
    envelope = the_queued_message(office)
    assert [office.receive(envelope) for _ in range(5)] == [Outcome.DUPLICATE] * 5
    assert isinstance(office.channel, NullChannel)
    assert len(office.channel.mails) == 1


def test_a_worker_killed_while_sending_leaves_the_mail_to_the_next_one(office: Office, cast: Cast) -> None:
    welcome(office, cast)
    channel = DyingChannel()
    office.channel = channel
    with pytest.raises(KilledError):
        office.work()
    assert office.mail().state == MailState.INFLIGHT

    # The broker delivers again at once: too early, the first worker might still be at it.
    assert office.receive(the_queued_message(office)) == Outcome.POSTPONED
    assert len(channel.mails) == 1

    let_the_lease_run_out(office)
    office.work()
    mail = office.mail()
    assert (mail.state, mail.attempts) == (MailState.SENT, 2)
    assert {one["Message-ID"] for one in channel.mails} == {mail.message_id}


def test_a_worker_that_comes_back_late_changes_nothing(office: Office, cast: Cast) -> None:
    welcome(office, cast)
    office.work()
    with office.as_owner.writing(SYSTEM) as session:
        session.execute(update(InboxMessage).values(consumer="forgotten"))
    assert office.receive(the_queued_message(office)) == Outcome.DONE
    assert isinstance(office.channel, NullChannel)
    assert len(office.channel.mails) == 1
    assert office.mail().state == MailState.SENT


def test_every_state_but_the_last_ones_leads_on() -> None:
    assert {state for state, to in MAIL_TRANSITIONS.items() if not to} == {
        MailState.SENT, MailState.BOUNCED, MailState.UNWANTED,
    }  # fmt: skip


def test_a_refusal_of_one_mail_does_not_hold_up_the_others(office: Office, cast: Cast) -> None:
    welcome(office, cast)
    office.channel = NullChannel(verdict=Refused("550 no such user"))
    office.work()
    office.channel = NullChannel()
    office.tell(RegistrationConfirmed(participant_id=cast.participants["mentor"].id))
    office.work()
    assert sorted(mail.state for mail in office.mails()) == [MailState.BOUNCED, MailState.SENT]
