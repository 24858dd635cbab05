"""Servers are asked when their time comes: in a unit of its own by processes that stay, once by a run that ends."""

import os
import signal
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.app import servers, units
from gateway.exchange.channels import Channel, ChannelHealth, ChannelState, Direction
from gateway.flows import poll_states, polling
from gateway.kernel.clock import fixed_clock, system_clock
from gateway.kernel.errors import ChannelDownError
from gateway.kernel.ids import ChannelKey, PartnerId
from tests.nursery import nursery
from tests.servers.sshd import Sshd
from tests.sftp.served import IN, Served, moment, served
from tests.site.harness import ROOT

NOON = moment("2026-11-20T12:00:30+00:00")
FIVE = timedelta(minutes=5)
CHANNEL = Channel(ChannelKey(IN), PartnerId("acme"), Direction.IN, "sftp")


@pytest.fixture
def acme(tmp_path: Path, sftp_server: Sshd, monkeypatch: pytest.MonkeyPatch) -> Served:
    monkeypatch.setattr(polling, "LOOK_AGAIN", 0.05)
    return served(tmp_path / "site", sftp_server)


@pytest.mark.parametrize(
    ("next_poll", "health", "due"),
    [
        (None, ChannelHealth.OK, "2026-11-20T12:00:00+00:00"),
        (NOON, ChannelHealth.OK, "2026-11-20T12:00:30+00:00"),
        (NOON - timedelta(days=3), ChannelHealth.FAILING, "2026-11-17T12:00:30+00:00"),
        (NOON + timedelta(seconds=1), ChannelHealth.OK, None),
        (NOON + timedelta(hours=1), ChannelHealth.FAILING, None),
        (NOON + timedelta(days=400), ChannelHealth.OK, "2026-11-20T12:00:00+00:00"),
        (NOON, ChannelHealth.STOPPED, None),
    ],
)
def test_a_channel_is_due_at_its_moment_and_never_for_a_clock_that_was_wrong(
    next_poll: "object", health: ChannelHealth, due: str | None
) -> None:
    state = ChannelState(CHANNEL, health, next_poll=next_poll)  # type: ignore[arg-type]

    assert [at.isoformat() for _, at in poll_states.due([(state, FIVE)], NOON)] == ([due] if due else [])


def test_units_are_found_in_turn_and_asked_once_for_each_moment(acme: Served) -> None:
    bench = acme.bench()
    (unit,) = [each for each in units.found(bench, by_clock=False) if each.kind == "poll"]
    assert unit.key.startswith(f"{IN}@")
    assert not [each for each in units.found(bench, by_clock=True) if each.kind == "poll"]
    assert not [each for each in units.found(bench, asks=False) if each.kind == "poll"]

    acme.put("one.csv")
    units.act(bench, "poll", unit.key)
    assert acme.received(bench) == ["one.csv"]
    state = acme.state(bench)
    assert state.next_poll is not None
    assert FIVE <= state.next_poll - system_clock() + timedelta(seconds=30) <= FIVE * 1.2
    acme.put("two.csv")
    units.act(bench, "poll", unit.key)  # the same moment once more
    assert acme.received(bench) == ["one.csv"]
    assert not [each for each in units.found(bench) if each.kind == "poll"]


def test_a_unit_does_not_fail_for_a_server_that_is_away(acme: Served) -> None:
    bench = acme.bench()
    (unit,) = [each for each in units.found(bench, by_clock=False) if each.kind == "poll"]
    acme.server.stop()

    units.act(bench, "poll", unit.key)
    assert acme.state(bench).health is ChannelHealth.FAILING
    assert not [each for each in units.found(bench) if each.kind == "poll"]


def test_a_channel_that_fails_is_asked_less_and_less_often(acme: Served) -> None:
    at, waits = NOON, []
    for _ in range(8):
        bench = replace(acme.bench(), wall=fixed_clock(at))
        poll_states.failed(bench, CHANNEL, FIVE, ChannelDownError("away", code="T-CHANNEL"))
        again = acme.state(bench).next_poll
        assert again is not None
        waits.append(again - at)
        at = again

    assert all(FIVE * 2**n * 0.7 <= wait <= FIVE * 2**n * 1.3 for n, wait in enumerate(waits[:4]))
    assert all(poll_states.LONGEST_WAIT * 0.7 <= wait <= poll_states.LONGEST_WAIT * 1.3 for wait in waits[4:])


def test_a_command_of_a_person_asks_no_server(acme: Served) -> None:
    acme.put("one.csv")
    said = acme.server.said

    assert acme.site.gateway("units", "list").code == 0
    assert acme.site.gateway("orders", "list").code == 0
    assert acme.server.said == said


def test_a_process_that_stays_asks_takes_and_ends_in_peace(acme: Served) -> None:
    acme.site.drop_master()
    bench = acme.bench()
    assert servers.let(bench, CHANNEL) is False
    with bench.store.unit() as work:
        work.channels.polled(CHANNEL, next_poll=system_clock())
        work.commit()
    acme.order(1)
    environ = {**os.environ, "PYTHONPATH": str(ROOT)} | acme.site.environ()
    environ.pop("GATEWAY_SITE", None)
    log = acme.site.folder / "said.log"
    process = nursery().start(["run", "--every", "0.5"], acme.site.folder, environ, log)
    end = time.monotonic() + 60
    try:
        while not list((acme.site.folder / "outbox" / "acme").glob("*855*")) and time.monotonic() < end:
            if any(acme.site.json("orders", "list")):
                break
            time.sleep(0.3)
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(60)

    assert code == 0, log.read_text()
    assert [each["po_number"] for each in acme.site.json("orders", "list")] == ["PO-1"], log.read_text()
    assert list(acme.incoming.iterdir()) == []
