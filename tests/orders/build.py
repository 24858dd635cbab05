"""Small orders, facts and terms for the tests of the domain."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from gateway.kernel.ids import HoldId, OrderNumber, PartnerId, Sku, WarehouseId
from gateway.orders import decisions, transitions
from gateway.orders.case import Case
from gateway.orders.commands import Command, ConfirmShipment, PlaceOrder, ShippedRow, WantedLine
from gateway.orders.events import Event
from gateway.orders.facts import Exposure, Facts, ItemFacts, PriceFacts, StockFacts
from gateway.orders.order import Address, Order
from gateway.orders.terms import Terms

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
TODAY = date(2026, 11, 20)
TENT, STOVE = Sku("TENT"), Sku("STOVE")
DAL, RNO = WarehouseId("DAL"), WarehouseId("RNO")
SHIP_TO = Address(name="ACME DC", address1="1400 COMMERCE PARK", city="FORT WORTH", state="TX")
ITEMS = {
    TENT: ItemFacts(TENT, "EA"),
    STOVE: ItemFacts(STOVE, "EA", packs=(("CA", Decimal(6)),)),
}  # fmt: skip
PRICES = (
    PriceFacts("list", TENT, "EA", Decimal("89.95")),
    PriceFacts("list", STOVE, "EA", Decimal("32.75")),
)


def number(text: str | int) -> Decimal:
    return Decimal(text)


def line(
    sku: str = "TENT",
    quantity: str = "10",
    *,
    uom: str = "EA",
    price: str | None = None,
    basis: str = "",
    name: str = "",
) -> WantedLine:
    unit_price = number(price) if price is not None else None
    return WantedLine(name, number(quantity), uom, (("vendor_sku", sku),), unit_price, basis)


def stock(*levels: tuple[str, Sku, int]) -> tuple[StockFacts, ...]:
    return tuple(StockFacts(WarehouseId(warehouse), sku, number(on_hand)) for warehouse, sku, on_hand in levels)


PLENTY = stock(("DAL", TENT, 100), ("DAL", STOVE, 100))


def facts(
    levels: tuple[StockFacts, ...] = PLENTY, *, prices: tuple[PriceFacts, ...] = PRICES, owed: str = "0"
) -> Facts:
    ids = {("vendor_sku", str(sku)): sku for sku in ITEMS}
    return Facts(TODAY, ids, ITEMS, prices, levels, Exposure(unpaid_invoices=number(owed)))


def wanted(*lines: WantedLine, **more: object) -> PlaceOrder:
    fields: dict[str, object] = {"ship_to": SHIP_TO, "currency": "USD", **more}
    return PlaceOrder(
        number=OrderNumber("SO-1"), partner=PartnerId("acme"), po_number="PO1", po_date=TODAY, lines=lines or (line(),),
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def hold_ids() -> Callable[[], HoldId]:
    numbers = count(1)
    return lambda: HoldId(f"H-{next(numbers)}")


def follow(order: Order | None, events: Iterable[Event]) -> Order:
    for event in events:
        order = transitions.apply(order, event)
    assert order is not None
    return order


def do(order: Order | None, command: Command, known: Facts | None = None, terms: Terms | None = None) -> Order:
    return follow(order, decisions.decide(order, command, Case(known or facts(), terms or Terms(), NOW, hold_ids())))


def placed(*lines: WantedLine, known: Facts | None = None, terms: Terms | None = None, **more: object) -> Order:
    return do(None, wanted(*lines, **more), known, terms)


def confirmed(*rows: tuple[str, str], shipment: str = "S1", warehouse: WarehouseId = DAL) -> ConfirmShipment:
    shipped = tuple(ShippedRow(name, number(quantity), "00006141410000000012") for name, quantity in rows)
    return ConfirmShipment(shipment, TODAY, warehouse, shipped)


def codes(order: Order) -> list[str]:
    return [hold.code for hold in order.holds]
