"""Which event owes which documents, and how each is built: the one place to add one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gateway.canonical.base import Canonical
from gateway.documents import (
    change_ack_865,
    change_receipt,
    decided_order,
    order_receipt,
    order_status_870,
    po_ack_855,
    return_answer_180,
    warehouse_order,
)
from gateway.documents.context import DocumentContext
from gateway.orders.events import Event, OrderDecided, OrderRecalled, OrderReleased, OrderShipped
from gateway.orders.happened.bill_events import OrderCredited, OrderInvoiced
from gateway.orders.happened.change_events import ChangeAnswered
from gateway.orders.happened.goods_events import AnswerRenewed
from gateway.orders.happened.handled import OrderAnsweredOnHold
from gateway.orders.happened.return_events import ReturnAuthorised, ReturnRefused
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
    is about, ``applies`` whether this event owes it. One without ``build`` is made by the flow that knows the whole of it:
    several orders of one shipment. ``at_deadline``: only for outputs with ``within`` that take an answer on hold;
    ``later``: only for partners whose acknowledgment names that answer under ``later``.
    """

    document: str
    to_customer: bool
    to_kinds: tuple[str, ...] = ()
    x12_set: str = ""
    build: Build | None = None
    later: str = ""
    number: Number = _po
    applies: Callable[[Order, Any], bool] = lambda _order, _event: True
    at_deadline: bool = False


_WAREHOUSE_ORDER = Owed(
    "warehouse_order", to_customer=False, to_kinds=("warehouse",), x12_set="940", build=warehouse_order.build,
    number=_pick,
)  # fmt: skip

_RETURN_ANSWER = Owed(
    "return_answer", to_customer=True, x12_set="180", build=return_answer_180.build, number=return_answer_180.number
)

OWED: Mapping[type[Event], tuple[Owed, ...]] = MappingProxyType(
    {
        OrderDecided: (
            Owed("acknowledgment", to_customer=True, x12_set="855", build=po_ack_855.build),
            Owed("order_receipt", to_customer=True, build=order_receipt.build),
            Owed("order", to_customer=False, to_kinds=("erp",), build=decided_order.build),
        ),
        AnswerRenewed: (
            Owed("acknowledgment", to_customer=True, x12_set="855", build=po_ack_855.build, later="855"),
            Owed("order_receipt", to_customer=True, build=order_receipt.build, later="855"),
            Owed("order_status", to_customer=True, x12_set="870", build=order_status_870.build, later="870"),
        ),
        OrderAnsweredOnHold: (
            Owed("acknowledgment", to_customer=True, x12_set="855", build=po_ack_855.on_hold, at_deadline=True),
            Owed("order_receipt", to_customer=True, build=order_receipt.on_hold, at_deadline=True),
        ),
        ChangeAnswered: (
            Owed(
                "change_acknowledgment", to_customer=True, x12_set="865", build=change_ack_865.build,
                applies=change_ack_865.is_owed,
            ),
            Owed("order_receipt", to_customer=True, build=change_receipt.build, applies=change_ack_865.is_owed),
            Owed(
                "order", to_customer=False, to_kinds=("erp",), build=change_receipt.decided,
                applies=change_receipt.is_decided,
            ),
        ),
        ReturnAuthorised: (_RETURN_ANSWER,),
        ReturnRefused: (_RETURN_ANSWER,),
        OrderReleased: (_WAREHOUSE_ORDER,),
        OrderRecalled: (_WAREHOUSE_ORDER,),
        OrderShipped: (Owed("shipment", to_customer=True, x12_set="856"),),
        OrderInvoiced: (Owed("invoice", to_customer=True, to_kinds=("accounting",), x12_set="810"),),
        OrderCredited: (Owed("invoice", to_customer=True, to_kinds=("accounting",), x12_set="810"),),
    }
)  # fmt: skip

ANSWERS = frozenset({"855", "acknowledgment", "order_receipt"})
"""What answers an order, as a dispatch names it; it leaves again when the same order comes again."""

ANSWERS_TO_CHANGES = frozenset({"865", "change_acknowledgment", "order_receipt"})
ANSWERS_TO_RETURNS = frozenset({"180", "return_answer"})
"""The same for a change and a return that come again."""
