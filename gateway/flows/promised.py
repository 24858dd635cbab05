"""What was promised to be done by when: it begins with what happens to an order, and ends when the document has left."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from gateway.config.clocks import Sla
from gateway.config.partner import Partner
from gateway.config.values import duration
from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.dispatch import Dispatch
from gateway.exchange.fines import Stakes, parsed
from gateway.exchange.promises import Promise, PromiseState
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import AlertId, PartnerId, ReceiptId
from gateway.kernel.quantity import ZERO
from gateway.orders import lifecycle
from gateway.orders.commands import ShippedRow
from gateway.orders.events import Event, OrderPlaced, OrderShipped
from gateway.orders.happened.bill_events import OrderInvoiced
from gateway.orders.happened.change_events import ChangeAnswered, ChangeProposed
from gateway.orders.lifecycle import Status
from gateway.orders.order import Order, Proposal

ACKNOWLEDGED, ANSWERED, CHANGE_ANSWERED = "997_after_receipt", "855_after_850", "865_after_860"
TOLD, BILLED = "856_after_ship", "810_after_ship"
MISSED = "C-PROMISE"
_KEPT_BY = {
    "997": ACKNOWLEDGED, "999": ACKNOWLEDGED, "855": ANSWERED, "acknowledgment": ANSWERED, "order_receipt": ANSWERED,
    "865": CHANGE_ANSWERED, "change_acknowledgment": CHANGE_ANSWERED, "856": TOLD, "shipment": TOLD, "810": BILLED,
    "invoice": BILLED,
}  # fmt: skip
"""Which promise a document keeps when it leaves, by its name as a dispatch has it."""
_WANTS_NONE = "NA"
"""What an order says (BEG07) that wants no acknowledgment."""


def promises(partner: Partner) -> dict[str, tuple[timedelta, str]]:
    """What was promised to a partner: how long each thing may take, and what it costs to be late."""
    found: dict[str, tuple[timedelta, str]] = {}
    for each in _agreed(partner):
        limit, fine = duration(each.limit), each.fine or ""
        known = found.get(each.measure)
        found[each.measure] = (limit, fine) if known is None else (min(limit, known[0]), known[1] or fine)
    return found


def _agreed(partner: Partner) -> Iterator[Sla]:
    yield from partner.sla
    deadline = partner.x12.acknowledge.deadline if partner.x12 is not None else None
    if deadline is not None:
        yield Sla(measure=ACKNOWLEDGED, limit=deadline)


def follow(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, events: Iterable[Event], now: datetime
) -> None:  # fmt: skip
    """What happened to an order begins what was promised of it; one that is cancelled unanswered waits for nothing."""
    if not partner.sla or order.test:
        return
    for event in events:
        match event:
            case OrderPlaced() if order.acknowledgment_type != _WANTS_NONE:
                _begin(work, partner, ANSWERED, order.number, _all(order), order.currency, now)
            case ChangeProposed(proposal):
                _begin_change(work, partner, order, proposal, now)
            case ChangeAnswered():
                _begin_change(work, partner, order, event, now)
            case OrderShipped():
                goods = _shipped(order, event.rows)
                for measure in (TOLD, BILLED):
                    subject = f"{event.shipment_number} {order.number}"
                    _begin(work, partner, measure, subject, goods, order.currency, now)
            case _:
                pass
    if not order.decided and lifecycle.status(order) is Status.CANCELLED:
        _end(bench, work, _key(ANSWERED, partner, order.number), now)


def _begin_change(
    work: UnitOfWork, partner: Partner, order: Order, asked: Proposal | ChangeAnswered, now: datetime
) -> None:
    """A change that came as a purchase order is answered by an acknowledgment."""
    if asked.by_order:
        return
    name = asked.change_number or asked.request_number or asked.content_hash[:12]
    _begin(work, partner, CHANGE_ANSWERED, f"{order.number} {name}", _all(order), order.currency, now)


def received(bench: Workbench, work: UnitOfWork, partner: Partner, receipt: ReceiptId) -> None:
    """A file is to be answered by a 997 or 999; the time runs since it came."""
    if ACKNOWLEDGED not in promises(partner):
        return
    file = work.exchange.receipt(receipt)
    if file is not None:
        currency = bench.terms(partner).currency
        _begin(work, partner, ACKNOWLEDGED, receipt, Stakes(), currency, file.received_at)


def kept(bench: Workbench, work: UnitOfWork, partner: Partner, left: Dispatch, now: datetime) -> None:
    """A document has left: what was promised of it is kept, or was missed."""
    measure = _KEPT_BY.get(left.document)
    if measure is None or measure not in promises(partner):
        return
    for key in _kept_keys(work, partner, measure, left):
        _end(bench, work, key, now)


def _kept_keys(work: UnitOfWork, partner: Partner, measure: str, left: Dispatch) -> Iterator[str]:
    if measure == ACKNOWLEDGED:
        yield _key(measure, partner, left.receipt or "")
    elif measure == ANSWERED:
        yield _key(measure, partner, left.order_number)
    elif measure == BILLED:
        for number, bill in work.orders.parts(left.number):
            if isinstance(bill, OrderInvoiced):
                for shipment in {bill.shipment_number, *bill.shipments}:
                    yield _key(measure, partner, f"{shipment} {number}")
    else:
        subject = left.number if measure == TOLD else left.order_number
        yield from (each.key for each in work.clocks.running(_key(measure, partner, subject)))


def _begin(
    work: UnitOfWork, partner: Partner, measure: str, subject: str, stakes: Stakes, currency: str, now: datetime
) -> None:
    found = promises(partner).get(measure)
    if found is None:
        return
    limit, fine = found
    work.clocks.start(
        Promise(
            measure=measure, partner=PartnerId(partner.partner), subject=subject[:MOST], started_at=now,
            due_at=now + limit, risk=parsed(fine).at_risk(stakes) if fine else None, currency=currency if fine else "",
        )
    )  # fmt: skip


MOST = 80
"""So long is a subject at most."""


def _end(bench: Workbench, work: UnitOfWork, key: str, now: datetime) -> None:
    done = work.clocks.stop(key, now)
    if done is None or done.state is not PromiseState.MISSED:
        return
    if not any(each.key == alert_key(done) for each in work.alerts.listed()):
        work.alerts.open(alert(bench, done))  # nobody looked between the moment and the deed: it is told all the same
    work.alerts.close(alert_key(done), f"done on {now:%Y-%m-%d %H:%M} UTC", now)


def alert_key(promise: Promise) -> str:
    """What the alert of a missed promise is known by."""
    return f"{MISSED}:{promise.key}"[:500]


def alert(bench: Workbench, promise: Promise) -> Alert:
    """What is told of a promise that was missed."""
    partner, now = bench.partner(promise.partner), bench.clock()
    name = partner.name if partner is not None and partner.name else promise.partner
    risk = at_risk(partner, promise, now)
    money = f" At risk: {risk} {promise.currency}." if risk is not None else ""
    return Alert(
        id=AlertId(bench.new_id()), key=alert_key(promise), kind="promise", severity=Severity.ERROR,
        reason=f"{told(promise)} was promised to {name} until {promise.due_at:%Y-%m-%d %H:%M} UTC and was not there.{money}",
        opened_at=now, code=MISSED, partner=promise.partner, document=promise.measure.partition("_")[0],
        reference=promise.subject.rpartition(" ")[2] if promise.measure in (TOLD, BILLED) else promise.subject.partition(" ")[0],
        cause=f"{MISSED}:{promise.partner}:{promise.measure}", risk=risk, currency=promise.currency,
    )  # fmt: skip


def told(promise: Promise) -> str:
    """What was promised, in words."""
    first, _, rest = promise.subject.partition(" ")
    match promise.measure:
        case "997_after_receipt":
            return f"The acknowledgment of the file {promise.subject}"
        case "855_after_850":
            return f"The answer to order {first}"
        case "865_after_860":
            return f"The answer to the change {rest} of order {first}"
        case "856_after_ship":
            return f"The ship notice of shipment {first} of {rest}"
        case _:
            return f"The invoice of shipment {first} of {rest}"


def at_risk(partner: Partner | None, promise: Promise, now: datetime) -> Decimal | None:
    """What a promise costs if it is done now; a fine per day or hour grows with the time."""
    fine = promises(partner).get(promise.measure, (timedelta(), ""))[1] if partner is not None else ""
    if promise.risk is None or not fine:
        return promise.risk
    return parsed(fine).after(promise.risk, (promise.stopped_at or now) - promise.due_at)


def _key(measure: str, partner: Partner, subject: str) -> str:
    return f"{measure}:{partner.partner}:{subject[:MOST]}"


def _all(order: Order) -> Stakes:
    worth = sum(((line.unit_price or line.partner_price or ZERO) * line.quantity.ordered for line in order.lines), ZERO)
    return Stakes(goods=worth, order=worth, lines=len(order.lines))


def _shipped(order: Order, rows: Iterable[ShippedRow]) -> Stakes:
    goods, lines = ZERO, set()
    for row in rows:
        line = order.line(row.line)
        if line is not None:
            goods += (line.unit_price or line.partner_price or ZERO) * row.quantity
            lines.add(row.line)
    return Stakes(goods=goods, order=_all(order).order, lines=len(lines))
