"""Goods came, or are expected on another day: who waits for them gets them, or hears when."""

from collections.abc import Iterable
from datetime import datetime

from gateway.flows import advance, agreed, goods_known
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import OrderNumber, Sku
from gateway.kernel.quantity import ZERO
from gateway.orders import lifecycle
from gateway.orders.commands import FillBackorder
from gateway.orders.facts import Facts
from gateway.orders.goods import availability, queue
from gateway.orders.goods.queue import Claimant, Waiting
from gateway.orders.lifecycle import ALLOWED
from gateway.orders.order import Order


def goods_came(
    bench: Workbench, work: UnitOfWork, skus: Iterable[Sku], step: advance.Step, *, reason: str = "", came: bool = True
) -> list[Order]:
    """Fill what waits for these items from what is free, tell the rest when it can ship, and release what is filled.

    Orders on hold keep their place and get nothing. ``came`` is false when nothing new is in the house: then what a
    warehouse did not find is not taken from another one. Returns the orders that changed.
    """
    waiting = work.goods.waiting(skus)
    if not waiting:
        return []
    facts = goods_known.to_fill(bench, work, (each.sku for each in waiting), step.now)
    claimants = _claimants(bench, work, waiting, facts, step.now)
    changed: list[Order] = []
    for number, command in queue.plan(waiting, claimants, facts, reason, came=came).items():
        order = claimants[number].order
        partner = bench.partner(order.partner)
        if partner is not None:
            after = advance.act(bench, work, partner, order, command, step)
            changed.append(advance.release_due(bench, work, partner, after, step))
    return changed


def waiting_items(_bench: Workbench, work: UnitOfWork) -> list[str]:
    """The items that something waits for and that may be filled or promised now, each with how it stands."""
    queues = work.goods.queues()
    skus = [each.sku for each in queues]
    free, coming = dict.fromkeys(skus, ZERO), dict.fromkeys(skus, ZERO)
    for level in work.stock.levels(skus) if skus else ():
        free[level.sku] += level.available
    for supply in work.goods.supply(skus) if skus else ():
        coming[supply.sku] += supply.quantity
    return [
        f"{each.sku}@{free[each.sku]}/{coming[each.sku]}/{each.lines}/{each.state}"
        for each in queues
        if free[each.sku] or (coming[each.sku] and each.unpromised)
    ]


def item_of(key: str) -> Sku:
    """The item of a key that ``waiting_items`` made."""
    return Sku(key.rpartition("@")[0])


def _claimants(
    bench: Workbench, work: UnitOfWork, waiting: Iterable[Waiting], facts: Facts, now: datetime
) -> dict[OrderNumber, Claimant]:
    """The orders that may be filled: decided, not on hold, wanted still, of a partner that is known."""
    found: dict[OrderNumber, Claimant] = {}
    for number, order in _orders(work, waiting).items():
        partner = bench.partner(order.partner)
        fillable = order.decided and lifecycle.status(order) in ALLOWED[FillBackorder][1]
        if partner is None or not fillable:
            continue
        if order.cancel_after is None or order.cancel_after >= bench.today(partner, now):
            terms = agreed.terms(bench, work, partner)
            found[number] = Claimant(order, terms, availability.choice(order, facts, terms))
    return found


def _orders(work: UnitOfWork, waiting: Iterable[Waiting]) -> dict[OrderNumber, Order]:
    numbers = dict.fromkeys(each.order for each in waiting)
    orders = ((number, work.orders.get(number)) for number in numbers)
    return {number: order for number, order in orders if order is not None}
