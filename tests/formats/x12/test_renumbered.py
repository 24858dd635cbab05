"""An interchange of ours under other control numbers: what stands between ST and SE stays as it is, byte by byte."""

from datetime import datetime

import pytest

from gateway.formats.x12 import verify
from gateway.formats.x12.renumbered import renumbered
from tests.site.harness import order, purchase_order

NOW = datetime(2026, 11, 27, 9, 5)  # noqa: DTZ001 - ISA09 carries no zone
OURS = purchase_order(order("R-1"), order("R-2"), control=12).encode()
TA1 = (
    b"ISA*00*          *00*          *ZZ*NORTHWIND      *ZZ*ACMESTORES     *261120*1400*U*00401*000000012*0*P*>~"
    b"TA1*000000007*261120*0815*A*000~IEA*0*000000012~"
)


def body(content: bytes) -> bytes:
    return content[content.index(b"ST*") : content.rindex(b"GE*")]


@pytest.mark.parametrize("end", [b"~\n", b"~", b"~\r\n", b"\n"])
def test_only_the_envelope_is_another_one_and_both_readers_of_ours_take_it(end: bytes) -> None:
    old = OURS.replace(b"~\n", end)
    new = renumbered(old, control_number=345, now=NOW)

    assert body(new) == body(old)
    assert verify.faults(new) == verify.faults(old) == []
    isa, gs, *_, ge, iea = (each.split(b"*") for each in new.strip().split(end) if each)
    assert (isa[9], isa[10], isa[13], iea[2].rstrip(b"~")) == (b"261127", b"0905", b"000000345", b"000000345")
    assert (gs[4], gs[5], gs[6], ge[2]) == (b"20261127", b"0905", b"345", b"345")


def test_a_ta1_has_no_group_to_number() -> None:
    new = renumbered(TA1, control_number=345, now=NOW)
    assert new == TA1.replace(b"000000012", b"000000345").replace(b"*261120*1400*U", b"*261127*0905*U")


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", OURS + OURS])
def test_what_is_no_single_interchange_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="interchange"):
        renumbered(content, control_number=1, now=NOW)
