"""Which characters may leave in data and as separators, and what takes the place of those that may not."""

# ruff: noqa: RUF001 - signs that look like others are the subject of this module

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from gateway.formats.x12.delimiters import Separators

Charset = Literal["basic", "extended", "utf8"]
OnBadCharacter = Literal["replace", "error", "transliterate"]

CHARSETS: tuple[Charset, ...] = ("basic", "extended", "utf8")
ON_BAD_CHARACTER: tuple[OnBadCharacter, ...] = ("replace", "error", "transliterate")

# X12.6 3.3.1 and 3.3.2; the national letters of 3.3.2 have no encoding there, so they leave under utf8 only
BASIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !\"&'()*+,-./:;?="
_EXTENDED = BASIC + "abcdefghijklmnopqrstuvwxyz%@[]_{}\\|<>~^`#$"
_AS_SEPARATOR = frozenset("!\"#$%&'()*+,/:;<=>?@[\\]^_`{|}~\x07\x1c\x1d\x1e\x1f")
_LINE_ENDS = "\r\n"

_PLAIN_LETTERS = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d",
    "Ð": "D", "þ": "th", "Þ": "TH", "ł": "l", "Ł": "L", "ı": "i", "µ": "u", "μ": "u", "€": "EUR", "£": "GBP",
    "¥": "JPY", "©": "(c)", "®": "(r)", "×": "x", "÷": "/", "¿": "?", "¡": "!", "·": ".", "•": "-", "°": " deg",
    "½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⁄": "/", "…": "...", "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-",
    "―": "-", "−": "-", "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"',
    "«": '"', "»": '"', "‹": "'", "›": "'",
}  # fmt: skip
_BASIC_INSTEAD = {
    "[": "(", "{": "(", "<": "(", "]": ")", "}": ")", ">": ")", "_": "-", "~": "-", "\\": "/", "|": "/", "`": "'",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Characters:
    """What was agreed about characters; ``instead`` stands where nothing else can, it is one of the basic set."""

    charset: Charset = "extended"
    on_bad: OnBadCharacter = "transliterate"
    instead: str = " "


@dataclass(frozen=True, slots=True)
class WritingOptions:
    """What a mapping says about characters; ``charset`` None leaves it to the partner file."""

    charset: Charset | None = None
    on_bad: OnBadCharacter = "transliterate"
    instead: str = " "

    def characters(self, charset: Charset) -> Characters:
        """The rules for one document to a partner with this character set."""
        return Characters(self.charset or charset, self.on_bad, self.instead)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A value as it may leave; ``separators`` and ``others`` are the characters of it that could not."""

    text: str
    separators: str = ""
    others: str = ""

    @property
    def is_capitals(self) -> bool:
        """Whether nothing happened but that small letters became capitals."""
        return bool(self.text) and not self.separators and not self.others


def separators_fault(separators: Separators, after_segment: str, *, repeats: bool = True) -> str:
    """Why separators cannot be used for writing, in a sentence; empty when they can.

    ``repeats`` false: the version has no repetition separator and it is not looked at.
    """
    chosen = [("element", separators.element), ("component", separators.component)]
    chosen += [("repetition", separators.repetition)] if repeats else []
    chosen.append(("segment", separators.terminator))
    for name, character in chosen:
        if len(character) != 1:
            return f"the {name} separator is one character, not '{character}'"
        allowed = character in _AS_SEPARATOR or (name == "segment" and character in _LINE_ENDS)
        if not allowed:
            return f"{character!r} cannot be the {name} separator; letters, digits, blanks, '-' and '.' stand in data"
    for at, (name, character) in enumerate(chosen):
        same = next((other for other, used in chosen[at + 1 :] if used == character), None)
        if same is not None:
            return f"{character!r} cannot be both the {name} and the {same} separator"
    if after_segment and separators.terminator in _LINE_ENDS:
        return "a line end is the segment separator already; 'after_segment' must be none"
    return ""


class Cleaner:
    """Replaces what may not leave; ``reserved`` are the separators of the interchange."""

    def __init__(self, rules: Characters, reserved: Collection[str]) -> None:
        self.rules = rules
        self.reserved = frozenset(reserved)
        self.allowed = frozenset(BASIC if rules.charset == "basic" else _EXTENDED) - self.reserved
        self.good = only(self.allowed)
        self.instead = rules.instead if rules.instead in self.allowed else " "

    def clean(self, value: str) -> Cleaned | None:
        """The value as it may leave, None when that is how it is."""
        if self.good(value):
            return None
        bad = [character for character in dict.fromkeys(value) if not self.is_good(character)]
        if not bad:
            return None
        text = "".join(character if self.is_good(character) else self.other(character) for character in value)
        told = [each for each in bad if not self.is_case_only(each)]
        return Cleaned(
            text.strip(),
            "".join(each for each in told if each in self.reserved),
            "".join(each for each in told if each not in self.reserved),
        )

    def is_good(self, character: str) -> bool:
        """Whether a character may stand in data."""
        if character in self.reserved:
            return False
        return character in self.allowed or (self.rules.charset == "utf8" and character.isprintable())

    def is_case_only(self, character: str) -> bool:
        """Small letters of the basic set leave as capitals, and nobody needs to be told."""
        return self.rules.charset == "basic" and self.rules.on_bad != "error" and "a" <= character <= "z"

    def other(self, character: str) -> str:
        """What takes the place of a character; a separator never gets a letter instead."""
        if self.is_case_only(character):
            return character.upper()
        if character in self.reserved or self.rules.on_bad != "transliterate":
            return self.instead
        text = plain(character)
        if self.rules.charset == "basic":
            text = "".join(_BASIC_INSTEAD.get(each, each) for each in text).upper()
        return text if text and self.allowed.issuperset(text) else self.instead


def at_most_extended(charset: Charset) -> Charset:
    """The set for what must be ASCII in any case."""
    return "extended" if charset == "utf8" else charset


def only(characters: Iterable[str]) -> Callable[[str], object]:
    """A check whether a text is made of these characters alone."""
    return re.compile(f"[{re.escape(''.join(sorted(characters)))}]*").fullmatch


def fitting(text: str, most: int) -> str:
    """The beginning of a text that has at most so many characters, also when each of it is said in ASCII.

    >>> fitting("ABC", 2), fitting("A…B", 4), fitting("A…B", 3)
    ('AB', 'A…', 'A')
    """
    if text.isascii():
        return text[:most]
    longest = accumulate(max(len(plain(each)), 1) for each in text)
    return text[: sum(length <= most for length in longest)]


@lru_cache(maxsize=1024)
def plain(character: str) -> str:
    """A character in ASCII, empty when there is no way to say it.

    >>> plain("é"), plain("ß"), plain("™"), plain("漢")
    ('e', 'ss', 'TM', '')
    """
    if character in _PLAIN_LETTERS:
        return _PLAIN_LETTERS[character]
    apart = unicodedata.normalize("NFKD", character)
    letters = "".join(_PLAIN_LETTERS.get(each, each) for each in apart if not unicodedata.combining(each))
    return letters if letters.isascii() and letters.isprintable() else ""
