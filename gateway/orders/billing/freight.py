"""Who bears the freight: what the warehouse said it cost is billed only when it is prepaid and added."""

from decimal import Decimal

from gateway.kernel.quantity import ZERO
from gateway.orders.bills import FREIGHT, BilledAdjustment
from gateway.orders.order import Order

ADDED = frozenset({"PC", "PPA", "PPD & ADD", "PREPAID AND ADD", "PREPAID & ADD", "PREPAID_AND_ADD"})
"""Words for freight that we pay and bill: X12 FOB01 PC and what routing tables say."""


def is_billed(order: Order) -> bool:
    """Whether the customer owes us the freight: prepaid and added (PC); prepaid (PP) is ours, collect (CC) theirs."""
    said = order.fob or order.route.freight_terms
    return said.strip().upper() in ADDED


def charge(order: Order, shipments: tuple[str, ...]) -> tuple[BilledAdjustment, ...]:
    """The freight of these shipments that no bill bears yet, as a charge."""
    amount = sum((cost for shipment, cost in order.freight if shipment in shipments), ZERO)
    if not is_billed(order) or amount <= Decimal(0):
        return ()
    return (BilledAdjustment("charge", FREIGHT, amount, description="Freight"),)
