"""Generated source of inbound mappings and the interpreter agree, on what is in order and on what is not."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from gateway.formats.record import SetRecord
from gateway.formats.x12 import guide
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read
from gateway.formats.x12.set_reading import is_tidy
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import PreparedMapping
from tests.formats.x12.generate import Size, file_of, random_set
from tests.mapping.agreement import accepted
from tests.preparing import built_in

ENV = Environment(params={"id": "acme", "vendor_number": "553311"}, today=date(2026, 11, 20), file_name="po.edi")
ODD = (
    "",
    " ",
    "  x ",
    "0",
    "-1",
    "1e3",
    "1.50",
    "1,5",
    "٣",
    "é",
    "e\u0301",
    "a\x07b",
    "20260230",
    "260211",
    "9" * 30,
    ".",
    "NaN",
    "XX",
)


def inbound_x12() -> list[PreparedMapping]:
    return [each for each in built_in("in") if each.inbound is not None and each.format == "x12"]


X12 = inbound_x12()


def random_record(prepared: PreparedMapping, version: str, rng: Random, size: Size) -> SetRecord:
    layout = guide.load(version, prepared.set_id)
    assert layout is not None
    (found,) = [each for each in read(file_of(layout, [random_set(layout, rng, size)])) if isinstance(each, SetRead)]
    return found.record


def damaged(record: SetRecord, rng: Random, times: int) -> SetRecord:
    flat = [list(segment) for segment in record.flat]
    for segment in rng.choices(flat[1:-1], k=times):
        if len(segment) > 1:
            segment[rng.randrange(1, len(segment))] = rng.choice(ODD)
    tidy = is_tidy("*".join(map("*".join, flat)), "*")
    return SetRecord(flat, record.component_separator, record.repetition_separator, layout=record.layout, is_tidy=tidy)


@pytest.mark.parametrize("prepared", X12, ids=lambda each: each.name)
def test_a_random_set_becomes_the_same_document(prepared: PreparedMapping) -> None:
    rng = Random(prepared.name)
    for version in prepared.versions:
        for size in (Size(10, 0.2, 2), Size(), Size(120, 0.6, 6)):
            for _ in range(4):
                record = random_record(prepared, version, rng, size)
                accepted(prepared, record, ENV)


@pytest.mark.parametrize("prepared", X12, ids=lambda each: each.name)
def test_damaged_values_become_the_same_document_or_are_judged(prepared: PreparedMapping) -> None:
    rng = Random(f"damage{prepared.name}")
    for version in prepared.versions:
        for _ in range(20):
            record = random_record(prepared, version, rng, Size(25, 0.4, 3))
            accepted(prepared, damaged(record, rng, rng.choice((1, 2, 8))), ENV)


GOLDEN = Path(__file__).parent / "golden" / "x12"


@pytest.mark.parametrize("prepared", X12, ids=lambda each: each.name)
def test_the_golden_sets_are_read_by_the_generated_source(prepared: PreparedMapping) -> None:
    for each in sorted(GOLDEN.glob(f"{prepared.name.removeprefix('x12/')}*/input.edi")):
        for part in read(each.read_bytes()):
            if isinstance(part, SetRead) and part.set_id == prepared.set_id:
                assert accepted(prepared, part.record, ENV)
