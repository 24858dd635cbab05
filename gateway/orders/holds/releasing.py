"""Before a warehouse is told to pick: credit is asked once more, for much may have happened since the decision."""

from collections.abc import Iterator

from gateway.orders.case import Case
from gateway.orders.commands import ReleaseToWarehouse
from gateway.orders.events import Event, OrderHeld
from gateway.orders.holds import credit
from gateway.orders.order import Hold, HoldType, Order
from gateway.orders.shipping import fulfilment


def release(order: Order, command: ReleaseToWarehouse, case: Case) -> Iterator[Event]:
    """Tell warehouses to pick, or hold the order for its credit."""
    verdict = credit.check(order, case.facts.exposure, case.terms, case.today)
    if verdict is not None and verdict.refusal:
        hold = Hold(case.new_hold_id(), HoldType.CREDIT, "C-CREDIT", verdict.refusal, case.now, verdict.figures)
        yield OrderHeld(hold)
        return
    if verdict is not None and credit.is_news(order, verdict):
        yield verdict.checked
    yield from fulfilment.release(order, command, case)
