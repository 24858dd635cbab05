"""Limits of reading: whatever comes, memory is bounded, the file is refused with a sentence, and reading ends."""

import io
import tracemalloc
from collections.abc import Iterator
from itertools import chain, repeat

import pytest

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging import examine as examination
from gateway.formats.x12 import interchange, source
from gateway.formats.x12.parts import InterchangeEnded, Part, SetRead
from gateway.formats.x12.reader import read
from gateway.kernel.faults import ElementFault, InterchangeFault, SetFault
from gateway.kernel.issue import FileIssue

MIB = 1024 * 1024
ISA = b"ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*0815*U*00401*000000007*0*P*>~"
GS = b"GS*PO*ACMESTORES*NORTHWIND*20261120*0815*7*X*004010~"
END = b"GE*1*7~IEA*1*000000007~"
A_SET = b"ST*850*0001~BEG*00*SA*PO1**20261120~PO1*1*2*EA*9.95~CTT*1~SE*5*0001~"


class Stream(io.RawIOBase):
    """A file made while it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        del size
        return next(self.pieces, b"")


def peak_of(pieces: Iterator[bytes]) -> tuple[list[Part], int]:
    tracemalloc.start()
    try:
        parts = list(read(Stream(pieces)))  # type: ignore[arg-type]
        return parts, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def faults(parts: list[Part]) -> list[InterchangeFault]:
    ends = [part for part in parts if isinstance(part, InterchangeEnded)]
    return [issue.fault for end in ends for issue in end.issues if isinstance(issue.fault, InterchangeFault)]


def test_a_header_without_a_terminator_is_refused_without_reading_the_rest_into_memory() -> None:
    parts, peak = peak_of(chain([ISA[:-2]], repeat(b"A" * MIB, 60)))
    assert [part.code for part in parts if isinstance(part, FileIssue)] == ["X-ISA"]
    assert peak < 8 * MIB


def test_a_segment_without_a_terminator_ends_the_interchange_after_64_kib() -> None:
    parts, peak = peak_of(chain([ISA, GS], repeat(b"A" * MIB, 60)))
    assert faults(parts) == [InterchangeFault.IMPROPER_END]
    assert [part.code for part in parts if isinstance(part, FileIssue)] == ["X-ISA"]
    assert peak < 8 * MIB


def test_after_a_segment_without_a_terminator_the_next_interchange_is_read() -> None:
    parts, _ = peak_of(chain([ISA, GS], repeat(b"A" * MIB, 3), [b"\n", ISA, GS, A_SET, END]))
    (good,) = [part for part in parts if isinstance(part, SetRead)]
    assert good.issues == ()
    assert parts[-1] == InterchangeEnded((), complete=True)


def test_a_long_element_and_a_segment_with_many_elements_are_faults_of_their_set() -> None:
    long = A_SET.replace(b"PO1*1*2", b"PO1*" + b"9" * 40_000 + b"*2").replace(b"CTT*1", b"CTT*1" + b"*1" * 20_000)
    (found,) = [part for part in read(ISA + GS + long + END) if isinstance(part, SetRead)]
    assert found.issues[0].fault is ElementFault.TOO_LONG
    assert found.issues[-1].fault is ElementFault.TOO_MANY_ELEMENTS
    assert len(found.issues) < 10


def test_a_set_with_too_many_segments_ends_the_interchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interchange, "MOST_SEGMENTS", 1000)
    body = b"PO1*1*2*EA*9.95~" * 40_000
    parts, _ = peak_of(
        iter([ISA, GS, b"ST*850*0001~BEG*00*SA*PO1**20261120~", body, b"CTT*1~SE*9*0001~", END, ISA, GS, A_SET, END])
    )
    assert faults(parts)[0] is InterchangeFault.IMPROPER_END
    assert parts[-1] == InterchangeEnded((), complete=True)


def test_more_sets_than_can_be_counted_end_the_interchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interchange, "MOST_SETS", 10)
    parts = list(read(ISA + GS + A_SET * 12 + END))
    assert len([part for part in parts if isinstance(part, SetRead)]) == 11
    assert faults(parts) == [InterchangeFault.IMPROPER_END]


def test_a_file_over_its_limit_is_read_up_to_it_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "FILE_LIMIT", 3 * source.CHUNK)
    whole = ISA + GS + A_SET + END
    parts = list(read(whole + b"\n" * (4 * source.CHUNK) + whole))
    assert [part.code for part in parts if isinstance(part, FileIssue)] == ["X-LIMIT"]
    assert len([part for part in parts if isinstance(part, SetRead)]) == 1


def test_memory_stays_with_one_set_however_long_the_file() -> None:
    one, few = peak_of(chain([ISA, GS], repeat(A_SET * 100, 20), [END]))
    many, peak = peak_of(chain([ISA, GS], repeat(A_SET * 100, 80), [END]))
    assert (len(one), len(many)) == (2000 + 4, 8000 + 4)
    assert peak < 5 * few


def test_fifty_thousand_lines_are_one_order() -> None:
    body = b"BEG*00*SA*PO1**20261120~" + b"PO1*1*2*EA*9.95**VP*X~PID*F****TENT~" * 50_000
    whole = b"ST*850*0001~" + body + b"CTT*50000~SE*100004*0001~"
    (found,) = [part for part in read(ISA + GS + whole + END) if isinstance(part, SetRead)]
    assert found.issues == ()
    assert len(found.record.children["PO1"]) == 50_000


def test_headers_that_cannot_be_read_are_told_a_hundred_times_and_then_counted() -> None:
    told = [part.message for part in read(b"ISA*" * 3000) if isinstance(part, FileIssue)]
    assert len(told) == 101
    assert told[-1].startswith("And 2,899 more;")


def test_segments_outside_of_any_group_are_told_a_thousand_times_and_then_counted() -> None:
    (end,) = [part for part in read(ISA + b"X~" * 5000 + b"IEA*1*000000007~") if isinstance(part, InterchangeEnded)]
    assert len(end.issues) < 1010
    assert any(issue.message.startswith("And 4,000 more faults") for issue in end.issues)
    assert (
        end.issues[-1].fault is InterchangeFault.INVALID_CONTENT or end.issues[-2].fault is InterchangeFault.GROUP_COUNT
    )


def test_of_a_set_with_very_many_faults_the_first_are_told_and_that_there_are_more() -> None:
    body = b"BEG*00*SA*PO1**20261120~" + b"PO1*1*x*EA~" * 12_000
    (found,) = [
        part for part in read(ISA + GS + b"ST*850*0001~" + body + b"SE*12003*0001~" + END) if isinstance(part, SetRead)
    ]
    assert len(found.issues) == 10_001
    assert found.issues[-1].fault is SetFault.SEGMENTS_IN_ERROR


def test_after_very_many_faults_in_a_file_the_verdicts_stay_and_the_places_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "MOST_FAULTS", 3)
    bad = A_SET.replace(b"EA*9.95", b"E?*x").replace(b"SE*5", b"SE*7")
    tolerant = AckRules(tolerates=frozenset({"SE01_COUNT"}))
    sets = bad + bad + A_SET + A_SET.replace(b"SE*5", b"SE*7")
    (seen,) = examination.examine(ISA + GS + sets + b"GE*4*7~IEA*1*000000007~", tolerant).interchanges
    judged = seen.verdict.groups[0].sets
    assert [each.verdict.value for each in judged] == ["R", "R", "R", "R"]  # the control number is used four times
    assert [each.codes for each in judged][:2] == [("4", "5"), ("4", "5", "23")]
    assert [issue.place.segment for issue in judged[1].received.issues] == ["", "", ""]
