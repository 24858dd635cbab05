"""A mapping is begun from what a parent does not read, or drafted from a sample; nothing is overwritten or guessed silently."""

from datetime import date
from pathlib import Path

import pytest

from gateway.flows.tools import guessing, starter
from gateway.flows.tools.desk import Desk
from gateway.flows.tools.drafting import draft
from gateway.kernel.errors import RefusedError, UsageError
from gateway.mapping.environment import Environment
from tests.site.harness import order, purchase_order

GERMAN = "Bestellnr;Datum;PLZ Ort;Pos;Artikel;Menge;ME;Preis\nN-1;02.11.2026;50667 Köln;1;A-1;1.200,5;Stk;0,05\n"
XML = """<Order xmlns="urn:x"><ID>34</ID><IssueDate>2026-10-01</IssueDate><Odd>x</Odd>
<OrderLine><LineItem><ID>1</ID><Quantity unitCode="C62">12</Quantity></LineItem></OrderLine>
<OrderLine><LineItem><ID>2</ID><Quantity unitCode="C62">5</Quantity></LineItem></OrderLine></Order>"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "mappings").mkdir()
    return Desk(tmp_path / "mappings", date(2026, 11, 2))


def test_what_the_parent_does_not_read_stands_there_as_a_comment_with_its_value(desk: Desk) -> None:
    sample = purchase_order(order("PO-1").replace("CTT*1", "CTP*RS*MSR*9.99\nCTT*1")).encode()
    env = Environment({}, date(2026, 11, 2))

    text = starter.extending("own/850", desk.prepared("x12/850"), ("a.edi", sample), env)
    starter.write(desk, "own/850", text, "# editor\n", None)

    assert "  lines:\n    fields:\n      # ???: CTP(RS)02 " in text
    assert "# 9.99 (segment 8)" in text
    assert desk.looked_at("own/850")[1] == ()
    assert text.startswith("gateway: 1\nmapping: own/850\nextends: x12/850\nfields:\n")


SAID = """BEG*00*SA*PO1**20261101*C1
DTM*175*20261115
N1*SE*Shop*92*7
N3*1 Main St
N4*Springfield*IL
PO1*1*2*EA*9.95**VP*SKU-1*ZZ*X9
CTP*RS*MSR*9.99
CTT*1"""


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("  ", "DTM(175)02"),  # by its qualifier, as it may stand several times
        ("  ", "N1(SE)/N301"),  # through its loop
        ("  ", "N1(SE)/N402"),  # a town is data and no qualifier
        ("      ", "PO1.ZZ"),  # an id by what stands before it
        ("      ", "CTP(RS)03"),  # within the list of the parent
    ],
)
def test_what_is_drafted_can_be_read_where_it_stands(desk: Desk, field: str, path: str) -> None:
    sample = purchase_order(SAID).encode()

    text = starter.extending("own/850", desk.prepared("x12/850"), ("a.edi", sample), Environment({}, date(2026, 11, 2)))

    assert f"\n{field}# ???: {path} " in text
    ours = "department" if field == "  " else "description"
    starter.write(desk, "own/850", text.replace(f"# ???: {path}", f"{ours}: {path}"), "", None)
    assert [str(each) for each in desk.looked_at("own/850")[1] if each.level == "error"] == []


def test_a_draft_of_rows_names_what_was_guessed_and_leaves_the_rest_as_comments(desk: Desk) -> None:
    text = draft("own/rows", "order", GERMAN.encode("cp1252"))
    starter.write(desk, "own/rows", text, "", None)

    for line in (
        "encoding: cp1252",
        "delimiter: ;",
        "dates: DD.MM.YYYY",
        "decimal: ','",
        "thousands: .",
    ):
        assert f"  {line}  # as the sample has it\n" in text
    assert "  group_by: [Bestellnr]  # rows equal in it are one document\n" in text
    assert "  # ???: PLZ Ort " in text
    assert "      quantity: Menge " in text
    assert [each for each in desk.looked_at("own/rows")[1] if each.level == "error"] == []


def test_a_draft_of_markup_finds_the_lines_and_passes_the_check(desk: Desk) -> None:
    text = draft("own/xml", "order", XML.encode())
    starter.write(desk, "own/xml", text, "", None)

    assert "    each: d:OrderLine\n" in text
    assert "      quantity: d:LineItem/d:Quantity " in text
    assert "      uom: d:LineItem/d:Quantity/@unitCode " in text
    assert "  # ???: d:Odd " in text
    assert [each for each in desk.looked_at("own/xml")[1] if each.level == "error"] == []


def test_what_the_sample_does_not_prove_is_not_proposed(desk: Desk) -> None:
    text = draft("own/rows", "order", "PO;Date;Qty;Price\nN-1;02/03/2026;1,200;1,500\n".encode("utf-8-sig"))
    starter.write(desk, "own/rows", text, "", None)

    assert "  encoding: utf-8-sig  # as the sample has it\n" in text
    assert "  dates: YYYY-MM-DD  # the sample leaves it open\n" in text
    assert not [word for word in ("decimal", "thousands") if word in text]


@pytest.mark.parametrize(
    ("sample", "lines"),
    [
        ("HPO-4471 20261101\nL001A-100 12\nL002B-7   3\nT002\n", ("H:", "when: 1-1 = L", "# column2: 11-12", "document: H")),
        ("HDRPO-1\nDTLA-1 4\nDTLB-1 5\nTRL2\n", ("HDR:", "when: 1-3 = DTL", "# column2: 8-8", "document: HDR")),
        ("4711 A-100  12\n4711 B-7     3\n", ("line:", "whole: 1-14", "# column3: 13-14")),
    ],
)  # fmt: skip
def test_a_draft_of_a_record_file_has_its_records_and_proposes_columns(
    desk: Desk, sample: str, lines: tuple[str, ...]
) -> None:
    text = draft("own/records", "order", sample.encode())
    starter.write(desk, "own/records", text, "", None)

    assert "format: fixed\n" in text
    for line in lines:
        assert line in text
    assert {each.code for each in desk.looked_at("own/records")[1] if each.level == "error"} == {"M066"}


def test_nothing_is_overwritten_and_no_built_in_name_is_taken(desk: Desk) -> None:
    starter.write(desk, "own/850", "gateway: 1\n", "", None)

    with pytest.raises(RefusedError, match="already"):
        starter.write(desk, "own/850", "other", "", None)
    with pytest.raises(RefusedError, match="built-in"):
        starter.checked_name(desk, "x12/850")
    with pytest.raises(UsageError):
        starter.checked_name(desk, "../850")
    assert (desk.folder() / "own" / "850.yaml").read_text() == "gateway: 1\n"


def test_a_sample_that_cannot_be_drafted_from_is_told() -> None:
    with pytest.raises(UsageError, match="--from x12/850"):
        draft("own/x", "order", purchase_order(order("PO-1")).encode())


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["02.11.2026"], "DD.MM.YYYY"), (["2026-11-02", ""], "YYYY-MM-DD"), (["20261102"], "YYYYMMDD"),
        (["02/11/2026"], ""), (["02/11/2026", "02/13/2026"], "MM/DD/YYYY"), (["13/11/2026"], "DD/MM/YYYY"),
        (["soon"], ""), ([], ""),
    ],
)  # fmt: skip
def test_a_date_that_could_be_read_two_ways_is_not_guessed(values: list[str], form: str) -> None:
    assert guessing.date_form(values) == form
