"""Writing and reading are each other's inverse, for every set in every version and with any separators.

GATEWAY_TORTURE=n takes n sets of each guide instead of one.
"""

import os
from random import Random

import pytest
from hypothesis import given, settings

from gateway.formats.x12 import guide, verify
from gateway.formats.x12.charset import separators_fault
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read
from tests.formats.x12.generate import PLAIN, Body, Size, bodies, body_of, file_of, random_set

GUIDES = [(version, set_id) for version in guide.versions() for set_id in guide.set_ids(version)]
ROUNDS = int(os.environ.get("GATEWAY_TORTURE", "1"))
UNUSED_IN_DATA = '*|~^>:!"<;@#%$`{}[]\\_\x1c\x1d\x1e\x1f'
SIZES = (Size(0, 0.1), Size(30, 0.3), Size(100, 0.5), Size(100, 0.8, 5))


def layout_of(version: str, set_id: str) -> Guide:
    found = guide.load(version, set_id)
    assert found is not None
    return found


def some_separators(rng: Random) -> tuple[Separators, str]:
    element, component, repetition, terminator = rng.sample(UNUSED_IN_DATA, 4)
    if rng.random() < 0.2:
        return Separators(element, component, repetition, rng.choice("\r\n")), ""
    return Separators(element, component, repetition, terminator), rng.choice(("", "\n", "\r\n"))


def sets_in(content: bytes) -> list[Body]:
    return [body_of(part) for part in read(content) if isinstance(part, SetRead)]


@pytest.mark.parametrize(("version", "set_id"), GUIDES)
def test_what_was_read_is_written_again_byte_for_byte_with_any_separators(version: str, set_id: str) -> None:
    layout = layout_of(version, set_id)
    rng = Random(f"round trip {version} {set_id}")
    for _ in range(ROUNDS):
        separators, after = some_separators(rng)
        assert separators_fault(separators, after) == ""
        meant = [random_set(layout, rng, rng.choice(SIZES)) for _ in range(2)]
        content = file_of(layout, meant, separators=separators, after=after)
        assert verify.faults(content, meant) == []
        assert file_of(layout, sets_in(content), separators=separators, after=after) == content


ORDER = layout_of("005010", "850")


@settings(max_examples=25, deadline=None)
@given(bodies(ORDER))
def test_any_order_is_read_back_as_it_was_meant(body: Body) -> None:
    content = file_of(ORDER, [body], separators=PLAIN)
    assert verify.faults(content, [body]) == []


def test_a_file_that_says_something_else_than_was_meant_is_noticed() -> None:
    acknowledgment = layout_of("004010", "997")
    meant = [["AK1", "PO", "1"], ["AK9", "A", "1", "1", "1"]]
    content = file_of(acknowledgment, [meant])
    assert verify.faults(content, [meant]) == []

    other = verify.faults(content.replace(b"AK1*PO*1", b"AK1*PO*2"), [meant])

    assert other == ["M080: segment 2 of set 0001 (AK1) does not say what was meant."]
    assert verify.faults(content, [meant, meant]) == ["M080: 2 sets were to be written, 1 can be read."]


def test_a_value_that_does_not_fit_its_element_is_named_with_the_element() -> None:
    acknowledgment = layout_of("004010", "997")
    meant = [["AK1", "PO", "12345678901"], ["AK9", "A", "1", "1", "1"]]
    (fault,) = verify.faults(file_of(acknowledgment, [meant]), [meant])
    assert fault.startswith("M081: AK102 (group control number): '12345678901'")


def test_a_missing_segment_is_a_fault_of_the_set() -> None:
    acknowledgment = layout_of("004010", "997")
    meant = [["AK1", "PO", "1"]]
    (fault,) = verify.faults(file_of(acknowledgment, [meant]), [meant])
    assert fault.startswith("M080: AK9:")
