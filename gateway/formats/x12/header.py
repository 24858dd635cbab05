"""Judge the fields of an ISA: each against its own rule of the standard, whatever repairs made it readable."""

from collections.abc import Iterator, Sequence

from gateway.formats.x12 import guide
from gateway.formats.x12.delimiters import ISA_LENGTHS
from gateway.formats.x12.elements import is_date, is_time
from gateway.kernel.faults import InterchangeFault
from gateway.kernel.issue import Issue, Place

_FIRST_WITH_REPETITION = "00402"
_SECRET = (2, 4)
_CODED = {
    1: (InterchangeFault.AUTHORIZATION_QUALIFIER, "the authorization qualifier"),
    3: (InterchangeFault.SECURITY_QUALIFIER, "the security qualifier"),
    5: (InterchangeFault.SENDER_QUALIFIER, "the qualifier of the sender"),
    7: (InterchangeFault.RECEIVER_QUALIFIER, "the qualifier of the receiver"),
    14: (InterchangeFault.ACKNOWLEDGMENT_REQUESTED, "whether an acknowledgment is asked for"),
    15: (InterchangeFault.TEST_INDICATOR, "whether it is test or production"),
}
_FIXED = {
    2: (InterchangeFault.AUTHORIZATION_INFORMATION, "the authorization information"),
    4: (InterchangeFault.SECURITY_INFORMATION, "the security information"),
    6: (InterchangeFault.SENDER_ID, "the id of the sender"),
    8: (InterchangeFault.RECEIVER_ID, "the id of the receiver"),
}


def check(elements: Sequence[str], offset: int) -> Iterator[Issue]:
    """Every fault of the header, in order of position; ``elements[0]`` is the id."""
    specs = guide.envelope(guide.versions()[-1])["ISA"].elements
    for at in range(1, 16):
        value = elements[at] if at < len(elements) else ""
        if at in _FIXED:
            fault, what = _FIXED[at]
            if len(value) != ISA_LENGTHS[at] or (at in (6, 8) and not value.strip()):
                shown = "" if at in _SECRET else f"'{value}' has "  # it may be a password, which nobody is told
                words = f"{shown}{len(value)} characters; exactly {ISA_LENGTHS[at]} belong here."
                yield _issue(fault, at, "" if at in _SECRET else value, f"{what}: {words}", offset)
        elif at in _CODED:
            fault, what = _CODED[at]
            codes = specs[at - 1].codes
            if codes is not None and value not in codes:
                yield _issue(fault, at, value, f"{what}: '{value}' is not in the list of codes.", offset)
        else:
            yield from _other(at, value, elements[12] if len(elements) > 12 else "", offset)  # noqa: PLR2004 - ISA12
    if len(elements) > 16 and not elements[16]:  # noqa: PLR2004 - ISA16
        words = "ISA16, the component separator, is missing."
        yield Issue(InterchangeFault.COMPONENT_SEPARATOR, Place("ISA", 0, "", 16, offset=offset), "", words, noted=True)


def _other(at: int, value: str, version: str, offset: int) -> Iterator[Issue]:
    digits = value.isascii() and value.isdigit()
    if at == 9 and not (len(value) == ISA_LENGTHS[9] and is_date(value)):  # noqa: PLR2004 - ISA09
        yield _issue(InterchangeFault.DATE, at, value, f"the date: '{value}' is not a date YYMMDD.", offset)
    elif at == 10 and not (len(value) == ISA_LENGTHS[10] and is_time(value)):  # noqa: PLR2004 - ISA10
        yield _issue(InterchangeFault.TIME, at, value, f"the time: '{value}' is not a time HHMM.", offset)
    elif at == 11 and version < _FIRST_WITH_REPETITION and value != "U":  # noqa: PLR2004 - ISA11
        yield _issue(
            InterchangeFault.STANDARDS_ID,
            at,
            value,
            f"the standards id: '{value}' stands here; 'U' belongs here before version 00402.",
            offset,
        )
    elif at == 12:  # noqa: PLR2004 - ISA12
        yield from _version(value, offset)
    elif at == 13 and not (digits and len(value) == ISA_LENGTHS[13]):  # noqa: PLR2004 - ISA13
        yield _issue(
            InterchangeFault.CONTROL_NUMBER,
            at,
            value,
            f"the control number: '{value}' is not a number of 9 digits.",
            offset,
        )


def _version(value: str, offset: int) -> Iterator[Issue]:
    """017 for what is not in the standard's list of header versions, 003 for one later than the list knows."""
    known = guide.envelope(guide.versions()[-1])["ISA"].elements[11].codes or frozenset()
    if value in known:
        return
    digits = value.isascii() and value.isdigit() and len(value) == ISA_LENGTHS[12] and value.startswith("00")
    if digits and value > max(known):
        words = f"the version: '{value}' is later than any version of the interchange header that can be read."
        yield _issue(InterchangeFault.VERSION_NOT_SUPPORTED, 12, value, words, offset)
    else:
        words = f"the version: '{value}' is no version of the interchange header."
        yield _issue(InterchangeFault.VERSION_ID, 12, value, words, offset)


def _issue(fault: InterchangeFault, at: int, value: str, words: str, offset: int) -> Issue:
    return Issue(fault, Place("ISA", 0, "", at, offset=offset), value, f"ISA{at:02d}, {words}")
