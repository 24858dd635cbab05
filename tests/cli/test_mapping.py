"""The commands for mappings from outside: exit codes, JSON, files of any place, and help that tells the truth."""

import json
import re
import shlex
from pathlib import Path

import pytest

from gateway.cli.main import tree
from gateway.cli.manual.pages import PAGES
from tests.site.harness import ROOT, PlayedSite, order, purchase_order

COMMANDS = ["check", "list", "show", "run", "test", "explain", "coverage", "new", "replay"]
BAD = """gateway: 1
mapping: bad/850
extends: x12/850
fields:
  po_nubmer: BEG03
  po_date: BEG13
"""
GOOD = "gateway: 1\nmapping: good/850\nextends: x12/850\nfields:\n  department: REF(19)02\n"
CHECKED = "gateway: 1\nmapping: good/tested\nextends: x12/850\n"


@pytest.fixture
def place(tmp_path: Path) -> PlayedSite:
    """A site with mappings of its own and no partner."""
    (tmp_path / "gateway.yaml").write_text("gateway: 1\n")
    for name, text in {"bad/850": BAD, "good/850": GOOD, "good/tested": CHECKED}.items():
        path = tmp_path / "mappings" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "mappings" / "good" / "tested.tests" / "first").mkdir(parents=True)
    (tmp_path / "order.edi").write_text(purchase_order(order("PO-1")))
    return PlayedSite(tmp_path)


def test_all_mappings_are_checked_at_once_used_or_not(place: PlayedSite) -> None:
    answer = place.gateway("mapping", "check")

    assert answer.code == 1
    assert "mappings/bad/850.yaml:5:3: error M060: 'po_nubmer' is not a field" in answer.out
    assert "mappings/bad/850.yaml:6:12: error M040: " in answer.out
    assert "mappings/good/850.yaml:1:1: warning M090: the mapping has no test" in answer.out
    assert answer.out.endswith("3 mappings: 2 errors, 2 warnings\n")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["good/850"], 0), (["good/850", "--strict"], 3), (["good/tested", "--strict"], 0), (["bad/850", "good/850"], 1),
        (["good/851"], 5), (["x12/850", "--strict"], 0),
    ],
)  # fmt: skip
def test_the_exit_code_says_how_it_went(place: PlayedSite, words: list[str], code: int) -> None:
    assert place.gateway("mapping", "check", *words).code == code


def test_a_file_is_checked_wherever_it_lies(place: PlayedSite, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "m" / "good").mkdir(parents=True)
    (elsewhere / "m" / "good" / "850.yaml").write_text(GOOD)

    outside = PlayedSite(elsewhere).gateway("mapping", "check", "m/good/850.yaml")
    inside = place.gateway("mapping", "check", "mappings/bad/850.yaml", "--json")

    assert outside.code == 0, outside
    assert {each["code"] for each in json.loads(inside.out)} == {"M060", "M040", "M090"}


def test_a_broken_mapping_stops_every_other_command_with_4(place: PlayedSite) -> None:
    for command in ("run", "explain", "coverage"):
        answer = place.gateway("mapping", command, "bad/850", "order.edi")
        assert (answer.code, answer.out) == (4, "")
        assert "M060" in answer.err


def test_a_misspelt_name_is_told_with_the_one_that_was_meant(place: PlayedSite) -> None:
    answer = place.gateway("mapping", "show", "good/580")

    assert (answer.code, answer.out) == (5, "")
    assert "There is no mapping 'good/580'." in answer.err
    assert "Did you mean 'good/850'?" in answer.err


def test_a_run_shows_faults_of_the_standard_before_the_documents(place: PlayedSite) -> None:
    (place.folder / "order.edi").write_text(
        purchase_order(order("PO-1", "PO1*1*2*EA*1**VP*T"), order("PO-2", "PO1*1*x*EA*1**VP*T"))
    )

    answer = place.gateway("mapping", "run", "x12/850", "order.edi")

    assert answer.code == 1
    assert answer.err.startswith("set 850 0002, segment 7: ")
    assert "order PO-2 (set 850 0002): 1 problem" in answer.err
    first, second = answer.out.split("---\n")
    assert first.startswith("po_number: PO-1\n")
    assert second.startswith("po_number: PO-2\n")
    told = json.loads(place.gateway("mapping", "run", "x12/850", "order.edi", "--json").out)
    assert [each["taken"] for each in told["documents"]] == [True, False]
    assert told["documents"][0]["values"]["lines"][0]["quantity"] == "2"


def test_a_file_without_the_set_says_what_it_has(place: PlayedSite) -> None:
    text = purchase_order(order("PO-1")).replace("ST*850", "ST*855").replace("GS*PO", "GS*PR")
    (place.folder / "order.edi").write_text(text)

    answer = place.gateway("mapping", "run", "x12/850", "order.edi")

    assert answer.code == 1
    assert "set 855" in answer.err


def test_a_parameter_that_is_needed_must_be_said(place: PlayedSite) -> None:
    (place.folder / "mappings" / "good" / "850.yaml").write_text(
        f"{GOOD}  vendor_number: =$partner.vendor\nparams: [vendor]\n"
    )

    refused = place.gateway("mapping", "run", "good/850", "order.edi")
    given = place.gateway("mapping", "run", "good/850", "order.edi", "--param", "vendor=77")

    assert refused.code == 2
    assert "--param vendor=VALUE" in refused.err
    assert "vendor_number: '77'\n" in given.out


def test_an_update_without_a_terminal_needs_yes(place: PlayedSite) -> None:
    case = place.folder / "mappings" / "good" / "tested.tests" / "first"
    (case / "input.edi").write_text(purchase_order(order("PO-1")))

    refused = place.gateway("mapping", "test", "good/tested", "--update")
    assert (refused.code, (case / "expected.yaml").exists()) == (2, False)
    assert place.gateway("mapping", "test", "good/tested", "--update", "--yes").code == 0
    assert (case / "expected.yaml").exists()

    again = place.gateway("mapping", "test", "good/tested", str(case / "input.edi"))
    assert (again.code, again.out) == (0, "ok      good/tested  first\n1 case: 1 ok, 0 failed\n")


def test_a_new_case_is_told_as_written_and_to_be_looked_at_not_as_failed(place: PlayedSite) -> None:
    case = place.folder / "mappings" / "good" / "tested.tests" / "first"
    (case / "input.edi").write_text(purchase_order(order("PO-1")))

    answer = place.gateway("mapping", "test", "good/tested", "--update", "--yes")

    assert answer.out == "new     good/tested  first\n1 case: 0 ok, 0 failed, 1 new\n"
    assert answer.err == (
        "wrote mappings/good/tested.tests/first/expected.yaml\n"
        "Look at what was written: from now on that is what is expected.\n"
    )
    (case / "expected.yaml").write_text((case / "expected.yaml").read_text().replace("PO-1", "PO-2"))
    changed = place.gateway("mapping", "test", "good/tested", "--update", "--yes")
    assert "failed  good/tested  first\n        po_number: expected PO-2, got PO-1\n" in changed.out
    assert changed.err == "wrote mappings/good/tested.tests/first/expected.yaml\n"


INVOICE = """invoice_number: '70012'
invoice_date: '2026-11-12'
kind: invoice
lines:
- {number: '1', quantity: '2', uom: EA, invoiced: '2', unit_price: '10', amount: '20', ids: {upc: '614141000012'}}
totals: {goods: '20', amount: '20'}
"""


def test_what_is_written_is_explained_by_the_fields_it_is_made_of(place: PlayedSite) -> None:
    (place.folder / "invoice.yaml").write_text(INVOICE)

    whole = place.json("mapping", "explain", "x12/810", "invoice.yaml")
    one = place.gateway("mapping", "explain", "x12/810", "invoice.yaml", "--field", "lines[1].invoiced")

    wrote = place.gateway("mapping", "run", "x12/810", "invoice.yaml").out
    texts = {each["place"]: each["text"] for each in whole[0]["fields"]}
    assert (texts["BIG01"], texts["IT1.UP"], texts["TDS01"]) == ("20261112", "614141000012", "2000")
    assert all(each["text"] in wrote for each in whole[0]["fields"])
    assert one.out.startswith("  IT102 (lines[1]) = 2 <- lines[1].invoiced '2'  built-in x12/810.yaml:")
    assert len(one.out.splitlines()) == 1
    assert place.gateway("mapping", "explain", "x12/810", "invoice.yaml", "--field", "lines[2]").code == 5
    assert place.gateway("mapping", "explain", "x12/810", "invoice.yaml", "--html", "p.html").code == 2


@pytest.mark.parametrize(
    ("head", "rules"),
    [
        (
            "format: x12\nx12: {set: 810, versions: [004010]}\n",
            "{REF01: {const: IA}, REF02: department, BIG01: invoice_date}",
        ),
        ("format: xml\nxml: {root: Invoice}\n", "{a/@kind: {const: IA}, a/b: department, c: invoice_date}"),
    ],
)
def test_a_constant_that_is_not_written_is_not_explained(place: PlayedSite, head: str, rules: str) -> None:
    text = f"gateway: 1\nmapping: good/out\ndirection: out\ndocument: invoice\n{head}fields: {rules}\n"
    (place.folder / "mappings" / "good" / "out.yaml").write_text(text)
    (place.folder / "invoice.yaml").write_text(INVOICE)

    (found,) = place.json("mapping", "explain", "good/out", "invoice.yaml")

    assert [each["sources"] for each in found["fields"]] == [[{"field": "invoice_date", "value": "2026-11-12"}]]


def test_a_page_of_the_explanation_is_written(place: PlayedSite) -> None:
    answer = place.gateway("mapping", "explain", "x12/850", "order.edi", "--html", "page.html")

    assert answer.code == 0
    assert "PO-1 (set 850 0001)" in (place.folder / "page.html").read_text()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_an_example_that_runs(place: PlayedSite, command: str) -> None:
    for name in ("bigmart/850",):
        path = place.folder / "mappings" / f"{name}.yaml"
        if command != "new":
            path.parent.mkdir(exist_ok=True)
            path.write_text(GOOD.replace("good/850", name))
            case = path.with_suffix(".tests") / "first"
            case.mkdir(parents=True)
            (case / "input.edi").write_text(purchase_order(order("PO-1")))
            place.gateway("mapping", "test", name, "--update", "--yes")
    (example,) = re.findall(r"Example: gateway (.*)", tree().commands["mapping"].commands[command].help)
    assert example in [line for line, _ in PAGES[f"mapping {command}"].examples]

    ran = place.gateway(*shlex.split(example))

    assert ran.code == (5 if command == "replay" else 0), ran
    assert (ROOT / "docs" / "reference" / "mapping-tools.md").read_text().count(f"gateway mapping {command}")
