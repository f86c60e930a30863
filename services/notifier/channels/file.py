"""Mails as .eml files in a folder, for development and the demo's mailbox."""

import os
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from services.notifier.channels.port import Sent, TryAgain, Verdict


@dataclass(frozen=True)
class FileChannel:
    """One file a mail, named by its Message-ID: a mail sent twice is one file."""

    folder: Path

    def send(self, mail: EmailMessage) -> Verdict:
        name = mail["Message-ID"].strip("<>").partition("@")[0]
        target = self.folder / f"{name}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = target.with_suffix(".part")
            partial.write_bytes(mail.as_bytes(policy=SMTP))
            os.replace(partial, target)  # noqa: PTH105 — atomic, and Path.replace hides that it is
        except OSError as error:
            return TryAgain(f"cannot write to {self.folder}: {error.strerror}")
        return Sent()
