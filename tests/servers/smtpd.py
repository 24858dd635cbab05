"""A real mail server of a test alone, on this machine: it keeps what it was handed."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


@dataclass(slots=True)
class Smtpd:
    """What it got, and what it answers to the text of a mail."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    answer: str = "250 taken"
    refused: frozenset[str] = frozenset()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """Refuse who is not known."""
        if address in self.refused:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a mail."""
        if self.answer.startswith("2"):
            content = bytes(envelope.content)
            self.raw.append(content)
            self.mails.append(message_from_bytes(content, policy=default))
            self.to.append(list(envelope.rcpt_tos))
        return self.answer

    def subjects(self) -> list[str]:
        """What it got, by subject."""
        return [str(each["Subject"]) for each in self.mails]

    def texts(self) -> list[str]:
        """What it got, by text."""
        return [each.get_content().replace("\r\n", "\n") for each in self.mails]


@contextmanager
def serving(*, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Smtpd]:
    """A server while inside; with ``starttls`` it takes mail only after that."""
    smtpd = Smtpd(_free_port())
    controller = Controller(
        smtpd, hostname="127.0.0.1", port=smtpd.port, tls_context=starttls, require_starttls=starttls is not None,
        ssl_context=tls,
    )  # fmt: skip
    controller.start()
    try:
        yield smtpd
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
