"""Somebody is told of what goes wrong: once, together with what has the same cause, and of its end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.app import alarms, build, units
from gateway.exchange.alerts import Alert, Severity
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import fixed_clock
from gateway.kernel.ids import AlertId, PartnerId
from tests import database as databases
from tests.servers import certificates, hook, smtpd
from tests.site.harness import FRIDAY, MONDAY, ROOT, PlayedSite, new_site, order, purchase_order

KILLED = -9
MAIL = "mail: {{host: localhost, port: {port}, security: none, from: edi@northwind.example}}\n"
OFFICE = "alerts: {routes: [{name: office, to: office@northwind.example}]}\n"


@pytest.fixture
def server() -> Iterator[smtpd.Smtpd]:
    with smtpd.serving() as found:
        yield found


def ask(site: PlayedSite, server: smtpd.Smtpd, alerts: str = OFFICE) -> None:
    path = site.folder / "gateway.yaml"
    known = path.read_text(encoding="utf-8").partition("mail: ")[0]
    path.write_text(known + MAIL.format(port=server.port) + alerts, encoding="utf-8")


def later(**span: float) -> str:
    return (datetime.fromisoformat(FRIDAY) + timedelta(**span)).isoformat()


def bench(site: PlayedSite, now: str = FRIDAY) -> Workbench:
    return build.workbench(
        build.load(site.folder, site.environ()), fixed_clock(datetime.fromisoformat(now)), site.environ()
    )


def raised(
    site: PlayedSite, key: str, *, severity: Severity = Severity.ERROR, partner: str = "acme", kind: str = "channel",
    document: str = "", cause: str = "",
) -> None:  # fmt: skip
    working = bench(site)
    alert = Alert(
        AlertId(f"A-{key}"), key, kind, severity, f"{key} is down.", working.clock(), partner=PartnerId(partner),
        document=document, cause=cause,
    )  # fmt: skip
    with working.store.unit() as work:
        work.alerts.open(alert)
        work.commit()


def test_a_bad_file_is_one_mail_and_its_end_another(site: PlayedSite, server: smtpd.Smtpd) -> None:
    ask(site, server)
    site.drop("acme", "letter.edi", b"Dear sirs\n" * 20)
    site.run()
    site.run()
    assert server.subjects() == [
        "[gateway] error: F-BINARY The file is in no format this partner is configured for (acme)"
    ]
    (hold,) = site.json("holds", "list")
    (alert,) = site.json("alerts", "list")
    assert (alert["kind"], alert["severity"], alert["code"]) == ("hold", "error", "F-BINARY")
    assert f"gateway holds show {hold['id']}" in server.texts()[0]
    assert site.gateway("holds", "reject", hold["id"], "--note", "no order").code == 0
    site.run(later(hours=1))
    site.run(later(hours=2))
    assert server.subjects()[1:] == [
        "[gateway] over: F-BINARY The file is in no format this partner is configured for (acme)"
    ]
    assert site.json("alerts", "list") == []
    (over,) = site.json("alerts", "list", "--all")
    assert over["over_since"] is not None
    shown = site.json("alerts", "show", over["id"])
    assert [(each["change"], each["state"]) for each in shown["notices"]] == [
        ("opened", "sent"), ("closed", "sent"),
    ]  # fmt: skip


def test_orders_of_one_cause_are_one_mail(site: PlayedSite, server: smtpd.Smtpd) -> None:
    ask(site, server)
    for at in range(37):
        body = order(f"PO-{at}", "PO1*1*2*EA*19.95*PE*VP*TENT-2P")
        site.drop("acme", f"order-{at}.edi", purchase_order(body, control=at + 1))
    site.run()
    assert server.subjects() == [
        "[gateway] warning: 37 x C-PRICE A price or an allowance is outside of what was agreed (acme)"
    ]
    assert server.texts()[0].count("is on hold: C-PRICE") == 37
    assert len(site.json("alerts", "list")) == 37


def test_of_one_cause_the_second_mail_waits_five_minutes(site: PlayedSite, server: smtpd.Smtpd) -> None:
    ask(site, server)

    def scan(now: str) -> None:
        working = bench(site, now)
        for _ in range(5):
            for each in units.found(working):
                units.act(working, each.kind, each.key)

    raised(site, "one", cause="wan")
    scan(FRIDAY)
    raised(site, "two", cause="wan")
    raised(site, "alone")
    raised(site, "fire", severity=Severity.CRITICAL, cause="fire")
    scan(later(seconds=1))
    assert sorted(server.subjects()) == [
        "[gateway] critical: fire is down. (acme)",
        "[gateway] error: alone is down. (acme)",
    ]
    scan(later(seconds=21))
    assert server.subjects()[2:] == ["[gateway] error: 2 x one is down. (acme)"]
    raised(site, "three", cause="wan")
    raised(site, "four", cause="wan")
    scan(later(seconds=60))
    scan(later(seconds=200))
    assert len(server.mails) == 3
    scan(later(seconds=330))
    assert server.subjects()[3:] == ["[gateway] error: 2 x four is down. (acme)"]
    working = bench(site, later(seconds=330))
    with working.store.unit() as work:
        assert alarms.find(working, work) == []


def test_routes_are_told_what_they_asked_for(site: PlayedSite, server: smtpd.Smtpd) -> None:
    ask(
        site, server,
        "alerts:\n  routes:\n"
        "    - {name: all, to: all@n.example, severity: info}\n"
        "    - {name: bad, to: bad@n.example, severity: critical}\n"
        "    - {name: acme, to: acme@n.example, partners: [acme]}\n"
        "    - {name: bills, to: bills@n.example, documents: [invoice]}\n"
        "    - {name: disk, to: disk@n.example, kinds: [disk]}\n",
    )  # fmt: skip
    partner = site.folder / "partners" / "erp.yaml"
    partner.write_text(partner.read_text(encoding="utf-8") + "alerts: {to: erp@n.example}\n", encoding="utf-8")
    raised(site, "info", severity=Severity.INFO)
    raised(site, "erp", partner="erp", document="invoice")
    raised(site, "disk", partner="", kind="disk-like", severity=Severity.CRITICAL)
    site.run()
    told = sorted(
        (str(mail["Subject"]).split(": ")[1].split()[0], to[0].partition("@")[0])
        for mail, to in zip(server.mails, server.to, strict=True)
    )
    assert told == [("disk", "all"), ("disk", "bad"), ("erp", "all"), ("erp", "bills"), ("erp", "erp"), ("info", "all")]


def test_a_mail_server_that_is_away_keeps_nothing_waiting(site: PlayedSite) -> None:
    with smtpd.serving() as gone:
        ask(site, gone)
    site.drop("acme", "letter.edi", b"Dear sirs\n" * 20)
    site.drop("acme", "order.edi", purchase_order(order("PO-1")))
    site.run()
    assert site.outbox("acme")
    with smtpd.serving() as server:
        ask(site, server)
        site.run(later(seconds=10))
        assert server.mails == []
        site.run(later(seconds=40))
        site.run(later(hours=1))
        assert len(server.mails) == 1


def test_a_crash_between_the_yes_and_the_commit_repeats_the_same_mail(site: PlayedSite, server: smtpd.Smtpd) -> None:
    ask(site, server)
    site.drop("acme", "letter.edi", b"Dear sirs\n" * 20)
    assert site.gateway("run", "--once", "--now", FRIDAY, crash_at="notice-sent").code == KILLED
    site.drop("acme", "another.edi", b"Dear sirs\n" * 21)
    site.run(later(seconds=30))
    site.run(later(hours=1))
    first, again, other = [each for each in server.mails if "The process" not in each["Subject"]]  # that was killed
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first.get_content() == again.get_content()


def test_what_is_open_for_long_is_told_again_until_it_is_over(site: PlayedSite, server: smtpd.Smtpd) -> None:
    ask(site, server, OFFICE.replace("]}\n", "], remind: 1h}\n"))
    raised(site, "one")
    raised(site, "two")
    site.run()
    assert len(server.mails) == 2
    site.run(later(minutes=61))
    site.run(later(minutes=62))
    assert server.subjects()[2:] == ["[gateway] still open: 2 alerts, 2 error"]
    assert site.gateway("alerts", "close", "A-one", "--note", "works").code == 0
    site.run(later(minutes=123))
    assert server.subjects()[3:] == ["[gateway] over: one is down. (acme)", "[gateway] still open: 1 alert, 1 error"]


def test_the_digest_leaves_once_a_day_at_its_time(site: PlayedSite, server: smtpd.Smtpd) -> None:
    ask(
        site,
        server,
        'alerts: {routes: [{name: night, to: n@n.example, severity: critical}], digest: {at: "07:00", route: night}}\n',
    )
    settings = site.folder / "gateway.yaml"
    said = [line for line in settings.read_text(encoding="utf-8").splitlines() if not line.startswith("time_zone")]
    settings.write_text("\n".join([*said, "time_zone: America/Chicago", ""]), encoding="utf-8")
    site.drop("acme", "letter.edi", b"Dear sirs\n" * 20)
    raised(site, "one", kind="channel")
    site.run("2026-11-21T12:59:00Z")
    assert server.mails == []
    for moment in ("2026-11-21T13:00:00Z", "2026-11-21T13:05:00Z", "2026-11-22T04:00:00Z"):
        site.run(moment)
    assert server.subjects() == ["[gateway] digest: 2 open alerts, 2 error"]
    text = server.texts()[0]
    assert "On hold: 1 (gateway holds list)\n    1 x F-BINARY" in text
    assert "Error: 1\n    one is down. (acme), since" in text
    site.run("2026-11-22T15:00:00Z")
    assert len(server.mails) == 2
    printed = site.gateway("alerts", "digest", "--now", MONDAY)
    assert "2 open alerts" in printed.out
    assert site.gateway("alerts", "digest", "--send", "--now", MONDAY).code == 0
    assert len(server.mails) == 3


def test_a_route_can_be_tried(site: PlayedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = certificates.self_made(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.chain))
    monkeypatch.setenv("HOOK", "whsec_c2VjcmV0")
    with hook.serving(made.context()) as server, smtpd.serving() as mail:
        ask(
            site, mail,
            f"alerts: {{routes: [{{name: chat, webhook: {{url: 'https://localhost:{server.port}/', secret: {{env: HOOK}}}}}}], "
            "allow_hosts: [localhost]}\n",
        )  # fmt: skip
        assert site.gateway("alerts", "test", "chat").code == 0
        assert server.said()[0]["data"]["subject"] == "[gateway] test"
        assert site.gateway("alerts", "test", "office").code == 5
        server.status = 503
        assert site.gateway("alerts", "test", "chat").code == 6
        monkeypatch.delenv("HOOK")
        assert site.gateway("alerts", "test", "chat").code == 4


def test_an_alert_that_is_ended_by_hand_stays_so_until_the_order_is_held_again(site: PlayedSite) -> None:
    site.drop("acme", "order.edi", purchase_order(order("PO-1", "PO1*1*2*EA*19.95*PE*VP*TENT-2P")))
    site.run()
    (alert,) = site.json("alerts", "list")
    assert alert["about"].startswith("SO-")
    assert site.gateway("alerts", "close", alert["id"], "--note", "I know").code == 0
    assert site.gateway("alerts", "close", alert["id"], "--note", "I know").code == 8
    assert site.gateway("alerts", "close", "A-none", "--note", "I know").code == 5
    site.run(later(hours=1))
    assert site.json("alerts", "list") == []
    assert "no alerts" in site.gateway("alerts", "list").out
    assert "nobody was told" in site.gateway("alerts", "show", alert["id"]).out


def test_a_route_that_fails_is_told_over_the_others(site: PlayedSite, server: smtpd.Smtpd) -> None:
    ask(
        site, server,
        "alerts:\n  routes:\n    - {name: office, to: office@n.example}\n"
        "    - {name: chat, webhook: {url: 'https://localhost:1/', secret: {env: HOOK_OF_TESTS}}}\n",
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOOK_OF_TESTS", "secret")
        raised(site, "one")
        for minutes in (0, 2, 6, 20, 40):
            site.run(later(minutes=minutes))
    assert "Nobody can be told over the route 'chat'" in server.texts()[1]
    assert len(server.mails) == 2


def test_a_running_gateway_tells_what_is_critical_at_once(site: PlayedSite, server: smtpd.Smtpd) -> None:
    ask(site, server)
    (site.folder / "inbox" / "acme").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "gateway", "run", "--every", "1"]
    environ = {**os.environ, **site.environ(), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=site.folder, env=environ, stderr=subprocess.PIPE, text=True)
    try:
        site.drop("acme", "stranger.edi", purchase_order(order("PO-1"), sender="SOMEBODYELSE"))
        end = time.monotonic() + 60
        while not server.mails and time.monotonic() < end:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()
    (subject,) = server.subjects()
    assert subject.startswith("[gateway] critical: S-SENDER")


def test_units_that_fail_and_processes_that_die_are_told(site: PlayedSite) -> None:
    alarms.failed_units(bench(site), {"in:one": "a defect", "due:one": "a defect", "in:two": "", "out:three": "no"})
    alarms.failed_units(bench(site), {"in:one": "a defect", "due:one": "a defect"})
    alarms.worker_gone(bench(site), "host-1-abc")
    rows = site.json("alerts", "list")
    assert sorted((each["kind"], each["about"], each["times"]) for each in rows) == [
        ("unit", "due:one", 1),
        ("unit", "in:one", 1),
        ("worker", "host-1-abc", 1),
    ]
    site.run(later(hours=25))
    rows = site.json("alerts", "list")
    assert [each["about"] for each in rows] == ["due:one"], (
        "a run ends what is of no unit any more, where it does the kind"
    )
    alarms.failed_units(bench(site), {"due:one": ""}, all_of={"in"})
    assert len(site.json("alerts", "list")) == 1
    alarms.failed_units(bench(site), {"due:one": ""}, all_of={"due"})
    assert site.json("alerts", "list") == []


def test_a_run_without_a_route_tells_the_log(site: PlayedSite) -> None:
    site.drop("acme", "stranger.edi", purchase_order(order("PO-1"), sender="SOMEBODYELSE"))
    answer = site.run()
    assert '"event": "alert.opened"' in answer.err
    assert site.json("alerts", "list")[0]["severity"] == "critical"
    assert site.run().err == ""


def test_on_postgresql_it_is_the_same(tmp_path: Path, server: smtpd.Smtpd) -> None:
    site = new_site(tmp_path / "site", on=databases.POSTGRESQL)
    site.drop_master()
    ask(site, server)
    site.drop("acme", "letter.edi", b"Dear sirs\n" * 20)
    site.drop("acme", "order.edi", purchase_order(order("PO-1", "PO1*1*2*EA*19.95*PE*VP*TENT-2P")))
    site.run()
    assert sorted(each.split()[2] for each in server.subjects()) == ["C-PRICE", "F-BINARY"]
    (alert,) = [each for each in site.json("alerts", "list") if each["code"] == "C-PRICE"]
    assert site.gateway("alerts", "close", alert["id"], "--note", "I know").code == 0
    site.run(later(hours=1))
    assert site.gateway("orders", "release", "PO-1", "--note", "agreed", "--accept", "theirs").code == 0
    (hold,) = site.json("holds", "list")
    assert site.gateway("holds", "reject", hold["id"], "--note", "no order").code == 0
    site.run(later(hours=25))
    assert site.json("alerts", "list") == []
    assert [each for each in server.subjects() if "over:" in each]
