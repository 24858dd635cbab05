"""The stock room by hand: what stands where and why, counted differences, transfers, goods set aside."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from gateway.flows import auditing
from gateway.flows.ports import UnitOfWork
from gateway.flows.showing.rows import View
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError, UsageError
from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import stock
from gateway.orders.ledger import OrderQuery
from gateway.orders.lifecycle import Status
from gateway.orders.stockroom import Arrival, Change, Level, Occasion, StockMove, WaitingLine

Key = tuple[WarehouseId, Sku]
RESERVING = frozenset(Status) - {
    Status.REJECTED,
    Status.CANCELLED,
    Status.CLOSED,
    Status.PAID,
    Status.INVOICED,
    Status.SHIPPED,
}
"""Statuses in which an order may have goods reserved."""


def listing(work: UnitOfWork, *, warehouse: str = "", sku: str = "") -> list[View]:
    """What stands in each warehouse by item, with what is to come; what waits is told with the whole of the item."""
    only = Sku(sku) if sku else None
    levels = {(each.warehouse, each.sku): each for each in work.stock.shelves(sku=only)}
    coming: dict[Key, Decimal] = {}
    for arrival in work.planning.arrivals(only):
        key = (arrival.warehouse, arrival.sku)
        coming[key] = coming.get(key, ZERO) + arrival.quantity
    waits: dict[Sku, Decimal] = {}
    for waiting in work.planning.waiting(only):
        waits[waiting.sku] = waits.get(waiting.sku, ZERO) + waiting.quantity
    keys = sorted(levels.keys() | coming.keys(), key=lambda key: (key[1], key[0]))
    return [
        _level_view(levels.get(key, Level(*key)), coming.get(key, ZERO), waits.get(key[1], ZERO))
        for key in keys
        if warehouse in ("", key[0])
    ]


def item_view(work: UnitOfWork, sku: str) -> View:
    """One item: where it stands, every change of it, who has it reserved, what comes and what waits."""
    item = work.master.items([Sku(sku)]).get(Sku(sku))
    if item is None:
        raise NotFoundError(f"There is no item '{sku}'.", next_step="'gateway stock list' shows the items there are.")
    return {
        "sku": item.sku, "description": item.description, "uom": item.uom, "status": item.status,
        "warehouses": listing(work, sku=sku),
        "reservations": list(_reservations(work, item.sku)),
        "incoming": [_arrival_view(each) for each in work.planning.arrivals(item.sku)],
        "backorders": [waiting_view(each) for each in work.planning.waiting(item.sku)],
        "moves": [_move_view(each) for each in work.moves.of(item.sku)],
    }  # fmt: skip


def backorders(work: UnitOfWork) -> list[View]:
    """Every line that waits for goods, the oldest first."""
    return [waiting_view(each) for each in work.planning.waiting()]


def adjust(bench: Workbench, sku: str, warehouse: str, quantity: Decimal, *, who: str, reason: str) -> list[str]:
    """Put a counted difference right; raises UsageError when less than nothing would be left."""
    with bench.store.unit() as work:
        level = _level(work, sku, warehouse)
        if quantity == ZERO:
            raise UsageError("A difference of 0 changes nothing.", next_step="Say --quantity -3 or --quantity 5.")
        if level.on_hand + quantity < ZERO:
            raise UsageError(f"{plain(-quantity)} {sku} cannot be missing in {warehouse}: {_has(level)}.")
        occasion = _occasion(bench, who, reason)
        work.stock.change(level.warehouse, level.sku, quantity, Change.ADJUSTMENT, occasion)
        auditing.deed(bench, work, who, "stock.adjust", sku, reason, warehouse=warehouse, quantity=plain(quantity))
        said = _after(work, [level])
        work.commit()
    return said


def move(
    bench: Workbench, sku: str, origin: str, target: str, quantity: Decimal, *, who: str, reason: str
) -> list[str]:
    """Bring goods from one warehouse to another; what is promised to orders stays where it is."""
    with bench.store.unit() as work:
        here, there = _level(work, sku, origin), _level(work, sku, target)
        if origin == target:
            raise UsageError("Both warehouses are the same.", next_step="Say --from and --to differently.")
        _positive(quantity)
        if quantity > here.available:
            raise UsageError(
                f"{plain(quantity)} {sku} cannot leave {origin}: {_has(here)}.",
                next_step="Move less, or end a reservation first.",
            )
        occasion = _occasion(bench, who, reason, reference=f"{origin} to {target}")
        work.stock.change(here.warehouse, here.sku, -quantity, Change.TRANSFER, occasion)
        work.stock.change(there.warehouse, there.sku, quantity, Change.TRANSFER, occasion)
        more = {"from": origin, "to": target, "quantity": plain(quantity)}
        auditing.deed(bench, work, who, "stock.move", sku, reason, **more)
        said = _after(work, [here, there])
        work.commit()
    return said


def block(bench: Workbench, sku: str, warehouse: str, quantity: Decimal, *, who: str, reason: str) -> list[str]:
    """Set goods aside so that nobody gets them, or give them back when negative."""
    with bench.store.unit() as work:
        level = _level(work, sku, warehouse)
        if quantity == ZERO:
            raise UsageError("A quantity of 0 changes nothing.", next_step="Say --quantity 5, or -5 to give back.")
        if quantity > level.on_hand:
            raise UsageError(f"{plain(quantity)} {sku} cannot be blocked in {warehouse}: {_has(level)}.")
        if -quantity > level.blocked:
            raise UsageError(f"{plain(-quantity)} {sku} cannot be given back in {warehouse}: {_has(level)}.")
        occasion = _occasion(bench, who, reason)
        if not any(each.warehouse == level.warehouse for each in work.stock.shelves(sku=level.sku)):
            raise UsageError(f"{sku} was never counted in {warehouse}.")
        work.stock.block(level.warehouse, level.sku, quantity, occasion)
        auditing.deed(bench, work, who, "stock.block", sku, reason, warehouse=warehouse, quantity=plain(quantity))
        said = _after(work, [level])
        work.commit()
    return said


def _after(work: UnitOfWork, touched: Iterable[Level]) -> list[str]:
    """How it stands now, in sentences."""
    said: list[str] = []
    for each in touched:
        now = _level(work, each.sku, each.warehouse)
        said.append(f"{now.sku} in {now.warehouse}: {_has(now)}")
        if now.free < ZERO:
            said.append(f"  {plain(-now.free)} more are promised than there are; see 'gateway stock show {now.sku}'")
    return said


def _level(work: UnitOfWork, sku: str, warehouse: str) -> Level:
    """How an item stands in a warehouse, nothing where it never was; raises NotFoundError for a name nobody knows."""
    if not work.master.items([Sku(sku)]):
        raise NotFoundError(f"There is no item '{sku}'.", next_step="'gateway stock list' shows the items there are.")
    if work.master.warehouse(WarehouseId(warehouse)) is None:
        raise NotFoundError(f"There is no warehouse '{warehouse}'.", next_step="'gateway stock list' shows them.")
    levels = work.stock.shelves(sku=Sku(sku), warehouse=WarehouseId(warehouse))
    return levels[0] if levels else Level(WarehouseId(warehouse), Sku(sku))


def _positive(quantity: Decimal) -> None:
    if quantity <= ZERO:
        raise UsageError(f"A quantity of {plain(quantity)} cannot be moved.", next_step="Say --quantity 5.")


def _occasion(bench: Workbench, who: str, reason: str, reference: str = "") -> Occasion:
    if not reason.strip():
        raise UsageError("A change of stock needs a reason.", next_step="Add --reason TEXT.")
    return Occasion(bench.clock(), who, reference, reason)


def _has(level: Level) -> str:
    return (
        f"{plain(level.on_hand)} on hand, {plain(level.reserved)} reserved, {plain(level.in_question)} in question, "
        f"{plain(level.blocked)} blocked, {plain(level.available)} available"
    )


def _level_view(level: Level, coming: Decimal, waits: Decimal) -> View:
    return {
        "warehouse": level.warehouse, "sku": level.sku, "on_hand": plain(level.on_hand),
        "reserved": plain(level.reserved), "in_question": plain(level.in_question), "blocked": plain(level.blocked),
        "available": plain(level.available), "incoming": plain(coming), "backordered": plain(waits),
        "counted_at": level.counted_at.isoformat() if level.counted_at is not None else None,
    }  # fmt: skip


def _arrival_view(arrival: Arrival) -> View:
    return {
        "warehouse": arrival.warehouse, "quantity": plain(arrival.quantity),
        "expected_date": arrival.expected_date.isoformat(), "reference": arrival.reference or None,
    }  # fmt: skip


def waiting_view(waiting: WaitingLine) -> View:
    """One line that waits for goods."""
    requested, promised = waiting.requested_date, waiting.promised_date
    return {
        "order_number": waiting.order, "line": waiting.line, "partner": waiting.partner,
        "po_number": waiting.po_number, "sku": waiting.sku, "quantity": plain(waiting.quantity),
        "since": waiting.since.isoformat(), "priority": waiting.priority,
        "requested_date": requested.isoformat() if requested is not None else None,
        "promised_date": promised.isoformat() if promised is not None else None,
    }  # fmt: skip


def _move_view(move_: StockMove) -> View:
    return {
        "at": move_.at.isoformat(), "who": move_.who, "warehouse": move_.warehouse, "kind": move_.kind.value,
        "quantity": plain(move_.quantity), "on_hand": plain(move_.on_hand), "reference": move_.reference or None,
        "reason": move_.reason or None,
    }  # fmt: skip


def _reservations(work: UnitOfWork, sku: Sku) -> Iterator[View]:
    """Who has an item reserved and where, oldest order first."""
    found = [order for each in RESERVING for order in work.orders.find(OrderQuery(status=each.value))]
    for order in sorted(found, key=lambda each: (each.placed_at, each.number)):
        for (warehouse, reserved), quantity in sorted(stock.reservations(order).items()):
            if reserved == sku:
                yield {
                    "order_number": order.number, "partner": order.partner, "po_number": order.po_number,
                    "warehouse": warehouse, "quantity": plain(quantity),
                }  # fmt: skip
