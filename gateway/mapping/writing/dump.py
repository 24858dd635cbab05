"""Write canonical documents as JSON: the same document always gives the same bytes."""

import json
import re
from collections.abc import Sequence

from gateway.canonical.base import Canonical
from gateway.mapping import canonical_text

_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that no reader should have to guess at; they are escaped, which JSON allows for every character."""


def content(documents: Sequence[Canonical]) -> bytes:
    """UTF-8, fields in the order of the catalogue, decimals as texts; one object, or a list for several documents."""
    plain = [canonical_text.plain(each) for each in documents]
    return _bytes(plain[0] if len(plain) == 1 else plain)


def joined(contents: Sequence[bytes]) -> bytes:
    """The documents of several such files in one list; a list also of one."""
    return _bytes([json.loads(each) for each in contents])


def _bytes(plain: object) -> bytes:
    text = json.dumps(plain, ensure_ascii=False, indent=2)
    return f"{_UNSEEN.sub(_escaped, text)}\n".encode("utf-8", "replace")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
