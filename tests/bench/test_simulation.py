"""The simulation follows from its costs: what is free scales, what is held does not, and the page shows what it gives."""

from dataclasses import replace

import pytest

from bench import page, scaling
from bench.simulation import Costs, Demand, House, Log, World, simulate, zipf

CHEAP = Costs(gateway=0.002, server=0.001, counters_held=0.0, stock_held=0.0, commit=0.0, commits=0.01, files=0.0)
MANY, EVEN = tuple(zipf(1_000)), (1 / 1_000,) * 1_000
ENOUGH = 64


def rate(costs: Costs, workers: int, *, per_second: float = 0, shared: bool = False, cores: int = ENOUGH) -> float:
    house = House(1, workers, cores, 100, shared=shared)
    return simulate(costs, house, Demand(per_second, EVEN, MANY, seconds=120)).per_second


def test_one_worker_does_what_an_order_costs_allows() -> None:
    assert rate(CHEAP, 1) == pytest.approx(1 / 0.003, rel=0.03)


def test_workers_that_share_nothing_scale() -> None:
    assert rate(CHEAP, 8) == pytest.approx(8 * rate(CHEAP, 1), rel=0.03)


def test_more_workers_than_cores_do_no_more_than_the_cores_can() -> None:
    assert rate(CHEAP, 4, shared=True, cores=2) == pytest.approx(2 / 0.003, rel=0.03)


def test_a_row_that_all_hold_lets_one_after_the_other() -> None:
    costs = Costs(0.002, 0.001, counters_held=0.0, stock_held=0.0015, commit=0.0, commits=0.01, files=0.0)
    house, one_item = House(1, 16, ENOUGH, 100), Demand(0, (1 / 1000,) * 1000, (1.0,), seconds=120)

    assert simulate(costs, house, one_item).per_second == pytest.approx(1 / 0.0015, rel=0.03)


def test_files_of_one_partner_follow_each_other() -> None:
    one, four = (Demand(0, (1 / count,) * count, (1e-9,) * 8, seconds=120) for count in (1, 4))

    assert simulate(CHEAP, House(1, 16, ENOUGH, 100), one).per_second == pytest.approx(1 / 0.003, rel=0.03)
    assert 2 / 0.003 < simulate(CHEAP, House(1, 16, ENOUGH, 100), four).per_second <= 4.01 / 0.003


def test_goods_of_one_warehouse_follow_each_other() -> None:
    costs = replace(CHEAP, goods=0.5)
    few, many = (Demand(0, MANY, (1e-9,) * 8, warehouses=count, seconds=120) for count in (1, 500))

    assert simulate(costs, House(1, 16, ENOUGH, 100), few).per_second == pytest.approx(2 / 0.003, rel=0.05)
    assert simulate(costs, House(1, 16, ENOUGH, 100), many).per_second > 4 / 0.003


def test_partners_do_not_wait_for_each_other() -> None:
    costs = Costs(0.002, 0.001, counters_held=0.003, stock_held=0.003, commit=0.0, commits=0.01, files=0.0)
    apart = Demand(0, (1 / 1000,) * 1000, (1e-9,) * 8, seconds=120)

    assert simulate(costs, House(1, 4, ENOUGH, 100), apart).per_second == pytest.approx(4 / 0.003, rel=0.05)


def test_what_comes_is_done_and_no_more() -> None:
    assert rate(CHEAP, 8, per_second=500) == pytest.approx(500, rel=0.1)


def test_commits_that_come_together_are_written_together() -> None:
    world, done = World(), list[float]()
    log = Log(world, 1.0)
    for _ in range(5):
        log.commit(lambda: done.append(world.now))
    world.run(10)

    assert done == [1, 2, 2, 2, 2]
    assert log.busy == 2


def test_the_same_seed_gives_the_same_run() -> None:
    house, demand = House(2, 4, 8, 100), Demand(400, MANY, MANY, seconds=30)

    assert simulate(CHEAP, house, demand) == simulate(CHEAP, house, demand)


def test_no_partner_is_lost_when_they_are_shared_out() -> None:
    for databases in (1, 3, 8):
        found = scaling.shards(databases, zipf(scaling.PARTNERS))
        assert sorted(share for each in found for share in each) == sorted(zipf(scaling.PARTNERS))
        assert sum(found[0]) == max(sum(each) for each in found)


def test_a_partner_too_large_for_one_id_has_one_for_each_region() -> None:
    found = scaling.identities(CHEAP)

    assert sum(found) == pytest.approx(1)
    assert max(found) * scaling.peak_rate() <= scaling.most_of_one(CHEAP)
    assert len(found) > scaling.PARTNERS


def test_the_simulation_is_as_near_to_what_was_measured_as_is_said() -> None:
    for processes, measured, simulated in scaling.checked(scaling.load()):
        assert simulated == pytest.approx(measured, rel=scaling.STATED_ERROR), processes


def test_the_page_shows_what_the_kept_costs_give() -> None:
    text = scaling.PAGE.read_text(encoding="utf-8")

    assert text.count(page.BEGIN) == text.count(page.END) == 1
    assert scaling.tables(scaling.load()) in text, "run: python -m bench.scaling --write"
