"""Holds of one cause together: the same code of the same partner for the same reason, whichever document it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

View = dict[str, Any]
_SET = re.compile(r"^set \w+ \S+: | in set \S+ \(\w+\)(?= was rejected)|\bSegment \d+: ")
_WHICH = re.compile(r"\b(lines?|rows?|segments?|item)[ ]+\d+|\[\d+\]|\boffset \d+")


@dataclass(frozen=True, slots=True)
class Group:
    """Holds of one cause, the oldest first, and the reason without what only says which document it is."""

    cause: str
    holds: tuple[View, ...]


def grouped(holds: Iterable[View]) -> list[Group]:
    """The holds by cause, in the order of the first of each."""
    found: dict[tuple[str, str, str], list[View]] = {}
    for each in holds:
        found.setdefault((each["code"], each["partner"], cause(each)), []).append(each)
    return [Group(reason, tuple(group)) for (_, _, reason), group in found.items()]


def cause(hold: View) -> str:
    """The reason of a hold without file, document, line and segment, and each part of it once, on however many lines it stands.

    >>> cause({"reason": "set 850 0002: line 3, uom: code 'CS' is not in the list", "file": "a.edi", "po_number": None})
    "uom: code 'CS' is not in the list"
    >>> cause({"reason": "not obeyed: line 1, SDQ: split; line 2, SAC: a charge"})
    'not obeyed: SDQ: split; SAC: a charge'
    >>> cause({"reason": "set 850 0001: line 1, uom: no code 'CS'; line 2, uom: no code 'CS'"})
    "uom: no code 'CS'"
    >>> cause({"reason": "The purchase order in set 0001 (850) was rejected. Segment 3: DTM02 (date): 'x' is not a date."})
    "The purchase order was rejected. DTM02 (date): 'x' is not a date."
    """
    reason = _SET.sub("", str(hold["reason"]))
    for name in (hold.get("file"), hold.get("po_number"), hold.get("order_number")):
        if name:
            reason = reason.replace(str(name), "").strip()
    reason = _WHICH.sub("", reason)
    reason = re.sub(
        r"^[ ,:]+|(?<=[;:] )[ ,:]+|\(\s*[,;]\s*|(?<=\()\s+|[ ,]+(?=\))", "", re.sub(r"\s+", " ", reason)
    ).strip()
    return "; ".join(dict.fromkeys(reason.split("; ")))
