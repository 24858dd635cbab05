"""The money of what came back: a credit memo of what was invoiced, at once or as soon as it is."""

from gateway.config.partner import Partner
from gateway.flows import agreed, billing
from gateway.flows.advance import Step
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.quantity import ZERO
from gateway.orders.commands import WantedCredit
from gateway.orders.order import Order


def settle(bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, rma: str, step: Step) -> Order:
    """Credit what of a return came back, is to be credited and was invoiced; the rest waits for its invoice."""
    made = next((each for each in order.returns if each.rma == rma), None)
    if made is None or order.test:
        return order
    wanted: list[WantedCredit] = []
    for each in made.lines:
        line = order.line(each.line)
        billed = line.quantity.invoiced - line.quantity.credited if line is not None else ZERO
        quantity = min(each.creditable - each.credited, billed)
        if quantity > ZERO:
            wanted.append(WantedCredit(each.line, quantity))
    if not wanted:
        return order
    reasons = dict.fromkeys(each.reason for each in made.lines if each.creditable)
    said = f"return {rma}" + (f" ({made.return_number})" if made.return_number else "") + f": {', '.join(reasons)}"
    return billing.credit(
        bench, work, partner, order, tuple(wanted), said, step, return_number=rma,
        restocking_percent=agreed.terms(bench, work, partner).returns.restocking_percent,
    )  # fmt: skip


def find(_bench: Workbench, work: UnitOfWork) -> list[str]:
    """Returns of which something is to be credited that was not, each with the version of its order."""
    return [f"{rma}@{number}@{version}" for rma, number, version in work.returns.uncredited()]


def act(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """Credit one return as far as its goods were invoiced in the meantime."""
    rma, _, _ = key.split("@")
    number = work.returns.order_of(rma)
    order = work.orders.get(number) if number is not None else None
    partner = bench.partner(order.partner) if order is not None else None
    if order is not None and partner is not None:
        settle(bench, work, partner, order, rma, Step(now=bench.clock(), who="schedule"))
