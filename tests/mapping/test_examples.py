"""The worked examples of the language's specification: the printed mappings give the printed results."""

from pathlib import Path

import pytest

from gateway.formats.record import Record
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read
from tests.mapping import samples

SITE = samples.EXAMPLES / "mappings"
READING = {"printed/850": "printed/850", "bigmart/850-result": "bigmart/850"}
"""A mapping and the folder of its case."""
WRITING = ("printed/855", "printed/810", "bigmart/856")


def case(name: str) -> Path:
    return samples.EXAMPLES / name


def record(name: str) -> Record:
    """The one set of a printed file."""
    content = (case(name) / "input.edi").read_bytes()
    (found,) = [part.record for part in read(content) if isinstance(part, SetRead)]
    return found


@pytest.mark.parametrize("name", READING)
def test_a_printed_mapping_reads_the_printed_file_as_printed(name: str) -> None:
    mapped = samples.mapped(name, record(READING[name]), SITE)

    assert [each.message for each in mapped.problems] == []
    assert samples.as_texts(mapped.document) == samples.texts(case(READING[name]) / "expected.yaml")


def test_stores_that_do_not_add_up_hold_the_printed_order() -> None:
    said = [each.message for each in samples.mapped("bigmart/850", record("bigmart/850"), SITE).problems]

    wanted = "The store quantities (SDQ) do not add up to the ordered quantity (PO102)."
    assert [each for each in said if wanted in each and "line 2" in each]


@pytest.mark.parametrize("name", WRITING)
def test_a_printed_mapping_writes_byte_for_byte_what_is_printed(name: str) -> None:
    segments = samples.body(name, samples.document(name, case(name) / "input.yaml", SITE), SITE)

    text = samples.set_of(samples.interchange(samples.mapping(name, SITE), segments, "004010").content)

    assert text == (case(name) / "expected.edi").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "built_in"), [("printed/855", "x12/855")])
def test_the_built_in_writes_the_printed_set_from_the_printed_document(name: str, built_in: str) -> None:
    segments = samples.body(built_in, samples.document(built_in, case(name) / "input.yaml"))

    text = samples.set_of(samples.interchange(samples.mapping(built_in), segments, "004010").content)

    assert text == (case(name) / "expected.edi").read_text(encoding="utf-8")


def test_the_built_in_reads_of_the_printed_order_all_that_is_printed_and_more() -> None:
    printed = samples.texts(case("printed/850") / "expected.yaml")

    found = samples.as_texts(samples.mapped("x12/850", record("printed/850")).document)

    assert {name: found[name] for name in ("lines", "notes", "dates", "totals", "ship_to")} == {
        name: printed[name] for name in ("lines", "notes", "dates", "totals", "ship_to")
    }
    assert found["routing"] == {**printed["routing"], "method": "M"}
    assert found["bill_to"] == {**printed["bill_to"], "id_type": "92"}
    texts = {name: value for name, value in printed.items() if isinstance(value, str)}
    assert {name: found[name] for name in texts} == texts
