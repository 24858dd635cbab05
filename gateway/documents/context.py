"""What a business document needs besides the event: who we are, who the customer is, what the items are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.canonical.filling import trusted
from gateway.canonical.house import Warehouse
from gateway.canonical.parts import ItemIds, Party
from gateway.kernel.ids import Sku, WarehouseId
from gateway.orders.facts import ItemFacts, LocationFacts
from gateway.orders.order import Address, Line, Order
from gateway.orders.terms import Terms

new_item_ids = trusted(ItemIds)
new_party = trusted(Party)
ASSIGNED_BY_BUYER = "92"
"""X12 N103: the id is the buyer's own."""


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """Names and addresses for the documents of one order.

    ``stores`` are the customer's places by their codes; ``vendor_number`` is what the customer calls us where the order
    does not say it; ``packing_instructions``, ``label_format`` and ``terms`` are agreed with the customer.
    """

    us: Party
    customer_name: str = ""
    account: str = ""
    items: Mapping[Sku, ItemFacts] = field(default_factory=dict)
    warehouses: Mapping[WarehouseId, Warehouse] = field(default_factory=dict)
    stores: Mapping[str, LocationFacts] = field(default_factory=dict)
    vendor_number: str = ""
    packing_instructions: str = ""
    label_format: str = ""
    terms: Terms | None = None


def party(address: Address) -> Party | None:
    """A canonical party, or None when nothing is known of it."""
    known = {name: value for name in Address.__slots__ if (value := getattr(address, name))}
    return new_party(**known) if known else None


def vendor_number(order: Order, context: DocumentContext) -> str | None:
    """What the customer calls us: as the order says it, else as agreed."""
    return order.vendor_number or context.vendor_number or None


def store_party(context: DocumentContext, store: str) -> Party | None:
    """A store of the customer by its number, with the address the house knows; None for no store."""
    if not store:
        return None
    place = context.stores.get(store)
    if place is None:
        return new_party(id=store, id_type=ASSIGNED_BY_BUYER)
    known = party(place.address) or new_party()
    return known.model_copy(update={"id": store, "id_type": known.id_type or ASSIGNED_BY_BUYER})


def ship_from(context: DocumentContext, warehouse: WarehouseId) -> Party:
    """The warehouse as a party; our own name where the warehouse has none."""
    place = context.warehouses.get(warehouse)
    if place is None:
        return context.us
    return new_party(
        id=place.warehouse, name=place.name or context.us.name, address1=place.address1, city=place.city,
        state=place.state, postal_code=place.postal_code, country=place.country,
    )  # fmt: skip


def item_ids(line: Line, context: DocumentContext) -> ItemIds:
    """The ids the partner used, completed by ours: their words first; where another item is served, that one's."""
    item = context.items.get(line.sku) if line.sku else None
    if line.substitute_for is not None:
        return substitute_ids(line, context)
    known = dict(line.ids)
    if line.sku:
        known.setdefault("vendor_sku", line.sku)
    if item is not None and item.upc:
        known.setdefault("upc", item.upc)
    return new_item_ids(**known)


def ordered_ids(line: Line, context: DocumentContext) -> ItemIds:
    """The ids of the item that was ordered, whatever is served."""
    if line.substitute_for is None:
        return item_ids(line, context)
    item = context.items.get(line.substitute_for)
    ours = {"vendor_sku": line.substitute_for, **({"upc": item.upc} if item is not None and item.upc else {})}
    return new_item_ids(**{**ours, **dict(line.ids)})


def substitute_ids(line: Line, context: DocumentContext) -> ItemIds:
    """Our ids of the item that is served instead of the ordered one."""
    item = context.items.get(line.sku) if line.sku else None
    return new_item_ids(vendor_sku=line.sku, upc=item.upc or None if item else None)


def describe(line: Line, context: DocumentContext) -> str | None:
    """The partner's description of a line, else the item master's."""
    item = context.items.get(line.sku) if line.sku else None
    return line.description or (item.description if item else "") or None


def describe_ordered(line: Line, context: DocumentContext) -> str | None:
    """The description of the item that was ordered, whatever is served: a line bears that of the served one then."""
    if line.substitute_for is None:
        return describe(line, context)
    item = context.items.get(line.substitute_for)
    return (item.description if item else "") or None
