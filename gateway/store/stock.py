"""Stock by warehouse and item: counted, reserved, shipped, in question; in stock units.

What a unit of work read of the stock is its own until it ends, so that it is read once and written once. An order that gets
all it wants of free stock needs no more than that it is free at the end: for such orders stock is looked at, and held only
by the commit. So is the stock of goods that left, which are deducted whatever stands there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from gateway.canonical.goods import GoodsReceipt
from gateway.canonical.house import Stock as Count
from gateway.kernel.errors import StoreError
from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders.facts import StockFacts
from gateway.orders.stockroom import Change, Level, Occasion, StockMove
from gateway.store.failures import conflict
from gateway.store.kept_rows import CHANGED, NEW, SAME
from gateway.store.moments import to_moment, to_text
from gateway.store.moves import Moves
from gateway.store.schema import stock
from gateway.store.session import Session
from gateway.store.shelf import AMOUNTS, Shelf, counted_after, shelf_of
from gateway.store.statements import Among, InRows, Prepared

Key = tuple[WarehouseId, Sku]
_SHELF = Prepared(
    select(stock).where(stock.c.warehouse == bindparam("warehouse"), stock.c.sku == bindparam("sku")).with_for_update()
)
_OF_ITEMS = Prepared(
    select(stock).where(Among(stock.c.sku, "skus")).order_by(stock.c.sku, stock.c.warehouse).with_for_update()
)
"""Who locks in one order waits, who does not meets in a deadlock."""
_LOOKED_AT = Prepared(select(stock).where(Among(stock.c.sku, "skus")))
_SHELVES = Prepared(
    select(stock)
    .where(InRows([stock.c.warehouse, stock.c.sku], "keys"))
    .order_by(stock.c.sku, stock.c.warehouse)
    .with_for_update()
)
_INSERT = Prepared(insert(stock))
_UPDATE = Prepared(
    update(stock)
    .where(stock.c.warehouse == bindparam("known_warehouse"), stock.c.sku == bindparam("known_sku"))
    .values({name: bindparam(name) for name in (*AMOUNTS, "counted_at", "blocked_at")})
)


@dataclass(frozen=True, slots=True)
class _Left:
    """Goods that left a warehouse on a day."""

    warehouse: WarehouseId
    sku: Sku
    quantity: Decimal
    day: date
    occasion: Occasion


class StockLevels:
    """The stock of one unit of work; each change of on hand is noted as a move."""

    def __init__(self, session: Session, moves: Moves) -> None:
        self._session = session
        self._moves = moves
        self._shelves: dict[Sku, dict[WarehouseId, Shelf]] = {}
        self._facts: dict[Sku, tuple[StockFacts, ...]] = {}
        self._whole: set[Sku] = set()
        self._reserved: dict[Sku, dict[WarehouseId, Decimal]] = {}
        """What was reserved of items that were only looked at since they were."""
        self._left: list[_Left] = []
        self._absent: set[Key] = set()
        self._moved: Mapping[Key, Sequence[StockMove]] | None = None
        self._new: set[Key] = set()
        self._changed: set[Key] = set()
        self._looks = session.dialect.name != "sqlite"
        """Whether looking differs from holding: a transaction of SQLite has everything to itself anyhow."""
        session.keeps(last=self._write, forget=self._forget)

    def _write(self) -> None:
        """Every shelf that changed, in an order that is always the same."""
        self._deduct()
        self._hold([sku for sku, reserved in self._reserved.items() if reserved])
        for warehouse, sku in sorted(self._new):
            row = self._existing(warehouse, sku).row()
            self._session.add(_INSERT, {"warehouse": warehouse, "sku": sku, **row})
        for warehouse, sku in sorted(self._changed - self._new):
            row = self._existing(warehouse, sku).row()
            self._session.add(_UPDATE, {"known_warehouse": warehouse, "known_sku": sku, **row})
        self._new.clear()
        self._changed.clear()

    def _deduct(self) -> None:
        """Take off what left, before anybody looks at it."""
        if not self._left:
            return
        left, self._left = self._left, []
        self._hold(sorted({each.sku for each in left if each.sku in self._reserved}))
        self._read_shelves({(each.warehouse, each.sku) for each in left})
        for each in left:
            row = self._touched(each.warehouse, each.sku)
            row.reserved -= each.quantity
            if not counted_after(row, each.day, each.occasion.zone):
                self.change(each.warehouse, each.sku, -each.quantity, Change.SHIPMENT, each.occasion, each.day)

    def _read_shelves(self, wanted: Iterable[Key]) -> None:
        """Hold these shelves, all read at once."""
        keys = sorted(
            key for key in wanted if key[0] not in self._shelves.get(key[1], {}) and key[1] not in self._whole
        )
        self._absent.update(keys)
        for row in self._session.rows(_SHELVES, {"keys": self._session.listed_rows(keys)}):
            key = WarehouseId(row.warehouse), Sku(row.sku)
            self._shelves.setdefault(key[1], {})[key[0]] = shelf_of(row)
            self._absent.discard(key)

    def _forget(self) -> None:
        """The transaction is over: what was read of the stock is anybody's again."""
        self._shelves.clear()
        self._facts.clear()
        self._whole.clear()
        self._reserved.clear()
        self._absent.clear()

    @contextmanager
    def together(self, counts: Sequence[Count]) -> Iterator[None]:
        """Counts that are taken one after the other inside: what they need is read at once, what they change is written at its end.

        Nothing but counts happens to the stock inside.
        """
        self._session.flush()
        self._read_shelves({(WarehouseId(each.warehouse), Sku(each.sku)) for each in counts})
        dated = [
            each for each in counts if each.counted_at is not None and self._is_news(each, to_text(each.counted_at))
        ]
        moments = [each.counted_at for each in dated if each.counted_at is not None]
        asked = {(WarehouseId(each.warehouse), Sku(each.sku)) for each in dated}
        self._moved = self._moves.of_shelves(asked, min(moments)) if moments else {}
        yield
        self._moved = None
        self._session.flush()
        self._forget()

    def _is_news(self, counted: Count, counted_at: str) -> bool:
        """Whether on hand was not counted at this moment already, or later."""
        shelf = self._row(WarehouseId(counted.warehouse), Sku(counted.sku))
        return counted.quality != "blocked" and (shelf is None or shelf.counted_at < counted_at)

    def count(self, counted: Count, occasion: Occasion) -> str:
        """A count replaces on hand and ends what was in question; reservations stay. Blocked goods are counted apart.

        What came or left after the count and was told before it comes on top.
        """
        warehouse, sku = WarehouseId(counted.warehouse), Sku(counted.sku)
        row = self._row(warehouse, sku)
        column, moment = ("blocked", "blocked_at") if counted.quality == "blocked" else ("on_hand", "counted_at")
        counted_at = to_text(counted.counted_at) if counted.counted_at is not None else ""
        if row is not None and counted_at and getattr(row, moment) >= counted_at:
            return SAME  # the same count again, or an older one: what was shipped since stays deducted
        since = self._since(counted, occasion.zone) if column == "on_hand" else ()
        on_hand = counted.on_hand + sum((each.quantity for each in since), ZERO)
        values: dict[str, Any] = {column: on_hand}
        if counted_at:
            values[moment] = counted_at
        if column == "on_hand" and all(each.kind is not Change.SHIPMENT for each in since):
            values["in_question"] = ZERO
        if row is not None and all(getattr(row, name) == value for name, value in values.items()):
            return SAME
        before = row.on_hand if row is not None else ZERO
        self._put(row, warehouse, sku, values)
        if column == "on_hand":
            self._note(warehouse, sku, Change.COUNT, on_hand - before, on_hand, occasion)
        return NEW if row is None else CHANGED

    def change(
        self, warehouse: WarehouseId, sku: Sku, quantity: Decimal, kind: Change, occasion: Occasion,
        day: date | None = None,
    ) -> None:  # fmt: skip
        """More on hand, or less when negative: a receipt, a restock, an adjustment, one half of a transfer."""
        row = self._row(warehouse, sku)
        after = (row.on_hand if row is not None else ZERO) + quantity
        self._put(row, warehouse, sku, {"on_hand": after})
        self._note(warehouse, sku, kind, quantity, after, occasion, day)

    def block(self, warehouse: WarehouseId, sku: Sku, quantity: Decimal, occasion: Occasion) -> None:
        """Set so much of on hand aside, or give it back when negative; blocked goods are not on hand."""
        self.change(warehouse, sku, -quantity, Change.BLOCK, occasion)
        self._touched(warehouse, sku).blocked += quantity

    def levels(self, skus: Iterable[Sku], *, held: bool = True) -> tuple[StockFacts, ...]:
        """Each item in each warehouse that ever counted it; ``held`` until the transaction ends, or only looked at.

        Of what was only looked at something may be reserved. Whoever decides anything else by it has to hold it first.
        """
        self._deduct()
        wanted = sorted(set(skus))
        missing = [sku for sku in wanted if sku not in self._whole]
        looked_at = [sku for sku in missing if not self._shelves.get(sku)] if self._looks and not held else []
        self._read([sku for sku in missing if sku not in looked_at], _OF_ITEMS)
        self._read(looked_at, _LOOKED_AT)
        self._reserved.update((sku, {}) for sku in looked_at)
        if held:
            self._hold([sku for sku in wanted if sku in self._reserved])
        found = [fact for sku in wanted for fact in self._facts_of(sku)]
        return tuple(sorted(found, key=_by_place))

    def _facts_of(self, sku: Sku) -> tuple[StockFacts, ...]:
        """An item in each warehouse, as it stands."""
        if sku not in self._facts:
            self._facts[sku] = tuple(
                StockFacts(
                    warehouse=place,
                    sku=sku,
                    on_hand=shelf.on_hand,
                    reserved=shelf.reserved,
                    in_question=shelf.in_question,
                )
                for place, shelf in self._shelves[sku].items()
            )
        return self._facts[sku]

    def holds(self, skus: Iterable[Sku]) -> bool:
        """Whether nobody else changes any of these items until the transaction ends."""
        return not any(sku in self._reserved for sku in skus)

    def _hold(self, skus: Sequence[Sku]) -> None:
        """Hold items that were looked at, as they are now; ConflictError when what was reserved of them is not there any more."""
        if not skus:
            return
        now: dict[Sku, dict[WarehouseId, Shelf]] = {sku: {} for sku in skus}
        for row in self._session.rows(_OF_ITEMS, {"skus": self._session.listed(skus)}):
            now[Sku(row.sku)][WarehouseId(row.warehouse)] = shelf_of(row)
        for sku, shelves in now.items():
            for warehouse, quantity in self._reserved.pop(sku).items():
                shelf = shelves.get(warehouse)
                if shelf is None or shelf.free < quantity:
                    raise conflict()
                shelf.reserved += quantity
            self._shelves[sku] = shelves
            self._facts.pop(sku, None)

    def _read(self, skus: list[Sku], query: Prepared) -> None:
        """Every shelf of these items; what was read before may have changed since and stays as it is."""
        if not skus:
            return
        self._whole.update(skus)
        for sku in skus:
            self._shelves.setdefault(sku, {})
            self._facts.pop(sku, None)
        for row in self._session.rows(query, {"skus": self._session.listed(skus)}):
            self._shelves[Sku(row.sku)].setdefault(WarehouseId(row.warehouse), shelf_of(row))

    def shelves(self, *, sku: Sku | None = None, warehouse: WarehouseId | None = None) -> tuple[Level, ...]:
        """What stands where, all of it, of one item or of one warehouse, to be looked at."""
        self._session.flush()
        query = select(stock).order_by(stock.c.warehouse, stock.c.sku)
        query = query.where(stock.c.sku == sku) if sku is not None else query
        query = query.where(stock.c.warehouse == warehouse) if warehouse is not None else query
        return tuple(
            Level(
                warehouse=WarehouseId(row.warehouse), sku=Sku(row.sku), on_hand=Decimal(row.on_hand),
                reserved=Decimal(row.reserved), in_question=Decimal(row.in_question), blocked=Decimal(row.blocked),
                counted_at=to_moment(row.counted_at) if row.counted_at else None,
            )
            for row in self._session.execute(query)
        )  # fmt: skip

    def reserve(self, warehouse: WarehouseId, sku: Sku, quantity: Decimal) -> None:
        """More reserved, or less when negative."""
        self._deduct()
        if sku in self._reserved and quantity > ZERO:
            wanted = self._reserved[sku]
            wanted[warehouse] = wanted.get(warehouse, ZERO) + quantity
            self._shelves[sku][warehouse].reserved += quantity
            self._changed.add((warehouse, sku))
            self._facts.pop(sku, None)
            return
        self._touched(warehouse, sku).reserved += quantity

    def ship(
        self, warehouse: WarehouseId, sku: Sku, quantity: Decimal, *, shipped_on: date, occasion: Occasion
    ) -> None:
        """What left is reserved no more; it leaves on hand unless the goods were counted after they had left."""
        self._left.append(_Left(warehouse, sku, quantity, shipped_on, occasion))

    def question(self, warehouse: WarehouseId, sku: Sku, quantity: Decimal) -> None:
        """The warehouse did not find so much: not available until the next count; less when some of it turned up."""
        row = self._touched(warehouse, sku)
        row.in_question = max(ZERO, row.in_question + quantity)

    def take_back(
        self, warehouse: WarehouseId, sku: Sku, quantity: Decimal, *, blocked: bool, occasion: Occasion
    ) -> None:
        """Goods that came back: to be sold again, or ``blocked`` until they are refurbished."""
        self.change(warehouse, sku, quantity, Change.RESTOCK, occasion)
        if blocked:
            self.block(warehouse, sku, quantity, occasion)

    def receive(self, goods: GoodsReceipt, *, received_on: date, occasion: Occasion) -> Decimal:
        """Goods came in: more on hand unless they were counted since; returns on hand afterwards."""
        warehouse, sku = WarehouseId(goods.warehouse), Sku(goods.sku)
        row = self._row(warehouse, sku)
        if row is None or not counted_after(row, received_on, occasion.zone):
            self.change(warehouse, sku, goods.quantity, Change.RECEIPT, occasion, received_on)
        return self._existing(warehouse, sku).on_hand

    def _since(self, counted: Count, zone: tzinfo) -> tuple[StockMove, ...]:
        """What happened to counted goods after their count; what came or left on an earlier day was counted with them."""
        if counted.counted_at is None:
            return ()
        moves = self._moves_since(WarehouseId(counted.warehouse), Sku(counted.sku), counted.counted_at)
        day = counted.counted_at.astimezone(zone).date()
        return tuple(move for move in moves if move.day is None or move.day >= day)

    def _moves_since(self, warehouse: WarehouseId, sku: Sku, moment: datetime) -> Sequence[StockMove]:
        if self._moved is None:
            return self._moves.since(warehouse, sku, moment)
        return [move for move in self._moved.get((warehouse, sku), ()) if move.at > moment]

    def _note(
        self, warehouse: WarehouseId, sku: Sku, kind: Change, quantity: Decimal, on_hand: Decimal, occasion: Occasion,
        day: date | None = None,
    ) -> None:  # fmt: skip
        self._moves.note(
            StockMove(
                at=occasion.at, who=occasion.who, warehouse=warehouse, sku=sku, kind=kind, quantity=quantity,
                on_hand=on_hand, reference=occasion.reference, reason=occasion.reason, day=day,
            )
        )  # fmt: skip

    def _existing(self, warehouse: WarehouseId, sku: Sku) -> Shelf:
        row = self._row(warehouse, sku)
        if row is None:
            raise StoreError(f"There is no stock of {sku} in {warehouse} to change.")
        return row

    def _row(self, warehouse: WarehouseId, sku: Sku) -> Shelf | None:
        """A shelf that is held; None where the item never was."""
        self._deduct()
        if sku in self._reserved:
            self._hold([sku])
        known = self._shelves.setdefault(sku, {})
        if warehouse not in known and sku not in self._whole and (warehouse, sku) not in self._absent:
            row = self._session.first(_SHELF, {"warehouse": warehouse, "sku": sku})
            if row is not None:
                known[warehouse] = shelf_of(row)
        return known.get(warehouse)

    def _put(self, row: Shelf | None, warehouse: WarehouseId, sku: Sku, values: dict[str, Any]) -> None:
        """The values of an item in a warehouse, where it may never have been before."""
        if row is None:
            self._shelves.setdefault(sku, {})[warehouse] = Shelf()
            self._new.add((warehouse, sku))
        shelf = self._touched(warehouse, sku)
        for name, value in values.items():
            setattr(shelf, name, value)

    def _touched(self, warehouse: WarehouseId, sku: Sku) -> Shelf:
        """A shelf that is changed now."""
        self._changed.add((warehouse, sku))
        self._facts.pop(sku, None)
        return self._existing(warehouse, sku)


def _by_place(fact: StockFacts) -> tuple[WarehouseId, Sku]:
    return (fact.warehouse, fact.sku)
