"""The port for outgoing mail. A channel never raises for what a mail server does: it gives a verdict."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol


@dataclass(frozen=True)
class Sent:
    """The server took the mail; from here on it is responsible for it."""


@dataclass(frozen=True)
class TryAgain:
    """Not now (or nobody can say whether): the same mail, with the same Message-ID, should be tried later."""

    reason: str


@dataclass(frozen=True)
class Refused:
    """Never: the address does not exist, or the server will not take this mail."""

    reason: str


Verdict = Sent | TryAgain | Refused


class Channel(Protocol):
    def send(self, mail: EmailMessage) -> Verdict:
        """Hand the mail over once."""


@dataclass
class NullChannel:
    """Remembers mails instead of sending them."""

    mails: list[EmailMessage] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Sent)

    def send(self, mail: EmailMessage) -> Verdict:
        self.mails.append(mail)
        return self.verdict
