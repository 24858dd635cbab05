"""Read a file of ours back at a glance: accept what surely says what was meant, and leave the rest to the exact way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from gateway.formats.x12 import guide, reader
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.elements import is_date, is_time
from gateway.formats.x12.levels import numbered
from gateway.formats.x12.parts import GroupEnded, GroupStarted, InterchangeEnded, InterchangeStarted
from gateway.formats.x12.set_reading import SetReading
from gateway.formats.x12.tokens import Cutter, Mended, Run

Body = Iterable[Sequence[str]]
MOST_ENVELOPES = 1024
_ISA = 106
_DATE, _TIME, _CONTROL = slice(70, 76), slice(77, 81), slice(90, 99)
"""Where ISA09, ISA10 and ISA13 stand in a header of the right width."""
_GS = 9
_DAY, _NUMBER = len("CCYYMMDD"), len("999999999")


@dataclass(frozen=True, slots=True)
class _Envelope:
    """What a good envelope says of the sets in it; ``inner`` are the separators within a set."""

    separators: Separators
    inner: Separators
    version: str
    functional_id: str


def surely_says(content: bytes, meant: Sequence[Body]) -> bool:
    """Whether a file is one interchange with one group of these bodies and has no fault; False when that is not sure."""
    if len(content) <= _ISA or not content.isascii():
        return False
    text = content.decode("ascii")
    isa, rest = text[:_ISA], text[_ISA:]
    element, terminator = isa[3], isa[-1]
    bare = rest.lstrip("\r\n")
    after = rest[: len(rest) - len(bare)]
    gs = bare[: max(bare.find(terminator), 0)].split(element)
    if not (is_date(isa[_DATE]) and is_time(isa[_TIME]) and isa[_CONTROL].isdigit() and _is_numbered(gs)):
        return False
    unchanging = (
        isa[: _DATE.start],
        isa[_DATE.stop : _TIME.start],
        isa[_TIME.stop : _CONTROL.start],
        isa[_CONTROL.stop :],
    )
    envelope = _known(unchanging, (*gs[:4], *gs[7:]), after)
    if envelope is None or not rest.endswith(terminator + after):
        return False
    mended = Mended()
    run = Cutter(envelope.separators, after, mended).run(rest[: len(rest) - len(after)], _ISA)
    trailers = [f"GE{element}{len(meant)}{element}{gs[6]}", f"IEA{element}1{element}{isa[_CONTROL]}"]
    return not mended.count and run.texts[-2:] == trailers and _says_sets(run, meant, envelope)


def _is_numbered(gs: list[str]) -> bool:
    """Whether a GS has all its elements, and its date, time and number are right."""
    if len(gs) != _GS:
        return False
    day, time, number = gs[4:7]
    return len(day) == _DAY and is_date(day) and is_time(time) and number.isdigit() and len(number) <= _NUMBER


@lru_cache(maxsize=MOST_ENVELOPES)
def _known(isa: tuple[str, ...], gs: tuple[str, ...], after: str) -> _Envelope | None:
    """An envelope without a fault, whatever its dates and numbers are: read in full once, with no set in it."""
    element, terminator = isa[0][3], isa[-1][-1]
    lines = (
        "{}260101{}0000{}000000001{}".format(*isa) + after,
        element.join([*gs[:4], "20260101", "0000", "1", *gs[4:]]) + terminator + after,
        f"GE{element}0{element}1{terminator}{after}IEA{element}1{element}000000001{terminator}{after}",
    )
    match list(reader.read("".join(lines).encode("ascii"))):
        case [
            InterchangeStarted(separators=separators), GroupStarted() as group, GroupEnded(issues=()),
            InterchangeEnded(issues=(), complete=True),
        ]:  # fmt: skip
            version = guide.base_version(group.element(8))
        case _:
            return None
    if version is None:
        return None
    inner = separators if guide.has_repetitions(version) else replace(separators, repetition="")
    return _Envelope(separators, inner, version, group.element(1))


def _says_sets(run: Run, meant: Sequence[Body], envelope: _Envelope) -> bool:
    """Whether the sets between GS and GE are those that were meant, one for each body and no other."""
    end = 1
    for count, body in enumerate(meant, start=1):
        begin, end = end, _end_of_set(run, end, envelope, f"{count:04d}")
        if not end or not _says(run.texts[begin + 1 : end - 1], list(numbered(body)), envelope.separators.element):
            return False
    return end == len(run.texts) - 2


def _end_of_set(run: Run, begin: int, envelope: _Envelope, number: str) -> int:
    """Where the next set ends that has no fault; 0 when there is none."""
    element = envelope.separators.element
    header = run.texts[begin].split(element)
    layout = guide.load(envelope.version, header[1]) if header[0] == "ST" and header[2:3] == [number] else None
    if layout is None or layout.functional_group != envelope.functional_id:
        return 0
    reading = SetReading(layout, envelope.inner)
    end = reading.feed(run, begin)
    issues, _ = reading.finish()
    complete = reading.complete and run.texts[end - 1] == f"SE{element}{end - begin}{element}{number}"
    return end if complete and not issues else 0


def _says(found: list[str], wanted: list[Sequence[str]], element: str) -> bool:
    """Whether segments say letter by letter what was meant."""
    joined = [element.join(each) for each in wanted]
    return found == joined and all(
        text.count(element) == len(each) - 1 for text, each in zip(joined, wanted, strict=True)
    )
