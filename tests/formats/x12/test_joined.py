"""Several interchanges become one: every set once, the same segments between ST and SE, only other numbers."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.formats.x12 import emit, joined, verify
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import Envelope
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read

NOW = datetime(2026, 11, 20, 8, 15)  # noqa: DTZ001 - ISA09 and GS04 carry no zone
PLAIN = Separators("*", ">", "^", "~")
ACME = Envelope("ZZ", "NORTHWIND", "12", "6125550142", "NW", "ACME", "004010", "P", PLAIN)
SEPARATORS = st.sampled_from([PLAIN, Separators("|", "<", "^", "!"), Separators("\x1d", "\x1f", "\x1e", "\x1c")])
TEXTS = st.text(st.characters(codec="latin-1", exclude_characters="*>^~|<!", exclude_categories=["Cc"]), max_size=12)
BODIES = st.lists(st.lists(TEXTS, min_size=1, max_size=4).map(lambda each: ["N3", *each]), min_size=1, max_size=4)


def alone(body: list[list[str]], envelope: Envelope = ACME, *, control: int = 1, now: datetime = NOW) -> bytes:
    return emit.interchange(
        envelope, functional_id="PR", set_id="855", sets=[body], isa13=control, gs06=control, now=now
    ).content


def sets(content: bytes) -> list[SetRead]:
    return [part for part in read(content) if isinstance(part, SetRead)]


def test_two_documents_stand_in_one_group_exact_to_the_byte() -> None:
    contents = [alone([["BAK", "00", "AD", name]]) for name in ("PO-A", "PO-B")]

    assert joined.joined(contents, control_number=77, now=NOW + timedelta(days=1)) == (
        b"ISA*00*          *00*          *ZZ*NORTHWIND      *12*6125550142     *261121*0815*U*00401*000000077*0*P*>~"
        b"GS*PR*NW*ACME*20261121*0815*77*X*004010~"
        b"ST*855*0001~BAK*00*AD*PO-A~SE*3*0001~ST*855*0002~BAK*00*AD*PO-B~SE*3*0002~GE*2*77~IEA*1*000000077~"
    )


@given(
    bodies=st.lists(BODIES, min_size=1, max_size=5), separators=SEPARATORS, after=st.sampled_from(["", "\n", "\r\n"]),
    version=st.sampled_from(["004010", "005010"]),
)  # fmt: skip
@settings(max_examples=150)
def test_what_leaves_together_is_what_would_have_left_one_by_one(
    bodies: list[list[list[str]]], separators: Separators, after: str, version: str
) -> None:
    envelope = replace(ACME, separators=separators, after_segment=after, version=version)
    contents = [alone(body, envelope, control=at) for at, body in enumerate(bodies, start=1)]

    together = joined.joined(contents, control_number=9, now=NOW)

    found = sets(together)
    assert [each.segments[1:-1] for each in found] == [sets(each)[0].segments[1:-1] for each in contents]
    assert [each.control_number for each in found] == [f"{at:04d}" for at in range(1, len(bodies) + 1)]
    assert [fault for fault in verify.faults(together) if "interchange" in fault or "group" in fault] == []
    # it is what the writer makes of all bodies at once
    whole = emit.interchange(envelope, functional_id="PR", set_id="855", sets=bodies, isa13=9, gs06=9, now=NOW)
    assert together == whole.content


def test_date_time_and_control_number_do_not_keep_documents_apart() -> None:
    body = [["BAK", "00"]]
    assert joined.head(alone(body)) == joined.head(alone(body, control=999_999_999, now=NOW + timedelta(hours=30)))


@pytest.mark.parametrize(
    "other",
    [
        replace(ACME, usage="T"), replace(ACME, version="005010"), replace(ACME, version="004010VICS"),
        replace(ACME, receiver="ELSE"), replace(ACME, group_receiver="ELSE"), replace(ACME, after_segment="\n"),
        replace(ACME, separators=Separators("|", ">", "^", "~")),
    ],
)  # fmt: skip
def test_what_has_another_envelope_is_never_joined(other: Envelope) -> None:
    assert joined.head(alone([["BAK", "00"]])) != joined.head(alone([["BAK", "00"]], other))
