"""Mail is handed to a real server, safe where that is asked; headers have one line, ids stay."""

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.exchange.alerts import Message
from gateway.kernel.clock import fixed_clock
from gateway.kernel.errors import ChannelDownError, TransportError
from gateway.transports.mail import MailSender, MailServer, written
from tests.orders.build import NOW
from tests.servers import certificates, smtpd

WORD = Message("n1", "[gateway] error: F-EMPTY", "Größe: nothing\n.\nFrom here on\n")
TO = ("office@northwind.example", "night@northwind.example")


def sender(port: int, security: str = "none", to: tuple[str, ...] = TO, timeout: float = 5.0) -> MailSender:
    return MailSender(MailServer("localhost", port, security, timeout), "edi@northwind.example", to, fixed_clock(NOW))


def test_a_mail_arrives_whole_with_the_id_of_its_notice() -> None:
    with smtpd.serving() as server:
        sender(server.port).send(WORD)
        sender(server.port).send(WORD)
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"] == "<n1@northwind.example>"
    assert first["Subject"] == WORD.subject
    assert first.get_content_type() == "text/plain"
    assert first["Auto-Submitted"] == "auto-generated"
    assert server.texts() == [WORD.text, WORD.text]
    assert server.to == [list(TO), list(TO)]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_leaves_only_where_the_server_is_who_it_says(
    security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = certificates.self_made(tmp_path)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with smtpd.serving(**{security: made.context()}) as server:
        with pytest.raises(ChannelDownError, match="certificate is not trusted"):
            sender(server.port, security).send(WORD)
        monkeypatch.setenv("SSL_CERT_FILE", str(made.chain))
        sender(server.port, security).send(WORD)
        assert len(server.mails) == 1


def test_a_server_that_offers_no_starttls_gets_no_mail() -> None:
    with smtpd.serving() as server:
        with pytest.raises(ChannelDownError):
            sender(server.port, "starttls").send(WORD)
        assert server.mails == []


def test_who_refuses_one_mail_is_not_down_and_who_is_away_is() -> None:
    with smtpd.serving() as server:
        server.answer = "554 no such words here"
        with pytest.raises(TransportError, match="554 no such words here") as refused:
            sender(server.port).send(WORD)
        assert not isinstance(refused.value, ChannelDownError)
        server.answer, server.refused = "250 taken", frozenset({TO[0]})
        sender(server.port).send(WORD)
        assert server.to == [[TO[1]]]
        server.refused = frozenset(TO)
        with pytest.raises(TransportError, match="nobody here"):
            sender(server.port).send(WORD)
    with pytest.raises(ChannelDownError, match="localhost took no mail"):
        sender(server.port, timeout=1.0).send(WORD)


@pytest.mark.parametrize("subject", ["late\r\nBcc: all@example.com", "late\nX: y", "late\x00", "late\u2028Bcc: x"])
def test_a_header_never_has_a_second_line(subject: str) -> None:
    with pytest.raises(TransportError, match="Subject"):
        written(replace(WORD, subject=subject), "edi@northwind.example", TO, NOW)


def test_a_password_is_in_no_text_of_the_server() -> None:
    assert "secret" not in repr(MailServer("localhost", 25, "tls", 5.0, "edi", "secret"))
