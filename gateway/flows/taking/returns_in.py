"""Goods that come back: asked for by file or by hand, authorised or refused, received, credited or sent again."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.canonical.parts import Note
from gateway.canonical.returns import ReturnAnswer, ReturnAnswerLine, ReturnLine, ReturnRequest
from gateway.config.partner import Partner
from gateway.documents.registry import ANSWERS_TO_RETURNS
from gateway.exchange.receipt import FileHold
from gateway.flows import advance, agreed
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.taking import changes_in, proposals, replacements, return_credit
from gateway.flows.workbench import Workbench
from gateway.flows.write import Letter, letter
from gateway.kernel.errors import NotFoundError, UsageError
from gateway.kernel.ids import PartnerId, WarehouseId
from gateway.orders.asked.return_commands import EndReturn, ReceiveReturn, RequestReturn, WantedReturn
from gateway.orders.events import LineShipped, OrderShipped
from gateway.orders.order import Order
from gateway.orders.returned import Disposition, Return


@dataclass(frozen=True, slots=True)
class Received:
    """What came back of one line, what became of it, and whether it is credited."""

    rma: str
    line: str
    quantity: Decimal
    disposition: Disposition
    warehouse: str = ""
    reason: str = ""
    credited: bool = True
    who: str = "operator"


def take(bench: Workbench, work: UnitOfWork, source: Source, request: ReturnRequest) -> tuple[FileHold, ...]:
    """Answer a return request; the same one again is answered again, nothing is authorised twice."""
    owner = PartnerId(source.partner.partner)
    digest = hashlib.sha256(request.model_dump_json(exclude_defaults=True).encode()).hexdigest()
    if request.return_number and _answered_before(work, owner, request.return_number, digest):
        return ()
    step = advance.Step(now=bench.clock(), who=f"file {source.receipt.file_name}", receipt=source.receipt.id)
    for po_number, lines in _by_order(request).items():
        orders = changes_in.known_orders(work, source, po_number, None)
        if not orders:
            _refuse(bench, work, source, request, po_number, lines)
            continue
        order = next((each for each in orders if each.shipments), orders[-1])
        wanted = tuple(_wanted(work, order, line) for line in lines)
        ask(bench, work, order, request.return_number or "", wanted, step, digest=digest)
    return ()


def ask(
    bench: Workbench, work: UnitOfWork, order: Order, return_number: str, lines: tuple[WantedReturn, ...],
    step: advance.Step, *, digest: str = "",
) -> Order:  # fmt: skip
    """Request a return of an order; what is authorised to be replaced at once is ordered again at once."""
    partner = _partner(bench, order)
    command = RequestReturn(new_rma(work), return_number, _one_each(lines), digest, step.who)
    after = advance.act(bench, work, partner, order, command, step)
    made = after.returns[-1]
    if made.state == "open" and agreed.terms(bench, work, partner).returns.exchange == "at_once":
        wanted = {line.line: line.authorised for line in made.lines if line.replace and line.authorised}
        after = replacements.place(bench, work, partner, after, made, wanted, step)
    return after


def wanted_of(
    work: UnitOfWork, order: Order, line: str, quantity: Decimal, reason: str, *, replace: bool
) -> WantedReturn:
    """What is asked for of one line, with when how much of it left the house."""
    return WantedReturn(line, quantity, reason, replace=replace, shipped=tuple(_shipped(work, order, line)))


def receive(bench: Workbench, work: UnitOfWork, what: Received, step: advance.Step) -> Order:
    """Take goods back: into stock or not; the replacement is ordered where the agreement waits for them."""
    order = order_of(work, what.rma)
    partner = _partner(bench, order)
    place = WarehouseId(what.warehouse) if what.warehouse else _left_from(work, order, what.line)
    if work.master.warehouse(place) is None and not order.test:
        raise UsageError(
            f"There is no warehouse '{place}'.", next_step="'gateway orders show' names the warehouse it left from."
        )
    command = ReceiveReturn(
        what.rma, what.line, what.quantity, what.disposition, place, what.reason, what.credited, step.who
    )
    after = advance.act(bench, work, partner, order, command, step)
    made = return_of(after, what.rma)
    line = made.line(what.line)
    later = agreed.terms(bench, work, partner).returns.exchange != "at_once"
    if line is not None and line.replace and what.credited and later:
        after = replacements.place(bench, work, partner, after, made, {what.line: what.quantity}, step)
    return return_credit.settle(bench, work, partner, after, what.rma, step)


def end(bench: Workbench, work: UnitOfWork, rma: str, reason: str, step: advance.Step, *, cancels: bool) -> Order:
    """Nothing more comes of a return."""
    order = order_of(work, rma)
    return advance.act(bench, work, _partner(bench, order), order, EndReturn(rma, reason, cancels, step.who), step)


def order_of(work: UnitOfWork, rma: str) -> Order:
    """The order a return belongs to; raises NotFoundError for no such return."""
    number = work.returns.order_of(rma)
    order = work.orders.get(number) if number is not None else None
    if order is None:
        raise NotFoundError(f"There is no return '{rma}'.", next_step="'gateway returns list' shows all returns.")
    return order


def return_of(order: Order, rma: str) -> Return:
    """The return of a number."""
    return next(each for each in order.returns if each.rma == rma)


def new_rma(work: UnitOfWork) -> str:
    """Our number of an answer to a return request: RMA- and a running number of the site."""
    return f"RMA-{work.exchange.next_number('rma')}"


def _answered_before(work: UnitOfWork, owner: PartnerId, return_number: str, digest: str) -> bool:
    same = []
    for rma, number in work.returns.find(partner=owner, return_number=return_number):
        order = work.orders.get(number)
        if order is not None and return_of(order, rma).content_hash == digest:
            same.append(rma)
    for dispatch in (each for rma in same for each in work.exchange.sent(owner, number=rma)):
        if dispatch.document in ANSWERS_TO_RETURNS:
            work.exchange.repeat(dispatch.id)
    return bool(same)


def _by_order(request: ReturnRequest) -> dict[str, list[ReturnLine]]:
    """The lines of each purchase order they name."""
    found: dict[str, list[ReturnLine]] = {}
    for line in request.lines:
        found.setdefault(line.po_number or request.po_number, []).append(line)
    return found


def _wanted(work: UnitOfWork, order: Order, line: ReturnLine) -> WantedReturn:
    ids = proposals.pairs(line.ids)
    number = line.line or proposals.named(order, ids, proposals.sku_of(work, order.partner, ids))
    known = order.line(number)
    refusal = ""
    if line.line and known is not None:
        sku = proposals.sku_of(work, order.partner, ids)
        refusal = f"line {number} is {known.sku}, not {sku}" if sku and known.sku and sku != known.sku else ""
    elif not line.line and known is None:
        said = ", ".join(value for _, value in ids) or "no item"
        refusal = f"no line of the order, or several, have the item {said}"
    return WantedReturn(
        number, line.quantity, line.reason, line.uom or "", line.action == "replace",
        tuple(_shipped(work, order, number)), refusal,
    )  # fmt: skip


def _one_each(lines: Sequence[WantedReturn]) -> tuple[WantedReturn, ...]:
    """Lines that name the same line for the same purpose are one: it is received by its line number."""
    found: dict[str, WantedReturn] = {}
    for at, each in enumerate(lines):
        before = found.get(each.line)
        if before is None or before.refusal or each.refusal or not each.line:
            found[each.line if before is None else f"{each.line} {at}"] = each
            continue
        reasons = dict.fromkeys((*before.reason.split("; "), each.reason))
        found[each.line] = WantedReturn(
            each.line, before.quantity + each.quantity, "; ".join(reasons), before.uom or each.uom,
            before.replace and each.replace, before.shipped,
        )  # fmt: skip
    return tuple(found.values())


def _shipped(work: UnitOfWork, order: Order, line: str) -> Iterable[tuple[date, Decimal]]:
    """When how much of a line left the house."""
    for each in _shipments(work, order):
        quantity = sum((row.quantity for row in each.rows if row.line == line), Decimal(0))
        if quantity:
            yield each.ship_date, quantity


def _shipments(work: UnitOfWork, order: Order) -> list[OrderShipped]:
    return [each.event for each in work.orders.events(order.number) if isinstance(each.event, OrderShipped)]


def _left_from(work: UnitOfWork, order: Order, line: str) -> WarehouseId:
    """The warehouse a line left last: there it comes back."""
    left = [
        each.event for each in work.orders.events(order.number)
        if isinstance(each.event, LineShipped) and each.event.line == line
    ]  # fmt: skip
    if not left:
        raise UsageError(
            f"Nothing of line {line} of {order.number} was shipped.", next_step="'gateway orders show' shows it."
        )
    return left[-1].warehouse


def _refuse(
    bench: Workbench, work: UnitOfWork, source: Source, request: ReturnRequest, po_number: str, lines: list[ReturnLine]
) -> None:
    """Answer a return of an order that we do not have: no, with the reason in words."""
    said = f"We have no purchase order {po_number} of yours."
    rma, now = new_rma(work), bench.clock()
    answer = ReturnAnswer(
        po_number=po_number, rma=rma, status="rejected", answer_date=bench.today(source.partner, now),
        return_number=request.return_number, po_date=request.po_date, reason=said, notes=(Note(text=said),),
        lines=tuple(
            ReturnAnswerLine(
                line=line.line, status="rejected", quantity=line.quantity, uom=line.uom, reason=said, ids=line.ids
            )
            for line in lines
        ),
    )  # fmt: skip
    what = Letter(
        partner=source.partner,
        document="return_answer",
        number=rma,
        now=now,
        receipt=source.receipt.id,
        test=source.test,
    )
    letter(bench, work, what, answer)


def _partner(bench: Workbench, order: Order) -> Partner:
    partner = bench.partner(order.partner)
    if partner is None:
        raise NotFoundError(f"{order.number} belongs to '{order.partner}', who has no partner file.")
    return partner
