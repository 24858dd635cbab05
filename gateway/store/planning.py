"""What plans are made of: goods to come, lines that wait, what was asked for; and what left on which day."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, bindparam, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_unless

from gateway.kernel.errors import ConflictError
from gateway.kernel.ids import OrderNumber, PartnerId, Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.stockroom import Arrival, Asked, WaitingLine
from gateway.store.moments import to_day, to_moment
from gateway.store.schema import backorders, counters, demand, incoming, item_ids, orders, prices
from gateway.store.session import Session
from gateway.store.statements import Among, Prepared

_DEMAND = ("sku", "warehouse", "day", "kind")
_ASKED = Prepared(
    select(demand.c.sku, demand.c.warehouse, demand.c.day, demand.c.kind, demand.c.quantity)
    .where(Among(demand.c.sku, "skus"), Among(demand.c.day, "days"))
    .order_by(demand.c.sku, demand.c.warehouse, demand.c.day, demand.c.kind)
    .with_for_update()
)
_BEGIN = Prepared(
    insert_unless(demand)
    .values({**{name: bindparam(name) for name in _DEMAND}, "quantity": plain(ZERO)})
    .on_conflict_do_nothing()
)
"""Two may ask for the first of a day at the same moment."""
_UPDATE = Prepared(
    update(demand)
    .where(*(demand.c[name] == bindparam(f"known_{name}") for name in _DEMAND))
    .values(quantity=bindparam("total"))
)


class Planning:
    """The planning of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._fresh: dict[tuple[str, str, str, str], Decimal] = {}
        self._days: dict[str, int | None] = {}
        session.keeps(last=self._write)

    def arrivals(self, sku: Sku | None = None) -> tuple[Arrival, ...]:
        """Goods still to come, the earliest first."""
        query = select(incoming).order_by(incoming.c.expected_date, incoming.c.warehouse, incoming.c.reference)
        query = query.where(incoming.c.sku == sku) if sku is not None else query
        return tuple(
            Arrival(
                warehouse=WarehouseId(row.warehouse), sku=Sku(row.sku), reference=row.reference,
                expected_date=date.fromisoformat(row.expected_date),
                quantity=Decimal(row.quantity) - Decimal(row.received),
            )
            for row in self._session.execute(query)
            if Decimal(row.quantity) > Decimal(row.received)
        )  # fmt: skip

    def waiting(self, sku: Sku | None = None) -> tuple[WaitingLine, ...]:
        """Order lines that wait for goods, those that wait longest first; test orders wait for nothing."""
        joined = select(
            backorders, orders.c.partner, orders.c.po_number, orders.c.placed_at, orders.c.sequence.label("placed")
        ).join(orders, orders.c.number == backorders.c.order_number)
        query = joined.where(~orders.c.test).order_by(orders.c.sequence, backorders.c.sequence, backorders.c.line)
        query = query.where(backorders.c.sku == sku) if sku is not None else query
        return tuple(
            WaitingLine(
                order=OrderNumber(row.order_number), line=row.line, partner=PartnerId(row.partner),
                po_number=row.po_number, sku=Sku(row.sku), quantity=Decimal(row.quantity),
                since=to_moment(row.placed_at).date(), priority=row.priority,
                requested_date=to_day(row.requested_date), promised_date=to_day(row.promised_date),
            )
            for row in self._session.execute(query)
        )  # fmt: skip

    def ask(self, sku: Sku, warehouse: WarehouseId, day: date, kind: Asked, quantity: Decimal) -> None:
        """So much more was asked for on a day; the rows are written once."""
        key = (sku, warehouse, day.isoformat(), kind.value)
        self._fresh[key] = self._fresh.get(key, ZERO) + quantity

    def _write(self) -> None:
        """What was asked for besides what was before."""
        if not self._fresh:
            return
        fresh, self._fresh = self._fresh, {}
        before = self._before(fresh)
        new = sorted(fresh.keys() - before.keys())
        if new:
            self._session.run(_BEGIN, [dict(zip(_DEMAND, key, strict=True)) for key in new])
            before = self._before(fresh)
        for key, quantity in sorted(fresh.items()):
            known = {f"known_{name}": value for name, value in zip(_DEMAND, key, strict=True)}
            self._session.add(_UPDATE, {**known, "total": plain(before[key] + quantity)})

    def _before(self, keys: Iterable[tuple[str, str, str, str]]) -> Mapping[tuple[str, str, str, str], Decimal]:
        """What was asked for so far of these items on these days; nobody else adds to it until the transaction ends."""
        skus, days = ({key[at] for key in keys} for at in (0, 2))
        asked = {"skus": self._session.listed(skus), "days": self._session.listed(days)}
        rows = self._session.rows(_ASKED, asked)
        return {(row.sku, row.warehouse, row.day, row.kind): Decimal(row.quantity) for row in rows}

    def asked(
        self, *, since: date, kind: Asked = Asked.ORDERED, sku: Sku | None = None
    ) -> list[tuple[WarehouseId, Sku, date, Decimal]]:
        """What was asked for by warehouse, item and day since a day."""
        self._session.flush()
        query = select(demand).where(demand.c.kind == kind.value, demand.c.day >= since.isoformat())
        query = query.where(demand.c.sku == sku) if sku is not None else query
        rows = self._session.execute(query.order_by(demand.c.day, demand.c.warehouse, demand.c.sku))
        return [
            (WarehouseId(row.warehouse), Sku(row.sku), date.fromisoformat(row.day), Decimal(row.quantity))
            for row in rows
        ]

    def offer(self, partner: PartnerId, lists: Iterable[str], today: date) -> Mapping[Sku, str]:
        """The items that a partner may buy, each with the partner's own number where it has one."""
        day, names = today.isoformat(), sorted(set(lists))
        contract = and_(prices.c.contract_number != "", prices.c.contract_number.in_(names))
        query = select(prices.c.sku).where(
            or_(prices.c.price_list.in_(names), contract),
            prices.c.valid_from <= day, or_(prices.c.valid_to == "", prices.c.valid_to >= day),
        ).distinct()  # fmt: skip
        found = {Sku(sku): "" for sku in self._session.execute(query).scalars()}
        own = select(item_ids.c.sku, item_ids.c.partner_sku).where(item_ids.c.partner == partner)
        rows = self._session.execute(own.order_by(item_ids.c.partner_sku.desc()))
        return found | {Sku(sku): number for sku, number in rows}

    def last_done(self, name: str) -> date | None:
        """The day for which something that is done once a day was done last."""
        day = self._session.execute(select(counters.c.value).where(counters.c.name == f"day:{name}")).scalar()
        self._days[name] = day
        return date.fromordinal(day) if day is not None else None

    def done(self, name: str, day: date) -> None:
        """It is done for that day."""
        where = counters.c.name == f"day:{name}"
        if self._days.get(name) is None:
            self._session.execute(insert(counters).values(name=f"day:{name}", value=day.toordinal()))
            self._days[name] = day.toordinal()
            return
        same = where & (counters.c.value == self._days[name])
        if self._session.execute(update(counters).where(same).values(value=day.toordinal())).rowcount == 0:
            raise ConflictError(f"'{name}' was done by somebody else at the same moment.", next_step="Try again.")
        self._days[name] = day.toordinal()
