"""S-22: what a site keeps secret stands in nothing that it says to anybody: mail, webhooks, receipts, probes, errors."""

import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from gateway.app import build
from gateway.app.health_port import answering
from gateway.app.pulse import Pulse
from gateway.exchange.alerts import Alert, Severity
from gateway.kernel import hiding
from gateway.kernel.clock import fixed_clock
from gateway.kernel.ids import AlertId, PartnerId
from tests.app.test_health import free_port
from tests.config.keys import public_key
from tests.servers import certificates, hook, smtpd
from tests.servers.smtpd import Smtpd
from tests.site.harness import FRIDAY, PlayedSite, new_site, order, purchase_order
from tests.site.test_alerts import later

CANARIES = {
    "MAIL_PW": "kanari-mail-1f2a",
    "HOOK_PW": "kanari-hook-3b4c",
    "SFTP_PW": "kanari-sftp-5d6e",
    "KEY_PW": "kanari-key-7f80",
}
SETTINGS = """mail: {{host: localhost, port: {mail}, security: starttls, from: edi@n.example, user: edi, password: {{env: MAIL_PW}}}}
alerts:
  routes:
    - {{name: office, to: office@n.example}}
    - {{name: chat, webhook: {{url: "https://localhost:{hook}/x", secret: {{env: HOOK_PW}}}}}}
  allow_hosts: [localhost]
  digest: {{at: "07:00", route: chat}}
"""
FAR = """gateway: 1
partner: far
name: Far
documents: {{order: {{in: csv/order}}, order_receipt: {{out: csv/order-receipt}}}}
channels:
  in: [{{kind: directory, path: inbox/far}}]
  out:
    - {{kind: directory, path: outbox/far}}
    - {{kind: sftp, name: away, host: 127.0.0.1, port: 1, user: u, password: {{env: SFTP_PW}}, host_key: "{key}", path: /o, timeout: 1s}}
    - {{kind: sftp, name: other, host: 127.0.0.1, port: 1, user: u, key: {{file: secrets/key}}, passphrase: {{env: KEY_PW}},
       host_key: "{key}", path: /p, timeout: 1s}}
"""
ROWS = "po_number,po_date,ship_to_name,address1,city,line,sku,quantity,uom,unit_price\n"
SAYS = [
    ("config", "show"), ("config", "check"), ("partner", "show", "far"), ("partner", "list"), ("partner", "check", "far"),
    ("partner", "test", "far"), ("audit", "list"), ("alerts", "list", "--all"), ("alerts", "digest"), ("channels", "list"),
    ("dispatch", "list"), ("holds", "list"), ("files", "list"), ("units", "list"), ("health",), ("sftp", "show"),
    ("acks", "due"), ("promises",), ("db", "check"), ("trace", "C-1"), ("orders", "show", "C-1"), ("metrics",),
]  # fmt: skip
TRIES = [
    ("alerts", "test", "office"), ("alerts", "test", "chat"), ("alerts", "digest", "--send"), ("run", "--once", "-v"),
    ("partner", "test", "far", "--channel", "away", "--write"), ("dispatch", "retry", "--partner", "far"),
    ("alerts", "close", "A-said", "--note", CANARIES["SFTP_PW"]),
]  # fmt: skip


@pytest.fixture
def forgotten() -> Iterator[None]:
    before = set(hiding._KNOWN)
    yield
    hiding._KNOWN.clear()
    hiding._KNOWN.update(before)


def leaks(text: str) -> list[str]:
    return [each for each in CANARIES.values() if each in text]


@pytest.fixture
def played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgotten: None
) -> Iterator[tuple[PlayedSite, Smtpd, hook.Hook]]:
    assert forgotten is None
    site = new_site(tmp_path / "site")
    site.drop_master()
    made = certificates.self_made(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.chain))
    for name, value in CANARIES.items():
        monkeypatch.setenv(name, value)
    (site.folder / "secrets").mkdir()
    (site.folder / "secrets" / "key").write_text(f"-----BEGIN-----\n{CANARIES['KEY_PW']}\n-----END-----\n")
    (site.folder / "partners" / "far.yaml").write_text(FAR.format(key=public_key()), encoding="utf-8")
    with hook.serving(made.context()) as chat, smtpd.serving() as mail:
        with (site.folder / "gateway.yaml").open("a", encoding="utf-8") as file:
            file.write(SETTINGS.format(mail=mail.port, hook=chat.port))
        yield site, mail, chat


def says(site: PlayedSite, what: str) -> None:
    """An alert and an entry of the trail whose text repeats a secret, as a server of others may make us say it."""
    environ = {**os.environ, **site.environ()}
    working = build.workbench(build.load(site.folder, environ), fixed_clock(datetime.fromisoformat(FRIDAY)), environ)
    reason = f"The server said: no {what} for user u."
    alert = Alert(
        AlertId("A-said"), "channel:said", "channel", Severity.CRITICAL, reason, working.clock(), partner=PartnerId("far"),
        reference=what, cause="said",
    )  # fmt: skip
    with working.store.unit() as work:
        work.alerts.open(alert)
        work.audit.note("ann", "channel.retried", what, at=working.clock(), partner="far", detail={"note": reason})
        work.commit()


def test_s_22_no_secret_stands_in_what_is_told_written_or_answered(played: tuple[PlayedSite, Smtpd, hook.Hook]) -> None:
    site, mail, chat = played
    for name in ("MAIL_PW", "SFTP_PW"):
        says(site, CANARIES[name])
    mail.answer = f"554 go away with your {CANARIES['MAIL_PW']}"
    site.drop("far", "o.csv", f"{ROWS}N-1,2026-11-20,Far,Hafen 1,Bremen,1,NO-SUCH,4,EA,50.00\n")
    site.drop("acme", "c.edi", purchase_order(order("C-1")))
    site.gateway("run", "--once", "-v", "--now", FRIDAY)
    site.gateway("run", "--once", "-v", "--now", later(minutes=2))
    for words in [*SAYS, *((*each, "--json") for each in SAYS), *TRIES]:
        answer = site.gateway(*words)
        assert leaks(answer.out + answer.err) == [], (words, answer)
        assert answer.code != 70, (words, answer)
    assert chat.bodies
    assert re.search(rb"no \*\*\* for user u", b"".join(chat.bodies))
    said = b"".join([*chat.bodies, *mail.raw, *(repr(each).encode() for each in chat.headers)]).decode()
    said += "".join(chat.paths)
    said += b"".join(site.outbox().values()).decode()
    assert leaks(said) == []
    shown = {each["name"]: each["value"] for each in site.json("config", "show")}
    assert shown["mail.password"] == "***"
    assert [each for each in shown if "***" in str(shown[each])]


def test_s_22_no_secret_stands_in_what_the_port_answers(played: tuple[PlayedSite, Smtpd, hook.Hook]) -> None:
    """Not in the bodies of the probes, not in a label of a metric, and nothing of a request comes back."""
    site, _, _ = played
    secret = CANARIES["HOOK_PW"]
    says(site, secret)
    site.drop("far", "o.csv", f"{ROWS}N-1,2026-11-20,Far,Hafen 1,Bremen,1,NO-SUCH,4,EA,50.00\n")
    site.gateway("run", "--once", "-v", "--now", FRIDAY)
    ready = build.load(site.folder, {**os.environ, **site.environ()}).site
    pulse, port = Pulse("w"), free_port()
    pulse.turn("scan")
    pulse.watch("server", lambda: f"The server said: no {secret} for user u.")
    with answering(f"127.0.0.1:{port}", ready, pulse, 60) as observer:
        observer("channel.failed", {"channel": f"out-{secret}"})
        observer("document.rejected", {"document": secret})
        for path in ("/health", "/ready", "/metrics", f"/metrics/{secret}", f"/{secret}?{secret}"):
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept": secret})
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - same
                    said = str(answer.headers) + answer.read().decode()
            except urllib.error.HTTPError as error:
                said = str(error.headers) + error.read().decode()
            assert leaks(said) == [], path
            assert said.strip()


def test_s_22_a_mail_that_arrives_holds_no_secret(played: tuple[PlayedSite, Smtpd, hook.Hook]) -> None:
    site, _, _ = played
    says(site, CANARIES["SFTP_PW"])
    with smtpd.serving() as plain:
        settings = (site.folder / "gateway.yaml").read_text(encoding="utf-8")
        mended = re.sub(
            r"mail: .*\n",
            f"mail: {{host: localhost, port: {plain.port}, security: none, from: edi@n.example}}\n",
            settings,
        )
        (site.folder / "gateway.yaml").write_text(mended, encoding="utf-8")
        site.gateway("run", "--once", "--now", later(minutes=1))
        assert plain.mails
        assert leaks("".join([*plain.texts(), *plain.subjects()])) == []
        assert "no *** for user u" in plain.texts()[0]
