"""Which event owes which documents, and how each is built: the one place to add one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gateway.canonical.base import Canonical
from gateway.documents import decided_order, order_receipt, po_ack_855, warehouse_order
from gateway.documents.context import DocumentContext
from gateway.orders.events import (
    Event,
    OrderCredited,
    OrderDecided,
    OrderInvoiced,
    OrderRecalled,
    OrderReleased,
    OrderShipped,
)
from gateway.orders.order import Order

Build = Callable[[Order, Any, DocumentContext], Canonical]
Number = Callable[[Order, Any], str]


def _po(order: Order, _event: Event) -> str:
    return order.po_number


def _pick(_order: Order, event: OrderReleased | OrderRecalled) -> str:
    return event.number


@dataclass(frozen=True, slots=True)
class Owed:
    """A canonical document that an event owes, and to which kinds of partner besides the customer.

    Each is written for whoever names a mapping for it in ``documents``, and for nobody else. ``number`` says what it
    is about. One without ``build`` is made by the flow that knows the whole of it: several orders of one shipment.
    """

    document: str
    to_customer: bool
    to_kinds: tuple[str, ...] = ()
    x12_set: str = ""
    build: Build | None = None
    number: Number = _po


_WAREHOUSE_ORDER = Owed(
    "warehouse_order", to_customer=False, to_kinds=("warehouse",), x12_set="940", build=warehouse_order.build,
    number=_pick,
)  # fmt: skip

OWED: Mapping[type[Event], tuple[Owed, ...]] = MappingProxyType(
    {
        OrderDecided: (
            Owed("acknowledgment", to_customer=True, x12_set="855", build=po_ack_855.build),
            Owed("order_receipt", to_customer=True, build=order_receipt.build),
            Owed("order", to_customer=False, to_kinds=("erp",), build=decided_order.build),
        ),
        OrderReleased: (_WAREHOUSE_ORDER,),
        OrderRecalled: (_WAREHOUSE_ORDER,),
        OrderShipped: (Owed("shipment", to_customer=True, x12_set="856"),),
        OrderInvoiced: (Owed("invoice", to_customer=True, to_kinds=("accounting",), x12_set="810"),),
        OrderCredited: (Owed("invoice", to_customer=True, to_kinds=("accounting",), x12_set="810"),),
    }
)  # fmt: skip

ANSWERS = frozenset({"855", "acknowledgment", "order_receipt"})
"""What answers an order, as a dispatch names it; it leaves again when the same order comes again."""
