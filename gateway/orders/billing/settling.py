"""An order is paid when everything of it is invoiced and every invoice is settled; and it is no more when one opens again."""

from collections.abc import Iterator

from gateway.kernel.errors import TransitionError
from gateway.kernel.quantity import ZERO
from gateway.orders.case import Case
from gateway.orders.commands import ReopenOrder, SettleOrder
from gateway.orders.events import Event
from gateway.orders.happened.settling_events import OrderPaid, OrderReopened
from gateway.orders.order import Order


def is_billed(order: Order) -> bool:
    """Whether everything that is served of an order is invoiced."""
    served = sum((line.quantity.open for line in order.lines), ZERO)
    return served > ZERO and served == sum((line.quantity.invoiced for line in order.lines), ZERO)


def settle(order: Order, command: SettleOrder, _case: Case) -> Iterator[Event]:
    """The order is paid; raises TransitionError while something of it is not invoiced."""
    if not is_billed(order):
        raise TransitionError(f"Not everything of {order.number} is invoiced; it cannot be paid yet.")
    if not order.paid:
        yield OrderPaid(command.invoices, command.total)


def reopen(order: Order, command: ReopenOrder, _case: Case) -> Iterator[Event]:
    """The order is not paid any more."""
    if order.paid:
        yield OrderReopened(command.invoice, command.reason)
