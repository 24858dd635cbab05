"""How many columns a text takes on a terminal: wide characters take two, accents set apart none."""

import unicodedata

_NOTHING = frozenset(("Mn", "Me", "Cf"))


def cells(text: str) -> int:
    """The columns a text takes.

    >>> cells("Groesse"), cells("注文"), cells("u\u0308ber")
    (7, 4, 4)
    """
    return len(text) if text.isascii() else sum(map(_cells, text))


def filled(text: str, width: int, *, right: bool = False) -> str:
    """A text with blanks up to a width; a longer one as it is.

    >>> filled("注文", 6) + "|", filled("5", 3, right=True)
    ('注文  |', '  5')
    """
    blanks = " " * (width - cells(text))
    return blanks + text if right else text + blanks


def _cells(character: str) -> int:
    if unicodedata.category(character) in _NOTHING:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
