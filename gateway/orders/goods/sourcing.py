"""Which warehouse comes first: the agreed rules in their order, each a figure that can be compared and told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import takewhile
from types import MappingProxyType

from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import WarehouseFacts
from gateway.orders.order import Address

PREFERRED = "preferred "
Figure = tuple[int | Decimal, ...]
NO_PLACES: Mapping[WarehouseId, WarehouseFacts] = MappingProxyType({})
NO_DAYS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Choice:
    """How warehouses are chosen for an order; with ``together`` everything of it leaves from one warehouse.

    ``home`` is the warehouse of the ship-to, preferred before all others; ``transit_days`` are by state of the ship-to,
    ``only`` is the one warehouse that may serve, when another part of the order is there already.
    """

    rules: tuple[str, ...] = ()
    warehouses: Mapping[WarehouseId, WarehouseFacts] = field(default_factory=lambda: NO_PLACES)
    ship_to: Address = field(default_factory=Address)
    transit_days: Mapping[str, int] = field(default_factory=lambda: NO_DAYS)
    home: WarehouseId | None = None
    together: bool = False
    only: WarehouseId | None = None

    @property
    def order_of_rules(self) -> tuple[str, ...]:
        """The rules with that of the ship-to before them."""
        return (f"{PREFERRED}{self.home}", *self.rules) if self.home else self.rules


@dataclass(frozen=True, slots=True)
class Offer:
    """What a warehouse has for a line, in the ordered unit, and how many lines of the order it fills alone."""

    warehouse: WarehouseId
    units: Decimal
    fills: int


def ranked(offers: Sequence[Offer], choice: Choice, *, split: bool = False) -> list[Offer]:
    """The offers by the rules in their order; then who fills most lines (``split``: who has most), then by name."""

    def key(offer: Offer) -> tuple[object, ...]:
        figures = tuple(_figure(rule, offer, choice, split=split) for rule in choice.order_of_rules)
        last: Figure = (-offer.units, -offer.fills) if split else (-offer.fills,)
        return (*figures, last, offer.warehouse)

    return sorted(offers, key=key)


def why(chosen: Offer, others: Sequence[Offer], choice: Choice) -> str:
    """What spoke for the chosen warehouse against the others that could have served as well; empty when nothing did."""
    for rule in choice.order_of_rules:
        mine = _figure(rule, chosen, choice)
        if any(_figure(rule, other, choice) > mine for other in others):
            return _SAID[rule.partition(" ")[0]](chosen, choice)
    return "it fills more lines of the order" if any(other.fills < chosen.fills for other in others) else ""


def why_not_preferred(chosen: WarehouseId, offers: Sequence[Offer], wanted: str, uom: str, choice: Choice) -> str:
    """What kept the preferred warehouses before the chosen one from serving."""
    have: dict[str, Decimal] = {offer.warehouse: offer.units for offer in offers}
    passed: list[str] = []
    for rule in choice.order_of_rules:
        place = rule.removeprefix(PREFERRED)
        if not rule.startswith(PREFERRED) or place in passed:
            continue
        if place == chosen:
            break
        passed.append(place)
    return "; ".join(
        f"not {place}, which is preferred: {plain(have.get(place, ZERO))} {uom} available there of the {wanted} {uom} wanted"
        for place in passed
    )


def near(place: WarehouseFacts | None, ship_to: Address) -> tuple[int, bool]:
    """How near a warehouse is: how many leading characters of the postal codes agree, and whether the state does."""
    if place is None:
        return 0, False
    pairs = zip(place.postal_code, ship_to.postal_code, strict=False)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return alike, bool(place.state) and place.state == ship_to.state


def days(place: WarehouseFacts | None, choice: Choice) -> int:
    """What serving from a warehouse costs, told in days on the road: those of the state where both are, else the usual."""
    usual = choice.transit_days.get("default", 0)
    if place is not None and place.state and place.state == choice.ship_to.state:
        return choice.transit_days.get(place.state, usual)
    return usual


def _figure(rule: str, offer: Offer, choice: Choice, *, split: bool = False) -> Figure:
    """The lower, the better."""
    place = choice.warehouses.get(offer.warehouse)
    match rule:
        case "nearest":
            alike, same_state = near(place, choice.ship_to)
            return (-alike, 0 if same_state else 1)
        case "fewest_splits":
            return (-offer.units,) if split else (-offer.fills,)
        case "highest_stock":
            return (-offer.units,)
        case "cost":
            return (days(place, choice),)
        case _:
            return (0 if offer.warehouse == rule.removeprefix(PREFERRED) else 1,)


def _nearest(chosen: Offer, choice: Choice) -> str:
    place = choice.warehouses.get(chosen.warehouse)
    alike, same_state = near(place, choice.ship_to)
    if place is not None and alike:
        return f"it is nearest: postal code {place.postal_code} to {choice.ship_to.postal_code}"
    return f"it is nearest: in {choice.ship_to.state}, as the ship-to" if same_state else "it is nearest"


_SAID: Mapping[str, Callable[[Offer, Choice], str]] = MappingProxyType(
    {
        "preferred": lambda _offer, _choice: "it is preferred",
        "nearest": _nearest,
        "fewest_splits": lambda _offer, _choice: "it fills more lines of the order",
        "highest_stock": lambda _offer, _choice: "it has the highest stock",
        "cost": lambda offer, choice: f"{days(choice.warehouses.get(offer.warehouse), choice)} days on the road",
    }
)
