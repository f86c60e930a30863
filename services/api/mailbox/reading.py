"""Mails as the notifier's file channel leaves them: one .eml file each."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from functools import lru_cache
from operator import itemgetter
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
class Listing:
    """Some of `total` mails."""

    total: int
    mails: list[Envelope]


@dataclass(frozen=True)
class Letter:
    """A mail in its parts; `invite` is empty where there is none."""

    envelope: Envelope
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    invite: str


def list_mails(folder: Path, wanted: str, part: slice) -> Listing:
    """A part of all mails, or of those whose recipient matches; newest first. Only what must be is opened."""
    files = sorted(_files(folder), key=itemgetter(1), reverse=True)
    if not wanted:
        return Listing(len(files), [_envelope(*file) for file in files[part]])
    found = [envelope for envelope in (_envelope(*file) for file in files) if envelope.is_for(wanted)]
    return Listing(len(found), found[part])


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
    """The head of a file, read once as long as it does not change. By the old policy: it is ten times as fast."""
    with Path(path).open("rb") as file:
        head = BytesHeaderParser(policy=policy.compat32).parsebytes(file.read(HEADER_BYTES))
    name, email = parseaddr(_on_one_line(head["To"]))
    return Envelope(
        mail_id=UUID(Path(path).stem),
        at=parsedate_to_datetime(head["Date"]),
        name=_decoded(name),
        email=email,
        subject=_decoded(_on_one_line(head["Subject"])),
    )


def _on_one_line(header: str) -> str:
    return " ".join(header.split())


def _decoded(header: str) -> str:
    return str(make_header(decode_header(header)))


def _part(message: EmailMessage, content_type: str) -> str:
    parts = (part for part in message.walk() if part.get_content_type() == content_type)
    found = next(parts, None)
    return found.get_content().replace("\r\n", "\n") if found is not None else ""
