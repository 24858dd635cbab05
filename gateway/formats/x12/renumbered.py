"""Give an interchange of ours new control numbers and the present moment; nothing between ST and SE changes."""

from datetime import datetime

from gateway.formats.x12.emit import number_text

_TERMINATOR_AT = 105


def renumbered(content: bytes, *, control_number: int, now: datetime) -> bytes:
    """The same sets in a new envelope: ISA13 and IEA02, GS06 and GE02; ``now`` is local time.

    Raises ValueError for what is no interchange of ours: those have one group at most (rulings 20).
    """
    text = content.decode()
    isa, rest = text[:_TERMINATOR_AT], text[_TERMINATOR_AT:]
    if not isa.startswith("ISA") or not rest:
        raise ValueError("no interchange")
    element, number = isa[3], number_text(control_number, "ISA13")
    end = rest[0] + rest[1 : len(rest) - len(rest[1:].lstrip("\r\n"))]
    own = {
        "GS": {4: f"{now:%Y%m%d}", 5: f"{now:%H%M}", 6: number},
        "GE": {2: number},
        "IEA": {2: number.zfill(9)},
    }
    lines = rest.removeprefix(end).split(end)
    names = [line.partition(element)[0] for line in lines]
    if names.count("GS") > 1 or names.count("IEA") != 1:
        raise ValueError("several groups or interchanges")
    new = [_with(line, own.get(name, {}), element) for line, name in zip(lines, names, strict=True)]
    head = _with(isa, {9: f"{now:%y%m%d}", 10: f"{now:%H%M}", 13: number.zfill(9)}, element)
    return end.join([head, *new]).encode()


def _with(segment: str, values: dict[int, str], element: str) -> str:
    if not values:
        return segment
    elements = segment.split(element)
    for at, value in values.items():
        elements[at] = value
    return element.join(elements)
