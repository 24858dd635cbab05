"""Say in words of the trade what a partner rejected: the document, its segment and element, and what was wrong."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from gateway.exchange.answers import ToldFault
from gateway.formats.record import Segment
from gateway.formats.x12.guide import Guide
from gateway.kernel.issue import Place

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "855": "order acknowledgment for PO", "865": "change acknowledgment for PO", "856": "ship notice",
        "810": "invoice", "846": "inventory advice", "870": "order status", "940": "warehouse order", "997": "997 about group",
        "999": "999 about group", "TA1": "TA1 about interchange", "824": "824",
    }
)  # fmt: skip
"""What people call our documents."""

SEGMENT_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "1": "they know no such segment", "2": "they did not expect it there", "3": "it must be there and is missing",
        "4": "its loop comes too often", "5": "it comes too often", "6": "it does not belong into this document",
        "7": "it stands in the wrong order", "8": "something in it is wrong", "I4": "their own guide does not use it",
        "I6": "their own guide needs it", "I7": "their own guide allows it fewer times", "I8": "something in it breaks their own guide",
        "I9": "it depends on other data in their own guide",
    }
)  # fmt: skip
ELEMENT_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "1": "it must be there and is missing", "2": "it must be there because of another element", "3": "there are too many elements",
        "4": "it is too short", "5": "it is too long", "6": "it has a character that is not allowed", "7": "it is no code of the list",
        "8": "it is no date", "9": "it is no time", "10": "it excludes another element", "12": "it is repeated too often",
        "13": "it has too many parts", "I6": "their own guide allows no such code", "I9": "it depends on other data in their own guide",
        "I10": "their own guide does not use it", "I11": "its value does not fit their own guide", "I12": "their own guide asks for another form",
        "I13": "their own guide needs it",
    }
)  # fmt: skip
SET_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "1": "they do not take this document", "2": "its end (SE) is missing", "3": "the numbers of ST and SE differ",
        "4": "SE01 counts the segments wrongly", "5": "segments are wrong", "6": "the set identifier is wrong or missing",
        "7": "the control number is wrong or missing", "23": "the control number was used before in the group",
        "I6": "it does not follow their own guide",
    }
)  # fmt: skip
GROUP_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "1": "they do not take groups of this kind", "2": "they do not take this version", "3": "the end of the group (GE) is missing",
        "4": "the numbers of GS and GE differ", "5": "GE01 counts the sets wrongly", "6": "the number of the group is malformed",
        "19": "the number of the group was used before",
    }
)  # fmt: skip
INTERCHANGE_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "001": "the numbers of ISA and IEA differ", "002": "they do not take this standard", "003": "they do not take this version of the header",
        "004": "the segment terminator is wrong", "005": "they do not accept the qualifier of our id", "006": "they do not accept our id",
        "007": "they do not accept the qualifier of their id", "008": "they do not accept their id", "009": "they do not know the receiver",
        "010": "the authorization qualifier is wrong", "011": "the authorization information is wrong", "012": "the security qualifier is wrong",
        "013": "the security information is wrong", "014": "the date is wrong", "015": "the time is wrong", "016": "the standards id is wrong",
        "017": "the version is wrong", "018": "the control number is wrong", "019": "the request for an acknowledgment is wrong",
        "020": "the test indicator is wrong", "021": "the number of groups is wrong", "022": "the structure is wrong",
        "023": "it ends improperly", "024": "a group header is wrong", "025": "the control number was used before",
        "026": "the element separator is wrong", "027": "the component separator is wrong",
        "028": "they do not offer delivery at another time", "029": "they do not take the time of delivery", "030": "they do not take the time code of delivery",
        "031": "they do not offer this grade of service",
    }
)  # fmt: skip


def listed(codes: Sequence[str], words: Mapping[str, str]) -> str:
    """Codes of one list in words, each with its code.

    >>> listed(("5",), SET_FAULTS)
    'segments are wrong (5)'
    """
    return ", ".join(f"{words[code]} ({code})" if code in words else f"code {code}" for code in codes)


def faults(told: Sequence[ToldFault], layout: Guide | None, sent: Sequence[Segment]) -> Iterator[str]:
    """A sentence for each fault, with what we sent at that place where it can be found."""
    for each in told:
        where = _where(each.place, layout)
        what = _what(each)
        value = each.value or _sent_value(each.place, sent)
        said = f"; we sent '{value}'" if value else ""
        yield f"{where}: {what}{said}." if where else f"{what}{said}."


def _where(place: Place, layout: Guide | None) -> str:
    if not place.segment:
        return ""
    line = f"segment {place.position} " if place.position else "segment "
    spec = layout.segments.get(place.segment) if layout is not None else None
    named = f"{line}{place.segment}" + (f" ({spec.name})" if spec is not None else "")
    if not place.element:
        return named
    known = spec is not None and place.element <= len(spec.elements)
    name = f" ({spec.elements[place.element - 1].name})" if spec is not None and known else ""
    part = f", part {place.component}" if place.component else ""
    repeated = f", repetition {place.repetition}" if place.repetition else ""
    return f"{named}, {place.segment}{place.element:02d}{name}{part}{repeated}"


def _what(fault: ToldFault) -> str:
    table = ELEMENT_FAULTS if fault.place.element else SEGMENT_FAULTS
    if fault.words:
        return f"{fault.words} (code {fault.code})" if fault.code else fault.words
    return listed((fault.code,), table) if fault.code else "they say nothing more"


def _sent_value(place: Place, sent: Sequence[Segment]) -> str:
    """The element of ours at a place, if the segment there is the one they name."""
    if not (0 < place.position <= len(sent)) or not place.element:
        return ""
    segment = sent[place.position - 1]
    return segment[place.element] if segment[0] == place.segment and place.element < len(segment) else ""
