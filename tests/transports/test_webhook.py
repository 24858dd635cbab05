"""A webhook is posted to the address that was looked at, signed, and follows nobody."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.exchange.alerts import Message
from gateway.kernel.clock import fixed_clock
from gateway.kernel.errors import ChannelDownError, TransportError
from gateway.transports import webhook
from gateway.transports.webhook import WebhookSender, signature
from tests.orders.build import NOW
from tests.servers import certificates, hook

WORD = Message("n1", "[gateway] error", "<script>alert(1)</script>\n")
SECRET = "keep it"  # noqa: S105 - of this test


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[hook.Hook]:
    made = certificates.self_made(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.chain))
    with hook.serving(made.context()) as found:
        yield found


def sender(port: int) -> WebhookSender:
    return WebhookSender(f"https://localhost:{port}/edi?a=1", SECRET, fixed_clock(NOW), ["LocalHost"])


def test_a_message_is_posted_and_signed(server: hook.Hook) -> None:
    sender(server.port).send(WORD)
    (headers,), (body,) = server.headers, server.bodies
    assert server.paths == ["/edi?a=1"]
    assert server.names == ["localhost"]
    assert headers["webhook-id"] == "n1"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["webhook-signature"] == signature(SECRET, "n1", headers["webhook-timestamp"], body)
    assert server.said()[0]["data"] == {"id": "n1", "subject": WORD.subject, "text": WORD.text}


def test_an_answer_says_whether_it_was_taken_refused_or_not_heard(server: hook.Hook) -> None:
    for status, expected in ((400, TransportError), (500, ChannelDownError), (429, ChannelDownError)):
        server.status = status
        with pytest.raises(expected, match=str(status)) as told:
            sender(server.port).send(WORD)
        assert type(told.value) is expected


def test_an_answer_without_end_is_cut(server: hook.Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "MOST_READ", 1000)
    server.status, server.content = 200, b"x" * 5_000_000
    sender(server.port).send(WORD)


def test_a_server_that_says_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "PATIENCE", 0.2)
    silent = socket.create_server(("127.0.0.1", 0))
    with silent, pytest.raises(ChannelDownError, match="did not answer in time"):
        sender(silent.getsockname()[1]).send(WORD)


def test_a_certificate_that_nobody_vouches_for_is_refused(server: hook.Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ChannelDownError, match="certificate is not trusted"):
        sender(server.port).send(WORD)
    assert server.bodies == []


def test_the_secret_is_in_no_text_of_the_sender() -> None:
    assert SECRET not in repr(sender(443))
