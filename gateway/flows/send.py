"""Deliver what is owed: the same bytes under the same name, staged first, handed over exactly once."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import structlog

from gateway.exchange.dispatch import Dispatch, DispatchState
from gateway.flows import left
from gateway.flows.file_ports import Outlet
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import TransportError
from gateway.kernel.ids import DispatchId

log = structlog.get_logger()
Faults = dict[DispatchId, TransportError]


def deliver(bench: Workbench, dispatches: Sequence[DispatchId]) -> Mapping[DispatchId, TransportError]:
    """Bring dispatches to ``delivered`` together and say which could not be; safe to repeat after a crash at any point.

    The folders are on disk before the commit that says so. A dispatch found ``staged`` whose staging file is gone was
    handed over already (rulings 3): the partner may have taken it, so it is not put a second time.
    """
    with bench.store.unit() as work:
        found = [each for one in dispatches if (each := work.exchange.dispatch(one)) is not None]
    outlets = {each.channel: bench.outlet(each.channel) for each in found}
    faults: Faults = {}

    def stage(each: Dispatch) -> None:
        outlets[each.channel].stage(each.id, each.file_name, each.content)
        bench.mark("dispatch-written")

    def publish(each: Dispatch) -> None:
        outlet = outlets[each.channel]
        if each.state is DispatchState.READY or outlet.is_staged(each.id, each.file_name):
            outlet.publish(each.id, each.file_name)
        bench.mark("dispatch-published")

    ready = _each((each for each in found if each.state is DispatchState.READY), stage, faults)
    _mark(bench, _secured(outlets, ready, faults), DispatchState.STAGED)
    for _ in ready:
        bench.mark("dispatch-staged")
    waiting = (each for each in found if each.state in _OPEN and each.id not in faults)
    gone = _secured(outlets, _each(waiting, publish, faults), faults)
    _mark(bench, gone, DispatchState.DELIVERED)
    for each in gone:
        bench.mark("dispatch-delivered")
        log.info("dispatch.delivered", partner=each.partner, document=each.document, file=each.file_name)
    return faults


_OPEN = frozenset({DispatchState.READY, DispatchState.STAGED})


def _each(dispatches: Iterable[Dispatch], act: Callable[[Dispatch], None], faults: Faults) -> list[Dispatch]:
    """Those with which it can be done; one that cannot keeps no other back."""
    done: list[Dispatch] = []
    for each in dispatches:
        try:
            act(each)
        except TransportError as error:
            faults[each.id] = error
        else:
            done.append(each)
    return done


def _secured(outlets: Mapping[str, Outlet], dispatches: list[Dispatch], faults: Faults) -> list[Dispatch]:
    """Those whose folders are on disk now; each folder is asked once."""
    broken: dict[str, TransportError] = {}
    for channel in dict.fromkeys(each.channel for each in dispatches):
        try:
            outlets[channel].secure()
        except TransportError as error:
            broken[channel] = error
    faults |= {each.id: broken[each.channel] for each in dispatches if each.channel in broken}
    return [each for each in dispatches if each.channel not in broken]


def _mark(bench: Workbench, dispatches: list[Dispatch], state: DispatchState) -> None:
    if not dispatches:
        return
    with bench.store.unit() as work:
        now = bench.clock()
        work.exchange.mark([each.id for each in dispatches], state, at=now)
        if state is DispatchState.DELIVERED:
            left.delivered(bench, work, dispatches, now)
        work.commit()
