"""Each way a mail server can fail has its verdict; a folder takes each mail once."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from services.notifier.channels import FileChannel, Refused, Sent, SmtpChannel, TryAgain, Verdict
from tests.integration.notifier.mail_server import Faults, free_port, mail_server, speechless_server

SHORT = 0.5


@pytest.fixture
def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Belay <belay@example.org>"
    message["To"] = "Zoë <zoe@example.org>"
    message["Subject"] = "Grüße"
    message["Message-ID"] = "<5d1f9e5e-5a60-4a0e-9a3e-0f2f6a5b7c11@belay>"
    message.set_content("Hello, and ¡hola!")
    return message


def verdict_of(faults: Faults, mail: EmailMessage) -> Verdict:
    with mail_server(faults) as url:
        return SmtpChannel(url, timeout=SHORT, patience=SHORT).send(mail)


def test_a_good_server_gets_the_mail_as_it_is(mail: EmailMessage) -> None:
    faults = Faults()
    assert verdict_of(faults, mail) == Sent()
    (received,) = faults.received
    assert received["Subject"] == "Grüße"
    assert received["Message-ID"] == mail["Message-ID"]
    assert "¡hola!" in received.get_content()


@pytest.mark.parametrize("said", ["421 too busy", "450 mailbox busy", "451 grey-listed, come back"])
def test_not_now_means_later(mail: EmailMessage, said: str) -> None:
    assert verdict_of(Faults(rcpt=said), mail) == TryAgain(said)
    assert verdict_of(Faults(data=said), mail) == TryAgain(said)


@pytest.mark.parametrize("said", ["550 no such user", "552 mailbox is full", "554 looks like spam"])
def test_what_is_wrong_with_this_mail_is_final(mail: EmailMessage, said: str) -> None:
    assert verdict_of(Faults(rcpt=said), mail) == Refused(said)
    assert verdict_of(Faults(data=said), mail) == Refused(said)


def test_what_is_wrong_with_us_is_not_held_against_the_mail(mail: EmailMessage) -> None:
    verdict = verdict_of(Faults(mail="530 log in first"), mail)
    assert isinstance(verdict, TryAgain)
    assert "530" in verdict.reason


def test_a_server_that_hangs_is_left_for_later(mail: EmailMessage) -> None:
    verdict = verdict_of(Faults(hang_at_rcpt=True), mail)
    assert isinstance(verdict, TryAgain)
    assert "timed out" in verdict.reason


def test_a_server_that_looks_through_the_mail_first_is_waited_for(mail: EmailMessage) -> None:
    faults = Faults(thinks_seconds=2 * SHORT)
    with mail_server(faults) as url:
        assert SmtpChannel(url, timeout=SHORT, patience=20 * SHORT).send(mail) == Sent()
    assert len(faults.received) == 1


def test_a_connection_dropped_after_the_data_is_tried_again(mail: EmailMessage) -> None:
    faults = Faults(drop_after_data=True)
    verdict = verdict_of(faults, mail)
    assert len(faults.received) == 1
    assert isinstance(verdict, TryAgain)
    assert "broke off" in verdict.reason


@pytest.mark.parametrize("greeting", [b"", b"554 no service here\r\n", b"421 closing\r\n"])
def test_a_server_that_does_not_greet_is_left_for_later(mail: EmailMessage, greeting: bytes) -> None:
    with speechless_server(greeting) as url:
        assert isinstance(SmtpChannel(url, timeout=SHORT, patience=SHORT).send(mail), TryAgain)


def test_a_server_that_is_not_there_is_left_for_later(mail: EmailMessage) -> None:
    verdict = SmtpChannel(f"smtp://127.0.0.1:{free_port()}", timeout=SHORT, patience=SHORT).send(mail)
    assert isinstance(verdict, TryAgain)
    assert "cannot be reached" in verdict.reason


def test_a_server_without_encryption_gets_nothing_when_encryption_is_asked_for(mail: EmailMessage) -> None:
    faults = Faults()
    with mail_server(faults) as url:
        verdict = SmtpChannel(url.replace("smtp://", "smtp+starttls://"), timeout=SHORT, patience=SHORT).send(mail)
    assert isinstance(verdict, TryAgain)
    assert not faults.received


def test_a_folder_keeps_a_mail_once_however_often_it_is_sent(mail: EmailMessage, tmp_path: Path) -> None:
    channel = FileChannel(tmp_path / "mail")
    assert channel.send(mail) == Sent()
    assert channel.send(mail) == Sent()
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "5d1f9e5e-5a60-4a0e-9a3e-0f2f6a5b7c11.eml"
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] == "Grüße"


def test_a_folder_that_cannot_be_written_to_is_left_for_later(mail: EmailMessage, tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    assert isinstance(FileChannel(tmp_path / "mail").send(mail), TryAgain)
