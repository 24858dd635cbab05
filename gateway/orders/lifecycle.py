"""The life of an order in three tables: which status allows what, how quantities move, how the status is told."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from types import MappingProxyType

from gateway.kernel.quantity import ZERO
from gateway.orders import commands as asked
from gateway.orders import events as happened
from gateway.orders.asked import change_commands as changing
from gateway.orders.asked import return_commands as returning
from gateway.orders.happened import change_events, handled
from gateway.orders.happened import goods_events as goods
from gateway.orders.order import Line, Order


class Status(Enum):
    """The status of an order as a whole; computed from lines and holds, never stored by hand."""

    RECEIVED = "received"
    ON_HOLD = "on_hold"
    REJECTED = "rejected"
    CONFIRMED = "confirmed"
    BACKORDERED = "backordered"
    PARTIALLY_ALLOCATED = "partially_allocated"
    ALLOCATED = "allocated"
    RELEASED = "released"
    PICKING = "picking"
    PACKED = "packed"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    PARTIALLY_INVOICED = "partially_invoiced"
    INVOICED = "invoiced"
    PAID = "paid"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_S = Status
BEFORE_RELEASE = frozenset({
    _S.ON_HOLD, _S.RECEIVED, _S.CONFIRMED, _S.BACKORDERED, _S.PARTIALLY_ALLOCATED, _S.ALLOCATED,
})  # fmt: skip
AT_WORK = frozenset({_S.RELEASED, _S.PICKING, _S.PACKED, _S.PARTIALLY_SHIPPED, _S.PARTIALLY_INVOICED})
LEFT = frozenset({
    _S.PARTIALLY_SHIPPED, _S.SHIPPED, _S.PARTIALLY_INVOICED, _S.INVOICED, _S.PAID, _S.CLOSED,
})  # fmt: skip
FILLABLE = AT_WORK | {_S.CONFIRMED, _S.BACKORDERED, _S.PARTIALLY_ALLOCATED}
WAITING = frozenset({_S.ON_HOLD, _S.RECEIVED})
"""What holds an order back; what left the house before stays billable and correctable."""

ALLOWED: Mapping[type[asked.Command], tuple[str, frozenset[Status]]] = MappingProxyType(
    {
        # command                    in words                      in which status it may be given
        asked.ReleaseHold:          ("releasing a hold",           frozenset({_S.ON_HOLD})),
        asked.RejectOrder:          ("rejecting it",               BEFORE_RELEASE),
        asked.HoldOrder:            ("putting it on hold",         BEFORE_RELEASE | AT_WORK | {_S.PAID}),
        asked.CorrectOrder:         ("a correction",               frozenset({_S.ON_HOLD})),
        asked.CancelOrder:          ("a cancellation",             BEFORE_RELEASE | AT_WORK | {_S.PAID}),
        asked.AnswerInTime:         ("an answer on hold",          frozenset({_S.ON_HOLD})),
        asked.ReleaseToWarehouse:   ("a release to a warehouse",   AT_WORK - {_S.PICKING, _S.PACKED} | {_S.PARTIALLY_ALLOCATED, _S.ALLOCATED, _S.PAID}),
        asked.FillBackorder:        ("filling a backorder",        FILLABLE),
        asked.CancelBalance:        ("cancelling the balance",     FILLABLE | {_S.ON_HOLD, _S.ALLOCATED}),
        asked.ExpireReservation:    ("ending a reservation",       frozenset({_S.ON_HOLD})),
        asked.ConfirmShipment:      ("a shipment",                 frozenset(Status) - {_S.RECEIVED}),
        asked.IssueInvoice:         ("an invoice",                 LEFT - {_S.INVOICED} | WAITING),
        asked.CreditInvoice:        ("a credit",                   LEFT | WAITING),
        asked.RebillInvoice:        ("a correction of an invoice", LEFT | WAITING),
        changing.ChangeOrder:       ("a change",                   frozenset(_S)),
        changing.RejectChange:      ("refusing a change",          frozenset({_S.ON_HOLD})),
        returning.RequestReturn:    ("a return",                   frozenset(_S)),
        returning.ReceiveReturn:    ("goods that come back",       LEFT | {_S.ON_HOLD}),
        returning.EndReturn:        ("ending a return",            LEFT | {_S.ON_HOLD}),
        returning.LinkReplacement:  ("a replacement",              LEFT | {_S.ON_HOLD}),
        asked.RecordTracking:       ("a message of the carrier",   frozenset(Status)),
        asked.ConfirmDelivery:      ("a delivery",                 frozenset(Status)),
        asked.MarkLate:             ("calling a shipment late",    frozenset(Status)),
        asked.SettleOrder:          ("a payment of all of it",     LEFT | WAITING),
        asked.ReopenOrder:          ("taking back its payment",    LEFT | WAITING),
        asked.CloseOrder:           ("closing it",                 frozenset({_S.PAID})),
    }
)  # fmt: skip
"""In which status each command may be given; everything else is refused. PlaceOrder begins an order."""

STOPPED_BY_HOLDS: frozenset[type[asked.Command]] = frozenset({asked.ReleaseToWarehouse})
"""What waits while a hold is open. Everything else goes by how the order stands besides: goods that left are billed."""

MOVES: tuple[tuple[type[happened.Event], str, str], ...] = (
    # event                      from           to
    (happened.LineRejected,      "pending",     "rejected"),
    (handled.LineReopened,      "rejected",    "pending"),
    (happened.LineAllocated,     "pending",     "allocated"),
    (happened.LineBackordered,   "pending",     "backordered"),
    (goods.LineAwaits,        "pending",     "backordered"),
    (goods.LineFilled,        "backordered", "allocated"),
    (happened.LineCancelled,     "pending",     "cancelled"),
    (happened.LineCancelled,     "backordered", "cancelled"),
    (happened.LineCancelled,     "allocated",   "cancelled"),
    (change_events.LineFreed,         "backordered", "pending"),
    (change_events.LineFreed,         "allocated",   "pending"),
    (happened.LinePicked,        "allocated",   "picked"),
    (happened.LinePacked,        "picked",      "packed"),
    (happened.LineShipped,       "packed",      "shipped"),
    (happened.LineOverShipped,   "allocated",   "shipped"),
    (happened.LineOverShipped,   "backordered", "shipped"),
    (happened.LineOverShipped,   "cancelled",   "shipped"),
    (happened.LineShortPicked,   "allocated",   "backordered"),
    (happened.LineShortPicked,   "allocated",   "cancelled"),
)  # fmt: skip
"""Every way a quantity can go between the buckets of a line; what is not here cannot happen."""


def _sum(order: Order, bucket: str) -> bool:
    return any(map(_of(bucket), order.lines))


def _all(order: Order, bucket: str) -> bool:
    """Whether a bucket holds everything that is still owed or was served."""
    goods = sum(map(_OPEN, order.lines), ZERO)
    return bool(sum(map(_of(bucket), order.lines), ZERO) == goods)


def _nothing_left(order: Order) -> bool:
    return not any(map(_OPEN, order.lines))


@cache
def _of(bucket: str) -> Callable[[Line], Decimal]:
    return attrgetter(f"quantity.{bucket}")


_OPEN = _of("open")


def _refused(order: Order) -> bool:
    return order.rejected or _sum(order, "rejected") or not _sum(order, "cancelled")


def _came_back(order: Order) -> bool:
    """Whether nothing of an order is owed any more by anybody: what left came back, and the money of it is settled."""
    return order.paid and _all(order, "returned") and _all(order, "credited")


LADDER: tuple[tuple[Status, str, Callable[[Order], bool]], ...] = (
    # status                      when                                              as code
    (Status.ON_HOLD,             "a hold is open",                                 lambda order: bool(order.holds)),
    (Status.REJECTED,            "nothing is served, because it was refused",      lambda order: _nothing_left(order) and _refused(order)),
    (Status.CANCELLED,           "nothing is served, because it was cancelled",    _nothing_left),
    (Status.RECEIVED,            "a line is not decided",                          lambda order: _sum(order, "pending")),
    (Status.CLOSED,              "somebody closed it, or all of it came back and is settled", lambda order: order.closed or _came_back(order)),
    (Status.PAID,                "everything invoiced is paid",                    lambda order: order.paid and _all(order, "invoiced")),
    (Status.INVOICED,            "everything is invoiced",                         lambda order: _all(order, "invoiced")),
    (Status.PARTIALLY_INVOICED,  "something is invoiced",                          lambda order: _sum(order, "invoiced")),
    (Status.SHIPPED,             "everything left the house",                      lambda order: _all(order, "shipped")),
    (Status.PARTIALLY_SHIPPED,   "something left the house",                       lambda order: _sum(order, "shipped")),
    (Status.PACKED,              "something is packed",                            lambda order: _sum(order, "packed")),
    (Status.PICKING,             "something is picked",                            lambda order: _sum(order, "picked")),
    (Status.RELEASED,            "a warehouse was told to pick",                   lambda order: _sum(order, "released")),
    (Status.ALLOCATED,           "everything is reserved",                         lambda order: _all(order, "allocated")),
    (Status.PARTIALLY_ALLOCATED, "something is reserved",                          lambda order: _sum(order, "allocated")),
    (Status.BACKORDERED,         "everything waits for goods",                     lambda order: _sum(order, "backordered")),
    (Status.CONFIRMED,           "it was answered",                                lambda _order: True),
)  # fmt: skip
"""The status of an order: the first that fits (rulings 30)."""


def status(order: Order) -> Status:
    """The status of the order as a whole."""
    return next(each for each, _, fits in LADDER if fits(order))


def may(order: Order, command: type[asked.Command]) -> bool:
    """Whether a command may be given now; a hold stops only what the table of holds says."""
    allowed = ALLOWED[command][1]
    if status(order) in allowed:
        return True
    return command not in STOPPED_BY_HOLDS and bool(order.holds) and status(replace(order, holds=())) in allowed
