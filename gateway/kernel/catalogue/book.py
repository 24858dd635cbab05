"""The whole catalogue: every entry by its code, the letters it is listed by, and what was meant by how a code was written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from gateway.kernel.catalogue import acknowledged, configuration, documents, files, goods, mappings, orders
from gateway.kernel.catalogue.entry import Entry, Told
from gateway.kernel.catalogue.examples import EXAMPLES
from gateway.kernel.causes import CAUSES

LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "F": "The file itself", "S": "Security: a sender, a server or a file that cannot be trusted",
        "X": "The X12 in the file", "C": "What a document says", "M": "Mappings and partner guides",
        "P": "Partner files and gateway.yaml", "A": "Answers of partners to our documents", "D": "Files that do not leave",
        "T": "Disks, folders, servers and channels", "AK": "The codes of a 997 (or 999)", "TA": "The codes of a TA1",
    }
)  # fmt: skip
"""What codes that begin so are about, in the order of the lists."""
_TOLD: Mapping[str, Told] = MappingProxyType({**files.TOLD, **documents.TOLD, **orders.TOLD, **goods.TOLD})
_AT: Mapping[str, tuple[int, str]] = MappingProxyType(
    {"AK3": (4, "AK304"), "AK4": (3, "AK403"), "AK5": (2, "AK502"), "AK9": (5, "AK905"), "TA1": (5, "TA105")}
)
"""Where a segment of an acknowledgment has the code that says what is wrong, counted from 1 behind its name."""
_VERDICT: Mapping[str, tuple[int, str]] = MappingProxyType(
    {"AK5": (1, "AK501"), "AK9": (1, "AK901"), "TA1": (4, "TA104")}
)
_KIND = re.compile(r"^(?:997|999|TA1)\s+(?=AK|TA1)")
_SHORT = re.compile(r"^(AK5|AK9|TA1) ([A-Z])(?: (\w+))?$")


def _all() -> Iterator[Entry]:
    for code, cause in CAUSES.items():
        told = _TOLD[code]
        yield Entry(code, cause.title, told.meaning, told.who, cause.next_step, told.shown, told.commands)
    yield from configuration.ENTRIES.values()
    yield from mappings.ENTRIES.values()
    yield from acknowledged.ENTRIES.values()


ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {each.code: replace(each, example=EXAMPLES.get(each.code, "")) for each in _all()}
)
"""Every code that anybody can meet."""


def letter_of(code: str) -> str:
    """The letter a code is listed by.

    >>> letter_of("X-ISA"), letter_of("AK403 7"), letter_of("M040")
    ('X', 'AK', 'M')
    """
    return next((each for each in ("AK", "TA") if code.startswith(each)), code[:1])


def by_letter() -> dict[str, list[Entry]]:
    """The entries of each letter, in the order in which they are listed."""
    found: dict[str, list[Entry]] = {letter: [] for letter in LETTERS}
    for entry in ENTRIES.values():
        found[letter_of(entry.code)].append(entry)
    return found


def meant(words: str) -> str:
    """A code as the catalogue writes it, of however somebody wrote it down; also of a whole segment of a 997 or TA1.

    >>> meant("x-structure"), meant("997 ak403=7"), meant("IK403 7"), meant("TA1 R 025")
    ('X-STRUCTURE', 'AK403 7', 'AK403 7', 'TA105 025')
    >>> meant("AK4*4*373*8*20261304"), meant("AK5*R*5~"), meant("AK9 P"), meant("x_structure")
    ('AK403 8', 'AK502 5', 'AK901 P', 'X-STRUCTURE')
    """
    said = words.strip().strip("~").strip().upper()
    said = re.sub(r"\bIK(?=[3459])", "AK", said)
    if "*" in said:
        return _of_segment(said.split("*"))
    if re.match(r"^[A-Z]_", said):
        said = said.replace("_", "-")
    said = _KIND.sub("", re.sub(r"[\s=:,]+", " ", said)).strip()
    short = _SHORT.match(said)
    if short is None:
        return said
    name, verdict, code = short.groups()
    return f"{_AT[name][1]} {code}" if code else f"{_VERDICT[name][1]} {verdict}"


def _of_segment(parts: list[str]) -> str:
    """The code of a segment of an acknowledgment: what is wrong, or the verdict where nothing is said to be."""
    name = parts[0].strip()
    for known in (_AT, _VERDICT):
        at, element = known.get(name, (len(parts), ""))
        if at < len(parts) and parts[at].strip():
            return f"{element} {parts[at].strip()}"
    return " ".join(filter(None, parts))
