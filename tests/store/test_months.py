"""What only grows is kept by month on PostgreSQL, and no row is ever refused because its month is missing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.kernel.errors import RefusedError, UsageError
from gateway.kernel.ids import OrderNumber, Sku
from gateway.orders import decisions, lifecycle
from gateway.orders.case import Case
from gateway.orders.stockroom import Change, Occasion
from gateway.orders.terms import Terms
from gateway.store import months
from gateway.store.migrate import upgrade
from gateway.store.unit_of_work import SqlStore
from tests import database as databases
from tests.orders.build import DAL, facts, follow, hold_ids, placed, wanted

TENT = Sku("TENT")


def count_at(store: SqlStore, *moments: datetime) -> None:
    with store.unit() as work:
        for moment in moments:
            work.stock.change(DAL, TENT, placed().lines[0].quantity.ordered, Change.RECEIPT, Occasion(moment, "jo"))
        work.commit()


def held_in(url: str, table: str) -> dict[str, int]:
    query = f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1"  # noqa: S608 - a name of ours
    return {str(name).rpartition(".")[2]: int(str(rows)) for name, rows in databases.tell(url, query)}


def test_this_month_and_the_next_ones_are_there(postgresql: str) -> None:
    store = SqlStore(postgresql)
    with store.engine.connect() as connection:
        found = months.known(connection)
    for table in months.BY_MONTH:
        assert len([each for each in found if each.table == table and each.month]) == months.AHEAD + 1
    count_at(store, datetime.now(UTC))
    (name,) = held_in(postgresql, "stock_moves")
    assert name == f"stock_moves_{datetime.now(UTC):%Y_%m}"


def test_a_row_without_a_month_is_taken_and_moves_when_its_month_is_made(postgresql: str) -> None:
    store = SqlStore(postgresql)
    count_at(store, datetime(2019, 5, 31, 23, 59, 59, 999999, UTC), datetime(2019, 6, 1, tzinfo=UTC))
    assert held_in(postgresql, "stock_moves") == {"stock_moves_rest": 2}
    with store.engine.connect() as connection:
        months.make(connection, "stock_moves", "2019-05")
        connection.commit()
    assert held_in(postgresql, "stock_moves") == {"stock_moves_rest": 1, "stock_moves_2019_05": 1}
    with store.unit() as work:
        assert [move.on_hand for move in work.moves.of(TENT)] == [10, 20]
    upgrade(postgresql)


def test_an_old_month_is_detached_whole_and_a_new_one_never_missed(postgresql: str) -> None:
    store = SqlStore(postgresql)
    count_at(store, datetime(2019, 5, 2, tzinfo=UTC), datetime(2019, 6, 2, tzinfo=UTC))
    with store.engine.connect() as connection:
        for month in ("2019-05", "2019-06"):
            months.make(connection, "stock_moves", month)
        assert [each.name for each in months.detach(connection, "2019-06")] == ["stock_moves_2019_05"]
        connection.commit()
    with store.unit() as work:
        assert len(work.moves.of(TENT)) == 1
    assert databases.tell(postgresql, "SELECT count(*) FROM gateway_months.stock_moves_2019_05") == [(1,)]
    with store.engine.connect() as connection, pytest.raises(UsageError, match="not a month"):
        months.detach(connection, "2019-13")


def test_a_month_in_which_a_living_order_began_stays(postgresql: str) -> None:
    store, at = SqlStore(postgresql), datetime(2019, 5, 2, tzinfo=UTC)
    events = decisions.decide(
        None, replace(wanted(), number=OrderNumber("SO-7")), Case(facts(), Terms(), at, hold_ids())
    )
    order = follow(None, events)
    with store.unit() as work:
        work.orders.add(order, lifecycle.status(order).value, events, at=at, who="jo")
        work.commit()
    with store.engine.connect() as connection:
        months.make(connection, "order_events", "2019-05")
        with pytest.raises(RefusedError, match="SO-7 began then"):
            months.detach(connection, "2019-06")
