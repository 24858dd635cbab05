"""Plan stock: where it stands, what was asked for, and what to move and buy; sent to whoever names the documents."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from gateway.canonical.base import Canonical
from gateway.canonical.goods import Replenishment as Buy
from gateway.canonical.goods import Transfer as Carry
from gateway.config.partner import Partner
from gateway.config.partner_documents import MappingUse
from gateway.flows import write
from gateway.flows.ports import UnitOfWork
from gateway.flows.showing.rows import View
from gateway.flows.workbench import Workbench
from gateway.flows.write import Letter
from gateway.kernel.errors import NotFoundError
from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import stockroom
from gateway.orders.facts import ItemFacts
from gateway.orders.goods import replenishment
from gateway.orders.goods.replenishment import HISTORY_DAYS, Figures, Plan, Position, Purchase, Transfer
from gateway.orders.stockroom import Level

BUYING, MOVING = "replenishment", "transfer"
PREFIX = {BUYING: "REP", MOVING: "TRF"}
"""How the numbers of the lists begin."""


@dataclass(frozen=True, slots=True)
class _Sums:
    """What comes and what waits, by item and warehouse."""

    coming: dict[tuple[WarehouseId, Sku], Decimal]
    waits: dict[Sku, Decimal]


def plan(bench: Workbench, work: UnitOfWork, *, warehouse: str = "") -> Plan:
    """What to move and what to buy now, of all warehouses or for one; raises NotFoundError for one nobody knows."""
    if warehouse and work.master.warehouse(WarehouseId(warehouse)) is None:
        raise NotFoundError(f"There is no warehouse '{warehouse}'.", next_step="'gateway stock list' shows them.")
    today = bench.today(None, bench.clock())
    found = replenishment.plan(_positions(bench, work), today)
    if not warehouse:
        return found
    return Plan(
        tuple(each for each in found.transfers if warehouse in (each.origin, each.target)),
        tuple(each for each in found.purchases if each.position.warehouse == warehouse),
        tuple(each for each in found.judged if each[0].warehouse == warehouse),
    )


def _positions(bench: Workbench, work: UnitOfWork) -> Iterator[Position]:
    today = bench.today(None, bench.clock())
    asked = replenishment.spread(work.planning.asked(since=today - timedelta(days=HISTORY_DAYS - 1)))
    levels: dict[Sku, list[Level]] = {}
    for level in work.stock.shelves():
        levels.setdefault(level.sku, []).append(level)
    sums = _Sums({}, {})
    for arrival in work.planning.arrivals():
        key = (arrival.warehouse, arrival.sku)
        sums.coming[key] = sums.coming.get(key, ZERO) + arrival.quantity
    for waiting in work.planning.waiting():
        sums.waits[waiting.sku] = sums.waits.get(waiting.sku, ZERO) + waiting.quantity
    skus = levels.keys() | sums.waits.keys() | {sku for _, sku in sums.coming}
    for sku, item in sorted(work.master.items(skus).items()):
        wanted = {place: sum(days, ZERO) for (place, of), days in asked.items() if of == sku and place}
        demand = {place: days for (place, of), days in asked.items() if of == sku}
        yield from _of_item(item, levels.get(sku, []), sums, wanted, demand)


def _of_item(
    item: ItemFacts, levels: list[Level], sums: _Sums, wanted: dict[WarehouseId, Decimal],
    demand: dict[WarehouseId, tuple[Decimal, ...]],
) -> Iterator[Position]:  # fmt: skip
    """One position for each warehouse; what waits, and was asked of none in particular, counts where the item is at home."""
    stands = {level.warehouse: level for level in levels}
    places = stands.keys() | {place for place, of in sums.coming if of == item.sku} | wanted.keys()
    home = stockroom.home(levels, wanted) or min(places, default=None)
    for place in sorted(places):
        level = stands.get(place, Level(place, item.sku))
        at_home = place == home
        days = demand.get(place, ()) + (demand.get(WarehouseId(""), ()) if at_home else ())
        yield Position(
            place, item, on_hand=level.on_hand, available=level.free,
            incoming=sums.coming.get((place, item.sku), ZERO),
            backordered=sums.waits.get(item.sku, ZERO) if at_home else ZERO, demand=days,
        )  # fmt: skip


def send(bench: Workbench, work: UnitOfWork, found: Plan) -> int:
    """Send the lists to every partner who names them in ``documents``; how many files that makes."""
    now = bench.clock()
    return sum(
        send_to(bench, work, found, partner, use, now)
        for partner in bench.site.partners.values()
        if partner.status == "live"
        for document in (BUYING, MOVING)
        for use in partner.outputs(document, bench.today(partner, now))
    )


def send_to(bench: Workbench, work: UnitOfWork, found: Plan, partner: Partner, use: MappingUse, now: datetime) -> int:
    """One list for one partner; none where there is nothing to say."""
    rows = list(_documents(found, partner, use.document))
    if not rows:
        return 0
    number = f"{PREFIX[use.document]}{work.exchange.next_number(use.document):07d}"
    write.several(bench, work, Letter(partner, use.document, number, now), use, rows)
    return 1


def _documents(found: Plan, partner: Partner, document: str) -> Iterator[Canonical]:
    if document == BUYING:
        yield from (_buy(each) for each in found.purchases)
        return
    for each in found.transfers:
        if partner.kind != "warehouse" or not partner.serves or {each.origin, each.target} & set(partner.serves):
            yield Carry(
                from_warehouse=each.origin, to_warehouse=each.target, sku=each.sku, quantity=each.quantity,
                uom=_uom(found, each), needed_by=each.needed_by, reason=each.reason,
            )  # fmt: skip


def _buy(each: Purchase) -> Buy:
    position, judged = each.position, each.figures
    return Buy(
        warehouse=position.warehouse, sku=position.item.sku, quantity=each.quantity, uom=position.item.uom,
        order_by=each.order_by, needed_by=each.needed_by, on_hand=position.on_hand, available=position.available,
        incoming=position.incoming, backordered=position.backordered, reorder_point=judged.reorder_point,
        order_up_to=judged.order_up_to, reason=each.reason,
    )  # fmt: skip


def _uom(found: Plan, move: Transfer) -> str | None:
    return next((each.item.uom for each, _ in found.judged if each.item.sku == move.sku), None)


def view(found: Plan) -> View:
    """The plan as plain data: what to move, what to buy, and the figures of every position."""
    return {
        "transfers": [
            {
                "from_warehouse": each.origin, "to_warehouse": each.target, "sku": each.sku,
                "quantity": plain(each.quantity), "uom": _uom(found, each), "needed_by": each.needed_by.isoformat(),
                "reason": each.reason,
            }
            for each in found.transfers
        ],
        "replenishment": [
            {
                "warehouse": each.position.warehouse, "sku": each.position.item.sku, "quantity": plain(each.quantity),
                "uom": each.position.item.uom, "order_by": each.order_by.isoformat(),
                "needed_by": each.needed_by.isoformat(), **_figures(each.position, each.figures), "reason": each.reason,
            }
            for each in found.purchases
        ],
        "positions": [
            {"warehouse": each.warehouse, "sku": each.item.sku, "uom": each.item.uom, **_figures(each, judged)}
            for each, judged in found.judged
        ],
    }  # fmt: skip


def _figures(each: Position, judged: Figures) -> View:
    return {
        "on_hand": plain(each.on_hand), "available": plain(each.available), "incoming": plain(each.incoming),
        "backordered": plain(each.backordered), "position": plain(each.position),
        "daily_demand": plain(judged.daily_demand), "lead_time_days": judged.lead_time_days,
        "safety_stock": plain(judged.safety_stock), "reorder_point": plain(judged.reorder_point),
        "order_up_to": plain(judged.order_up_to),
        "stockout_date": judged.stockout_date.isoformat() if judged.stockout_date is not None else None,
    }  # fmt: skip
