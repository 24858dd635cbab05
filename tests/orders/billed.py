"""Shipped orders to bill, whatever their quantities, prices, allowances and charges are."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from gateway.kernel.ids import OrderNumber, PartnerId, Sku
from gateway.orders import decisions
from gateway.orders.case import Case
from gateway.orders.commands import Command, IssueInvoice
from gateway.orders.events import Event
from gateway.orders.happened.bill_events import Bill, OrderCredited, OrderInvoiced
from gateway.orders.order import Address, Adjustment, Buckets, Line, Order
from gateway.orders.terms import TaxRow, Terms
from tests.orders.build import NOW, TODAY, facts, follow, hold_ids

CENTS = Decimal("0.01")
PRICES = st.decimals(0, 500, places=4)
ADJUSTMENTS = st.builds(
    lambda kind, way, figure: Adjustment(kind, "C310" if kind == "allowance" else "D500", **{way: figure}),
    st.sampled_from(["allowance", "charge"]), st.sampled_from(["percent", "amount", "rate"]),
    st.decimals("0.01", 9, places=2),
)  # fmt: skip
TAXES = (TaxRow("TX", "", Decimal("8.25")), TaxRow("TX", "FOOD", Decimal(0)), TaxRow("TX", "GAS", Decimal("6.125")))


def shipped_order(
    lines: Iterable[tuple[int, int, Decimal]],
    *,
    adjustments: tuple[Adjustment, ...] = (),
    own: tuple[Adjustment, ...] = (),
    tax_codes: tuple[str, ...] = ("",),
    **more: object,
) -> Order:
    """An order of lines (ordered, shipped, price); what is not shipped waits for goods."""
    made = tuple(
        Line(
            str(at), "EA",
            Buckets(Decimal(ordered), shipped=Decimal(shipped), backordered=Decimal(ordered - shipped)),
            sku=Sku(f"SKU{at}"), unit_price=price, adjustments=own, tax_code=tax_codes[at % len(tax_codes)],
        )
        for at, (ordered, shipped, price) in enumerate(lines, start=1)
    )  # fmt: skip
    order = Order(
        OrderNumber("SO-1"), PartnerId("acme"), "PO1", TODAY, "USD", NOW, made, decided=True,
        ship_to=Address(state="TX"), adjustments=adjustments, shipments=("S1",),
    )  # fmt: skip
    return replace(order, **more)  # type: ignore[arg-type]


def ship_more(order: Order, quantities: Iterable[int]) -> Order:
    """So much more of each line, as far as it waits."""
    lines: list[Line] = []
    for line, quantity in zip(order.lines, quantities, strict=False):
        more = min(Decimal(quantity), line.quantity.backordered)
        buckets = replace(
            line.quantity, shipped=line.quantity.shipped + more, backordered=line.quantity.backordered - more
        )
        lines.append(replace(line, quantity=buckets))
    return replace(order, lines=(*lines, *order.lines[len(lines) :]))


def events_of(order: Order, command: Command, terms: Terms, bills: tuple[Bill, ...] = ()) -> tuple[Event, ...]:
    return decisions.decide(order, command, Case(replace(facts(), bills=bills), terms, NOW, hold_ids()))


def bill(order: Order, terms: Terms, number: str = "INV1") -> tuple[Order, OrderInvoiced]:
    """The invoice of everything that waits for one."""
    (event,) = events_of(order, IssueInvoice(number, "S1", TODAY), terms)
    assert isinstance(event, OrderInvoiced)
    return follow(order, [event]), event


def adds_up(event: Bill) -> bool:
    """Whether the total is the sum of everything on it, each to the cent."""
    own = [each for line in event.lines for each in line.adjustments]
    amounts = [
        *(line.amount for line in event.lines), *(each.signed for each in (*own, *event.adjustments)),
        *(tax.amount for tax in event.taxes),
    ]  # fmt: skip
    return event.total == sum(amounts) and all(each == each.quantize(CENTS) for each in amounts)


def lines_are_priced(event: Bill) -> bool:
    """Whether quantity x price gives each amount to the cent."""
    return all(abs(line.quantity * line.unit_price - line.amount) <= Decimal("0.005") for line in event.lines)


def together(bills: Iterable[Bill]) -> Decimal:
    """What invoices less credits come to."""
    return sum((-each.total if isinstance(each, OrderCredited) else each.total for each in bills), Decimal(0))
