"""Every change of on hand is noted: what stands there is the last count and the moves since, whatever happened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.canonical.house import Stock
from gateway.kernel.ids import Sku
from gateway.orders.stockroom import Asked, Change, Level, Occasion, StockMove, home
from gateway.store.migrate import upgrade
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.orders.build import DAL, NOW, RNO

TENT = Sku("TENT")
BY_HAND = Occasion(NOW, "jo", "", "broken")
Deed = Callable[[SqlUnitOfWork], object]


def opened(folder: str | Path) -> SqlStore:
    address = f"sqlite:///{Path(folder) / 'gateway.db'}"
    upgrade(address)
    return SqlStore(address)


def counted(on_hand: int, *, day: int | None = None, quality: str = "available") -> Deed:
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day) if day is not None else None
    row = Stock(warehouse="DAL", sku="TENT", on_hand=Decimal(on_hand), counted_at=at, quality=quality)
    return lambda work: work.stock.count(row, Occasion(NOW, "file stock.csv", "stock.csv", "counted"))


def shipped(quantity: int, day: int) -> Deed:
    on = date(2026, 11, 1) + timedelta(days=day)
    left = Occasion(NOW, "file c.csv", "S1", "shipped for SO-1")
    return lambda work: work.stock.ship(DAL, TENT, Decimal(quantity), shipped_on=on, occasion=left)


def changed(quantity: int, kind: Change) -> Deed:
    return lambda work: work.stock.change(DAL, TENT, Decimal(quantity), kind, BY_HAND)


def blocked(quantity: int) -> Deed:
    return lambda work: work.stock.block(DAL, TENT, Decimal(quantity), BY_HAND)


@dataclass(frozen=True)
class Seen:
    on_hand: Decimal
    moves: list[StockMove]


def after(work: SqlUnitOfWork) -> Seen:
    (level,) = work.stock.shelves(sku=TENT)
    return Seen(level.on_hand, work.moves.of(TENT))


DEEDS = st.one_of(
    st.builds(
        counted, st.integers(0, 50), day=st.none() | st.integers(0, 30), quality=st.sampled_from(["available", "blocked"])
    ),
    st.builds(shipped, st.integers(1, 9), st.integers(0, 30)),
    st.builds(changed, st.integers(-9, 9), st.sampled_from(list(Change))),
    st.builds(blocked, st.integers(-5, 5)),
)  # fmt: skip


@pytest.fixture(scope="module")
def untouched() -> Iterator[SqlStore]:
    """A store in which nothing is ever committed, so that each unit finds it empty."""
    with TemporaryDirectory() as folder:
        store = opened(folder)
        yield store
        store.engine.dispose()


@settings(max_examples=60, deadline=None)
@given(deeds=st.lists(DEEDS, max_size=8))
def test_on_hand_is_the_last_count_and_the_moves_since(untouched: SqlStore, deeds: list[Deed]) -> None:
    with untouched.unit() as work:
        assert work.moves.of(TENT) == []
        counted(20)(work)
        for deed in deeds:
            deed(work)
        seen = after(work)
    last = max(at for at, each in enumerate(seen.moves) if each.kind is Change.COUNT)
    since = sum(each.quantity for each in seen.moves[last + 1 :])
    assert seen.on_hand == seen.moves[last].on_hand + since == sum(each.quantity for each in seen.moves)
    for before, each in zip([Decimal(0), *(move.on_hand for move in seen.moves)], seen.moves, strict=False):
        assert each.on_hand == before + each.quantity


def test_each_kind_of_change_says_who_why_and_on_what_paper(tmp_path: Path) -> None:
    with opened(tmp_path).unit() as work:
        for deed in (counted(20, day=5), shipped(4, 6), changed(-1, Change.SCRAP), blocked(3), shipped(2, 1)):
            deed(work)
        seen = after(work)
    assert [(each.kind.value, each.quantity, each.on_hand, each.reference) for each in seen.moves] == [
        ("count", 20, 20, "stock.csv"), ("shipment", -4, 16, "S1"), ("scrap", -1, 15, ""), ("block", -3, 12, ""),
    ]  # fmt: skip
    assert (seen.moves[2].who, seen.moves[2].reason) == ("jo", "broken")


def test_both_qualities_of_one_count_are_taken(tmp_path: Path) -> None:
    with opened(tmp_path).unit() as work:
        counted(20, day=5)(work)
        counted(3, day=5, quality="blocked")(work)
        (level,) = work.stock.shelves()
    assert (level.on_hand, level.blocked, level.available) == (20, 3, 20)


def test_what_was_asked_for_is_added_up_by_item_warehouse_and_day(tmp_path: Path) -> None:
    store = opened(tmp_path)
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    for quantity in (2, 3):
        with store.unit() as work:
            work.planning.ask(TENT, DAL, monday, Asked.ORDERED, Decimal(quantity))
            work.planning.ask(TENT, RNO, tuesday, Asked.ORDERED, Decimal(quantity))
            work.planning.ask(TENT, DAL, monday, Asked.LOST, Decimal(1))
            work.commit()
    with store.unit() as work:
        assert work.planning.asked(since=monday) == [(DAL, TENT, monday, 5), (RNO, TENT, tuesday, 5)]
        assert work.planning.asked(since=tuesday) == [(RNO, TENT, tuesday, 5)]
        assert work.planning.asked(since=monday, kind=Asked.LOST) == [(DAL, TENT, monday, 2)]


def test_what_is_done_once_a_day_remembers_its_day(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store.unit() as work:
        assert work.planning.last_done("acme:inventory") is None
        for day in (date(2026, 11, 23), date(2026, 11, 24)):
            work.planning.done("acme:inventory", day)
        work.commit()
    with store.unit() as work:
        assert work.planning.last_done("acme:inventory") == date(2026, 11, 24)


def test_an_item_is_at_home_where_it_is_asked_for_most_and_else_where_most_of_it_lies() -> None:
    levels = [Level(DAL, TENT, Decimal(5)), Level(RNO, TENT, Decimal(9))]
    assert (home(levels, {}), home(levels, {DAL: Decimal(1)}), home([], {})) == (RNO, DAL, None)
