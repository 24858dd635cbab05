"""Telling people when that itself is in trouble: nothing is lost, nothing comes twice, and no storm comes afterwards."""

import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.app import alarms, build, units
from gateway.app.run import beside
from gateway.exchange.alerts import Alert, Message, Severity
from gateway.flows.alerting import notifying
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import fixed_clock
from gateway.kernel.ids import AlertId, PartnerId
from gateway.transports import webhook
from tests import database as databases
from tests.preparing import prepared_once
from tests.servers import certificates, hook, smtpd
from tests.site.harness import FRIDAY, PlayedSite, new_site
from tests.site.test_alerts import ask, later

HOOK = "alerts: {{routes: [{{name: chat, webhook: {{url: 'https://localhost:{port}/', secret: {{env: HOOK}}}}}}], allow_hosts: [localhost]}}\n"


def bench(site: PlayedSite, now: str = FRIDAY) -> Workbench:
    """The workbench of a moment; its mappings, of which nothing is asked here, are prepared once."""
    environ = {**os.environ, **site.environ()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "prepare", prepared_once)
        ready = build.load(site.folder, environ)
    return build.workbench(ready, fixed_clock(datetime.fromisoformat(now)), environ)


def scan(site: PlayedSite, now: str) -> None:
    """What a process that runs the site does with one look."""
    working = bench(site, now)
    for _ in range(4):
        with working.store.unit() as work:
            owed = [*alarms.find(working, work), *notifying.find(working, work)]
        for each in owed:
            units.act(working, each.kind, each.key)


def ended(site: PlayedSite, key: str, now: str) -> None:
    working = bench(site, now)
    with working.store.unit() as work:
        work.alerts.close(key, "", working.clock())
        work.commit()


def opened(site: PlayedSite, key: str, now: str, *, cause: str, severity: Severity = Severity.ERROR) -> None:
    """An alert of a moment."""
    working = bench(site, now)
    identity = AlertId(f"A-{key}-{now}"[:40])
    alert = Alert(
        identity, key, "channel", severity, f"{key} is down.", working.clock(), partner=PartnerId("acme"), cause=cause
    )
    with working.store.unit() as work:
        work.alerts.open(alert)
        work.commit()


def test_after_a_day_without_a_mail_server_each_alert_is_told_once_and_no_storm_comes(site: PlayedSite) -> None:
    with smtpd.serving() as gone:
        ask(site, gone)
    for hour in range(0, 26, 2):
        now = later(hours=hour)
        opened(site, f"wan-{hour}", now, cause="wan")
        opened(site, f"own-{hour}", now, cause=f"own-{hour}")
        scan(site, later(hours=hour, minutes=21))
        if hour % 4 == 0:
            ended(site, f"own-{hour}", later(hours=hour, minutes=30))
        scan(site, later(hours=hour, minutes=45))
    opened(site, "fire", later(hours=26), cause="fire", severity=Severity.CRITICAL)
    with smtpd.serving() as server:
        ask(site, server)
        for minutes in (0, 5, 10, 30, 60, 120, 360, 720, 1400):
            scan(site, later(hours=26, minutes=minutes))
            if minutes == 60:
                assert len(server.mails) <= 4, server.subjects()
        text = "\n".join(
            each for each, subject in zip(server.texts(), server.subjects(), strict=True) if "still" not in subject
        )
        still = [each for each in server.subjects() if "still open" in each]
    said = Counter(word.split(" is down.")[0].split(": ")[-1] for word in text.splitlines() if " is down." in word)
    over = {f"own-{hour}" for hour in range(0, 26, 4)}
    assert said.keys() == {f"{kind}-{hour}" for hour in range(0, 26, 2) for kind in ("wan", "own")} - over | {"fire"}
    assert over.isdisjoint(said)
    assert set(said.values()) == {1}
    assert len(still) <= 2, still
    assert site.rows(
        "SELECT count(*) FROM alert_notices WHERE route <> '' AND change = 'opened' AND state = 'waiting'"
    ) == [(0,)]


def test_a_digest_that_could_not_leave_gives_way_to_that_of_the_next_day(site: PlayedSite) -> None:
    asked = (
        'alerts: {routes: [{name: night, to: n@n.example, severity: critical}], digest: {at: "07:00", route: night}}\n'
    )
    with smtpd.serving() as gone:
        ask(site, gone, asked)
    for day in range(1, 4):
        for hour in range(0, 24, 6):
            scan(site, later(days=day, hours=hour))
    with smtpd.serving() as server:
        ask(site, server, asked)
        for minutes in range(0, 180, 30):
            scan(site, later(days=3, hours=22, minutes=minutes))
        assert len(server.mails) == 1
    assert site.rows("SELECT state, count(*) FROM alert_notices WHERE change = 'digest' GROUP BY state ORDER BY state")[
        -1
    ] == ("sent", 1)


@pytest.mark.parametrize(
    ("at", "days"),
    [
        ("01:30", ("2026-10-31", "2026-11-01", "2026-11-02")),  # on the first of November 01:30 comes twice
        ("02:30", ("2027-03-13", "2027-03-14", "2027-03-15")),  # on the fourteenth of March it does not come at all
    ],
)
def test_on_a_day_with_another_clock_there_is_one_digest(site: PlayedSite, at: str, days: tuple[str, ...]) -> None:
    settings = site.folder / "gateway.yaml"
    said = [line for line in settings.read_text(encoding="utf-8").splitlines() if not line.startswith("time_zone")]
    settings.write_text("\n".join([*said, "time_zone: America/Chicago", ""]), encoding="utf-8")
    with smtpd.serving() as server:
        ask(
            site,
            server,
            f'alerts: {{routes: [{{name: night, to: n@n.example}}], digest: {{at: "{at}", route: night}}}}\n',
        )
        counted = []
        for day in days:
            start = datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=UTC) + timedelta(hours=4)
            before = len(server.mails)
            for step in (0, 60, 90, 150, *range(165, 300, 15), 600, 1200):  # from four in the morning, UTC
                scan(site, (start + timedelta(minutes=step)).isoformat())
            counted.append(len(server.mails) - before)
    assert counted[1:] == [1, 1]
    assert counted[0] in (1, 2)  # before the first one of all nobody knows of the day before


@pytest.fixture
def posted(site: PlayedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[hook.Hook]:
    made = certificates.self_made(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.chain))
    monkeypatch.setenv("HOOK", "whsec_c2VjcmV0")
    with hook.serving(made.context()) as server, smtpd.serving() as mail:
        ask(site, mail, HOOK.format(port=server.port))
        yield server


def test_a_webhook_that_fails_or_leads_away_is_told_each_alert_once_when_it_works(
    site: PlayedSite, posted: hook.Hook
) -> None:
    opened(site, "one", FRIDAY, cause="wan")
    minutes = 0
    for status in (500, 503, 301, 307, 429, 502):
        posted.status, posted.answer = status, {"Location": "https://127.0.0.1:1/"}
        minutes += 70
        scan(site, later(minutes=minutes))
        scan(site, later(minutes=minutes, seconds=30))
        opened(site, f"more-{status}", later(minutes=minutes), cause=f"of-{status}")
    posted.status, posted.answer = 204, {}
    before = len(posted.bodies)
    assert before >= 6, site.rows("SELECT change, state, attempts, last_error, due_at FROM alert_notices")
    for more in (0, 1, 5, 10, 30, 70, 150, 300):
        scan(site, later(minutes=minutes + 1 + more))
    told = posted.bodies[before:]
    assert 1 <= len(told) <= 3
    for key in ("one", *(f"more-{status}" for status in (500, 503, 301, 307, 429, 502))):
        assert sum(f"{key} is down.".encode() in each for each in told) == 1, key
    assert posted.headers[before]["webhook-id"] in {each["webhook-id"] for each in posted.headers[:before]}


@contextmanager
def mute() -> Iterator[int]:
    """A server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield silent.getsockname()[1]


def test_a_webhook_that_never_answers_keeps_nothing_waiting_for_long(
    site: PlayedSite, posted: hook.Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "PATIENCE", 0.3)
    with mute() as port, smtpd.serving() as mail:
        ask(site, mail, HOOK.format(port=port))
        for at in range(5):
            opened(site, f"a-{at}", FRIDAY, cause=f"c-{at}")
        began = time.monotonic()
        scan(site, later(minutes=1))
        scan(site, later(minutes=2))
        assert time.monotonic() - began < 20
        ask(site, mail, HOOK.format(port=posted.port))
    for more in (3, 5, 10, 30, 70, 140):
        scan(site, later(minutes=more))
    told = b"".join(posted.bodies)
    assert [told.count(f"a-{at} is down.".encode()) for at in range(5)] == [1] * 5


def test_a_mail_that_broke_off_in_the_middle_comes_again_as_it_was(site: PlayedSite) -> None:
    """The server may have it: whoever knows its Message-ID sees that it is the same."""
    ids: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)
        port = listening.getsockname()[1]
        thread = threading.Thread(target=_breaks_off, args=(listening, ids))
        thread.start()
        server = smtpd.Smtpd(port)
        ask(site, server)
        opened(site, "one", FRIDAY, cause="wan")
        scan(site, later(minutes=1))
        scan(site, later(minutes=2))
        thread.join()
    opened(site, "two", FRIDAY, cause="wan")
    with smtpd.serving() as mended:
        ask(site, mended)
        for more in (4, 8, 12, 30, 60):
            scan(site, later(minutes=more))
        assert str(mended.mails[0]["Message-ID"]).encode() in ids[0]
        assert [each.count(" is down.") for each in mended.texts()] == [1, 1]


def _breaks_off(listening: socket.socket, ids: list[bytes]) -> None:
    """Take one mail whole and hang up without a word."""
    connection, _ = listening.accept()
    with connection, connection.makefile("rwb") as talk:
        for answer in (b"220 here", b"250 you", b"250 from", b"250 to", b"354 go on"):
            talk.write(answer + b"\r\n")
            talk.flush()
            if answer.startswith(b"354"):
                break
            talk.readline()
        body = b""
        while not body.endswith(b"\r\n.\r\n"):
            body += talk.readline()
        ids.append(body)


def test_what_comes_and_goes_tells_nobody_more_than_once_in_five_minutes(site: PlayedSite) -> None:
    with smtpd.serving() as server:
        ask(site, server)
        for minute in range(30):
            opened(site, "disk", later(minutes=minute), cause="disk", severity=Severity.CRITICAL)
            scan(site, later(minutes=minute, seconds=5))
            ended(site, "disk", later(minutes=minute, seconds=30))
            scan(site, later(minutes=minute, seconds=35))
        assert server.subjects()[0] == "[gateway] critical: disk is down. (acme)"
        assert len(server.mails) <= 2 * 30 / 5 + 2


class Slow:
    """A sender that takes its time, and says who sent what."""

    def __init__(self, ids: list[str]) -> None:
        self.ids = ids

    def send(self, message: Message) -> None:
        time.sleep(0.5)
        self.ids.append(message.id)


@pytest.mark.parametrize("kind", [databases.SQLITE, databases.POSTGRESQL])
def test_processes_at_the_same_route_at_the_same_time_tell_once(tmp_path: Path, kind: str) -> None:
    site = new_site(tmp_path / "site", on=kind)
    with smtpd.serving() as server:
        ask(site, server)
    for at in range(3):
        opened(site, f"a-{at}", FRIDAY, cause=f"c-{at}", severity=Severity.CRITICAL)
    routed = bench(site)
    with routed.store.unit() as work:
        owed = alarms.find(routed, work)
    for one in owed:
        units.act(routed, one.kind, one.key)
    ids: list[str] = []

    def process() -> None:
        with beside(bench(site)) as own:
            working: Workbench = replace(own, sender=lambda _route: Slow(ids))
            with working.store.unit() as work:
                due = notifying.find(working, work)
            for each in due:
                units.act(working, each.kind, each.key)

    threads = [threading.Thread(target=process) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(Counter(ids).values()) == [1, 1, 1]
