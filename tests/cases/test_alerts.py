"""Cases of hostile input that reaches people: what partners send in mail, and webhooks that lead elsewhere."""

import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from gateway.exchange.alerts import Message
from gateway.kernel.clock import fixed_clock
from gateway.kernel.errors import ChannelDownError
from gateway.transports.webhook import WebhookSender, is_public
from tests.orders.build import NOW
from tests.servers import certificates, hook, smtpd
from tests.site.harness import PlayedSite, new_site

WORD = Message("n1", "[gateway] error", "text")
PUBLIC, INSIDE = "93.184.216.34", "10.0.0.1"


def sender(url: str, *answers: Sequence[str], allow: Sequence[str] = ()) -> tuple[WebhookSender, list[str]]:
    """One whose names are answered in turn, and what it asked."""
    asked: list[str] = []

    def addresses(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return WebhookSender(url, "secret", fixed_clock(NOW), allow, addresses), asked


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """To which addresses something connects; none answers."""
    found: list[str] = []

    def connect(address: tuple[str, int], **_: object) -> socket.socket:
        found.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "create_connection", connect)
    return found


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104 - of no server
     "[::1]", "[fe80::1]", "[fc00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "localhost",
     "2130706433", "0x7f.1"],
)  # fmt: skip
def test_s_19_a_webhook_never_reaches_a_machine_of_ours(host: str, connected: list[str]) -> None:
    with pytest.raises(ChannelDownError):
        WebhookSender(f"https://{host}/hook", "secret", fixed_clock(NOW)).send(WORD)
    assert connected == []


def test_s_19_one_address_inside_is_enough_to_refuse(connected: list[str]) -> None:
    for answer in ((PUBLIC, INSIDE), (INSIDE, PUBLIC), (PUBLIC, "::1"), ()):
        asking, _ = sender("https://hooks.example.com/edi", answer)
        with pytest.raises(ChannelDownError):
            asking.send(WORD)
    assert connected == []


def test_s_19_a_name_that_flips_after_the_look_is_asked_once(connected: list[str]) -> None:
    asking, asked = sender("https://hooks.example.com/edi", (PUBLIC,), (INSIDE,))
    with pytest.raises(ChannelDownError, match="Connection refused"):
        asking.send(WORD)
    assert (asked, connected) == (["hooks.example.com"], [PUBLIC])


def test_s_19_a_redirect_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = certificates.self_made(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.chain))
    with hook.serving(made.context()) as first, hook.serving(made.context()) as second:
        for first.status in (301, 302, 307, 308):
            first.answer = {"Location": f"https://127.0.0.1:{second.port}/"}
            asking = WebhookSender(f"https://localhost:{first.port}/", "secret", fixed_clock(NOW), ["localhost"])
            with pytest.raises(ChannelDownError, match="leads elsewhere"):
                asking.send(WORD)
        assert (len(first.bodies), second.bodies) == (4, [])


def test_s_19_public_addresses_are_public() -> None:
    assert is_public(PUBLIC)
    assert is_public("2606:2800:220:1::1")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[PlayedSite, smtpd.Smtpd]]:
    site = new_site(tmp_path / "site")
    site.drop_master()
    with smtpd.serving() as server:
        with (site.folder / "gateway.yaml").open("a", encoding="utf-8") as file:
            file.write(
                f"mail: {{host: localhost, port: {server.port}, security: none, from: edi@northwind.example}}\n"
                "alerts: {routes: [{name: office, to: office@northwind.example}]}\n"
            )
        yield site, server


def test_s_17_what_a_partner_wrote_stands_literally_in_a_mail(office: tuple[PlayedSite, smtpd.Smtpd]) -> None:
    site, server = office
    name = "{{7*7}} <script>alert(1) &lt; \r\nBcc: all@example.com \x1b[31m.edi"
    (site.folder / "inbox" / "acme").mkdir(parents=True, exist_ok=True)
    (site.folder / "inbox" / "acme" / name).write_bytes(b"no EDI at all </td>\n" * 9)
    site.run()
    (mail,) = server.mails
    assert mail.get_content_type() == "text/plain"
    assert mail["Bcc"] is None
    assert server.to == [["office@northwind.example"]]
    (text,) = server.texts()
    assert "{{7*7}} <script>alert(1) &lt; " in text
    assert "\x1b" not in text
    assert "\nBcc:" not in text
