"""Check digits of the ids on goods and cartons: is the number one, and is its last digit right."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.orders.shipping.sscc import check_digit

LENGTHS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"gtin": (8, 12, 13, 14), "upc": (12,), "sscc": (18, 20), "gln": (13,)}
)
"""The kinds of id that ``validate`` knows, with the numbers of digits they may have."""

_WITH_IDENTIFIER = 20


def fault(kind: str, text: str) -> str | None:
    """What is wrong with an id of a kind, None when nothing is.

    >>> fault("upc", "036000291453")
    "'036000291453' is not a UPC: its check digit is 3 and 2 would be right"
    """
    name = kind.upper()
    article = "an" if kind == "sscc" else "a"
    lengths = LENGTHS[kind]
    if not (text.isascii() and text.isdigit()) or len(text) not in lengths:
        sizes = " or ".join(filter(None, (", ".join(map(str, lengths[:-1])), str(lengths[-1]))))
        return f"'{text[:40]}' is not {article} {name}: it has {sizes} digits"
    digits = text
    if len(text) == _WITH_IDENTIFIER:
        if not text.startswith("00"):
            return f"'{text}' is not an SSCC: one with 20 digits begins with 00"
        digits = text[2:]
    right = check_digit(digits[:-1])
    if digits[-1] == right:
        return None
    return f"'{text}' is not {article} {name}: its check digit is {digits[-1]} and {right} would be right"
