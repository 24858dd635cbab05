"""The life of a document: files in, orders, files out and money that belong to any number or file name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gateway.exchange.answers import Answer
from gateway.exchange.dispatch import Dispatch
from gateway.exchange.receipt import Receipt
from gateway.flows.ports import UnitOfWork
from gateway.flows.showing import account_views, order_money, views
from gateway.flows.showing.rows import View, order_row, receipt_view
from gateway.flows.showing.story import Found, story
from gateway.kernel.errors import NotFoundError
from gateway.kernel.ids import DispatchId, OrderNumber, ReceiptId
from gateway.orders.billing.invoicing import billing_status
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Order
from gateway.orders.receivables.ageing import payment_status
from gateway.orders.receivables.book import StoredEntry
from gateway.orders.receivables.entries import Kind

TRY = (
    "Try a PO, order, shipment, tracking, carton (SSCC), invoice, credit, payment, claim, return (RMA) or control number, "
    "or the name of a file."
)


@dataclass(frozen=True, slots=True)
class _Exchanged:
    """Every file in and out with what was answered."""

    receipts: dict[ReceiptId, Receipt]
    dispatches: list[Dispatch]
    answers: list[Answer]


def trace(work: UnitOfWork, name: str, today: date) -> View:
    """Files in, orders, files out, money, and the story of them; raises NotFoundError when nothing is known."""
    known = _Exchanged(
        {each.id: each for each in work.exchange.receipts()}, work.exchange.dispatches(), work.exchange.answers()
    )
    named = {each.id for each in known.receipts.values() if name in (each.file_name, each.id)}
    files = {known.receipts[each].file_name for each in named}
    entries = list({each.sequence: each for each in _entries(work, name, files)}.values())
    numbers = {*_numbered(work, name), *_of_files(work, known, name, named)}
    numbers |= {number for each in entries for number, _ in work.orders.parts(each.entry.invoice)}
    orders = [order for each in sorted(numbers, key=_age) if (order := work.orders.get(each)) is not None]
    out = _sent(known, name, named, [each for order in orders for each in views.documents_of(work, order)])
    sent = {(each.id, each.set_number) for each in out} | {(each.id, "") for each in out}
    answers = [each for each in known.answers if (each.dispatch, each.set_number) in sent]
    entries += [each for each in _settled(work, orders) if each.sequence not in {one.sequence for one in entries}]
    came = named | {each.receipt for each in out if each.receipt is not None} | {each.receipt for each in answers}
    came |= set(_brought(work, known, orders, entries))
    if not orders and not came and not entries and not out:
        raise NotFoundError(f"Nothing is known of '{name}'.", next_step=TRY)
    receipts = sorted(
        (known.receipts[each] for each in came if each in known.receipts),
        key=lambda each: (each.received_at, each.partner, each.file_name),
    )
    found = Found(receipts, orders, out, answers, entries, work.attempts.last(each.id for each in out))
    return {**_lists(work, found, today), "story": story(work, found)}


def _lists(work: UnitOfWork, found: Found, today: date) -> View:
    holds = work.exchange.holds()
    bills = {each["invoice_number"]: each for order in found.orders for each in order_money.bills(work, order, today)}
    claims = {each["claim_number"]: each for order in found.orders for each in order_money.claims(work, order)}
    return {
        "files": [receipt_view(each, holds) for each in found.receipts],
        "orders": [
            {
                **order_row(each), "billing_status": billing_status(each),
                "payment_status": payment_status(work.receivables.of_order(each.number), today),
            }
            for each in found.orders
        ],
        "documents": [
            views.dispatch_view(each, [one for one in found.answers if one.dispatch == each.id], found.tried.get(each.id))
            for each in found.dispatches
        ],
        "bills": list(bills.values()), "payments": _payments(work, found), "claims": list(claims.values()),
    }  # fmt: skip


def _payments(work: UnitOfWork, found: Found) -> list[View]:
    numbers = {(each.partner, each.entry.payment) for each in found.entries if each.entry.payment}
    return [
        account_views.payment_row(own)
        for partner, number in sorted(numbers)
        for own in work.receivables.payments(partner, number)
    ]


def _numbered(work: UnitOfWork, name: str) -> Iterator[OrderNumber]:
    """The orders that a number names: theirs, ours, or that of a shipment, carton, bill or return."""
    if work.orders.get(OrderNumber(name)) is not None:
        yield OrderNumber(name)
    for test in (False, True):
        yield from (order.number for order in work.orders.find(OrderQuery(po_number=name, test=test)))
    yield from (order for _, order in work.shipments.find(shipment=name, tracking=name, bol=name))
    yield from work.orders.orders_of_shipment(name)
    for code, shipment in work.cartons.shipments([name, f"00{name}"]).items():
        yield from (
            number for number in work.orders.orders_of_shipment(shipment) if _packed(work, code, shipment, number)
        )
    yield from (number for number, _ in work.orders.parts(name))
    returned = work.returns.order_of(name)
    if returned is not None:
        yield returned
    yield from (number for _, number in work.returns.find(return_number=name))


def _packed(work: UnitOfWork, code: str, shipment: str, number: OrderNumber) -> bool:
    """Whether goods of an order were in a carton or on a pallet."""
    left = work.orders.shipment(shipment, number)
    return left is not None and any(code in (row.sscc, row.pallet_sscc) for row in left.rows)


def _of_files(work: UnitOfWork, known: _Exchanged, name: str, named: set[ReceiptId]) -> Iterator[OrderNumber]:
    """The orders that a file made something happen to, or that a document that left belongs to."""
    answered = _answered(known, named)
    for each in known.dispatches:
        if each.order_number and (_is_dispatch(each, name) or _key(each) in answered or each.receipt in named):
            yield OrderNumber(each.order_number)
    for file in {known.receipts[each].file_name for each in named}:
        yield from work.orders.touched_by(f"file {file}")


def _sent(known: _Exchanged, name: str, named: set[ReceiptId], owed: list[Dispatch]) -> list[Dispatch]:
    """What left for the orders found, in answer to their files or to the file named, or under the number itself."""
    own, answered = {_key(each) for each in owed}, _answered(known, named)
    came = named | {each.receipt for each in owed if each.receipt is not None}
    return [
        each for each in known.dispatches
        if _key(each) in own or _key(each) in answered or _is_dispatch(each, name)
        or (each.receipt in came and not each.order_number)
    ]  # fmt: skip


def _key(dispatch: Dispatch) -> tuple[DispatchId, str]:
    """Names a document that left: its file, and its set in a file of several."""
    return dispatch.id, dispatch.set_number


def _answered(known: _Exchanged, named: set[ReceiptId]) -> set[tuple[DispatchId, str]]:
    """What the files named answer; an answer to a file of several is one to each of them."""
    told = [each for each in known.answers if each.receipt in named]
    whole = {each.dispatch for each in told if not each.set_number}
    own = {(each.dispatch, each.set_number) for each in told}
    return own | {_key(each) for each in known.dispatches if each.id in whole}


def _brought(
    work: UnitOfWork, known: _Exchanged, orders: list[Order], entries: list[StoredEntry]
) -> Iterator[ReceiptId]:  # fmt: skip
    """The files that made something happen to the orders and accounts."""
    who = {each.who for order in orders for each in work.orders.events(order.number)}
    who |= {each.who for each in entries}
    yield from (each.id for each in known.receipts.values() if f"file {each.file_name}" in who)


def _entries(work: UnitOfWork, name: str, files: set[str]) -> Iterator[StoredEntry]:
    """What was booked for a payment, a claim or an invoice of this number, or because of these files."""
    for file in sorted(files):
        yield from work.receivables.booked_by(f"file {file}")
    for own in work.receivables.payments(number=name):
        yield from work.receivables.entries(own.partner, payment=own.payment.number)
    for claim in work.receivables.claims(number=name):
        yield from work.receivables.entries(claim.partner, claim=claim.claim.number)
    for number, partner in work.receivables.owners([name]).items():
        yield from work.receivables.entries(partner, invoice=number)


def _settled(work: UnitOfWork, orders: list[Order]) -> list[StoredEntry]:
    """What was booked on the invoices of orders, and that the money for it was received; each entry once."""
    found: dict[int, StoredEntry] = {}
    for order in orders:
        for bill in work.receivables.of_order(order.number):
            mine = work.receivables.entries(order.partner, invoice=bill.number)
            found |= {each.sequence: each for each in mine}
            for payment in {each.entry.payment for each in mine if each.entry.payment}:
                money = work.receivables.entries(order.partner, payment=payment)
                found |= {each.sequence: each for each in money if each.entry.kind is Kind.RECEIVED}
    return list(found.values())


def _is_dispatch(dispatch: Dispatch, name: str) -> bool:
    same_number = name.isdigit() and name.lstrip("0") == dispatch.control_number.lstrip("0")
    return name in (dispatch.id, dispatch.file_name, dispatch.number) or same_number


def _age(number: OrderNumber) -> tuple[int, str]:
    """Our numbers in the order they were given: SO-2 before SO-10."""
    return len(number), number
