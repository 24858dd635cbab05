"""A purchase order that a person brings, by a file of the canonical order or by options; it goes the way of every other."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from gateway.canonical.base import Canonical, build
from gateway.canonical.order import Order as CanonicalOrder
from gateway.config.partner import Partner
from gateway.exchange.receipt import FileHold, Receipt, ReceiptState
from gateway.flows import auditing
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.taking import orders_in
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import ConfigurationError, NotFoundError, UsageError
from gateway.kernel.ids import ClaimId, PartnerId, ReceiptId, Sku
from gateway.mapping import canonical_text
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Order

WRITTEN = "SKU:QUANTITY[:UNIT[:PRICE]]"
_MOST = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options say; ``values`` are header fields of the canonical order by their dotted names."""

    po_number: str
    lines: tuple[str, ...]
    values: tuple[tuple[str, str], ...] = field(default=())


def from_text(text: str, file: str) -> list[CanonicalOrder]:
    """The orders of a YAML or JSON file; raises ConfigurationError with every problem and its place."""
    found = canonical_text.read(text, CanonicalOrder, file)
    if found.problems:
        raise ConfigurationError(found.problems, file)
    orders = [each for each in found.documents if isinstance(each, CanonicalOrder)]
    if not orders:
        raise UsageError(f"{file} holds no order.", next_step="Begin it with 'po_number:' and 'lines:'.")
    return orders


def from_options(work: UnitOfWork, wanted: Wanted) -> CanonicalOrder:
    """The order that options say; a line without a unit is ordered in the stock unit of its item."""
    if not wanted.po_number or not wanted.lines:
        raise UsageError("An order needs a PO number and a line.", next_step=f"Add --po NUMBER --line {WRITTEN}.")
    values: dict[str, Any] = {"po_number": wanted.po_number, "lines": []}
    for number, text in enumerate(wanted.lines, start=1):
        values["lines"].append(_line(work, str(number), text))
    for name, value in wanted.values:
        head, _, part = name.partition(".")
        if part:
            values.setdefault(head, {})[part] = value
        else:
            values[head] = value
    made = build(CanonicalOrder, values)
    if isinstance(made, Canonical):
        return made if isinstance(made, CanonicalOrder) else CanonicalOrder.model_validate(values)
    raise UsageError("; ".join(f"{each.field}: '{each.value}' does not fit: {each.reason}" for each in made) + ".")


def place(
    bench: Workbench, partner_name: str, orders: Sequence[CanonicalOrder], who: str
) -> tuple[list[Order], list[FileHold]]:
    """Place orders as if the partner had sent them; what came of each, and what waits outside of an order."""
    partner = bench.partner(PartnerId(partner_name))
    if partner is None:
        step = "'gateway partner list' shows them."
        raise NotFoundError(f"There is no partner '{partner_name}'.", next_step=step)
    if partner.kind != "trading_partner":
        step = "Name the customer with --partner."
        raise UsageError(f"'{partner_name}' is no customer ('kind: {partner.kind}').", next_step=step)
    placed: list[Order] = []
    holds: list[FileHold] = []
    with bench.store.unit() as work:
        for order in orders:
            source = _source(bench, work, partner, order, who)
            for hold in orders_in.place(bench, work, source, order):
                work.exchange.hold(hold)
                holds.append(hold)
            query = OrderQuery(partner=PartnerId(partner.partner), po_number=order.po_number, test=source.test)
            found = work.orders.find(query)
            placed += [each for each in found if each.placed_at == bench.clock()] or found[-1:]
            auditing.deed(bench, work, who, "order.new", order.po_number, partner=partner.partner)
        work.commit()
    return placed, holds


def _source(bench: Workbench, work: UnitOfWork, partner: Partner, order: CanonicalOrder, who: str) -> Source:
    """What was said is archived like a file, so that the order can be traced to it."""
    content = order.model_dump_json(exclude_defaults=True, indent=1).encode()
    claim = bench.new_id()
    receipt = Receipt(
        id=ReceiptId(claim), claim=ClaimId(claim), partner=PartnerId(partner.partner),
        file_name=f"order {order.po_number} by {who}", sha256=bench.archive.put(content), size=len(content),
        received_at=bench.clock(), state=ReceiptState.PROCESSED, summary=f"order: placed by {who}",
    )  # fmt: skip
    work.exchange.add_receipt(receipt)
    key = hashlib.sha256(content).hexdigest()
    return Source(partner, receipt, receipt.file_name, key, test=partner.status == "testing", who=who)


def _line(work: UnitOfWork, number: str, text: str) -> dict[str, Any]:
    sku, *rest = [part.strip() for part in text.split(":")]
    if not sku or not rest or len(rest) >= _MOST:
        raise UsageError(f"The line '{text}' cannot be read.", next_step=f"Write it {WRITTEN}.")
    quantity, uom, price = (*rest, "", "")[:3]
    for value in (quantity, price):
        _number(text, value)
    if not uom:
        item = work.master.items([Sku(sku)]).get(Sku(sku))
        uom = item.uom if item is not None else "EA"
    said = {"number": number, "quantity": quantity, "uom": uom, "unit_price": price, "ids": {"vendor_sku": sku}}
    return {name: value for name, value in said.items() if value}


def _number(text: str, value: str) -> None:
    try:
        good = not value or Decimal(value).is_finite()
    except InvalidOperation:
        good = False
    if not good:
        raise UsageError(f"The line '{text}': '{value}' is not a number.", next_step=f"Write it {WRITTEN}.")
