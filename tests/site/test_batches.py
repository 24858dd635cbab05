"""Small files that come together are one unit, large ones are many: nobody can tell by what comes of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.flows import interpret_x12
from tests import database as databases
from tests.site.harness import DEMO, PlayedSite, order, purchase_order, site_like

GOOD = ("PO1", "PO2", "PO3", "PO4", "PO5")


def setting(site: PlayedSite, **run: object) -> PlayedSite:
    """The site with other sizes of batches and slices."""
    said = json.dumps({name: str(value) for name, value in run.items()})
    path = site.folder / "gateway.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}run: {said}\n", encoding="utf-8")
    return site


def batches(site: PlayedSite, *, names: str) -> list[list[str]]:
    """The files of each batch of which the names begin with one of these letters, in the order of their names."""
    found: dict[str, list[str]] = {}
    for batch, name in site.rows("SELECT batch, file_name FROM receipts ORDER BY file_name"):
        if name[0] not in names:
            continue
        found.setdefault(batch, []).append(name)
    return list(found.values())


def seen(site: PlayedSite) -> dict[str, Any]:
    """All that people see of what came of the files."""

    def without(each: dict[str, Any], *names: str) -> dict[str, Any]:
        return {name: value for name, value in each.items() if name not in names}

    read = "SELECT key, sequence, document, name, mapping, content, problems FROM read_documents ORDER BY key, sequence"
    return {
        "outbox": site.outbox(),
        "files": [without(each, "id") for each in site.json("files", "list")],
        "holds": [without(each, "id", "receipt") for each in site.json("holds", "list")],
        "orders": site.json("orders", "list"),
        "read": site.rows(read),
    }


def told(site: PlayedSite) -> tuple[dict[str, bytes], dict[str, list[str]]]:
    """The same to be compared where a process was killed; on PostgreSQL without numbers, which may have gaps then."""
    said = seen(site)
    rows = {name: [json.dumps(each, default=str) for each in found] for name, found in said.items() if name != "outbox"}
    return databases.comparable(said["outbox"]), databases.comparable_rows(rows)


def mixed(control: int = 7) -> str:
    """Good orders, one of an unknown item, a set that is rejected, and an order that comes twice."""
    unknown, bad = order("PO2", "PO1*1*2*EA*89.95*PE*VP*NOPE"), "REF*DP*1"
    return purchase_order(order("PO1"), unknown, bad, order("PO3"), order("PO1"), order("PO4"), control=control)


@pytest.mark.parametrize("size", [1, 2, 4, 5])
def test_a_file_gives_the_same_whole_and_in_slices_of_any_size(
    site: PlayedSite, mastered: Path, tmp_path: Path, size: int
) -> None:
    whole = site_like(mastered, tmp_path / "whole")
    for each in (whole, setting(site, slice_orders=size)):
        each.drop("acme", "orders.edi", mixed())
        each.run()
    assert seen(site) == seen(whole)
    assert site.rows("SELECT count(*) FROM slices WHERE NOT waits") == [(-(-5 // size) if size < 6 else 0,)]


def test_a_file_that_fits_into_one_slice_is_one_transaction(site: PlayedSite) -> None:
    setting(site, slice_orders=6)
    site.drop("acme", "orders.edi", mixed())
    site.run()
    assert site.rows("SELECT count(*) FROM slices") == [(0,)]


def test_the_same_bytes_again_are_answered_and_never_taken_twice_while_slices_wait(site: PlayedSite) -> None:
    setting(site, slice_orders=1)
    site.drop("acme", "orders.edi", purchase_order(*map(order, GOOD)))
    answer = site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z", crash_at="slice-committed:2")
    assert answer.code == -9
    (waiting,) = site.json("files", "list", "--partner", "acme")
    assert (waiting["state"], waiting["summary"]) == ("sliced", "2 of 5 slices taken")
    site.drop("acme", "again.edi", purchase_order(*map(order, GOOD)))
    site.run()
    states = {each["file"]: each["state"] for each in site.json("files", "list", "--partner", "acme")}
    assert states == {"orders.edi": "processed", "again.edi": "duplicate"}
    assert len(site.json("orders", "list")) == len(GOOD)


@pytest.mark.parametrize("window", ["interpreted", "committed", "slice-taken", "slice-committed"])
def test_a_kill_while_slices_are_taken_changes_no_result(
    site: PlayedSite, mastered: Path, tmp_path: Path, window: str
) -> None:
    undisturbed = setting(site_like(mastered, tmp_path / "undisturbed"), slice_orders=2)
    setting(site, slice_orders=2)
    for each in (undisturbed, site):
        each.drop("acme", "orders.edi", mixed())
    undisturbed.run()
    assert site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z", crash_at=window).code == -9
    site.run()
    assert told(site) == told(undisturbed)
    assert list((site.folder / "var" / "work").iterdir()) == []


def test_a_slice_that_fails_leaves_the_others_and_can_be_taken_later(
    site: PlayedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(site, slice_orders=1)
    taken = interpret_x12.map_set

    def poisoned(desk: Any, received: Any, each: Any) -> Any:
        if each.received.control_number == "0002":
            raise ZeroDivisionError("poison")
        return taken(desk, received, each)

    with monkeypatch.context() as patch:
        patch.setattr(interpret_x12, "map_set", poisoned)
        site.drop("acme", "orders.edi", purchase_order(*map(order, GOOD)))
        site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z")
    (file,) = site.json("files", "list", "--partner", "acme")
    assert (file["state"], file["summary"]) == ("sliced", "4 of 5 slices taken")
    assert sorted(each["po_number"] for each in site.json("orders", "list")) == ["PO1", "PO3", "PO4", "PO5"]
    site.run()
    (file,) = site.json("files", "list", "--partner", "acme")
    assert (file["state"], file["summary"]) == ("processed", "1 functional group, 5 sets accepted")


def test_what_comes_after_a_large_file_finds_all_of_it(site: PlayedSite) -> None:
    setting(site, slice_orders=1)
    segments = [
        "ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*0815*U*00401*000000009*0*P*>",
        "GS*PC*ACMESTORES*NORTHWIND*20261120*0815*9*X*004010", "ST*860*0001", "BCH*04*SA*PO5***20261120****20261120",
        "POC*1*QD*1*1*EA*89.95*PE*VP*TENT-2P", "CTT*1", "SE*5*0001", "GE*1*9", "IEA*1*000000009",
    ]  # fmt: skip
    site.drop("acme", "1-orders.edi", purchase_order(*map(order, GOOD)))
    site.drop("acme", "2-change.edi", "~\n".join(segments) + "~\n")
    site.run()
    (changed,) = [each for each in site.json("orders", "list") if each["po_number"] == "PO5"]
    assert changed["status"] == "on_hold"  # the warehouse was told to pick it: somebody decides
    assert not [name for name in site.outbox() if "865" in name]


def test_small_files_that_lie_together_are_one_batch_and_large_ones_are_alone(site: PlayedSite) -> None:
    setting(site, small_file="1kB", batch_files=3, batch_age="1h")
    for number in range(1, 6):
        more = "\n".join(f"N9*ZZ*{each:030d}" for each in range(30)) if number == 2 else ""
        text = purchase_order(order(f"PO{number}", more=more), control=number)
        site.drop("acme", f"{number}.edi", text)
    site.run()
    assert batches(site, names="12345") == [["1.edi"], ["2.edi"], ["3.edi"], ["4.edi", "5.edi"]]
    assert len(site.json("orders", "list")) == 5


def test_a_batch_is_closed_when_it_is_old(site: PlayedSite) -> None:
    setting(site, batch_age="0s")
    for number in (1, 2):
        site.drop("acme", f"{number}.edi", purchase_order(order(f"PO{number}"), control=number))
    site.run()
    assert batches(site, names="12") == [["1.edi"], ["2.edi"]]


def test_files_that_others_may_have_to_precede_are_in_no_batch_with_those(site: PlayedSite) -> None:
    site.drop("erp", "1-prices.csv", (DEMO / "prices.csv").read_bytes())
    site.drop("erp", "2-items.csv", (DEMO / "items.csv").read_bytes())
    site.drop("erp", "3-items.csv", (DEMO / "items.csv").read_bytes())
    site.run()
    assert batches(site, names="123") == [["1-prices.csv"], ["2-items.csv", "3-items.csv"]]


def test_a_file_that_fails_is_tried_alone_and_its_neighbours_go_on(
    site: PlayedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = interpret_x12.map_set

    def poisoned(desk: Any, received: Any, each: Any) -> Any:
        if desk.receipt.file_name == "2.edi":
            raise ZeroDivisionError("poison")
        return taken(desk, received, each)

    for number in (1, 2, 3):
        site.drop("acme", f"{number}.edi", purchase_order(order(f"PO{number}"), control=number))
    with monkeypatch.context() as patch:
        patch.setattr(interpret_x12, "map_set", poisoned)
        site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z")
    states = {each["file"]: each["state"] for each in site.json("files", "list", "--partner", "acme")}
    assert states == {"1.edi": "processed", "2.edi": "received", "3.edi": "processed"}
    site.run()
    assert sorted(each["po_number"] for each in site.json("orders", "list")) == ["PO1", "PO2", "PO3"]


def test_a_batch_gives_what_its_files_give_one_by_one(site: PlayedSite, mastered: Path, tmp_path: Path) -> None:
    alone = setting(site_like(mastered, tmp_path / "alone"), batch_files=1)
    for each in (alone, site):
        for number in (1, 2, 3):
            each.drop("acme", f"{number}.edi", mixed(control=number))
        each.drop("acme", "4.edi", "no X12 at all")
        each.drop("acme", "5.edi", "")
        each.run()
    assert [len(each) for each in batches(site, names="12345")] == [5]
    assert seen(site) == seen(alone)
