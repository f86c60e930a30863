"""A real SMTP server of the tests' own that fails as it is told to."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Faults:
    """What the server answers; an empty answer is the usual one. `left` limits how often it fails."""

    mail: str = ""
    rcpt: str = ""
    data: str = ""
    drop_after_data: bool = False
    hang_at_rcpt: bool = False
    thinks_seconds: float = 0.0
    left: int = 1_000
    received: list[EmailMessage] = field(default_factory=list)

    def now(self, fault: object) -> bool:
        """Whether to fail this time."""
        if not fault or self.left == 0:
            return False
        self.left -= 1
        return True

    async def handle_MAIL(  # noqa: N802 — the name of the hook
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.now(self.mail):
            return self.mail
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.now(self.hang_at_rcpt):
            await asyncio.sleep(2)
        if self.now(self.rcpt):
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.thinks_seconds)
        if self.now(self.data):
            return self.data
        assert isinstance(envelope.content, bytes)
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.now(self.drop_after_data):
            cast("asyncio.Transport", server.transport).abort()
        return "250 taken"


@contextmanager
def mail_server(faults: Faults) -> Iterator[str]:
    """The URL of a server that fails like this."""
    controller = Controller(faults, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


@contextmanager
def speechless_server(greeting: bytes = b"") -> Iterator[str]:
    """Takes connections and says only this."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken: list[socket.socket] = []

        def greet() -> None:
            connection, _ = listener.accept()
            taken.append(connection)
            connection.sendall(greeting)

        thread = threading.Thread(target=greet)
        thread.start()
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()
        for connection in taken:
            connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
