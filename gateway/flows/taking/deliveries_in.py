"""Carriers and customers say where our shipments are: each message found its shipment, or held with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.canonical.delivery import DeliveredLine, Delivery, Tracking
from gateway.config.partner import Partner
from gateway.exchange.receipt import FileHold
from gateway.flows import advance, billing
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import decisions
from gateway.orders.applied import journeys
from gateway.orders.case import Case
from gateway.orders.commands import ConfirmDelivery, ReceivedRow, RecordTracking
from gateway.orders.facts import Facts
from gateway.orders.journey import Scan
from gateway.orders.order import Line, Order
from gateway.orders.terms import Terms

CODE = "C-DELIVERY"


@dataclass(frozen=True, slots=True)
class Leg:
    """What of a shipment belongs to one order."""

    order: Order
    customer: Partner
    shipment: str


class Unfit(Exception):  # noqa: N818 - a reason to hold, not a defect
    """Why a message about a shipment cannot be taken."""


def track(bench: Workbench, work: UnitOfWork, source: Source, document: Tracking) -> Iterator[FileHold]:
    """One message of a carrier, for each order in the shipment that it names."""
    number, tracking = document.shipment_number or "", document.tracking or ""
    legs = _legs(bench, work, source, work.shipments.find(shipment=number, tracking=tracking))
    named = f"shipment {number}" if number else f"tracking number {tracking}"
    scan = Scan(
        document.event, document.at, tracking, document.eta, document.reason or "", document.signed_by or ""
    )  # fmt: skip
    asked = [
        (leg, RecordTracking(leg.shipment, scan, bench.today(leg.customer, document.at), document.quantity))
        for leg in legs
    ]
    yield from _take(bench, work, source, named, asked)


def deliver(bench: Workbench, work: UnitOfWork, source: Source, document: Delivery) -> Iterator[FileHold]:
    """A shipment arrived, with every order in it or the one that is named; judged whole."""
    number = document.shipment_number
    named = f"shipment {number}"
    legs = _legs(bench, work, source, work.shipments.find(shipment=number, bol=document.bol or number))
    legs = [leg for leg in legs if document.po_number in (None, leg.order.po_number)]
    try:
        rows = _rows(work, legs, document)
    except Unfit as reason:
        yield _held(bench, source, named, str(reason))
        return
    asked = [
        (leg, ConfirmDelivery(leg.shipment, document.delivered_date, tuple(own), document.signed_by or ""))
        for leg, own in zip(legs, rows, strict=True)
    ]
    yield from _take(bench, work, source, named, asked)


def _take(
    bench: Workbench, work: UnitOfWork, source: Source, named: str,
    asked: list[tuple[Leg, RecordTracking]] | list[tuple[Leg, ConfirmDelivery]],
) -> Iterator[FileHold]:  # fmt: skip
    """Every order of the shipment or none: what one of them refuses is not done to the others."""
    if not asked:
        yield _held(bench, source, named, "no shipment of ours has this number")
        return
    now = bench.clock()
    step = advance.Step(now=now, who=f"file {source.receipt.file_name}", receipt=source.receipt.id)
    try:
        for leg, command in asked:
            case = Case(Facts(bench.today(leg.customer, now)), Terms(), now, bench.new_hold_id)
            decisions.decide(leg.order, command, case)
    except TransitionError as refused:
        yield _held(bench, source, named, refused.sentence)
        return
    for leg, command in asked:
        after = advance.act(bench, work, leg.customer, leg.order, command, step)
        billing.after_delivery(bench, work, leg.customer, after, leg.shipment, step)


def _legs(bench: Workbench, work: UnitOfWork, source: Source, found: list[tuple[str, OrderNumber]]) -> list[Leg]:
    """The orders of a shipment that this sender may speak of: a customer only of its own."""
    legs: list[Leg] = []
    sender, is_customer = PartnerId(source.partner.partner), source.partner.kind == "trading_partner"
    for shipment, number in found:
        order = work.orders.get(number)
        customer = bench.partner(order.partner) if order is not None else None
        if order is None or customer is None or order.test != source.test:
            continue
        if not is_customer or order.partner == sender:
            legs.append(Leg(order, customer, shipment))
    return legs


def _rows(work: UnitOfWork, legs: list[Leg], document: Delivery) -> list[list[ReceivedRow]]:
    """What the customer counted, for each order; raises Unfit for a line that was not in the shipment."""
    rows: list[list[ReceivedRow]] = [[] for _ in legs]
    for at, said in enumerate(document.lines, start=1):
        fits = [
            (number, line)
            for number, leg in enumerate(legs)
            for line in _lines_of(work, leg, said)
            if said.po_number in (None, leg.order.po_number)
        ]
        if len(fits) != 1:
            what = said.line or next((value for value in said.ids.model_dump(exclude_none=True).values()), "")
            which = "no line" if not fits else f"{len(fits)} lines"
            raise Unfit(f"line {at} of it ({what}) names {which} of what left")
        number, line = fits[0]
        rows[number].append(_row(work, line, said))
    return rows


def _lines_of(work: UnitOfWork, leg: Leg, said: DeliveredLine) -> list[Line]:
    """The lines of a shipment that are meant: by item where one is named, else by number."""
    journey = journeys.journey_of(leg.order, leg.shipment)
    inside = journeys.contents(journey) if journey is not None else {}
    lines = [line for line in leg.order.lines if line.number in inside]
    ids = [(kind, str(value)) for kind, value in said.ids.model_dump(exclude_none=True).items()]
    if ids:
        skus = set(work.master.skus(leg.order.partner, ids).values())
        lines = [line for line in lines if line.sku in skus or set(ids) & set(line.ids)]
    numbered = [line for line in lines if line.number == said.line]
    return numbered or (lines if ids else [])


def _row(work: UnitOfWork, line: Line, said: DeliveredLine) -> ReceivedRow:
    refused = said.rejected or ZERO
    good = said.accepted if said.accepted is not None else (said.quantity or ZERO) - refused
    if not said.uom or said.uom == line.uom:
        return ReceivedRow(line.number, good, refused, said.reason or "")
    item = work.master.items([line.sku]).get(line.sku) if line.sku else None
    sizes = dict(item.packs) | {item.uom: 1} if item is not None else {}
    if said.uom not in sizes:
        raise Unfit(f"{plain(good)} {said.uom} cannot be told in {line.uom} of line {line.number}")
    factor = sizes[said.uom] / line.stock_per_unit
    return ReceivedRow(line.number, good * factor, refused * factor, said.reason or "")


def _held(bench: Workbench, source: Source, named: str, reason: str) -> FileHold:
    said = f"{source.name}: {named}: {reason.rstrip('.')}."
    return hold(bench, source.receipt, CODE, said, kind="DATA", reference=source.name)
