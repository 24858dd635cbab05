"""What the clock brings to orders that wait: cancel-after passes, what is kept for an order on hold is free again."""

from datetime import timedelta

from gateway.flows import advance, filling
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import OrderNumber
from gateway.orders.commands import CancelBalance, ExpireReservation
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Order

A_DAY = timedelta(days=1)


def late(bench: Workbench, work: UnitOfWork) -> list[tuple[OrderNumber, int]]:
    """Orders whose cancel-after has passed on the date of their partner, with something to cancel."""
    now = bench.clock()
    found = work.orders.cancellable((now + A_DAY).date())
    return [(number, version) for number, version in found if _has_passed(bench, work.orders.get(number))]


def cancel(bench: Workbench, work: UnitOfWork, number: OrderNumber) -> None:
    """Cancel the balance of one order; what it frees goes to others who wait."""
    order = work.orders.get(number)
    partner = bench.partner(order.partner) if order is not None else None
    if order is None or partner is None or not order.has_balance() or not _has_passed(bench, order):
        return
    step = advance.Step(now=bench.clock(), who="schedule")
    reason = f"cancel-after {order.cancel_after} has passed"
    advance.act(bench, work, partner, order, CancelBalance(reason), step)
    skus = [line.sku for line in order.lines if line.sku is not None]
    filling.goods_came(bench, work, skus, step, reason=f"{order.number} was cancelled", came=False)


def expired(bench: Workbench, work: UnitOfWork) -> list[tuple[OrderNumber, int]]:
    """Orders on hold whose reservation has ended; looked for only where some agreement reserves."""
    if not any(bench.terms(partner).reserve_while_held for partner in bench.site.partners.values()):
        return []
    now = bench.clock()
    held = work.orders.find(OrderQuery(status="on_hold"))
    return [(each.number, each.version) for each in held if each.reserved_until and each.reserved_until <= now]


def expire(bench: Workbench, work: UnitOfWork, number: OrderNumber) -> None:
    """Free what is kept for one order on hold, for others who wait."""
    order = work.orders.get(number)
    partner = bench.partner(order.partner) if order is not None else None
    now = bench.clock()
    if order is None or partner is None or order.reserved_until is None or order.reserved_until > now:
        return
    step = advance.Step(now=now, who="schedule")
    reason = f"it was kept until {order.reserved_until:%Y-%m-%d %H:%M} UTC ('reserve_while_held')"
    advance.act(bench, work, partner, order, ExpireReservation(reason), step)
    skus = [each.sku for each in order.reserved]
    filling.goods_came(bench, work, skus, step, reason=f"{order.number} is still on hold", came=False)


def _has_passed(bench: Workbench, order: Order | None) -> bool:
    if order is None or order.cancel_after is None:
        return False
    return order.cancel_after < bench.today(bench.partner(order.partner), bench.clock())
