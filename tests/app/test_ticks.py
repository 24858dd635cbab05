"""A tick in which nothing is new asks the same few questions however much is open, and is given nothing it does not need."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from gateway.app import units
from gateway.app.build import load, workbench
from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.channels import Channel, Direction
from gateway.exchange.dispatch import AttemptOutcome, Dispatch, DispatchState
from gateway.exchange.receipt import FileHold
from gateway.flows.by_clock import keeping
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import fixed_clock
from gateway.kernel.ids import AlertId, ChannelKey, DispatchId, HoldId, PartnerId
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.site.harness import new_site

NOW = datetime.fromisoformat("2026-11-23T16:00:00+00:00")
ACME, FOLDER = PartnerId("acme"), ChannelKey("outbox/acme")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    site = new_site(tmp_path_factory.mktemp("ticks") / "site", on="sqlite")
    bench = workbench(load(site.folder, dict(os.environ)), fixed_clock(NOW), dict(os.environ))
    with bench.store.unit() as work:
        work.site.put(keeping.DONE, NOW.date().isoformat())
        work.commit()
    return bench


def held(work: SqlUnitOfWork, name: str) -> None:
    work.exchange.hold(FileHold(HoldId(f"H-{name}"), "FILE", "F-UNREADABLE", "why", NOW, ACME, None, name, key=name))
    work.alerts.open(Alert(AlertId(f"A-{name}"), f"hold:H-{name}", "hold", Severity.ERROR, "why", NOW))
    for each in work.notices.unrouted():
        work.alerts.sent(each.id, NOW)


def dispatch(work: SqlUnitOfWork, name: str, state: DispatchState, due: datetime | None = None) -> None:
    work.exchange.add_dispatch(
        Dispatch(
            DispatchId(name), ACME, "810", name, "1", f"{name}.edi", FOLDER, b"ISA", NOW, state, answer_due=due,
            delivered_at=NOW if due else None, answer_state="expected" if due else "",
        )
    )  # fmt: skip


def awaited(work: SqlUnitOfWork, name: str) -> None:
    dispatch(work, f"W-{name}", DispatchState.DELIVERED, NOW + timedelta(days=1))


def waiting(work: SqlUnitOfWork, name: str) -> None:
    """One that was tried in vain, and its channel fails."""
    dispatch(work, f"U-{name}", DispatchState.READY)
    work.attempts.note(DispatchId(f"U-{name}"), AttemptOutcome.FAILED, at=NOW, milliseconds=1)
    channel = Channel(FOLDER, ACME, Direction.OUT, "directory")
    work.channels.failed(channel, "T-CHANNEL", "away", at=NOW, retry_at=datetime.max.replace(tzinfo=NOW.tzinfo))
    work.channels.stop(channel, "T-CHANNEL", "away", at=NOW)


OPEN: Mapping[str, Callable[[SqlUnitOfWork, str], None]] = {"held": held, "awaited": awaited, "waiting": waiting}


def questions(bench: Workbench) -> tuple[int, list[str]]:
    """How many statements a tick is, and what it finds."""
    assert isinstance(bench.store, SqlStore)
    count = 0

    def said(_statement: str) -> None:
        nonlocal count
        count += 1

    def listen(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.set_trace_callback(said)

    event.listen(bench.store.engine, "checkout", listen)
    try:
        found = units.found(bench, by_clock=True) + units.found(bench, by_clock=False, asks=False)
    finally:
        event.remove(bench.store.engine, "checkout", listen)
    return count, [f"{each.kind}:{each.key}" for each in found]


@pytest.mark.parametrize("kind", OPEN)
def test_a_tick_asks_no_more_however_much_is_open(bench: Workbench, kind: str) -> None:
    assert isinstance(bench.store, SqlStore)
    counted: list[int] = []
    for count in (1, 120):
        with bench.store.unit() as work:
            for number in range(count):
                OPEN[kind](work, f"{kind}-{count}-{number}")
            work.commit()
        asked, found = questions(bench)
        assert found == []
        counted.append(asked)
    assert 10 < counted[0] == counted[1] < 60
