"""Everybody's inbox: the files that the notifier writes."""

import re
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Mail:
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def code(self) -> str:
        found = re.search(r"\b(\d{3}) ?(\d{3})\b", self.text)
        assert found, self.text
        return found[1] + found[2]

    def link(self, after: str = "") -> str:
        """The first address that stands behind these words."""
        found = re.search(r"https?://\S+", self.text[self.text.index(after) :])
        assert found, self.text
        return found[0]

    @property
    def invite(self) -> str:
        """The calendar part."""
        parts = [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]
        assert parts, self.text
        return str(parts[0].get_content())


@dataclass(frozen=True)
class Mailbox:
    folder: Path

    def wait_for(self, address: str, subject: str) -> Mail:
        """The mail to this address whose subject holds these words."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            mails = [mail for mail in self._all() if address in str(mail.message["To"])]
            if found := [mail for mail in mails if subject in mail.subject]:
                return found[-1]
            time.sleep(0.1)
        raise TimeoutError(f"no mail “{subject}” to {address}; there are {[mail.subject for mail in self._all()]}")

    def _all(self) -> list[Mail]:
        paths = sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [Mail(message_from_bytes(path.read_bytes(), policy=policy.default)) for path in paths]
