"""The order with what was decided about it, for the house: our number, items, answers and warehouses."""

from datetime import date

from gateway.canonical.acknowledgment import LineStatus
from gateway.canonical.base import Canonical, Number, Text
from gateway.canonical.order import Order, OrderLine


class LineSource(Canonical):
    """So much of a line from one warehouse; ``reason`` says why this one."""

    warehouse: Text
    quantity: Number
    reason: Text | None = None


class DecidedLine(OrderLine):
    """An ordered line with our item, our price for it and our answers."""

    sku: Text | None = None
    statuses: tuple[LineStatus, ...] = ()
    promised_date: date | None = None
    warehouses: tuple[LineSource, ...] = ()


class DecidedOrder(Order):
    """A purchase order after its decision."""

    order_number: Text
    partner: Text
    status: Text
    decided_on: date
    lines: tuple[DecidedLine, ...] = ()
