"""What an examination found, as JSON for programs; lists that may be long are made while they are written."""

from collections.abc import Iterator
from typing import Any

from gateway.exchange.acknowledgment import GroupVerdict, InterchangeVerdict, SetVerdict, Verdict
from gateway.exchange.interchange import ReceivedSet
from gateway.flows.judging.examine import Examination
from gateway.kernel.faults import ElementFault, SegmentFault
from gateway.kernel.issue import FileIssue, Issue

View = dict[str, Any]

_GOOD = (Verdict.ACCEPTED, Verdict.ERRORS)
_ELEMENT_OF = {"element": "AK403", "segment": "AK304", "set": "AK502"}
SECRET = (2, 4)
"""The elements of an ISA that may hold a password."""


def is_clean(seen: Examination) -> bool:
    """Whether everything is accepted (A or E) and nothing was unreadable."""
    if seen.issues or not seen.interchanges:
        return False
    return all(
        each.verdict.verdict in _GOOD and all(group.verdict in _GOOD for group in each.verdict.groups)
        for each in seen.interchanges
    )


def first_code(seen: Examination) -> str:
    """The first code to ask about: of the file, of its envelope, or of a value or segment in it; empty where nothing is wrong."""
    if seen.issues:
        return seen.issues[0].code
    for each in seen.interchanges:
        if each.verdict.verdict not in _GOOD:
            return f"TA105 {each.verdict.code}"
        faults = (issue for group in each.verdict.groups for one in group.sets for issue in one.issues)
        for issue in faults:
            return f"{_ELEMENT_OF[_level(issue)]} {issue.fault.value}"
    return ""


def said(issue: Issue) -> str:
    """The sentence of a fault; what stands in ISA02 or ISA04 may be a password and is never told.

    >>> from gateway.kernel.faults import InterchangeFault
    >>> from gateway.kernel.issue import Place
    >>> said(Issue(InterchangeFault.SECURITY_INFORMATION, Place("ISA", element=4), "abc", "ISA04: 'abc' is too short."))
    "ISA04: '###' is too short."
    """
    if issue.place.segment == "ISA" and issue.place.element in SECRET:
        return issue.message.replace(f"'{issue.value}'", f"'{masked(issue.value)}'")
    return issue.message


def masked(value: str) -> str:
    """A value that may be a password; blanks are none and stay."""
    return "#" * len(value) if value.strip() else value


def validation_report(file: str, seen: Examination) -> View:
    """The JSON of ``gateway validate --json``, whole."""
    report: View = _solid(validation_view(file, seen))
    return report


def validation_view(file: str, seen: Examination) -> View:
    """The same with iterators in the place of lists, each to be used once: no set is held in memory."""
    return {
        "file": file,
        "interchanges": (_interchange(each.verdict) for each in seen.interchanges),
        "repairs": ({"kind": each.kind.value, "offset": each.offset, "message": each.message} for each in seen.repairs),
        "issues": (_file_issue(each) for each in seen.issues),
    }


def _solid(value: Any) -> Any:
    if isinstance(value, Iterator):
        return [_solid(each) for each in value]
    return {name: _solid(each) for name, each in value.items()} if isinstance(value, dict) else value


def _interchange(judged: InterchangeVerdict) -> View:
    received = judged.received
    return {
        "control_number": received.control_number,
        "sender": received.sender,
        "receiver": received.receiver,
        "ta1": {"verdict": judged.verdict.value, "code": judged.code},
        "issues": ({"code": str(i.fault.value), "offset": i.place.offset, "message": said(i)} for i in received.issues),
        "groups": (_group(group) for group in judged.groups),
    }


def _group(judged: GroupVerdict) -> View:
    group = judged.group
    return {
        "id": group.functional_id, "control_number": group.control_number, "version": group.version,
        "verdict": judged.verdict.value, "codes": list(judged.codes), "included": judged.included,
        "received": judged.received, "accepted": judged.accepted,
        "sets": (_set(each) for each in judged.sets),
    }  # fmt: skip


def _set(judged: SetVerdict) -> View:
    return {
        "set": judged.received.set_id, "control_number": judged.received.control_number,
        "verdict": judged.verdict.value, "codes": list(judged.codes),
        "faults": (_fault(issue) for issue in judged.issues) if judged.issues else [],
        **_guide_faults(judged.received),
    }  # fmt: skip


def _fault(issue: Issue) -> View:
    place = issue.place
    return {
        "level": _level(issue), "code": str(issue.fault.value), "segment": place.segment, "position": place.position,
        "loop": place.loop, "element": place.element, "component": place.component, "value": issue.value,
        "message": issue.message,
    }  # fmt: skip


def _level(issue: Issue) -> str:
    if isinstance(issue.fault, ElementFault):
        return "element"
    return "segment" if isinstance(issue.fault, SegmentFault) else "set"


def _file_issue(issue: FileIssue) -> View:
    return {"code": issue.code, "offset": issue.offset, "message": issue.message}


def _guide_faults(received: ReceivedSet) -> View:
    """The faults against the partner's guide, apart; nothing where there is no such guide."""
    if not received.guide_name:
        return {}
    return {"guide": received.guide_name, "guide_faults": [_fault(issue) for issue in received.guide_issues]}
