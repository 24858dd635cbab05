"""Patterns of ``match``: RE2, so that no pattern and no data can make matching slow."""

from dataclasses import dataclass
from functools import cache

import re2

LONGEST = 1000
_MEMORY = 1 << 21
_REASONS = (
    ("invalid repetition size", "it repeats too much; a repetition goes up to 1000, also where repetitions are nested"),
    ("pattern too large", "it repeats too much and becomes too large"),
    ("missing )", "a ( is not closed; an ordinary parenthesis is written \\( or \\)"),
    ("unexpected )", "a ) has no ( before it; an ordinary parenthesis is written \\( or \\)"),
    ("missing ]", "a [ is not closed; an ordinary bracket is written \\["),
    ("no argument for repetition operator", "a repetition (* + ? {}) has nothing before it; an ordinary one is written \\*"),
    ("bad repetition operator", "two repetitions (* + ? {}) stand one after the other"),
    ("trailing \\", "it ends with a single \\; an ordinary \\ is written \\\\"),
    ("invalid character class range", "a range or class of characters in it does not exist"),
)  # fmt: skip
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A usable pattern; its classes of digits, words and white space mean ASCII characters."""

    text: str
    compiled: "re2._Regexp"

    def find(self, value: str) -> str | None:
        """What group 1 found, without groups the whole match; empty for a group that took no part, None for no match."""
        # RE2 counts bytes: searching bytes and cutting bytes out spares the way back to characters
        found = self.compiled.search(value.encode("utf-8", "replace"))
        if found is None:
            return None
        cut: bytes | None = found.group(1 if self.compiled.groups else 0)
        return (cut or b"").decode("utf-8")


@cache
def usable(text: str) -> Pattern | str:
    """The pattern of a text, or why it cannot be used (M034)."""
    if len(text) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return Pattern(text, re2.compile(text, options))
    except re2.error as error:
        said = error.args[0]
        return _reason(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said))
    except UnicodeEncodeError:
        return "it contains a character that is none"


def _reason(said: str) -> str:
    """RE2's words as a sentence for people who write patterns rarely."""
    kind, _, what = said.partition(": ")
    if kind == "invalid perl operator":
        if what in _LOOKS:
            return f"it looks ahead or behind ({what}...), which is not possible here"
        return (
            "it goes back to an earlier group, which is not possible here"
            if what == "(?P"
            else f"it uses {what}...), which is not possible here"
        )
    if kind == "invalid escape sequence":
        if what[1:].isdigit():
            return f"it goes back to an earlier group ({what}), which is not possible here"
        return f"{what} means nothing here" + ("; the end of the text is written $" if what == "\\Z" else "")
    return next((reason for start, reason in _REASONS if said.startswith(start)), said)
