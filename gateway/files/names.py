r"""Names and texts from outside, fit to be shown, logged and stored. What they give is never used as a path.

Each is written so that it can be told from every other one: a backslash of the name itself stands doubled.

>>> escaped(b"order\xff\n.edi"), escaped("po\u202eide.edi"), escaped("a\\b")
('order\\xff\\n.edi', 'po\\u202eide.edi', 'a\\\\b')
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator

LONGEST = 200
"""The most bytes of a name that is shown; of a longer one the middle gives way to a part of its hash."""
_TAIL = 40
_HASH = 16
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""The kinds of characters that move the cursor, turn the writing round, or cannot be seen."""
_JOINERS = "\u200c\u200d"
"""Words of some languages need them; they harm nothing."""
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_LAST_OF_ASCII = 0x7F
_LAST_OF_FOUR_DIGITS = 0xFFFF
_BYTES_THAT_ARE_NO_TEXT = range(0xDC80, 0xDD00)
_SUSPECT = re.compile(r"[^ -~]")


def escaped(name: str | bytes) -> str:
    """A file name as text: no two names give the same one; a very long one keeps its ends and a hash of its bytes."""
    raw = os.fsencode(name) if isinstance(name, str) and not _has_strange_surrogates(name) else name
    text = os.fsdecode(raw) if isinstance(raw, bytes) else raw
    pieces = [r"\\" if each == "\\" else _piece(each) for each in text]
    whole = "".join(pieces)
    if len(whole.encode()) <= LONGEST:
        return whole
    known = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")
    middle = rf"\…{hashlib.sha256(known).hexdigest()[:_HASH]}…"
    tail = _filled(reversed(pieces), _TAIL)[::-1]
    head = _filled(iter(pieces), LONGEST - len(middle.encode()) - _TAIL)
    return f"{''.join(head)}{middle}{''.join(tail)}"


def visible(text: str) -> str:
    r"""A text with its control and invisible characters written as their codes, so that no terminal obeys it.

    >>> visible("a\x1b[31mb"), visible("Größe 5 €")
    ('a\\x1b[31mb', 'Größe 5 €')
    """
    return text if text.isprintable() else _SUSPECT.sub(lambda found: _piece(found[0]), text)


def _piece(character: str) -> str:
    """One character as it is shown."""
    if character.isprintable() or character in _JOINERS or unicodedata.category(character) not in _HIDDEN:
        return character
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code in _BYTES_THAT_ARE_NO_TEXT:
        return rf"\x{code - 0xDC00:02x}"
    if code <= _LAST_OF_ASCII:
        return rf"\x{code:02x}"
    return rf"\u{code:04x}" if code <= _LAST_OF_FOUR_DIGITS else rf"\U{code:08x}"


def _has_strange_surrogates(name: str) -> bool:
    """Whether a text holds halves of characters that stand for no byte of a file name."""
    return any("\ud800" <= each <= "\udfff" and ord(each) not in _BYTES_THAT_ARE_NO_TEXT for each in name)


def _filled(pieces: Iterator[str], most: int) -> list[str]:
    """As many pieces as fit into so many bytes."""
    found: list[str] = []
    for each in pieces:
        most -= len(each.encode())
        if most < 0:
            break
        found.append(each)
    return found
