"""The places an order names by the customer's own codes: where it goes, and the stores it is split over."""

from collections.abc import Mapping

from gateway.flows.ports import UnitOfWork
from gateway.orders.commands import PlaceOrder
from gateway.orders.facts import LocationFacts
from gateway.orders.order import Order


def known(work: UnitOfWork, what: PlaceOrder | Order) -> Mapping[str, LocationFacts]:
    """What we know of them, by code."""
    stores = [share.store for line in what.lines for share in line.stores]
    return work.master.locations(what.partner, [what.ship_to.id, what.store, *stores])
