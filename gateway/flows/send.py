"""Deliver what is owed: the same bytes under the same name, staged first, handed over exactly once, in order per channel."""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from gateway.exchange.channels import ChannelHealth, ChannelState
from gateway.exchange.dispatch import OPEN, AttemptOutcome, Dispatch, DispatchState, Leaving
from gateway.flows import channel_health, left, undelivered
from gateway.flows.channel_health import Way
from gateway.flows.file_ports import Outlet, RemoteOutlet
from gateway.flows.happening import happened, trace_of
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import ChannelDownError, StoppingError, TransportError
from gateway.kernel.ids import BatchId, ChannelKey, DispatchId

MOST_AT_ONCE = 100
"""Dispatches whose bytes are in memory at once."""
ACKNOWLEDGMENTS = ("997", "999", "TA1")
_OVER = (DispatchState.DELIVERED, DispatchState.CANCELLED)
Act = Callable[[Outlet, Dispatch], None]


@dataclass(frozen=True, slots=True)
class _Planned:
    """What is to leave through one channel now."""

    way: Way
    state: ChannelState
    files: list[Leaving]


def deliver(bench: Workbench, batches: Sequence[str]) -> Mapping[str, TransportError]:
    """Deliver batches, each channel in the order in which files were owed; those of which something could not leave, and why.

    What was owed before through the same channel leaves first, whatever its batch: another process may have left it. A channel
    that failed is left alone until its time comes; nobody waits for it here. When it comes everything that is to leave
    through it does, so that what is owed meanwhile does not overtake. A channel that another process is at is left to
    it. Safe to repeat after a crash at any point.
    """
    with bench.store.unit() as work:
        owed = [each for batch in batches for each in work.exchange.leaving(batch=BatchId(batch))]
        planned = _planned(bench, work, owed)
    faults: dict[DispatchId, TransportError] = {}
    with ExitStack() as stack:
        going = [each for each in planned if not _is_stopped(each, faults)]
        going = [each for each in going if stack.enter_context(bench.alone(lock(each.way.channel.key)))]
        if going:
            tried = _Round(bench, {each.way.channel.key: each.way for each in going})
            stack.callback(tried.close)
            tried.deliver([file.id for each in going for file in each.files])
            faults |= tried.faults
    of = {each.id: each.batch for each in [*owed, *(file for one in going for file in one.files)]}
    return {of[each]: fault for each, fault in faults.items()}


def _planned(bench: Workbench, work: UnitOfWork, owed: Iterable[Leaving]) -> list[_Planned]:
    """What may be tried now of these files, and what is to leave before them."""
    of: dict[ChannelKey, list[Leaving]] = {}
    for each in owed:
        of.setdefault(each.channel, []).append(each)
    found = [_plan(bench, work, key, files) for key, files in of.items()]
    return [each for each in found if each is not None]


def _plan(bench: Workbench, work: UnitOfWork, key: ChannelKey, files: list[Leaving]) -> _Planned | None:
    way = channel_health.way_of(bench, files[0].partner, key)
    state, now = work.channels.state(way.channel), channel_health.moment(bench)
    if bench.tried is None and not channel_health.is_due(state, way.backoff, now):
        return None
    if state.health is not ChannelHealth.STOPPED:
        until = max(each.place for each in files) if state.health is ChannelHealth.OK else None
        files = work.exchange.leaving(channel=key, until=until)
    if bench.tried is not None:
        tried = bench.tried
        files = [each for each in files if each.id not in tried and key not in tried]
    elif state.health is ChannelHealth.OK:
        late = work.attempts.last([each.id for each in files])
        files = [
            each for each in files if each.id not in late or channel_health.is_file_due(late[each.id], way.backoff, now)
        ]
    return _Planned(way, state, files) if files else None


def lock(channel: ChannelKey) -> str:
    """The name of the lock of a channel; a key may be longer than a file name, or be sanitised to that of another."""
    return f"out:{hashlib.sha256(channel.encode()).hexdigest()[:24]}"


def _is_stopped(planned: _Planned, faults: dict[DispatchId, TransportError]) -> bool:
    """Whether only a person can let the channel be used again."""
    if planned.state.health is not ChannelHealth.STOPPED:
        return False
    key = planned.way.channel.key
    faults[planned.files[0].id] = TransportError(
        f"The channel {key} is stopped, {len(planned.files)} to leave through it: {planned.state.reason}",
        code=planned.state.code, next_step=f"Put it right, then: gateway dispatch retry --partner {planned.way.channel.partner}",
    )  # fmt: skip
    return True


@dataclass(slots=True)
class _Round:
    """One go at some channels that are ours meanwhile. ``faults`` are of what is tried again later.

    The folders are on disk before the commit that says so. A dispatch found ``staged`` whose staging file is gone was
    handed over already (rulings 3): the partner may have taken it, so it is not put a second time.
    """

    bench: Workbench
    ways: Mapping[ChannelKey, Way]
    faults: dict[DispatchId, TransportError] = field(default_factory=dict)
    outlets: dict[str, Outlet] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    failed: list[tuple[Dispatch, TransportError]] = field(default_factory=list)
    began: dict[DispatchId, float] = field(default_factory=dict)

    def deliver(self, files: Sequence[DispatchId]) -> None:
        """Bring files to ``delivered``, some at once; a channel is well only when nothing is left behind."""
        for some in (files[at : at + MOST_AT_ONCE] for at in range(0, len(files), MOST_AT_ONCE)):
            if self.bench.stop.is_set():
                return
            self._deliver(some, is_last=some[-1] == files[-1])
        self._tidy()

    def close(self) -> None:
        """Nothing is held open when it is over."""
        for each in self.outlets.values():
            each.close()

    def _deliver(self, files: Sequence[DispatchId], *, is_last: bool) -> None:
        bench = self.bench
        with bench.store.unit() as work:
            found = [each for one in files if (each := work.exchange.dispatch(one)) is not None and each.state in OPEN]
        found = [each for each in found if each.channel not in self.down]
        ready = self._each((each for each in found if each.state is DispatchState.READY), self._stage)
        fit = self._mark_staged(self._secured(ready))
        for _ in ready:
            bench.mark("dispatch-staged")
        waiting = (each for each in found if each.state is DispatchState.STAGED or each.id in fit)
        gone = self._secured(self._each(waiting, self._publish))
        self._settle(gone, is_last=is_last)
        for each in gone:
            bench.mark("dispatch-delivered")
            happened(
                bench.observer, "ack.sent" if each.document in ACKNOWLEDGMENTS else "document.sent",
                trace_id=trace_of(each), partner=each.partner, document=each.document, reference=each.number, order=each.order_number,
                control_number=each.control_number, file=each.file_name,
                duration_s=round(time.monotonic() - self.began[each.id], 4),
            )  # fmt: skip

    def _tidy(self) -> None:
        """What waits at a partner and is not to leave any more is taken back; what cannot be, with the next round."""
        for channel in sorted(self.used - self.down):
            outlet = self.outlets.get(channel)
            if not isinstance(outlet, RemoteOutlet):
                continue
            with suppress(TransportError):
                for each in outlet.left():
                    with self.bench.store.unit() as work:
                        found = work.exchange.dispatch(each)
                    if found is not None and found.channel == channel and found.state in _OVER:
                        outlet.withdraw(each, found.file_name)

    def _mark_staged(self, staged: Sequence[Dispatch]) -> set[DispatchId]:
        """Those that may be handed over: somebody may have cancelled one meanwhile, from now on nobody can."""
        if not staged:
            return set()
        with self.bench.store.unit() as work:
            fit = work.exchange.still_open([each.id for each in staged])
            work.exchange.mark([each.id for each in staged if each.id in fit], DispatchState.STAGED)
            work.commit()
        return fit

    def _stage(self, outlet: Outlet, each: Dispatch) -> None:
        outlet.stage(each.id, each.file_name, each.content)
        self.bench.mark("dispatch-written")

    def _publish(self, outlet: Outlet, each: Dispatch) -> None:
        if each.state is DispatchState.READY or outlet.is_staged(each.id, each.file_name):
            outlet.publish(each.id, each.file_name)
        self.bench.mark("dispatch-published")

    def _each(self, dispatches: Iterable[Dispatch], act: Act) -> list[Dispatch]:
        """Those with which it can be done. One that cannot keeps no other back, but where it is the channel that cannot.

        A process that is to end leaves the rest as it is, and that is nobody's failure.
        What was staged before a channel took no more is still handed over: that may be what makes room for the rest.
        """
        done: list[Dispatch] = []
        blocked: set[str] = set()
        for each in dispatches:
            if each.channel in blocked:
                continue
            self.began.setdefault(each.id, time.monotonic())
            try:
                act(self._outlet(each.channel), each)
            except StoppingError:
                blocked.add(each.channel)
            except TransportError as error:
                self._fail(each, error)
                if isinstance(error, ChannelDownError):
                    blocked.add(each.channel)
            else:
                done.append(each)
        return done

    def _outlet(self, channel: str) -> Outlet:
        if channel not in self.outlets:
            self.outlets[channel] = self.bench.outlet(channel)
        return self.outlets[channel]

    def _fail(self, each: Dispatch, error: TransportError) -> None:
        if isinstance(error, ChannelDownError):
            if each.channel in self.down:
                return
            self.down.add(each.channel)
        self.failed.append((each, error))

    def _secured(self, dispatches: list[Dispatch]) -> list[Dispatch]:
        """Those whose folders are on disk now; each folder is asked once."""
        broken: set[str] = set()
        for channel, first in {each.channel: each for each in reversed(dispatches)}.items():
            try:
                self.outlets[channel].secure()
            except TransportError as error:
                broken.add(channel)
                whole = ChannelDownError(error.sentence, code=error.code, next_step=error.next_step)
                self._fail(first, error if isinstance(error, ChannelDownError) else whole)
        return [each for each in dispatches if each.channel not in broken]

    def _settle(self, gone: list[Dispatch], *, is_last: bool) -> None:
        """Note in one transaction what left, what did not, and how the channels are."""
        if not (gone or self.failed or (is_last and self.used)):
            return
        with self.bench.store.unit() as work:
            self._note_gone(work, gone)
            for channel in sorted(
                {each.channel for each in gone} & self.down
            ):  # it took some: what fails now begins anew
                channel_health.well(self.bench, work, self.ways[ChannelKey(channel)].channel)
            for each, error in self.failed:
                self._note_failed(work, each, error)
            for channel in sorted(self.used - self.down) if is_last else ():
                channel_health.well(self.bench, work, self.ways[ChannelKey(channel)].channel)
            work.commit()
        self.failed.clear()

    def _note_gone(self, work: UnitOfWork, gone: Sequence[Dispatch]) -> None:
        if not gone:
            return
        self.used.update(each.channel for each in gone)
        now = self.bench.clock()
        work.exchange.mark([each.id for each in gone], DispatchState.DELIVERED, at=now)
        left.delivered(self.bench, work, gone, now)
        tried = work.attempts.last([each.id for each in gone])
        for each in gone:
            if each.id in tried or self.ways[ChannelKey(each.channel)].is_remote:
                self._note(work, each, AttemptOutcome.DELIVERED)

    def _note_failed(self, work: UnitOfWork, each: Dispatch, error: TransportError) -> None:
        """Whether it is tried again later, and when, or never."""
        self._note(work, each, undelivered.outcome_of(error), error.sentence)
        way = self.ways[ChannelKey(each.channel)]
        if isinstance(error, ChannelDownError):
            undelivered.channel_failed(self.bench, work, way, error)
        elif undelivered.waits_for_somebody(error):
            undelivered.hold(self.bench, work, each, error)
        else:
            undelivered.file_failed(self.bench, work, way, each, error)
        if not undelivered.waits_for_somebody(error):
            self.faults[each.id] = error
        if not isinstance(error, ChannelDownError) and error.code != undelivered.NO_CHANNEL:
            self.used.add(each.channel)
        if self.bench.tried is not None:
            self.bench.tried.add(each.channel if isinstance(error, ChannelDownError) else each.id)

    def _note(self, work: UnitOfWork, each: Dispatch, outcome: AttemptOutcome, error: str = "") -> None:
        took = int((time.monotonic() - self.began[each.id]) * 1000)
        work.attempts.note(each.id, outcome, at=channel_health.moment(self.bench), milliseconds=took, error=error)
