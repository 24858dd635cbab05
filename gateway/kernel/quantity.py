"""Quantities are Decimals; the one way to write one as plain text."""

from decimal import Decimal

ZERO = Decimal(0)


def plain(number: Decimal) -> str:
    """A Decimal without exponent, without trailing zeros after the point.

    >>> plain(Decimal("12.00")), plain(Decimal("1E+2")), plain(Decimal("0.50"))
    ('12', '100', '0.5')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text
