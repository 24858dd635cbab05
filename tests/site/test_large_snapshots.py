"""A snapshot of any size is applied like a small one, however it comes, and needs no more memory."""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from gateway.flows import interpret_documents
from tests.site.harness import PlayedSite, new_site

TITLES = "price_list,sku,uom,unit_price,min_quantity\n"
PRICES = [
    "list,TENT-2P,EA,80,", "list,TENT-2P,EA,81,", "list,NOPE,EA,1,", "list,TENT-4P,EA,-1,", "west,TENT-4P,EA,99,10",
    "list,TENT-2P,XX,3,", "west,TENT-4P,EA,99,10", "list,TENT-2P,EA,abc,", "west,STOVE-1,EA,7,", "list,TENT-2P,EA,80,",
]  # fmt: skip


def left(site: PlayedSite) -> tuple[list[tuple[Any, ...]], list[tuple[str, str]], list[tuple[Any, ...]]]:
    """What was told of the files and what they left."""
    told = [
        (each["file"], each["state"], each["summary"]) for each in site.json("files", "list") if "big" in each["file"]
    ]
    held = [(each["code"], each["reason"]) for each in site.json("holds", "list")]
    return told, held, site.rows("SELECT * FROM prices ORDER BY price_list, sku, uom, min_quantity, valid_from")


@pytest.mark.parametrize("together", [1, 3, 1000])
def test_the_rows_of_a_file_mean_the_same_however_many_are_applied_together(
    site: PlayedSite, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpret_documents, "ROWS_TOGETHER", together)
    site.drop("erp", "prices-big.csv", TITLES + "\n".join(PRICES) + "\n")
    site.run()
    told, held, prices = left(site)
    assert told == [("prices-big.csv", "processed", "price: 3 new, 2 changed, 1 the same, 4 refused")]
    assert [reason.split(":")[0] for _, reason in held] == [f"prices-big.csv row {at}" for at in (4, 5, 7, 9)]
    assert ("west", "TENT-4P", "EA") in {each[:3] for each in prices}


def test_a_file_that_is_imported_by_hand_is_applied_like_one_that_came(
    site: PlayedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpret_documents, "ROWS_TOGETHER", 3)
    other = site.copy(tmp_path / "other")
    site.drop("erp", "prices-big.csv", TITLES + "\n".join(PRICES) + "\n")
    site.run()
    (tmp_path / "prices-big.csv").write_text(TITLES + "\n".join(PRICES) + "\n", encoding="utf-8")
    other.gateway("import", "prices", str(tmp_path / "prices-big.csv"))
    assert left(other) == left(site)


def test_a_fault_in_the_last_row_refuses_a_snapshot_before_any_row_is_applied(site: PlayedSite) -> None:
    before = left(site)[2]
    site.drop("erp", "prices-big.csv", TITLES + "list,TENT-2P,EA,1,\n" * 2_500 + '"open\n')
    site.run()
    (told, (held,), prices) = left(site)
    assert told[0][1] == "held"
    assert "the quote opened in this row is not closed" in held[1]
    assert prices == before


def test_the_memory_for_a_snapshot_does_not_grow_with_it(tmp_path: Path) -> None:
    peaks = []
    for number in (3_000, 9_000):
        site = new_site(tmp_path / str(number))
        items = "".join(f"S-{at},Item {at},EA\n" for at in range(number))
        site.drop("erp", "items.csv", f"sku,description,uom\n{items}")
        prices = "".join(f"list,S-{at},EA,{at},\n" for at in range(number))
        site.drop("erp", "prices.csv", TITLES + prices)
        site.gateway("--version")
        tracemalloc.start()
        site.run()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert site.rows("SELECT count(*) FROM prices") == [(number,)]
    assert peaks[1] < peaks[0] + 2_000_000, peaks
