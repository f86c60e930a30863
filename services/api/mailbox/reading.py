"""Mails as the notifier's file channel leaves them: one .eml file each."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from services.api.errors import NotFoundError

HEADER_BYTES = 8192
REMEMBERED = 20_000


@dataclass(frozen=True)
class Envelope:
    """What a list shows of a mail."""

    mail_id: UUID
    at: datetime
    name: str
    email: str
    subject: str

    def is_for(self, wanted: str) -> bool:
        """Whether name or address of the recipient contain these words."""
        return wanted.casefold() in f"{self.name} {self.email}".casefold()


@dataclass(frozen=True)
class Letter:
    """A mail in its parts; `invite` is empty where there is none."""

    envelope: Envelope
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    invite: str


def list_mails(folder: Path, wanted: str = "") -> list[Envelope]:
    """All mails, or those whose recipient matches; newest first."""
    found = (_envelope(path, changed) for path, changed in _files(folder))
    return sorted((one for one in found if one.is_for(wanted)), key=lambda one: one.at, reverse=True)


def read_mail(folder: Path, mail_id: UUID) -> Letter:
    """Raises NotFoundError."""
    path = folder / f"{mail_id}.eml"
    try:
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        envelope = _envelope(str(path), path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise NotFoundError from error
    return Letter(
        envelope=envelope,
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_part(message, "text/plain"),
        html=_part(message, "text/html"),
        invite=_part(message, "text/calendar"),
    )


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".eml"):
                yield entry.path, entry.stat().st_mtime_ns


@lru_cache(REMEMBERED)
def _envelope(path: str, _changed: int) -> Envelope:
    """The head of a file, read once as long as it does not change."""
    with Path(path).open("rb") as file:
        head = BytesHeaderParser(policy=policy.default).parsebytes(file.read(HEADER_BYTES))
    recipient = head["To"].addresses[0]
    return Envelope(
        mail_id=UUID(Path(path).stem),
        at=head["Date"].datetime,
        name=recipient.display_name,
        email=recipient.addr_spec,
        subject=str(head["Subject"]),
    )


def _part(message: EmailMessage, content_type: str) -> str:
    parts = (part for part in message.walk() if part.get_content_type() == content_type)
    found = next(parts, None)
    return found.get_content().replace("\r\n", "\n") if found is not None else ""
