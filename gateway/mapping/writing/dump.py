"""Write canonical documents as JSON: the same document always gives the same bytes."""

import json
from collections.abc import Sequence

from gateway.canonical.base import Canonical
from gateway.mapping import canonical_text


def content(documents: Sequence[Canonical]) -> bytes:
    """UTF-8, fields in the order of the catalogue, decimals as texts; one object, or a list for several documents."""
    plain = [canonical_text.plain(each) for each in documents]
    text = json.dumps(plain[0] if len(plain) == 1 else plain, ensure_ascii=False, indent=2)
    return f"{text}\n".encode("utf-8", "replace")
