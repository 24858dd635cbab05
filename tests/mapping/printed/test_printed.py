"""The worked examples of the mapping language that read: the printed mapping gives the printed document, byte for byte."""

from datetime import date
from pathlib import Path

import pytest

from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read
from gateway.kernel.problem import has_errors
from gateway.mapping import coverage, documents, dump, explain, inbound
from gateway.mapping.environment import Environment
from gateway.mapping.notations.notation import Node
from gateway.mapping.prepare import PreparedMapping, prepare
from gateway.mapping.reading.trace import Trace

HERE = Path(__file__).parent
ENV = Environment(params={}, today=date(2026, 11, 2))
EXAMPLES = {"1": "standard/850", "2": "bigmart/850", "3": "nordbau/orders-csv", "4": "ubl/order"}


def mapping(number: str) -> PreparedMapping:
    found, problems = prepare(EXAMPLES[number], site_mappings=HERE / "mappings")
    assert found is not None, [str(each) for each in problems]
    assert not has_errors(problems)
    return found


def nodes(number: str, prepared: PreparedMapping) -> list[Node]:
    (path,) = (HERE / number).glob("input.*")
    if prepared.format == "x12":
        return [part.record for part in read(path.read_bytes()) if isinstance(part, SetRead)]
    found = documents.read(prepared, path.read_bytes())
    assert found.issues == ()
    return [each.node for each in found.documents]


@pytest.mark.parametrize("number", EXAMPLES)
def test_the_printed_file_becomes_the_printed_document(number: str) -> None:
    prepared = mapping(number)
    texts = []
    for node in nodes(number, prepared):
        trace = Trace()
        inbound.run(prepared, node, ENV, trace)
        texts.append(dump.text(trace.values))
    assert "---\n".join(texts) == (HERE / number / "expected.yaml").read_text(encoding="utf-8")


def test_stores_that_do_not_add_up_and_data_without_a_rule_are_told() -> None:
    prepared = mapping("2")
    (node,) = nodes("2", prepared)

    mapped = inbound.run(prepared, node, ENV)

    check, *left = mapped.problems
    assert (check.code, check.level, check.label) == ("C-CHECK", "hold", "line 2")
    assert check.sentence == "The store quantities (SDQ) do not add up to the ordered quantity (PO102)."
    assert check.source == "SDQ04 = 4, SDQ06 = 5, PO102 = 8"
    assert check.where == "segment 21, segment 18"
    assert check.rule == "mappings/bigmart/850.yaml:37"
    assert {each.code for each in left} == {"C-UNMAPPED"}
    assert [(each.where, each.source) for each in left] == [
        ("segment 5", "SAC06"), ("segment 9", "N102"), ("segment 9", "N103"), ("segment 15", "SAC12"),
        ("segment 16", "SDQ01"), ("segment 17", "SDQ01"), ("segment 19", "CTP01"), ("segment 19", "CTP02"),
        ("segment 19", "CTP03"), ("segment 21", "SDQ01"),
    ]  # fmt: skip
    assert mapped.document is None
    assert mapped.reference == "8840012345"


def test_every_value_is_explained_by_its_data_its_steps_and_its_rule() -> None:
    prepared = mapping("2")
    (node,) = nodes("2", prepared)

    rows = explain.explain(prepared, node, ENV).rows

    lines = explain.text([each for each in rows if each.field in WANTED]).splitlines()
    assert [" ".join(each.split()) for each in lines] == [
        "department = 00042 <- REF01 (segment 3) '19', REF02 (segment 3) '00042' mappings/bigmart/850.yaml:9",
        "vendor_number = 553311 <- N101 (segment 9) 'VN', N104 (segment 9) '553311' mappings/bigmart/850.yaml:10",
        "ship_to.country = US <- default mappings/standard/850.yaml:42",
        "lines[1].ids.upc = 012345678905 <- PO106 (segment 11) 'UP', PO107 (segment 11) '012345678905' mappings/bigmart/850.yaml:25",
        "lines[1].ids.color = NAVY <- PID01 (segment 13) 'F', PID02 (segment 13) '73', PID05 (segment 13) 'NAVY' mappings/bigmart/850.yaml:27",
        "lines[2].uom = CA <- PO103 (segment 18) 'CT', map 'CA' mappings/bigmart/850.yaml:30",
    ]  # fmt: skip
    assert [each.value for each in explain.of_field(rows, "lines[1].ids")] == [
        "550012345", "012345678905", "STY-88", "NAVY", "L"
    ]  # fmt: skip
    assert [str(each.value) for each in explain.of_field(rows, "lines.quantity")] == ["30", "8"]


WANTED = ("department", "vendor_number", "ship_to.country", "lines[1].ids.upc", "lines[1].ids.color", "lines[2].uom")


@pytest.mark.parametrize(("number", "used", "total"), [("1", 53, 59), ("2", 75, 85), ("3", 31, 31), ("4", 33, 39)])
def test_coverage_tells_what_no_rule_reads(number: str, used: int, total: int) -> None:
    prepared = mapping(number)

    found = coverage.of(prepared, [(each, ENV) for each in nodes(number, prepared)])

    assert (found.used, found.total) == (used, total)
    assert len(found.unused) == total - used


def test_coverage_tells_rules_that_never_gave_a_value() -> None:
    prepared = mapping("4")
    found = coverage.of(prepared, [(each, ENV) for each in nodes("4", prepared)])
    assert [(each.field, each.sources) for each in found.idle] == [
        ("contract_number", ("cac:Contract/cbc:ID",)),
        ("buyer.email", ("cac:BuyerCustomerParty/cac:Party/cac:Contact/cbc:ElectronicMail",)),
        ("lines.ids.buyer_sku", ("cac:Item/cac:BuyersItemIdentification/cbc:ID",)),
    ]
    assert "coverage 33 of 39 values, 84 %" in coverage.text(found)
    assert "never a value: contract_number <- cac:Contract/cbc:ID  mappings/ubl/order.yaml:17" in coverage.text(found)
