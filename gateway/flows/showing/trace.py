"""The life of a document: files in, orders, files out and money that belong to any number or file name."""

from collections.abc import Iterator
from datetime import date, datetime, tzinfo

from gateway.exchange.dispatch import Dispatch
from gateway.exchange.receipt import FileHold
from gateway.flows.ports import UnitOfWork
from gateway.flows.showing import account_views, order_money, views
from gateway.flows.showing.next_steps import next_steps
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
    "Try a PO, order, shipment, tracking, carton (SSCC), invoice, credit, payment, claim, return (RMA), hold or control "
    "number, or the name of a file."
)
MOST_ALIKE, LEAST_OF_A_NAME = 5, 3
FILE = "file "


def trace(work: UnitOfWork, name: str, now: datetime, zone: tzinfo) -> View:
    """Files in, orders, files out, money, and the story of them; raises NotFoundError when nothing is known."""
    held, of_hold = work.looking.of_hold(name)
    came = {each.id: each for each in work.looking.receipts_called(name)}
    came |= {each.id: each for each in work.looking.receipts([held] if held is not None else [])}
    named, files = set(came), {each.file_name for each in came.values()}
    under = work.looking.sent_as(name)
    entries = list({each.sequence: each for each in _entries(work, name, files)}.values())
    answered = _answered(work, named)
    numbers = {*_numbered(work, name), *_of_files(work, files, [*under, *answered, *work.looking.sent_for(named)])}
    numbers |= {number for each in entries for number, _ in work.orders.parts(each.entry.invoice)}
    numbers |= {of_hold} if of_hold is not None else set()
    orders = [order for each in sorted(numbers, key=_age) if (order := work.orders.get(each)) is not None]
    out = _sent(
        work, named, [*under, *answered, *(each for order in orders for each in views.documents_of(work, order))]
    )
    sent = {(each.id, each.set_number) for each in out} | {(each.id, "") for each in out}
    answers = [
        each for each in work.looking.answers_to(each.id for each in out) if (each.dispatch, each.set_number) in sent
    ]
    entries += [each for each in _settled(work, orders) if each.sequence not in {one.sequence for one in entries}]
    if not orders and not came and not entries and not out:
        raise NotFoundError(f"Nothing is known of '{name}'.", next_step=_try(work, name))
    others = {each.receipt for each in out if each.receipt is not None} | {each.receipt for each in answers}
    came |= {each.id: each for each in work.looking.receipts(others - named)}
    came |= {each.id: each for each in work.looking.receipts_of(_brought(work, orders, entries))}
    receipts = sorted(came.values(), key=lambda each: (each.received_at, each.partner, each.file_name))
    found = Found(receipts, orders, out, answers, entries, work.attempts.last(each.id for each in out))
    holds, today = work.exchange.holds(), now.astimezone(zone).date()
    lists = _lists(work, found, holds, today)
    return {
        **lists, "story": story(work, found), "next_steps": next_steps(found, named, holds, lists["bills"], now, today),
    }  # fmt: skip


def alike(work: UnitOfWork, part: str) -> list[str]:
    """The names of files, the newest first, that a text is a part of; one more than are shown, where there are more."""
    return work.looking.names_like(part, last=MOST_ALIKE) if len(part) >= LEAST_OF_A_NAME else []


def _try(work: UnitOfWork, name: str) -> str:
    """What to try instead: the names of files like it, or what can be traced at all."""
    if any(each.name == name for each in work.looking.lying()):
        return "A file of this name was seen and is not taken yet: 'gateway files list' says why."
    names = alike(work, name)
    if not names:
        return TRY
    more = " and others" if len(names) > MOST_ALIKE else ""
    return f"Files with such a name: {', '.join(names[:MOST_ALIKE])}{more}. Say 'gateway trace' with one of them."


def _lists(work: UnitOfWork, found: Found, holds: list[FileHold], today: date) -> View:
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


def _of_files(work: UnitOfWork, files: set[str], about: list[Dispatch]) -> Iterator[OrderNumber]:
    """The orders that a file made something happen to, or that a document that left belongs to."""
    yield from (OrderNumber(each.order_number) for each in about if each.order_number)
    for file in files:
        yield from work.orders.touched_by(f"file {file}")


def _sent(work: UnitOfWork, named: set[ReceiptId], own: list[Dispatch]) -> list[Dispatch]:
    """What is found already, and what answers the files that it came from as a whole; each once, in the order it was owed."""
    came = named | {each.receipt for each in own if each.receipt is not None}
    wanted = {_key(each) for each in (*own, *(one for one in work.looking.sent_for(came) if not one.order_number))}
    return [each for each in work.looking.sent(file for file, _ in wanted) if _key(each) in wanted]


def _key(dispatch: Dispatch) -> tuple[DispatchId, str]:
    """Names a document that left: its file, and its set in a file of several."""
    return dispatch.id, dispatch.set_number


def _answered(work: UnitOfWork, named: set[ReceiptId]) -> list[Dispatch]:
    """What the files named answer; an answer to a file of several is one to each of them."""
    told = work.looking.answers_in(named)
    whole = {each.dispatch for each in told if not each.set_number}
    own = {(each.dispatch, each.set_number) for each in told}
    sent = work.looking.sent(each.dispatch for each in told)
    return [each for each in sent if each.id in whole or _key(each) in own]


def _brought(work: UnitOfWork, orders: list[Order], entries: list[StoredEntry]) -> set[str]:
    """The names of the files that made something happen to the orders and accounts."""
    who = {each.who for order in orders for each in work.orders.events(order.number)}
    who |= {each.who for each in entries}
    return {each.removeprefix(FILE) for each in who if each.startswith(FILE)}


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


def _age(number: OrderNumber) -> tuple[int, str]:
    """Our numbers in the order they were given: SO-2 before SO-10."""
    return len(number), number
