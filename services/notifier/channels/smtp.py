"""Mail by SMTP (RFC 5321). Every way a server can fail is sorted into: later, never, or nobody knows (so: later).

Never is only what the server says about this mail: its recipient, its content. What it says about us (greeting,
log-in, sender) is the same for every mail and mended by an operator, so those mails wait.
"""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from services.notifier.channels.port import Refused, Sent, TryAgain, Verdict

ANSWER_SECONDS = 10.0
# A server may look through a mail before it takes it (RFC 5321, 4.5.3.2, would grant it ten minutes); whoever hangs up
# on it sends the mail twice.
MAIL_SECONDS = 60.0
# Two addresses tried, greeting, EHLO and HELO, STARTTLS, handshake, EHLO and HELO again, three kinds of log-in at two
# answers each; then MAIL, RCPT, DATA, the mail's own answer, RSET.
LONGEST_SECONDS = 15 * ANSWER_SECONDS + 5 * MAIL_SECONDS
PERMANENT = 500


@dataclass(frozen=True)
class SmtpChannel:
    """`smtp://`, `smtp+starttls://` or `smtps://`, each `user:password@host:port`.

    `timeout` is for each answer until we are let in, `patience` for each to the mail itself, in seconds.
    """

    url: str
    timeout: float = ANSWER_SECONDS
    patience: float = MAIL_SECONDS

    def send(self, mail: EmailMessage) -> Verdict:
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            return TryAgain(f"the mail server cannot be reached: {error}")
        try:
            if server.sock is not None:
                server.sock.settimeout(self.patience)
            server.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            server.close()
            return _judge(error)
        # The mail is with the server: however the parting goes, it must not be sent again.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        return Sent()

    def _connect(self) -> smtplib.SMTP:
        url = urlsplit(self.url)
        server = self._open(url)
        try:
            if url.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
        except Exception:
            server.close()
            raise
        return server

    def _open(self, url: SplitResult) -> smtplib.SMTP:
        host = url.hostname or "127.0.0.1"
        if url.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, url.port or 465, timeout=self.timeout, context=context)
        return smtplib.SMTP(host, url.port or 25, timeout=self.timeout)


def _judge(error: Exception) -> Verdict:
    text: bytes | str
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, text = next(iter(error.recipients.values()))
        case smtplib.SMTPDataError():
            code, text = error.smtp_code, error.smtp_error
        case smtplib.SMTPNotSupportedError():
            return Refused(f"the mail server does not take such addresses: {error}")
        case _:
            return TryAgain(f"the mail server broke off: {error}")
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return Refused(f"{code} {said}") if code >= PERMANENT else TryAgain(f"{code} {said}")
