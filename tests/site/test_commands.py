"""Every command: what it prints, its exit code, its words when something is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.harness import ROOT, PlayedSite, order, purchase_order


def test_help_names_every_command_and_loads_nothing_heavy(site: PlayedSite) -> None:
    script = (
        "import sys; from gateway.cli.main import run_app; code = run_app(['--help']); "
        "print(sorted({'sqlalchemy', 'pydantic', 'lark', 'yaml', 'pyx12', 'alembic', 'watchdog'} & set(sys.modules)), code)"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] 0"
    for command in ("init", "demo", "run", "validate", "trace", "orders", "holds", "files", "import", "config", "db"):
        assert f" {command} " in site.gateway("--help").out


@pytest.mark.parametrize("group", ["mapping", "values", "partner"])
def test_the_help_of_a_group_loads_no_more_of_ours_than_its_names(group: str) -> None:
    script = (
        f"import sys; from gateway.cli.main import run_app; code = run_app(['{group}', '--help']); "
        "ours = {each.split('.')[1] for each in sys.modules if each.startswith('gateway.')}; "
        "print(sorted(ours | {'sqlalchemy', 'lark', 'yaml', 'lxml'} & set(sys.modules)), code)"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['cli', 'files', 'kernel'] 0"


@pytest.mark.parametrize("command", ["orders list", "holds list", "files list"])
def test_a_list_loads_nothing_that_only_work_needs(site: PlayedSite, command: str) -> None:
    script = (
        f"import sys; from gateway.cli.main import run_app; code = run_app({command.split()}); "
        "heavy = {'alembic', 'apscheduler', 'dbos', 'jinja2', 'lark', 'lxml', 'paramiko', 'pyx12', 're2', 'structlog', 'watchdog'}; "
        "ours = {each for each in sys.modules if each.startswith(('gateway.mapping', 'gateway.transports', 'gateway.engine'))}; "
        "print(sorted(ours | heavy & set(sys.modules)), code)"
    )
    site.run()
    environ = {**os.environ, "PYTHONPATH": str(ROOT)} | site.environ()
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=site.folder, env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[] 0"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nonsense",), 2, "No such command"),
        (("orders", "show", "NO-SUCH"), 5, "There is no order 'NO-SUCH'"),
        (("trace", "NO-SUCH"), 5, "Nothing is known of 'NO-SUCH'"),
        (("validate", "no-such.edi"), 5, "There is no file"),
        (("holds", "release", "H-1", "--note", "x"), 5, "no open hold 'H-1'"),
        (("run", "--once", "--now", "yesterday"), 2, "is not a moment"),
        (("import", "nonsense", "x.csv"), 2, "cannot be imported"),
        (("import", "stock", "no-such.csv"), 5, "There is no file"),
        (("run", "--once", "--site", "nowhere"), 5, "There is no gateway.yaml"),
        (("validate", "gateway.yaml", "--partner", "nobody"), 5, "There is no partner 'nobody'"),
        (("holds", "release", "H-1", "--note", "x", "--accept", "mine"), 2, "Say ours or theirs"),
    ],
)
def test_a_wrong_word_is_answered_in_a_sentence_with_its_exit_code(
    site: PlayedSite, arguments: tuple[str, ...], code: int, words: str
) -> None:
    answer = site.gateway(*arguments)
    assert answer.code == code, answer
    assert words in answer.err
    assert answer.out == ""


def test_validate_prints_words_or_json_and_writes_the_answer_that_would_be_sent(site: PlayedSite) -> None:
    path = site.folder / "po.edi"
    path.write_text(purchase_order(order("V-1"), order("V-2", "PO1*1**EA*1**VP*TENT-2P")))
    answer = site.gateway("validate", "po.edi", "--ack", "answer.edi", "--now", "2026-11-20T20:00:00Z")
    assert answer.code == 1
    assert "PO102 (quantity ordered) is missing" in answer.out
    assert "AK9*P*2*2*1" in (site.folder / "answer.edi").read_text()
    report = json.loads(site.gateway("validate", "po.edi", "--json").out)
    group = report["interchanges"][0]["groups"][0]
    assert (group["verdict"], group["included"], group["received"], group["accepted"]) == ("P", 2, 2, 1)
    fault = group["sets"][1]["faults"][0]
    assert (fault["level"], fault["code"], fault["segment"], fault["position"], fault["element"]) == (
        "element",
        "2",
        "PO1",
        7,
        2,
    )
    assert site.inbox() == []
    path.write_text(purchase_order(order("V-1")))
    assert site.gateway("validate", "po.edi").code == 0
    path.write_text("hello")
    assert site.gateway("validate", "po.edi").code == 1


def test_an_order_is_shown_with_the_keys_that_programs_rely_on(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("J-1")))
    site.run()
    shown = site.json("orders", "show", "J-1", "--partner", "acme")
    assert {"order_number", "po_number", "partner", "status", "holds", "lines", "documents", "events"} <= set(shown)
    line = shown["lines"][0]
    assert line["warehouses"] == [
        {"warehouse": "DAL", "quantity": "2", "reason": "fills the line alone (120 EA available)"}
    ]
    buckets = (
        "ordered",
        "cancelled",
        "rejected",
        "pending",
        "backordered",
        "allocated",
        "picked",
        "packed",
        "shipped",
        "delivered",
        "invoiced",
        "returned",
        "credited",
    )
    assert all(isinstance(line[name], str) for name in buckets)
    assert {document["document"] for document in shown["documents"]} == {"855", "warehouse_order"}
    assert [event["event"] for event in shown["events"]] == [
        "OrderPlaced",
        "LinePriced",
        "LineAllocated",
        "OrderDecided",
        "OrderReleased",
    ]


def test_an_order_on_hold_is_rejected_and_answered(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("J-1", "PO1*1*2*EA*1.00**VP*TENT-2P")))
    site.run()
    answer = site.gateway("orders", "reject", "J-1", "--reason", "too cheap", "--now", "2026-11-20T21:00:00Z")
    assert answer.code == 0, answer
    assert site.json("orders", "show", "J-1")["status"] == "rejected"
    (sent,) = [content for name, content in site.outbox("acme").items() if "855_" in name]
    assert b"BAK*00*RD*J-1" in sent
    assert b"ACK*IR*2*EA" in sent
    assert site.gateway("orders", "reject", "J-1", "--reason", "again").code == 8


def test_a_trace_finds_the_life_of_an_order_by_any_of_its_numbers(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("J-1"), order("J-2", "PO1*1*2*EA*1.00**VP*TENT-2P")))
    site.run()
    for name in ("J-1", "SO-1"):
        found = site.json("trace", name)
        assert [row["po_number"] for row in found["orders"]] == ["J-1"]
        assert [row["file"] for row in found["files"]] == ["po.edi"]
        assert {row["document"] for row in found["documents"]} == {"997", "855", "warehouse_order"}
    assert [row["po_number"] for row in site.json("trace", "po.edi")["orders"]] == ["J-1", "J-2"]
    held = site.json("trace", "J-2")
    assert [row["file"] for row in held["files"]] == ["po.edi"]


def test_import_does_what_the_channel_would_do(site: PlayedSite, tmp_path: Path) -> None:
    path = tmp_path / "count.csv"
    path.write_text("warehouse,sku,on_hand\nDAL,TENT-2P,5\nDAL,NO-SUCH,5\n")
    answer = site.gateway("import", "stock", str(path))
    assert answer.code == 1
    assert "1 changed" in answer.out
    assert "there is no item 'NO-SUCH'" in answer.out
    assert path.exists()
    path.write_text('warehouse,sku,on_hand\nDAL,"TENT-2P,5\n')
    broken = site.gateway("import", "stock", str(path))
    assert broken.code == 1
    assert "F-COLUMNS: Row 2: the quote opened in this row is not closed." in broken.out


def test_init_makes_a_site_that_is_in_order_and_overwrites_nothing(site: PlayedSite, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert site.gateway("init", str(folder)).code == 0
    assert site.gateway("config", "check", "--site", str(folder)).code == 0
    (folder / "gateway.yaml").write_text("gateway: 1\n")
    again = site.gateway("init", str(folder))
    assert again.code == 0
    assert "kept" in again.out
    assert (folder / "gateway.yaml").read_text() == "gateway: 1\n"
    assert site.gateway("config", "check", "--site", str(folder)).code == 1


def test_upgrade_says_that_the_database_is_in_order(site: PlayedSite) -> None:
    assert site.gateway("db", "upgrade").code == 0


def test_the_demo_plays_with_its_own_site_where_its_players_are_not_partners(site: PlayedSite, tmp_path: Path) -> None:
    assert site.gateway("init", str(tmp_path / "mine")).code == 0
    answer = site.gateway("demo", "--site", str(tmp_path / "mine"), "--keep", str(tmp_path / "demo"))
    assert answer.code == 0, answer
    assert "backorder filled" in answer.out
    assert not list((tmp_path / "mine" / "outbox").rglob("*.edi"))
