"""Deliver what is owed: the same bytes under the same name, staged first, handed over exactly once."""

import structlog

from gateway.exchange.dispatch import Dispatch, DispatchState
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import DispatchId

log = structlog.get_logger()


def deliver(bench: Workbench, dispatch_id: DispatchId) -> None:
    """Bring one dispatch to ``delivered``; safe to repeat after a crash at any point.

    A dispatch found ``staged`` whose staging file is gone was handed over already (rulings 3): the
    partner may have taken it, so it is not put a second time.
    """
    with bench.store.unit() as work:
        dispatch = work.exchange.dispatch(dispatch_id)
    if dispatch is None or dispatch.state in (DispatchState.DELIVERED, DispatchState.HELD):
        return
    outlet = bench.outlet(dispatch.channel)
    if dispatch.state is DispatchState.READY:
        outlet.stage(dispatch.id, dispatch.file_name, dispatch.content)
        bench.mark("dispatch-written")
        _mark(bench, dispatch, DispatchState.STAGED)
        bench.mark("dispatch-staged")
        outlet.publish(dispatch.id, dispatch.file_name)
    elif outlet.is_staged(dispatch.id, dispatch.file_name):
        outlet.publish(dispatch.id, dispatch.file_name)
    bench.mark("dispatch-published")
    _mark(bench, dispatch, DispatchState.DELIVERED)
    bench.mark("dispatch-delivered")
    log.info("dispatch.delivered", partner=dispatch.partner, document=dispatch.document, file=dispatch.file_name)


def _mark(bench: Workbench, dispatch: Dispatch, state: DispatchState) -> None:
    with bench.store.unit() as work:
        work.exchange.mark(dispatch.id, state, at=bench.clock())
        work.commit()
