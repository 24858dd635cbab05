"""Read what partners took as they would: every file whole, every document in it, every control number."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from tests.torture.crowd import Taken
from tests.torture.scene import Owed


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was taken: its documents and, of X12, its interchange and group control numbers."""

    documents: tuple[Owed, ...]
    interchanges: tuple[int, ...]
    groups: tuple[int, ...]


def read(taken: Taken) -> Read:
    """What a file says; raises AssertionError for one that is torn or does not count right."""
    if taken.content.startswith(b"ISA"):
        return _x12(taken)
    return Read(tuple(_csv(taken)), (), ())


def _x12(taken: Taken) -> Read:
    text = taken.content.decode()
    element, terminator = text[3], text[105]
    segments = [each.strip().split(element) for each in text.split(terminator) if each.strip()]
    assert text.rstrip().endswith(terminator), taken.name
    assert [each[0] for each in segments].count("ISA") == [each[0] for each in segments].count("IEA"), taken.name
    documents: list[Owed] = []
    interchanges: list[int] = []
    groups: list[int] = []
    inside: list[list[str]] = []
    counts = {"GS": 0, "ST": 0}
    for each in segments:
        match each[0]:
            case "ISA":
                interchanges.append(int(each[13]))
                counts["GS"] = 0
            case "IEA":
                assert (int(each[1]), int(each[2])) == (counts["GS"], interchanges[-1]), taken.name
            case "GS":
                groups.append(int(each[6]))
                counts["GS"], counts["ST"] = counts["GS"] + 1, 0
            case "GE":
                assert (int(each[1]), int(each[2])) == (counts["ST"], groups[-1]), taken.name
            case "ST":
                counts["ST"] += 1
                inside = [each]
            case "SE":
                assert (int(each[1]), each[2]) == (len(inside) + 1, inside[0][2]), taken.name
                documents += _set(taken.partner, inside)
            case _:
                inside.append(each)
    assert segments[-1][0] == "IEA", taken.name
    return Read(tuple(documents), tuple(interchanges), tuple(groups))


def _set(partner: str, segments: list[list[str]]) -> Iterator[Owed]:
    """The documents of one transaction set."""
    kind = segments[0][1]
    found = {name: [each for each in segments if each[0] == name] for name in {each[0] for each in segments}}
    match kind:
        case "997":
            control = found["AK1"][0][2]
            assert {each[1] for each in found["AK5"]} == {"A"}, segments
            yield from (Owed(partner, kind, f"{control}/{each[2]}") for each in found["AK2"])
        case "855":
            yield Owed(partner, kind, found["BAK"][0][3], len(found["PO1"]))
        case "856":
            for each in found["PRF"]:
                yield Owed(partner, kind, each[1], len(found["LIN"]))
        case "810":
            yield Owed(partner, kind, found["BIG"][0][4], len(found["IT1"]))
        case _:
            yield Owed(partner, kind, str(segments))


KINDS = {"warehouse": "warehouse-order", "accounting": "invoice"}


def _csv(taken: Taken) -> Iterator[Owed]:
    """The documents of a file of rows: those of one order, or of one shipment or invoice, are one document."""
    text = taken.content.decode()
    assert text.endswith("\n"), taken.name
    titles, *rows = list(csv.reader(text.splitlines()))
    assert all(len(row) == len(titles) for row in rows), taken.name
    cells = [dict(zip(titles, row, strict=True)) for row in rows]
    kind = KINDS.get(taken.partner) or next(
        name for name, title in (("invoice", "invoice_number"), ("shipment", "shipment_number"), ("order-receipt", "status"))
        if title in titles
    )  # fmt: skip
    by = {"invoice": "invoice_number", "shipment": "shipment_number"}.get(kind, "po_number")
    for one in dict.fromkeys(cell[by] for cell in cells):
        mine = [cell for cell in cells if cell[by] == one]
        for po_number in dict.fromkeys(cell["po_number"] for cell in mine):
            lines = {cell["line"] for cell in mine if cell["po_number"] == po_number}
            yield Owed(taken.partner, kind, po_number, len(lines))
