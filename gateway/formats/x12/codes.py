"""Where X12 segments carry pairs of qualifier and id, and which element of a segment qualifies it."""

from collections.abc import Mapping
from types import MappingProxyType

FIRST_PAIR: Mapping[str, int] = MappingProxyType({"PO1": 6, "IT1": 6, "LIN": 2, "SLN": 9, "SDQ": 3, "POC": 8, "ACK": 7})
"""The element where the pairs of a segment begin."""

QUALIFIER: Mapping[str, int] = MappingProxyType({"HL": 3})
"""The element that tells one occurrence from another; element 1 where the segment is not listed."""


def qualifier_element(segment_id: str) -> int:
    """The element of a segment that qualifies it.

    >>> qualifier_element("HL"), qualifier_element("N1")
    (3, 1)
    """
    return QUALIFIER.get(segment_id, 1)
