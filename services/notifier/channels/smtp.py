"""Mail by SMTP (RFC 5321). Every way a server can fail is sorted into: later, never, or nobody knows (so: later)."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from services.notifier.channels.port import Refused, Sent, TryAgain, Verdict

TIMEOUT_SECONDS = 20
PERMANENT = 500


@dataclass(frozen=True)
class SmtpChannel:
    """`smtp://`, `smtp+starttls://` or `smtps://`, each `user:password@host:port`."""

    url: str

    def send(self, mail: EmailMessage) -> Verdict:
        try:
            with self._connect() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            return _verdict(code, text)
        except smtplib.SMTPResponseException as error:
            return _verdict(error.smtp_code, error.smtp_error)
        except smtplib.SMTPServerDisconnected as error:
            return TryAgain(f"the mail server hung up: {error}")
        except (OSError, smtplib.SMTPException) as error:
            return TryAgain(f"the mail server cannot be reached: {error}")
        return Sent()

    def _connect(self) -> smtplib.SMTP:
        url = urlsplit(self.url)
        server = _open(url)
        try:
            if url.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
        except Exception:
            server.close()
            raise
        return server


def _open(url: SplitResult) -> smtplib.SMTP:
    host = url.hostname or "127.0.0.1"
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    return smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT_SECONDS)


def _verdict(code: int, text: bytes | str) -> Verdict:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    reason = f"{code} {said}".strip()
    return Refused(reason) if code >= PERMANENT else TryAgain(reason)
