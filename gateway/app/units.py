"""The kinds of units of work: how each is found in the tables, what doing one means, what is done when it fails."""

from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType

from gateway.app import alarms, channels, servers
from gateway.app.alarms import ALERT
from gateway.exchange.channels import ChannelState
from gateway.exchange.owed import BUNDLE
from gateway.exchange.receipt import Receipt, ReceiptState
from gateway.exchange.units import Owed
from gateway.flows import (
    bundling,
    channel_health,
    interpret,
    interpret_documents,
    poll_states,
    receive,
    send,
    take_slice,
)
from gateway.flows.alerting import notifying
from gateway.flows.by_clock import due
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import GatewayError, TransportError
from gateway.kernel.ids import BatchId, ReceiptId

Act = Callable[[Workbench, str], None]
Together = Callable[[Workbench, Sequence[str]], Mapping[str, GatewayError]]
Apart = Callable[[UnitOfWork, str], Sequence[str]]


def never_apart(_work: UnitOfWork, _key: str) -> Sequence[str]:
    """A unit that has no members."""
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of unit.

    ``find`` gives those that the tables say are to be done, in the order in which they should be; ``act`` does one
    and is as safe to repeat as not. ``together`` does several at once and says which failed. ``apart`` makes a unit
    of each member of one that has several, and gives their keys: so one member that fails does not stop the others.
    ``by_clock``: found by looking at what time brings, not owed by a transaction. ``last``: waits until no unit of
    another kind is due, for what those bring is done with it at once. ``asks``: it looks whether a partner has something;
    a process that stays does so when it is time to, and a run without an engine once, by itself.
    """

    find: Callable[[Workbench, UnitOfWork], list[Owed]]
    act: Act
    together: Together | None = None
    apart: Apart = never_apart
    by_clock: bool = False
    last: bool = False
    asks: bool = False


def found(bench: Workbench, *, by_clock: bool | None = None, asks: bool = True) -> list[Owed]:
    """Everything to be done now, in the order in which it should be; only what the clock brings, or all but that."""
    wanted = [kind for kind in KINDS.values() if by_clock in (None, kind.by_clock) and (asks or not kind.asks)]
    with bench.store.unit() as work:
        return [unit for kind in wanted for unit in kind.find(bench, work)]


def without(owed: Sequence[Owed], dead: Container[str]) -> list[Owed]:
    """What is to be done besides what failed for good, which waits until somebody says that it is to be tried again."""
    left: list[Owed] = []
    for each in owed:
        keys = [key for key in due.members(each.key) or [each.key] if f"{each.kind}:{key}" not in dead]
        if keys:
            left.append(replace(each, key=" ".join(keys)))
    return left


def act(bench: Workbench, kind: str, key: str) -> None:
    """Do one unit."""
    KINDS[kind].act(bench, key)


def apart(bench: Workbench, kind: str, key: str) -> Sequence[str]:
    """Make a unit of each member of one that has several; their keys."""
    with bench.store.unit() as work:
        members = KINDS[kind].apart(work, key) if kind in KINDS else ()
        work.commit()
    return members


def _received(bench: Workbench, work: UnitOfWork) -> list[Owed]:
    """What came together is read in the order in which one builds on the other: items before prices, counts before orders."""
    waiting = sorted(work.exchange.receipts(state=ReceiptState.RECEIVED), key=partial(_turn, bench))
    return list(dict.fromkeys(Owed("in", each.batch, each.partner) for each in waiting))


def _turn(bench: Workbench, receipt: Receipt) -> tuple[object, ...]:
    return receive.turn_of(bench, receipt), receipt.received_at, receipt.partner, receipt.file_name


def _interpret(bench: Workbench, batch: str) -> None:
    interpret.interpret_batch(bench, [each.id for each in sorted(_waiting(bench, batch), key=partial(_turn, bench))])


def before(bench: Workbench, batch: str) -> dict[str, list[ReceiptId]]:
    """What was received and is to be read before a batch that builds on it, by the names of its units, in order."""
    with bench.store.unit() as work:
        found = (
            work.exchange.receipts(state=ReceiptState.RECEIVED, partner=each)
            for each in interpret_documents.tellers(bench)
        )
        told = [each for some in found for each in some if each.batch != batch]
    waiting = _waiting(bench, batch) if told else []
    if not waiting:
        return {}
    mine = max(receive.turn_of(bench, each) for each in waiting)
    first: dict[str, list[ReceiptId]] = {}
    for turn, each in sorted(((receive.turn_of(bench, each), each) for each in told), key=lambda pair: pair[0]):
        if 0 <= turn < mine:
            first.setdefault(f"in:{each.batch}", []).append(each.id)
    return first


def _waiting(bench: Workbench, batch: str) -> list[Receipt]:
    with bench.store.unit() as work:
        return work.exchange.receipts(state=ReceiptState.RECEIVED, batch=BatchId(batch))


def _received_apart(work: UnitOfWork, batch: str) -> Sequence[str]:
    return work.exchange.alone(BatchId(batch))


def _sliced(_bench: Workbench, work: UnitOfWork) -> list[Owed]:
    return [Owed("slice", key, partner) for key, partner in work.slices.waiting()]


def _leaving(bench: Workbench, work: UnitOfWork) -> list[Owed]:
    batches = work.exchange.open_batches(*channel_health.not_due(bench, work))
    return [Owed("out", batch, partner) for batch, partner in batches]


def _deliver(bench: Workbench, batch: str) -> None:
    """What could not leave is found again when its time comes: nobody waits for a partner that is away."""
    send.deliver(bench, [batch])


def _leaving_apart(work: UnitOfWork, batch: str) -> Sequence[str]:
    return work.exchange.leave_alone(BatchId(batch))


def _polls(bench: Workbench, work: UnitOfWork) -> list[Owed]:
    """The servers that are to be asked; a unit is named by the moment it was due, so that each is asked once then."""
    wanted = channels.polled(bench)
    if not wanted:
        return []
    known = {each.channel.key: each for each in work.channels.listed()}
    states: list[tuple[ChannelState, timedelta]] = []
    for partner, channel in wanted:
        state = known.get(channel.key) or ChannelState(servers.channel_of(partner, channel))
        states.append((state, servers.every(channel)))
    return [
        Owed(POLL, f"{state.channel.key}@{moment.isoformat()}", state.channel.partner)
        for state, moment in poll_states.due(states, bench.wall())
    ]


def _poll(bench: Workbench, key: str) -> None:
    """Ask a server, if it is still to be asked; what failed is noted at its channel and tried again at its time."""
    with bench.store.unit() as work:
        is_due = any(each.key == key for each in _polls(bench, work))
    name = key.rpartition("@")[0]
    for partner, channel in channels.polled(bench):
        if is_due and channel.key == name:
            with suppress(TransportError):
                channels.poll(bench, partner, channel)


def _by_clock(kind: str, what: due.Due) -> Kind:
    def find(bench: Workbench, work: UnitOfWork) -> list[Owed]:
        return [Owed(kind, key) for key in what.find(bench, work)]

    def act(bench: Workbench, key: str) -> None:
        due.act(bench, kind, key)

    def apart(_work: UnitOfWork, key: str) -> Sequence[str]:
        return due.members(key)

    return Kind(find, act, apart=apart, by_clock=True)


POLL = "poll"
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        POLL: Kind(_polls, _poll, asks=True),
        "in": Kind(_received, _interpret, apart=_received_apart),
        "slice": Kind(_sliced, take_slice.take_slice),
        **{kind: _by_clock(kind, what) for kind, what in due.DUE.items()},
        BUNDLE: Kind(bundling.find, bundling.act, apart=bundling.apart, by_clock=True, last=True),
        ALERT: Kind(alarms.find, alarms.act, by_clock=True),
        notifying.NOTICE: Kind(notifying.find, notifying.act),
        "out": Kind(_leaving, _deliver, together=send.deliver, apart=_leaving_apart),
    }
)
"""Each kind by its name; what is due is done in this order."""
