"""The same file, number or order again, two gateways, a locked database, one poisonous file among many; and crashes."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from gateway.flows import interpret_documents
from tests import database as databases
from tests.cases.shops import held, only_hold, ordered, orders_csv, row
from tests.site.harness import FRIDAY, ROOT, PlayedSite, order, purchase_order

MANY = 10_000 if int(os.environ.get("GATEWAY_TORTURE", "1")) > 1 else 120
TWO_LINES = ("PO1*1*2*EA*89.95*PE*VP*TENT-2P", "PO1*2*1*EA*149.00*PE*VP*TENT-4P")


def answers(site: PlayedSite, start: str) -> list[str]:
    """The segments of a kind in everything that left for the customer who sends X12."""
    text = "".join(content.decode("latin-1") for content in site.outbox("acme").values())
    return [line.strip() for line in text.split("~") if line.strip().startswith(start)]


def logged(said: str, event: str) -> list[dict[str, Any]]:
    """The lines of a log that tell of an event."""
    return [line for line in map(json.loads, said.splitlines()) if line.get("event") == event]


@pytest.mark.parametrize("window", ["claimed", "archived", "received", "interpreted", "committed", "dispatch-staged"])
def test_f_01_a_kill_at_any_step_leaves_one_order_and_one_of_each_answer(site: PlayedSite, window: str) -> None:
    site.drop("acme", "po.edi", purchase_order(order("K-1")))
    assert site.gateway("run", "--once", "--now", FRIDAY, crash_at=window).code == -9
    site.run()
    assert ordered(site, "acme") == ["K-1"]
    assert sorted(name.partition("_")[0] for name in site.outbox("acme")) == ["855", "997"]
    assert list((site.folder / "var" / "work").iterdir()) == []


def test_f_10_the_same_bytes_under_another_name_are_answered_again_and_taken_once(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("C-1")))
    site.run()
    before = site.outbox("acme")
    for path in (site.folder / "outbox" / "acme").glob("997*"):
        path.unlink()
    site.drop("acme", "again.edi", purchase_order(order("C-1")))
    said = site.gateway("run", "--once", "--verbose", "--now", FRIDAY)
    assert site.outbox("acme") == before
    assert ordered(site, "acme") == ["C-1"]
    assert [each["kind"] for each in logged(said.err, "file.duplicate")] == ["bytes"]


def test_f_10_a_csv_file_again_gets_its_receipt_again(site: PlayedSite) -> None:
    content = orders_csv(row("C-1"), row("C-2", quantity="none"))
    site.drop("shop", "a.csv", content)
    site.run()
    before = site.outbox("shop")
    assert sorted(name.partition("_C")[0].partition("_a")[0] for name in before) == ["file_receipt", "order_receipt"]
    for path in (site.folder / "outbox" / "shop").iterdir():
        path.unlink()
    site.drop("shop", "b.csv", content)
    said = site.gateway("run", "--once", "--verbose", "--now", FRIDAY)
    assert site.outbox("shop") == before
    assert ordered(site) == ["C-1"]
    (told,) = logged(said.err, "file.duplicate")
    assert (told["kind"], told["partner"]) == ("bytes", "shop")
    (second,) = [each for each in site.json("files", "list", "--partner", "shop") if each["file"] == "b.csv"]
    assert (second["state"], "answered again" in second["summary"]) == ("duplicate", True)


def test_f_10_an_answer_that_has_not_left_yet_leaves_once(site: PlayedSite) -> None:
    blocked = site.folder / "outbox" / "acme"
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("a file stands where the folder belongs")
    for name in ("po.edi", "again.edi"):
        site.drop("acme", name, purchase_order(order("C-1")))
        assert site.gateway("run", "--once", "--now", FRIDAY).code == 6
    blocked.unlink()
    site.run()
    assert sorted(name.partition("_")[0] for name in site.outbox("acme")) == ["855", "997"]


def test_f_11_a_number_with_other_content_is_held_with_what_differs(site: PlayedSite) -> None:
    site.drop("acme", "one.edi", purchase_order(order("D-1"), control=7))
    site.run()
    changed = order("D-2", "PO1*1*5*EA*89.95*PE*VP*TENT-2P")
    site.drop("acme", "two.edi", purchase_order(changed, order("D-3"), control=7))
    said = site.gateway("run", "--once", "--verbose", "--now", FRIDAY)
    hold = only_hold(site)
    assert (hold["code"], hold["file"]) == ("X-DUP-ICN", "two.edi")
    assert "came before in one.edi" in hold["reason"]
    assert "PO numbers: D-1, now D-2, D-3" in hold["reason"]
    shown = site.json("holds", "show", hold["id"])["difference"]
    assert {"field": "sets", "earlier": "850 0001", "now": "850 0001, 850 0002"} in shown
    assert {"field": "850 0001, segment 2 BEG03", "earlier": "D-1", "now": "D-2"} in shown
    assert {"field": "850 0001, segment 7 PO102", "earlier": "2", "now": "5"} in shown
    text = site.gateway("holds", "show", hold["id"]).out
    assert "field" in text
    assert "850 0001, segment 7 PO102" in text
    assert ordered(site, "acme") == ["D-1"]
    assert [each["kind"] for each in logged(said.err, "file.duplicate")] == ["interchange"]


def test_f_12_an_order_number_with_other_content_is_held_with_a_table_of_differences(site: PlayedSite) -> None:
    site.drop("acme", "one.edi", purchase_order(order("D-1", *TWO_LINES), control=1))
    site.run()
    other = order("D-1", "PO1*1*6*EA*79.95*PE*VP*TENT-2P", TWO_LINES[1], "PO1*3*1*EA*89.95*PE*VP*TENT-2P")
    site.drop("acme", "two.edi", purchase_order(other.replace("20261130", "20261205"), control=2))
    said = site.gateway("run", "--once", "--verbose", "--now", FRIDAY)
    (hold,) = [each for each in site.json("holds", "list") if each["code"] == "C-DUP-PO"]
    start = f"PO D-1 came before as {ours(site)} with other content: "
    assert hold["reason"] == start + (
        "line 3 is new: 1 EA TENT-2P at 89.95; line 1 quantity: 2 EA, now 6 EA; line 1 price: 89.95, now 79.95; and 1 more"
    )
    shown = site.json("holds", "show", hold["id"])["difference"]
    assert shown == [
        {"field": "ship requested", "earlier": "2026-11-30", "now": "2026-12-05"},
        {"field": "line 1 quantity", "earlier": "2 EA", "now": "6 EA"},
        {"field": "line 1 price", "earlier": "89.95", "now": "79.95"},
        {"field": "line 3", "earlier": None, "now": "1 EA TENT-2P at 89.95"},
    ]
    text = site.gateway("holds", "show", hold["id"]).out.splitlines()
    assert [line.split() for line in text if line.strip().startswith("line 1 quantity")] == [
        ["line", "1", "quantity", "2", "EA", "6", "EA"]
    ]
    told = [each for each in logged(said.err, "file.duplicate") if each["kind"] == "order"]
    assert [each["done"] for each in told] == ["hold"]


def ours(site: PlayedSite) -> str:
    """Our number of the first order."""
    return str(min(each["order_number"] for each in site.json("orders", "list")))


def test_f_12_it_is_compared_with_what_came_and_not_with_what_became_of_it(site: PlayedSite) -> None:
    site.drop("acme", "one.edi", purchase_order(order("D-1", *TWO_LINES), control=1))
    site.run()
    answer = site.gateway("orders", "cancel", "D-1", "--line", "2", "--reason", "by phone", "--now", FRIDAY)
    assert answer.code == 0, answer.err
    site.drop("acme", "two.edi", purchase_order(order("D-1", TWO_LINES[0]), control=2))
    site.run()
    (hold,) = [each for each in site.json("holds", "list") if each["code"] == "C-DUP-PO"]
    assert site.json("holds", "show", hold["id"])["difference"] == [
        {"field": "line 2", "earlier": "1 EA TENT-4P at 149.00", "now": None}
    ]


@pytest.mark.parametrize("broken", ["interchange", "set"])
def test_f_11_a_first_attempt_that_was_rejected_does_not_block_the_repaired_second(
    site: PlayedSite, broken: str
) -> None:
    good = purchase_order(order("R-1"), control=5)
    bad = good.replace("*U*00401*", "*U*00999*") if broken == "interchange" else good.replace("PO1*1*2*", "PO1*1**")
    site.drop("acme", "first.edi", bad)
    site.run()
    assert ordered(site, "acme") == []
    assert [each["code"] for each in held(site)] == ["X-REJECTED"]
    site.drop("acme", "second.edi", good)
    site.run()
    assert ordered(site, "acme") == ["R-1"]
    assert [each["code"] for each in held(site)] == ["X-REJECTED"]
    site.drop("acme", "third.edi", purchase_order(order("R-2"), control=5))
    site.run()
    assert "X-DUP-ICN" in [each["code"] for each in held(site)], "what was taken blocks the number"


def test_f_11_a_group_that_was_rejected_does_not_block_its_number(site: PlayedSite) -> None:
    path = site.folder / "partners" / "acme.yaml"
    agreed = "x12:\n  control_numbers:\n    gs06: {check: duplicate}\n"
    path.write_text(path.read_text().replace("x12:\n", agreed, 1))
    good = purchase_order(order("R-1"), control=5)
    site.drop("acme", "first.edi", good.replace("PO1*1*2*", "PO1*1**"))
    site.run()
    site.drop("acme", "second.edi", good)
    site.run()
    assert ordered(site, "acme") == ["R-1"]


def test_f_14_a_second_gateway_on_the_same_files_is_refused(site: PlayedSite) -> None:
    if databases.EVERYWHERE != databases.SQLITE:
        pytest.skip("on PostgreSQL several work together; tests/torture plays that")
    command = [sys.executable, "-m", "gateway", "run", "--every", "1", "--now", FRIDAY]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **site.environ()}
    with subprocess.Popen(command, cwd=site.folder, env=environ, stderr=subprocess.DEVNULL) as process:
        try:
            site.drop("acme", "po.edi", purchase_order(order("T-1")))
            _until(lambda: ordered(site, "acme") == ["T-1"])
            second = site.gateway("run", "--once")
            assert (second.code, "Another 'gateway run'" in second.err) == (8, True)
        finally:
            process.terminate()
            process.wait(30)


def test_f_16_one_file_that_cannot_be_processed_does_not_stop_the_others(
    site: PlayedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = interpret_documents.take
    tried: list[str] = []

    def poisoned(*of: Any) -> Any:
        receipt = of[3]
        if receipt.file_name == "7.csv":
            tried.append(receipt.id)
            raise ZeroDivisionError("poison")
        return taken(*of)

    for number in range(1, MANY + 1):
        site.drop("shop", f"{number}.csv", orders_csv(row(f"M-{number}")))
    with monkeypatch.context() as patch:
        patch.setattr(interpret_documents, "take", poisoned)
        site.gateway("run", "--once", "--now", FRIDAY)
    assert len(ordered(site)) == MANY - 1
    assert 1 <= len(tried) <= 5
    waiting = [each["file"] for each in site.json("files", "list", "--partner", "shop") if each["state"] == "received"]
    assert waiting == ["7.csv"]
    site.run()
    assert len(ordered(site)) == MANY


def test_f_19_a_database_that_somebody_else_locks_is_waited_for(site: PlayedSite) -> None:
    if databases.EVERYWHERE != databases.SQLITE:
        pytest.skip("on PostgreSQL rows are locked, not the database; tests/store plays that")
    site.drop("acme", "po.edi", purchase_order(order("L-1")))
    stranger = sqlite3.connect(site.folder / "var" / "gateway.db", check_same_thread=False)
    stranger.execute("BEGIN IMMEDIATE")
    freed = threading.Timer(3, stranger.rollback)
    freed.start()
    try:
        site.run()
    finally:
        freed.join()
        stranger.close()
    assert ordered(site, "acme") == ["L-1"]
    assert sorted(name.partition("_")[0] for name in site.outbox("acme")) == ["855", "997"]


def _until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)
