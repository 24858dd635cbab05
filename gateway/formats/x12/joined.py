"""Put the sets of several interchanges of ours into one: new control numbers, between ST and SE nothing changes."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from gateway.formats.x12.emit import number_text

_TERMINATOR_AT = 105
_OWN_OF_ISA, _OWN_OF_GS = (9, 10, 13), (4, 5, 6)
"""Date, time and control number: what two interchanges under one agreement do not have in common."""


def head(content: bytes) -> bytes:
    """What interchanges have in common that can be joined: parties, version, test or not, separators, kind of group."""
    isa, gs, end = _opened(content)
    element = isa[3]
    own = _with(isa, dict.fromkeys(_OWN_OF_ISA, ""), element), _with(gs, dict.fromkeys(_OWN_OF_GS, ""), element)
    return end.join(own).encode()


def joined(contents: Sequence[bytes], *, control_number: int, now: datetime) -> bytes:
    """One interchange with one group of all sets, ST02 from 0001; each content is one of ours with the same ``head``.

    GS06 is the control number of the interchange (rulings 20), ``now`` is local time.
    """
    isa, gs, end = _opened(contents[0])
    element, number = isa[3], number_text(control_number, "ISA13")
    lines = [
        _with(isa, {9: f"{now:%y%m%d}", 10: f"{now:%H%M}", 13: number.zfill(9)}, element),
        _with(gs, {4: f"{now:%Y%m%d}", 5: f"{now:%H%M}", 6: number}, element),
        *_sets(contents, element, end),
        f"GE{element}{len(contents)}{element}{number}",
        f"IEA{element}1{element}{number.zfill(9)}",
    ]
    return "".join(f"{line}{end}" for line in lines).encode()


def _sets(contents: Sequence[bytes], element: str, end: str) -> Iterator[str]:
    """The lines of each set under its new number; what stands between ST and SE is one of them."""
    for at, content in enumerate(contents, start=1):
        _, _, st, rest = content.decode().split(end, 3)
        body, se, _, _, _ = rest.rsplit(end, 4)
        yield _with(st, {2: f"{at:04d}"}, element)
        yield body
        yield _with(se, {2: f"{at:04d}"}, element)


def _opened(content: bytes) -> tuple[str, str, str]:
    """ISA and GS without their ends, and what ends each segment: the terminator, and the line end after it."""
    text = content.decode()
    isa, rest = text[:_TERMINATOR_AT], text[_TERMINATOR_AT:]
    end = rest[: rest.index("GS")]
    return isa, rest[len(end) :].partition(end)[0], end


def _with(segment: str, values: dict[int, str], element: str) -> str:
    elements = segment.split(element)
    for at, value in values.items():
        elements[at] = value
    return element.join(elements)
