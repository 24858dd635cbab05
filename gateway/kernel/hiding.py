"""Secrets that a site uses never stand in what it says: each that was read is known here and hidden wherever it turns up."""

import re
from collections.abc import Iterable

HIDDEN = "***"
LEAST = 6
"""A secret of fewer characters would hide half of every sentence."""
_LINE = 16
"""A line of a key that is as long as this is hidden by itself."""
_KNOWN: set[str] = set()
_PASSWORD = re.compile(r"(://[^/@\s:]*):[^/@\s]+@")


def keep_secret(values: Iterable[str]) -> None:
    """Let these values, and the long lines of those that have several, never be said."""
    for each in values:
        lines = each.splitlines() if "\n" in each else []
        _KNOWN.update(text for text in (each, *(line for line in lines if len(line) >= _LINE)) if len(text) >= LEAST)


def redacted(text: str) -> str:
    """A text in which known secrets, and passwords of addresses, are hidden.

    >>> redacted("cannot reach postgresql://gw:pw@db/gateway")
    'cannot reach postgresql://gw:***@db/gateway'
    """
    if _KNOWN:
        for each in sorted(_KNOWN, key=len, reverse=True):
            if each in text:
                text = text.replace(each, HIDDEN)
    return _PASSWORD.sub(rf"\1:{HIDDEN}@", text) if "://" in text else text
