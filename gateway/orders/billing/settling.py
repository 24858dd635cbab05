"""An order is paid when everything of it is invoiced and settled, and is no more when an invoice opens again; a paid one is closed by a person."""

from collections.abc import Iterator

from gateway.kernel.errors import TransitionError
from gateway.kernel.quantity import ZERO
from gateway.orders.case import Case
from gateway.orders.commands import CloseOrder, ReopenOrder, SettleOrder
from gateway.orders.events import Event
from gateway.orders.happened.settling_events import OrderClosed, OrderPaid, OrderReopened
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


def close(order: Order, command: CloseOrder, _case: Case) -> Iterator[Event]:
    """A paid order is done with; raises TransitionError while goods of it are to come back."""
    still = ", ".join(each.rma for each in order.returns if each.state == "open")
    if still:
        raise TransitionError(
            f"Goods of {order.number} are still to come back ({still}); it cannot be closed yet.",
            next_step="Receive them, or end the return with 'gateway returns close'.",
        )
    yield OrderClosed(command.reason)
