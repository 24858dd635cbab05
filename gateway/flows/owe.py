"""Turn what an event owes into dispatches: mapped, checked, numbered, stored in the same transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from gateway.canonical.base import Canonical
from gateway.config.partner import RECEIPT, Partner
from gateway.documents import invoice_810, ship_notice_856
from gateway.documents.invoice_810 import BilledPart
from gateway.documents.registry import OWED, Owed
from gateway.exchange.receipt import FileHold
from gateway.flows import advice_context, write
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.flows.write import Letter
from gateway.kernel.ids import PartnerId, ReceiptId, WarehouseId
from gateway.orders.events import Event, OrderRecalled, OrderReleased, OrderShipped
from gateway.orders.happened.bill_events import Bill, OrderCredited, OrderInvoiced
from gateway.orders.order import Order

UNANSWERED = "NA"
"""What an order says (BEG07) that wants no acknowledgment at all."""

LATER = ("acknowledgment", "order_receipt")
"""Answers that may leave again when goods come or a promise moves."""


def event(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, what: Event, now: datetime,
    receipt: ReceiptId | None,
) -> None:  # fmt: skip
    """Owe the documents of one event, to the customer and to the house partners the registry names."""
    for owed in (each for each in OWED.get(type(what), ()) if each.applies(order, what)):
        if order.acknowledgment_type == UNANSWERED and owed.document == "acknowledgment":
            continue
        addressees = [
            each for each in _addressees(bench, partner, order, what, owed)
            if each.outputs(owed.document, bench.today(each, now)) and _agreed_on_later(bench, each, owed, now)
            and (owed.document != RECEIPT or each.tells_of(RECEIPT, order.came_as))
        ]  # fmt: skip
        built = _build(bench, work, partner, order, what, owed) if addressees else None
        for addressee in addressees:
            if built is not None:
                document, number = built
                letter = Letter(
                    partner=addressee, document=owed.document, number=number, order=order, receipt=receipt, now=now,
                    at_deadline=owed.at_deadline,
                )  # fmt: skip
                write.letter(bench, work, letter, document)


def shipment(
    bench: Workbench, work: UnitOfWork, partner: Partner, shipped: Iterable[tuple[Order, OrderShipped]], now: datetime,
    receipt: ReceiptId | None,
) -> None:  # fmt: skip
    """Owe one ship notice for all orders of one partner in one shipment to one ship-to."""
    pairs = list(shipped)
    order, what = pairs[0]
    document = ship_notice_856.build(pairs, advice_context.of(bench, work, partner, [each for each, _ in pairs]))
    letter = Letter(
        partner=partner, document="shipment", number=what.shipment_number, order=order, receipt=receipt, now=now
    )
    write.letter(bench, work, letter, document)


def bill(
    bench: Workbench, work: UnitOfWork, partner: Partner, parts: list[tuple[Order, Bill]], now: datetime,
    receipt: ReceiptId | None,
) -> None:  # fmt: skip
    """Owe one invoice or credit memo with its parts of all orders, to the customer and to whoever keeps the accounts."""
    order, what = parts[0]
    billed = [
        BilledPart(
            each, one,
            tuple(gone for name in _shipments(one) if (gone := work.orders.shipment(name, each.number)) is not None),
        )
        for each, one in parts
    ]  # fmt: skip
    document = invoice_810.build(billed, advice_context.of(bench, work, partner, [each for each, _ in parts]))
    (owed,) = OWED[type(what)]
    for addressee in _addressees(bench, partner, order, what, owed):
        letter = Letter(
            partner=addressee, document=owed.document, number=document.invoice_number, order=order, receipt=receipt,
            now=now, kept_back=_kept_back(bench, addressee, what, now),
        )  # fmt: skip
        write.letter(bench, work, letter, document)


def _shipments(what: Bill) -> tuple[str, ...]:
    return what.shipments if isinstance(what, OrderInvoiced) else ()


def _kept_back(bench: Workbench, addressee: Partner, what: Bill, now: datetime) -> frozenset[str]:
    """The X12 sets that do not tell this bill: an 812 tells credits only, and a credit told by it is in no 810 besides."""
    sets = {
        bench.mappings[use.mapping].set_id for use in addressee.outputs("invoice", bench.today(addressee, now))
        if bench.mappings[use.mapping].format == "x12"
    }  # fmt: skip
    by_812 = isinstance(what, OrderCredited) and "812" in sets and (what.document == "812" or "810" not in sets)
    return frozenset({"810"}) if by_812 else frozenset({"812"})


def unserved(bench: Workbench, order: Order, warehouse: WarehouseId) -> FileHold:
    """An order waits because nobody serves its warehouse; listed once."""
    return FileHold(
        id=bench.new_hold_id(), type="DATA", code="P-NO-WAREHOUSE",
        reason=f"No partner serves warehouse {warehouse}; {order.number} (PO {order.po_number}) stays allocated there.",
        since=bench.clock(), partner=order.partner, receipt=None, file_name="", reference=order.number,
        key=unserved_key(order, warehouse),
    )  # fmt: skip


def unserved_key(order: Order, warehouse: WarehouseId) -> str:
    """What the hold of an order in a warehouse that nobody serves is known by."""
    return f"P-NO-WAREHOUSE:{order.number}:{warehouse}"


def _build(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, what: Event, owed: Owed
) -> tuple[Canonical, str] | None:
    if owed.build is not None:
        return owed.build(order, what, advice_context.of(bench, work, partner, [order])), owed.number(order, what)
    return None


def _agreed_on_later(bench: Workbench, partner: Partner, owed: Owed, now: datetime) -> bool:
    """Whether a partner wants to hear of what changed after the answer, and by this document.

    Each answer says that for itself; an order status leaves where either of them asks for it.
    """
    if not owed.later:
        return True
    answers = (owed.document,) if owed.document in LATER else LATER
    today = bench.today(partner, now)
    return any(use.later == owed.later for answer in answers for use in partner.outputs(answer, today))


def _addressees(bench: Workbench, partner: Partner, order: Order, what: Event, owed: Owed) -> Iterator[Partner]:
    if owed.to_customer:
        yield partner
    if order.test:
        return
    if isinstance(what, OrderReleased | OrderRecalled):
        house = advice_context.warehouse_partner(bench, what.warehouse)
        if house is not None:
            yield house
    elif owed.to_kinds:
        yield from (each for each in bench.site.partners.values() if each.kind in owed.to_kinds)


def owner(partner: Partner) -> PartnerId:
    """The id of a partner."""
    return PartnerId(partner.partner)
