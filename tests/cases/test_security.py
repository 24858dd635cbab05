"""Who sent it, and what may what they sent do: senders, tests, mappings, formulas, logs, command lines, versions."""

import csv
import io
import json
import re
import time
import tomllib
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from typer.main import get_command

from gateway.canonical.status import OrderReceipt, ReceiptLine
from gateway.cli.main import app
from gateway.mapping import outbound
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import prepare
from tests.cases.shops import only_hold, ordered, orders_csv, row
from tests.site.harness import ROOT, PlayedSite, order, purchase_order

HEAD = "gateway: 1\nmapping: acme/850\nextends: x12/850\n"
FLOORS = {"lxml": "6.1", "cryptography": "42", "paramiko": "3.4", "asyncssh": "2.14.2", "jinja2": "3.1.6"}
"""The first versions without a known hole that matters here; others may stand in constraints.txt, never older ones."""


def refused(folder: Path, text: str) -> tuple[list[str], float]:
    """The codes with which a mapping is refused, and the seconds it took."""
    path = folder / "mappings" / "acme" / "850.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    begun = time.process_time()
    prepared, problems = prepare("acme/850", site_mappings=folder / "mappings")
    assert prepared is None
    return [each.code for each in problems], time.process_time() - begun


def test_s_05_the_ids_of_another_partner_have_no_effect_and_no_answer(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("B-1"), sender="SOMEONEELSE"))
    site.run()
    assert only_hold(site)["code"] == "S-SENDER"
    assert site.outbox("acme") == {}
    assert site.json("orders", "list") == []


def test_s_06_an_interchange_marked_as_a_test_touches_no_stock_and_no_real_order(site: PlayedSite) -> None:
    before = site.json("stock", "list")
    site.drop("acme", "po.edi", purchase_order(order("T-1")).replace("*0*P*>", "*0*T*>"))
    site.run()
    assert site.json("orders", "list") == []
    assert [each["po_number"] for each in site.json("orders", "list", "--test")] == ["T-1"]
    assert site.json("stock", "list") == before
    assert site.outbox("warehouse") == {}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", {"M004"}),
        ("a: !!python/object/apply:os.system [x]\n", {"M004"}),
        ("a: " + "{a: " * 100 + "}" * 100, {"M002"}),
        ("a: " + "x" * 5_000_000, {"M002"}),
    ],
    ids=["aliases", "object", "nesting", "5 MB"],
)
def test_s_09_a_mapping_that_is_a_bomb_is_refused_at_once(tmp_path: Path, text: str, codes: set[str]) -> None:
    found, seconds = refused(tmp_path, text)
    assert set(found) == codes
    assert seconds < 0.1


@pytest.mark.parametrize("pattern", [r"(a)\1", "(a{100}){100}", "(?=a)b"])
def test_s_10_a_pattern_that_could_take_for_ever_is_refused(tmp_path: Path, pattern: str) -> None:
    assert refused(tmp_path, f"{HEAD}fields:\n  department: {{from: REF(DP)02, match: '{pattern}'}}\n")[0] == ["M034"]


def test_s_10_a_pattern_that_others_choke_on_is_quick(site: PlayedSite) -> None:
    folder = site.folder / "mappings" / "acme"
    folder.mkdir(parents=True)
    folder.joinpath("850.yaml").write_text(f"{HEAD}fields:\n  department: {{from: REF(DP)02, match: '^(a+)+$'}}\n")
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text().replace("{in: x12/850}", "{in: acme/850}"))
    site.drop("acme", "po.edi", purchase_order(order("P-1", more="REF*DP*" + "a" * 29 + "!")))
    begun = time.process_time()
    site.run()
    assert time.process_time() - begun < 5
    assert site.json("holds", "list")


@pytest.mark.parametrize("rule", ["=pad_left('x', 1000000000, '0')", "=1" + "+1" * 5_000, "=text(1 / 0)"])
def test_s_11_an_expression_without_bounds_is_refused(tmp_path: Path, rule: str) -> None:
    (code,), seconds = refused(tmp_path, f"{HEAD}fields:\n  department: {rule}\n")
    assert code in ("M030", "M035")
    assert seconds < 2


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "tables/link.csv", "tables/../../../secret.csv"])
def test_s_12_a_table_outside_of_the_folder_of_its_mapping_is_refused(tmp_path: Path, name: str) -> None:
    tables = tmp_path / "mappings" / "acme" / "tables"
    tables.mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("k,v\nroot,x\n")
    (tables / "link.csv").symlink_to(tmp_path / "secret.csv")
    rule = "{from: REF(DP)02, lookup: {table: t, key: k, value: v}}"
    codes, _ = refused(tmp_path, f"{HEAD}tables:\n  t: {{file: '{name}'}}\nfields:\n  department: {rule}\n")
    assert codes == ["M050"]


@pytest.mark.parametrize("rule", ["{from: REF(DP)02, plugin: os.system}", "=os.system('x')"])
def test_s_13_a_function_that_is_not_registered_is_refused_and_nothing_is_imported(tmp_path: Path, rule: str) -> None:
    assert refused(tmp_path, f"{HEAD}fields:\n  department: {rule}\n")[0] == ["M032"]


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_s_16_text_that_a_spreadsheet_would_run_is_written_as_text_and_numbers_stay(text: str) -> None:
    prepared, _ = prepare("csv/order-receipt", site_mappings=None)
    assert prepared is not None
    line = ReceiptLine(line="1", sku=text, status="accepted", quantity=Decimal(1), unit_price=Decimal("-60.5"))
    written = outbound.run(
        prepared, [OrderReceipt(po_number="P-1", lines=(line,))], Environment({}, date(2026, 11, 20))
    )
    (cells,) = list(csv.DictReader(io.StringIO(written.content.decode(), newline="")))
    assert (cells["sku"], cells["unit_price"]) == (f"'{text}", "-60.5")


def test_s_21_nothing_that_a_partner_sends_makes_a_second_line_of_a_log(site: PlayedSite) -> None:
    forged = '{"event": "forged", "level": "info"}'
    name = f"a\n{forged}\r\x1b[31m.csv"
    site.drop("shop", name, orders_csv(row('"L-1\n' + forged.replace('"', '""') + '"'), row("L-2")))
    answer = site.gateway("run", "--once", "--verbose", "--now", "2026-11-20T20:00:00Z")
    assert answer.code == 0, answer.err
    lines = [json.loads(line) for line in answer.err.splitlines()]
    assert lines
    assert "forged" not in {line.get("event") for line in lines}
    assert "\x1b" not in answer.err + answer.out
    assert ordered(site)[-1] == "L-2"


def test_s_25_no_command_takes_a_password_as_an_argument() -> None:
    secret = re.compile(r"pass(word|phrase)?$|secret|token|api-?key|private-?key")
    found: list[str] = []

    def look(words: str, command: object) -> None:
        for name, inner in getattr(command, "commands", {}).items():
            look(f"{words} {name}", inner)
        for parameter in getattr(command, "params", ()):
            takes_a_value = not getattr(parameter, "is_flag", False)
            names = [*getattr(parameter, "opts", ()), getattr(parameter, "name", "")]
            found.extend(f"{words} {each}" for each in names if takes_a_value and secret.search(each))

    look("gateway", get_command(app))
    assert found == []


def test_s_26_no_library_may_be_older_than_the_first_without_a_known_hole() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"], *(each for one in project["optional-dependencies"].values() for each in one)]
    wanted = {one.name.lower(): one for one in map(Requirement, listed)}
    pins = dict(
        line.split("==", 1)
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    )
    known = {name.lower(): pin.split()[0].split(";")[0] for name, pin in pins.items()}
    for name, floor in FLOORS.items():
        if name in known:
            assert Version(known[name]) >= Version(floor), name
    assert not wanted["lxml"].specifier.contains("6.0.9")
    assert Version(version("lxml")) >= Version(FLOORS["lxml"])
