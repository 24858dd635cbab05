"""What to ask of the sender: one request for each fault, in words of somebody who never saw the standard."""

from gateway.kernel.faults import ElementFault, Fault, GroupFault, InterchangeFault, SegmentFault, SetFault
from gateway.kernel.issue import Issue

DOCUMENTS = {
    "180": "return request", "810": "invoice", "812": "credit or debit note", "820": "payment",
    "824": "application advice", "830": "planning schedule", "832": "price list", "846": "stock report",
    "850": "purchase order", "852": "sales report", "855": "order acknowledgment", "856": "ship notice",
    "860": "order change", "861": "receiving advice", "865": "order change acknowledgment", "870": "order status",
    "875": "grocery order", "880": "grocery invoice", "940": "warehouse order", "945": "warehouse ship confirmation",
    "997": "acknowledgment of receipt", "999": "acknowledgment of receipt",
}  # fmt: skip
"""What people call the transaction sets we ship."""

_ELEMENT = {
    ElementFault.MANDATORY_MISSING: "fill in {name}",
    ElementFault.CONDITIONAL_MISSING: "fill in {name}, or leave out what requires it",
    ElementFault.TOO_MANY_ELEMENTS: "send nothing from {name} on",
    ElementFault.TOO_SHORT: "send {name} in its full length",
    ElementFault.TOO_LONG: "shorten {name}",
    ElementFault.INVALID_CHARACTER: "send {name} without the characters that may not stand there",
    ElementFault.INVALID_CODE: "use a code of the standard's list in {name}",
    ElementFault.INVALID_DATE: "send a real date in {name}",
    ElementFault.INVALID_TIME: "send a real time in {name}",
    ElementFault.EXCLUSION_VIOLATED: "leave out {name}, or what stands beside it",
    ElementFault.TOO_MANY_REPETITIONS: "send fewer values in {name}",
    ElementFault.TOO_MANY_COMPONENTS: "send nothing from {name} on",
}
_SEGMENT = {
    SegmentFault.UNRECOGNIZED: "leave out the segment {segment}",
    SegmentFault.UNEXPECTED: "leave out the segment {segment}",
    SegmentFault.MANDATORY_MISSING: "add the segment {segment}",
    SegmentFault.LOOP_OVER_MAXIMUM: "send fewer groups of segments that begin with {segment}",
    SegmentFault.OVER_MAXIMUM_USE: "send the segment {segment} less often",
    SegmentFault.NOT_IN_SET: "leave out the segment {segment}",
    SegmentFault.OUT_OF_SEQUENCE: "put the segment {segment} where it belongs, or leave it out",
    SegmentFault.ELEMENT_ERRORS: "correct the segment {segment}",
}
_SET = {
    SetFault.NOT_SUPPORTED: "send only documents that are supported",
    SetFault.TRAILER_MISSING: "end the set with its trailer (SE)",
    SetFault.CONTROL_NUMBER_MISMATCH: "send the same control number in ST02 and SE02",
    SetFault.SEGMENT_COUNT: "count the segments from ST to SE in SE01",
    SetFault.SET_ID: "send the document in a group of its own kind",
    SetFault.CONTROL_NUMBER: "send a control number in ST02",
    SetFault.CONTROL_NUMBER_NOT_UNIQUE: "number the sets of a group so that no number comes twice",
}
_GROUP = {
    GroupFault.NOT_SUPPORTED: "send only kinds of documents that are supported",
    GroupFault.VERSION_NOT_SUPPORTED: "send in a version that is supported",
    GroupFault.TRAILER_MISSING: "end the group with its trailer (GE)",
    GroupFault.CONTROL_NUMBER_MISMATCH: "send the same control number in GS06 and GE02",
    GroupFault.SET_COUNT: "count the sets of the group in GE01",
    GroupFault.CONTROL_NUMBER_SYNTAX: "send a number of 1 to 9 digits in GS06",
    GroupFault.CONTROL_NUMBER_NOT_UNIQUE: "number the groups so that no number comes twice",
}
_INTERCHANGE = {
    InterchangeFault.CONTROL_NUMBER_MISMATCH: "send the same control number in ISA13 and IEA02",
    InterchangeFault.GROUP_COUNT: "count the groups of the interchange in IEA01",
    InterchangeFault.IMPROPER_END: "send the interchange whole, up to its trailer (IEA)",
    InterchangeFault.CONTROL_STRUCTURE: "put every segment into a set (ST to SE), and every set into a group (GS to GE)",
    InterchangeFault.INVALID_CONTENT: "leave out what stands between the sets, beginning with {name}",
    InterchangeFault.ELEMENT_SEPARATOR: "use separators that are neither letters, digits nor blanks, sent unconverted",
    InterchangeFault.COMPONENT_SEPARATOR: "name a component separator in ISA16, neither letter, digit nor blank, sent unconverted",
    InterchangeFault.SEGMENT_TERMINATOR: "end segments with a character that stands nowhere else, sent unconverted",
    InterchangeFault.SENDER_QUALIFIER: "send in ISA05 a qualifier of the standard, such as ZZ",
    InterchangeFault.RECEIVER_QUALIFIER: "send in ISA07 a qualifier of the standard, such as ZZ",
    InterchangeFault.DEFERRED_DELIVERY: "leave out the segment ISE",
    InterchangeFault.GRADE_OF_SERVICE: "leave out the segment ISB",
}


def request(issue: Issue) -> str:
    """What the sender has to do about one fault.

    >>> from gateway.kernel.issue import Place
    >>> request(Issue(ElementFault.MANDATORY_MISSING, Place("PO1", 7, "PO1", 2)))
    'fill in PO102'
    """
    place = issue.place
    if issue.fault is SetFault.SET_ID and (not place.element or not issue.value):
        return "begin each set with its header (ST) and the number of the set in ST01"
    if issue.fault is InterchangeFault.INVALID_CONTENT and place.element:
        return f"correct {name_of(issue)}"
    return _template(issue.fault).format(segment=place.segment, name=name_of(issue))


def name_of(issue: Issue) -> str:
    """The place of a fault as people write it: PO102, SLN09-01, or the segment alone."""
    place = issue.place
    if not place.element:
        return place.segment
    return f"{place.segment}{place.element:02d}" + (f"-{place.component:02d}" if place.component else "")


def _template(fault: Fault) -> str:
    if isinstance(fault, ElementFault):
        return _ELEMENT[fault]
    if isinstance(fault, SegmentFault):
        return _SEGMENT[fault]
    if isinstance(fault, SetFault):
        return _SET.get(fault, "correct the set")
    if isinstance(fault, GroupFault):
        return _GROUP[fault]
    return _INTERCHANGE.get(fault, "correct {name}")
