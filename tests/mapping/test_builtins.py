"""The built-in X12 mappings: what each writes and reads, byte for byte; with GATEWAY_GOLDEN=write it is written anew."""

import os
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gateway.canonical.advice import Advice
from gateway.canonical.goods import Inventory
from gateway.canonical.invoice import Invoice, InvoiceLine, InvoiceTotals
from gateway.canonical.parts import Allowance, Party, Tax
from gateway.flows.second_opinion import compare
from gateway.mapping import outbound, prepare
from tests.mapping import samples

BUILT_IN = Path(prepare.__file__).parent / "builtin"
X12 = sorted(f"x12/{path.stem}" for path in (BUILT_IN / "x12").glob("*.yaml"))
WRITING = [name for name in X12 if samples.mapping(name).direction == "out"]
READING = [name for name in X12 if samples.mapping(name).direction == "in"]
VERSIONS = ("004010", "004030", "005010")
WRITE = os.environ.get("GATEWAY_GOLDEN") == "write"


def expected(path: Path, found: str) -> str:
    """What a golden file says; written first where that is wanted."""
    if WRITE:
        path.write_text(found, encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", X12)
def test_every_built_in_works_in_every_version_and_has_a_golden_case(name: str) -> None:
    prepared = samples.mapping(name)

    assert set(prepared.versions) == set(VERSIONS)
    assert (samples.GOLDEN / name).is_dir()


@pytest.mark.parametrize("name", WRITING)
def test_a_built_in_writes_what_its_golden_file_says(name: str) -> None:
    case = samples.GOLDEN / name
    segments = samples.body(name, samples.document(name, case / "input.yaml"))

    text = samples.set_of(samples.interchange(samples.mapping(name), segments, "004010").content)

    assert text == expected(case / "expected.edi", text)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", WRITING)
def test_neither_our_own_check_nor_pyx12_objects_to_what_a_built_in_writes(name: str, version: str) -> None:
    prepared = samples.mapping(name)
    segments = samples.body(name, samples.document(name, samples.GOLDEN / name / "input.yaml"))
    content = samples.interchange(prepared, segments, version).content

    assert samples.faults(prepared, segments, version) == []
    assert [each.line() for each in compare(content) if each.holds] == []


@pytest.mark.parametrize("name", READING)
def test_a_built_in_reads_what_its_golden_file_says(name: str) -> None:
    case = samples.GOLDEN / name
    mapped = samples.mapped(name, samples.read_set((case / "input.edi").read_text(encoding="utf-8")))

    assert [each.message for each in mapped.problems] == []
    found = samples.as_texts(mapped.document)
    text = yaml.safe_dump(found, allow_unicode=True, width=120)
    expected(case / "expected.yaml", text)
    assert found == samples.texts(case / "expected.yaml")


@pytest.mark.parametrize("version", VERSIONS)
def test_stock_that_we_tell_is_read_as_we_meant_it(version: str) -> None:
    told = samples.document("x12/846", samples.GOLDEN / "x12/846" / "input.yaml")
    content = samples.interchange(samples.mapping("x12/846"), samples.body("x12/846", told), version).content

    read = samples.mapped("x12/846-in", samples.read_set(samples.set_of(content), version)).document

    assert isinstance(told, Inventory)
    assert isinstance(read, Inventory)
    assert (read.report_number, read.report_date) == (told.report_number, told.report_date)
    for ours, theirs in zip(told.lines, read.lines, strict=True):
        assert (theirs.ids, theirs.uom, theirs.description) == (ours.ids, ours.uom, ours.description)
        assert (theirs.on_hand, theirs.available, theirs.incoming) == (ours.on_hand, ours.available, ours.incoming)
        assert theirs.expected_date == ours.expected_date


@pytest.mark.parametrize("version", VERSIONS)
def test_an_advice_that_we_give_is_read_as_we_meant_it(version: str) -> None:
    told = samples.document("x12/824", samples.GOLDEN / "x12/824" / "input.yaml")
    content = samples.interchange(samples.mapping("x12/824"), samples.body("x12/824", told), version).content

    read = samples.mapped("x12/824-in", samples.read_set(samples.set_of(content), version)).document

    assert isinstance(told, Advice)
    assert isinstance(read, Advice)
    for ours, theirs in zip(told.documents, read.documents, strict=True):
        assert (theirs.status, theirs.reference, theirs.set_id) == (ours.status, ours.reference, ours.set_id)
        for fault, seen in zip(ours.faults, theirs.faults, strict=True):
            words = "".join([seen.text or "", *(note.text or "" for note in seen.notes)])
            assert (words, seen.code, seen.segment) == (fault.text, fault.code, fault.segment)
            assert (seen.position, seen.element, seen.value) == (fault.position, fault.element, fault.value)


CENTS = st.integers(0, 10**7).map(lambda cents: Decimal(cents) / 100)
ALLOWANCES = st.lists(
    st.builds(Allowance, kind=st.sampled_from(("allowance", "charge")), code=st.just("D240"), amount=CENTS), max_size=3
).map(tuple)
TAXES = st.lists(st.builds(Tax, kind=st.just("ST"), amount=CENTS), max_size=2).map(tuple)
LINES = st.lists(st.tuples(st.integers(1, 999), CENTS, ALLOWANCES, TAXES), min_size=1, max_size=4)


def invoice(
    lines: list[tuple[int, Decimal, tuple[Allowance, ...], tuple[Tax, ...]]],
    allowances: tuple[Allowance, ...],
    taxes: tuple[Tax, ...],
) -> Invoice:
    """An invoice whose totals are what the lines, allowances, charges and taxes come to."""
    every = [*allowances, *(each for line in lines for each in line[2])]
    goods = sum((quantity * price for quantity, price, _, _ in lines), Decimal(0))
    taken, added = (
        sum((each.amount or Decimal(0) for each in every if each.kind == kind), Decimal(0))
        for kind in ("allowance", "charge")
    )
    tax = sum(
        (each.amount or Decimal(0) for each in (*taxes, *(each for line in lines for each in line[3]))), Decimal(0)
    )
    return Invoice(
        invoice_number="1", invoice_date="2026-11-12", allowances=allowances, taxes=taxes,
        lines=tuple(
            InvoiceLine(number=str(at), quantity=quantity, uom="EA", unit_price=price, amount=quantity * price, allowances=own, taxes=levied)
            for at, (quantity, price, own, levied) in enumerate(lines, start=1)
        ),
        totals=InvoiceTotals(goods=goods, allowances=taken, charges=added, tax=tax, amount=goods - taken + added + tax),
    )  # fmt: skip


@given(LINES, ALLOWANCES, TAXES)
def test_the_total_of_an_810_is_what_its_own_segments_come_to(
    lines: list[tuple[int, Decimal, tuple[Allowance, ...], tuple[Tax, ...]]],
    allowances: tuple[Allowance, ...],
    taxes: tuple[Tax, ...],
) -> None:
    segments = samples.body("x12/810", invoice(lines, allowances, taxes))

    total = Decimal(0)
    for name, *elements in segments:
        if name == "IT1":
            total += Decimal(elements[1]) * Decimal(elements[3])
        elif name == "TXI":
            total += Decimal(elements[1])
        elif name == "SAC":
            total += Decimal(elements[4]) / 100 * (1 if elements[0] == "C" else -1)
    assert [Decimal(elements[0]) for name, *elements in segments if name == "TDS"] == [total * 100]


def test_a_carton_on_no_pallet_is_not_lost_in_a_notice_by_pallets() -> None:
    notice = samples.document("x12/856-pallets", samples.GOLDEN / "x12/856-pallets" / "input.yaml")
    loose = notice.model_copy(
        update={"orders": tuple(
            order.model_copy(update={"pallets": tuple(each.model_copy(update={"sscc": None}) for each in order.pallets)})
            for order in notice.orders  # type: ignore[attr-defined]
        )}
    )  # fmt: skip

    written = outbound.run(samples.mapping("x12/856-pallets"), [loose], samples.ENV)

    assert [each.field for each in written.problems] == ["MAN(GM)02"]


def test_an_answer_without_lines_says_so_in_its_code() -> None:
    document = samples.document("x12/865", samples.GOLDEN / "x12/865" / "input.yaml")

    without = document.model_copy(update={"status": "rejected", "lines": (), "ship_to": Party()})

    assert samples.body("x12/865", without)[0][:3] == ("BCA", "00", "RJ")
