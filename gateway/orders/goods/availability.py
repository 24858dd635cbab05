"""The answer to each line: reserved in stock, promised from goods on their way, waiting, or cancelled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.money import price_text
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import instructions, price_lists, stores
from gateway.orders.case import Case
from gateway.orders.events import Event, LineAllocated, LineBackordered, LineCancelled, LineRejected
from gateway.orders.facts import DISCONTINUED, Facts, ItemFacts, StockFacts, stand_in
from gateway.orders.goods import allocation, promising
from gateway.orders.goods.allocation import Need, Share
from gateway.orders.goods.promising import Ledger
from gateway.orders.goods.sourcing import Choice
from gateway.orders.happened.goods_events import GoodsReserved, LineAwaits, LineRescheduled, LineSubstituted
from gateway.orders.order import Line, LineCode, Order, Reserved, Route
from gateway.orders.price_lists import Wanted
from gateway.orders.shipping import routing
from gateway.orders.terms import Terms
from gateway.orders.transitions import Applied, ChangingLines


def answer(order: Order, case: Case, route: Route) -> list[Applied]:
    """What becomes of every line that is pending; ``route`` says how long the goods are on the road."""
    answering = _Answering(replace(order, route=route), case, ChangingLines(order))
    if not order.test:
        answering.substitute()
        answering.await_goods()
    answering.serve()
    return answering.changing.done()


def keep(order: Order, case: Case) -> Iterator[GoodsReserved]:
    """Stock kept for an order on hold, for as long as the terms say."""
    kept = case.terms.reserve_while_held
    if not kept or order.reserved or order.test or order.decided:
        return
    needs = _needs(order.lines)
    shares = allocation.allocate(needs, case.facts.stock, choice(order, case.facts, case.terms))
    size = {need.line: need for need in needs}
    goods = tuple(
        Reserved(share.warehouse, size[share.line].sku, share.quantity * size[share.line].stock_per_unit) for share in shares
    )  # fmt: skip
    if goods:
        yield GoodsReserved(goods, case.now + kept)


def promise_again(order: Order, case: Case) -> Iterator[LineRescheduled]:
    """New days for lines that were promised at the deadline, for a day that passed before the order could go on."""
    for line in order.lines:
        before = line.promised_date
        if (
            before is None
            or before >= case.facts.today
            or not line.quantity.allocated
            or line.backorder_date is not None
        ):
            continue
        day = max(promising.from_stock(order, line, source.warehouse, case.facts) for source in line.sources)
        said = f"the order was on hold until after {before}"
        yield LineRescheduled(line.number, day, before, said, routing.delivery_due(order, case.terms, day), whole=True)


def choice(order: Order, facts: Facts, terms: Terms, *, only: WarehouseId | None = None) -> Choice:
    """How warehouses are chosen for an order."""
    return Choice(
        rules=terms.sourcing, warehouses=facts.warehouses, ship_to=order.ship_to, transit_days=terms.transit_days,
        home=WarehouseId(order.preferred_warehouse) if order.preferred_warehouse else None, together=instructions.together(order, terms), only=only,
    )  # fmt: skip


def free_stock(order: Order, stock: Sequence[StockFacts]) -> tuple[StockFacts, ...]:
    """The stock as this order sees it: what is kept for it counts as free."""
    if not order.reserved:
        return tuple(stock)
    own: dict[tuple[WarehouseId, Sku], Decimal] = {}
    for kept in order.reserved:
        own[kept.warehouse, kept.sku] = own.get((kept.warehouse, kept.sku), ZERO) + kept.quantity
    return tuple(replace(each, reserved=each.reserved - own.get((each.warehouse, each.sku), ZERO)) for each in stock)


@dataclass(frozen=True, slots=True)
class _Served:
    """What becomes of one line: its shares with their days, what is left and when it can ship, or why it is ``gone``."""

    need: Need
    shares: tuple[tuple[Share, date], ...]
    left: Decimal
    day: date | None
    backorder_day: date | None = None
    said: str = ""
    gone: str = ""


@dataclass(slots=True)
class _Answering:
    """One decision: the order as it came, and its lines as the events so far have made them."""

    order: Order
    case: Case
    changing: ChangingLines
    stock: tuple[StockFacts, ...] = ()
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.stock = free_stock(self.order, self.case.facts.stock)
        self.ledger = Ledger(self.case.facts.supply, self.case.facts.claimed)

    @property
    def facts(self) -> Facts:
        return self.case.facts

    @property
    def terms(self) -> Terms:
        return self.case.terms

    def add(self, event: Event) -> None:
        self.changing.add(event)

    def substitute(self) -> None:
        """Serve the stand-in of an item that is not in stock, or discontinued and not enough, where that is allowed."""
        if not instructions.substitutes(self.order, self.terms):
            return
        for line in tuple(self.changing.lines):
            item = self.facts.items.get(line.sku) if line.sku and line.quantity.pending else None
            other = stand_in(item, line.uom, self.facts) if item is not None else None
            if item is None or other is None or not self.is_better(line, item, other):
                continue
            size = (dict(other.packs) | {other.uom: Decimal(1)})[line.uom]
            why = "is discontinued and not enough" if item.status == DISCONTINUED else "is not in stock"
            wanted = Wanted(line, other, size, self.order.currency, self.order.contract_number)
            lower = price_lists.lower(wanted, line.unit_price, self.facts, self.terms)
            at = f"its own price {price_text(lower)}, which is lower" if lower is not None else "its price"
            self.add(
                LineSubstituted(
                    line.number, other.sku, item.sku, other.description, size, other.tax_code,
                    f"{item.sku} {why}; {other.sku} is served at {at}", lower,
                )
            )  # fmt: skip

    def is_better(self, line: Line, item: ItemFacts, other: ItemFacts) -> bool:
        """Whether the stand-in serves a line that the item itself cannot."""
        here, there = self.in_stock(item.sku), self.in_stock(other.sku)
        if item.status != DISCONTINUED:
            return not here and bool(there)
        short = here < line.quantity.pending * line.stock_per_unit
        return short and there >= here

    def in_stock(self, sku: Sku) -> Decimal:
        return sum((each.available for each in self.stock if each.sku == sku), ZERO)

    def sells_off(self, sku: Sku) -> bool:
        """Whether nothing of an item waits for goods, because there will be none."""
        item = self.facts.items.get(sku)
        return item is not None and item.status == DISCONTINUED

    def await_goods(self) -> None:
        """Lines of a future order that goods on their way cover in time leave today's stock to others."""
        if not instructions.waits(self.order, self.terms):
            return
        for need in _needs(self.changing.lines):
            line = self.changing.line(need.line)
            wanted = need.quantity * need.stock_per_unit
            supply = self.ledger.covers(need.sku, wanted) if not self.sells_off(need.sku) else None
            if supply is None or not promising.in_time(self.order, line, supply, self.terms, self.facts):
                continue
            self.ledger.claim(need.sku, wanted)
            promise = promising.from_supply(self.order, line, supply, self.terms, self.facts)
            said = f"taken from {_named(supply.reference)} expected in {supply.warehouse} on {supply.expected_date}"
            self.add(
                LineAwaits(
                    line.number, need.sku, need.quantity, wanted, supply.warehouse, supply.reference, said,
                    promise.ship_date, routing.delivery_due(self.order, self.terms, promise.ship_date),
                )
            )  # fmt: skip

    def serve(self) -> None:
        """Reserve what stock covers; what it does not cover waits or is cancelled. What is to leave whole has one date."""
        needs = _needs(self.changing.lines)
        chosen = choice(self.order, self.facts, self.terms)
        shares = (
            allocation.unlimited(needs, self.stock)
            if self.order.test
            else allocation.allocate(needs, self.stock, chosen)
        )
        place = shares[0].warehouse if shares and chosen.together else None
        served = [self.outcome(need, [share for share in shares if share.line == need.line], place) for need in needs]
        if self.order.backorder == "ship_complete" and any(each.gone for each in served):
            why = "; ".join(each.gone for each in served if each.gone)
            for need in needs:
                said = f"the order is to ship complete, which it cannot: {why}"
                self.add(LineCancelled(need.line, need.quantity, "pending", said))
            return
        whole = {each.day for each in served} if chosen.together else set()
        latest = None if None in whole else max((day for day in whole if day is not None), default=None)
        for each in served:
            self.take(each, latest, together=chosen.together)

    def outcome(self, need: Need, shares: Sequence[Share], place: WarehouseId | None) -> _Served:
        """What becomes of one line; what waits is claimed from the goods on their way."""
        line = self.changing.line(need.line)
        days = [promising.from_stock(self.order, line, share.warehouse, self.facts) for share in shares]
        left = need.quantity - sum((share.quantity for share in shares), ZERO)
        served = _Served(need, tuple(zip(shares, days, strict=True)), left, max(days, default=None))
        if not left:
            return served
        said = f"{plain(left)} {need.uom} are not in stock"
        if self.sells_off(need.sku):
            return replace(served, gone=f"{said}: {need.sku} is discontinued and does not wait for goods")
        if not instructions.waits(self.order, self.terms):
            return replace(served, gone=f"{said} and are not to wait")
        wanted = left * need.stock_per_unit
        supply = self.ledger.covers(need.sku, wanted, place)
        self.ledger.claim(need.sku, wanted)
        if supply is None:
            return replace(served, day=None, said=said)
        ship = promising.from_supply(self.order, line, supply, self.terms, self.facts).ship_date
        coming = f"{_named(supply.reference)} expected in {supply.warehouse} on {supply.expected_date}"
        last = self.order.cancel_after
        if last is not None and ship > last:
            return replace(served, gone=f"{said}; they could ship on {ship} ({coming}), after cancel-after {last}")
        said = f"{said}; {coming} covers them"
        return replace(served, backorder_day=ship, day=max([ship, *days]), said=said)

    def take(self, served: _Served, latest: date | None, *, together: bool) -> None:
        """The events of one line."""
        need = served.need
        for share, day in served.shares:
            promised = latest if together else day
            self.add(
                LineAllocated(
                    need.line, need.sku, share.quantity, share.quantity * need.stock_per_unit, share.warehouse,
                    share.reason, promised, routing.delivery_due(self.order, self.terms, promised),
                )
            )  # fmt: skip
        lacking = stores.lacking(self.changing.line(need.line))
        short = f"; {lacking} get less" if lacking else ""
        if served.gone and not served.shares and self.sells_off(need.sku):
            self.add(LineRejected(need.line, LineCode.DISCONTINUED, f"line {need.line}: {served.gone}"))
        elif served.gone:
            self.add(LineCancelled(need.line, served.left, "pending", f"{served.gone}{short}"))
        elif served.left:
            ship = latest if together else served.backorder_day
            arrival = routing.delivery_due(self.order, self.terms, ship)
            self.add(LineBackordered(need.line, served.left, f"{served.said}{short}", ship, arrival))


def _needs(lines: Sequence[Line]) -> list[Need]:
    return [
        Need(line.number, line.sku, line.quantity.pending, line.uom, line.stock_per_unit)
        for line in lines
        if line.quantity.pending and line.sku is not None
    ]


def _named(reference: str) -> str:
    return reference or "goods"
