"""What the events that give and take goods do to the order."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from gateway.kernel.altered import altered
from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders import events as happened
from gateway.orders.applied.lines import (
    answered,
    move,
    waits_less,
    with_code,
    with_told,
    without,
)
from gateway.orders.events import Event
from gateway.orders.happened import change_events
from gateway.orders.happened import goods_events as goods
from gateway.orders.order import Line, LineCode, Source


def _allocated(line: Line, event: happened.LineAllocated) -> Line:
    return altered(
        line, quantity=move(line.quantity, type(event), "pending", "allocated", event.quantity),
        sources=(*line.sources, Source(event.warehouse, event.quantity, event.reason)),
        promised_date=event.promised_date, delivery_date=event.delivery_date,
        codes=with_code(line.codes, LineCode.ACCEPTED),
    )  # fmt: skip


def _backordered(line: Line, event: happened.LineBackordered) -> Line:
    return altered(
        line, quantity=move(line.quantity, type(event), "pending", "backordered", event.quantity),
        codes=with_code(line.codes, LineCode.BACKORDERED), promised_date=line.promised_date or event.promised_date,
        delivery_date=line.delivery_date if line.promised_date else event.delivery_date,
        backorder_date=event.promised_date,
    )  # fmt: skip


def _substituted(line: Line, event: goods.LineSubstituted) -> Line:
    return altered(
        line, sku=event.sku, substitute_for=event.instead_of, description=event.description,
        stock_per_unit=event.stock_per_unit, tax_code=event.tax_code, codes=with_code(line.codes, LineCode.SUBSTITUTED),
        unit_price=event.unit_price if event.unit_price is not None else line.unit_price,
    )  # fmt: skip


def _awaits(line: Line, event: goods.LineAwaits) -> Line:
    return altered(
        line, quantity=move(line.quantity, type(event), "pending", "backordered", event.quantity),
        awaited=line.awaited + event.quantity, codes=with_code(line.codes, LineCode.ACCEPTED),
        promised_date=event.promised_date, delivery_date=event.delivery_date, backorder_date=event.promised_date,
    )  # fmt: skip


def _filled(line: Line, event: goods.LineFilled) -> Line:
    quantity = move(line.quantity, type(event), "backordered", "allocated", event.quantity)
    filled = altered(
        line, quantity=quantity, sources=(*line.sources, Source(event.warehouse, event.quantity, event.reason)),
        awaited=max(ZERO, line.awaited - event.quantity), codes=with_code(line.codes, LineCode.ACCEPTED),
        promised_date=event.promised_date, delivery_date=event.delivery_date,
    )  # fmt: skip
    return waits_less(filled)


def _rescheduled(line: Line, event: goods.LineRescheduled) -> Line:
    alone = event.whole or not (line.quantity.allocated + line.quantity.picked + line.quantity.packed)
    # a part that waits without a day goes on so when another day is told of what is reserved
    waits = line.quantity.backordered and (line.backorder_date is not None or event.before is None)
    return altered(
        line, backorder_date=event.promised_date if waits else None,
        codes=with_code(line.codes, LineCode.RESCHEDULED),
        promised_date=event.promised_date if alone else line.promised_date,
        delivery_date=event.delivery_date if alone else line.delivery_date,
    )  # fmt: skip


def _cancelled(line: Line, event: happened.LineCancelled) -> Line:
    quantity = move(line.quantity, type(event), event.from_bucket, "cancelled", event.quantity)
    codes = with_code(line.codes, LineCode.DELETED)
    deleted = line.deleted or event.by_buyer or event.from_bucket != "pending"
    changed = waits_less(altered(line, quantity=quantity, codes=codes, deleted=deleted))
    if event.from_bucket == "allocated":
        return with_told(altered(changed, sources=_sources_less(line, event.quantity, event.warehouse)), line.told)
    return changed


def _freed(line: Line, event: change_events.LineFreed) -> Line:
    """Undecided again; what a warehouse was told of it is told no more, and the answer that stood for it is taken back."""
    quantity = move(line.quantity, type(event), event.from_bucket, "pending", event.quantity)
    gone = {"backordered": LineCode.BACKORDERED, "allocated": LineCode.ACCEPTED}[event.from_bucket]
    left = getattr(quantity, event.from_bucket) or (event.from_bucket == "allocated" and quantity.shipped)
    codes = line.codes if left else tuple(code for code in line.codes if code is not gone)
    freed = waits_less(altered(line, quantity=quantity, codes=codes))
    if event.warehouse is None:
        return freed
    if event.picking:
        return answered(freed, event.warehouse, event.store, event.quantity)
    return with_told(freed, line.told, without(line.sources, event.warehouse, event.quantity))


def _sources_less(line: Line, quantity: Decimal, warehouse: WarehouseId | None) -> tuple[Source, ...]:
    """The reservations less so much in a warehouse (else anywhere): first what nobody was told to pick, the newest first."""
    places = dict.fromkeys(each.warehouse for each in reversed(line.sources) if warehouse in (None, each.warehouse))
    sources = line.sources
    for limit in (line.untold_in, line.reserved_in):
        for place in places:
            taken = min(
                quantity, limit(place), sum((each.quantity for each in sources if each.warehouse == place), ZERO)
            )
            sources = tuple(reversed(without(reversed(sources), place, taken)))
            quantity -= taken
    return sources


OF_LINES: Mapping[type[Event], Callable[[Line, Any], Line]] = MappingProxyType(
    {
        change_events.LineFreed: _freed,
        happened.LineAllocated: _allocated,
        happened.LineBackordered: _backordered,
        happened.LineCancelled: _cancelled,
        goods.LineSubstituted: _substituted,
        goods.LineAwaits: _awaits,
        goods.LineFilled: _filled,
        goods.LineRescheduled: _rescheduled,
    }
)
"""What each event of goods does to its line."""
