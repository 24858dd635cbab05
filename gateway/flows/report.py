"""What an examination found, as JSON for programs and as words for clerks."""

from collections.abc import Iterator
from typing import Any

from gateway.exchange.acknowledgment import GroupVerdict, InterchangeVerdict, SetVerdict, Verdict
from gateway.flows.examine import Examination
from gateway.kernel.faults import ElementFault, SegmentFault
from gateway.kernel.issue import FileIssue, Issue

View = dict[str, Any]

_WORDS = {
    Verdict.ACCEPTED: "accepted",
    Verdict.ERRORS: "accepted, with errors noted",
    Verdict.PARTIAL: "partly accepted",
    Verdict.REJECTED: "rejected",
}
_GOOD = (Verdict.ACCEPTED, Verdict.ERRORS)


def is_clean(seen: Examination) -> bool:
    """Whether everything is accepted (A or E) and nothing was unreadable."""
    if seen.issues or not seen.interchanges:
        return False
    return all(
        each.verdict.verdict in _GOOD and all(group.verdict in _GOOD for group in each.verdict.groups)
        for each in seen.interchanges
    )


def validation_report(file: str, seen: Examination) -> View:
    """The JSON of ``gateway validate --json``."""
    return {
        "file": file,
        "interchanges": [_interchange(each.verdict) for each in seen.interchanges],
        "repairs": [{"kind": each.kind.value, "offset": each.offset, "message": each.message} for each in seen.repairs],
        "issues": [_file_issue(each) for each in seen.issues],
    }


def _interchange(judged: InterchangeVerdict) -> View:
    received = judged.received
    return {
        "control_number": received.control_number,
        "sender": received.sender,
        "receiver": received.receiver,
        "ta1": {"verdict": judged.verdict.value, "code": judged.code},
        "issues": [
            {"code": str(i.fault.value), "offset": i.place.offset, "message": i.message} for i in received.issues
        ],
        "groups": [_group(group) for group in judged.groups],
    }


def _group(judged: GroupVerdict) -> View:
    group = judged.group
    return {
        "id": group.functional_id, "control_number": group.control_number, "version": group.version,
        "verdict": judged.verdict.value, "codes": list(judged.codes), "included": judged.included,
        "received": judged.received, "accepted": judged.accepted,
        "issues": [{"code": str(i.fault.value), "offset": i.place.offset, "message": i.message} for i in group.issues],
        "sets": [_set(each) for each in judged.sets],
    }  # fmt: skip


def _set(judged: SetVerdict) -> View:
    return {
        "set": judged.received.set_id, "control_number": judged.received.control_number,
        "verdict": judged.verdict.value, "codes": list(judged.codes),
        "faults": [_fault(issue) for issue in judged.received.issues],
        "guide_faults": [_fault(issue) for issue in judged.received.guide_issues],
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


def validation_text(file: str, seen: Examination) -> str:
    """The same for a person: the verdict first, then each fault with its place in words."""
    lines = [f"{file}: {'everything is accepted' if is_clean(seen) else 'not everything is accepted'}"]
    lines += [f"  {issue.code} at byte {issue.offset}: {issue.message}" for issue in seen.issues]
    for each in seen.interchanges:
        lines += _interchange_lines(each.verdict)
    lines += [f"  repaired {each.kind.value} at byte {each.offset}: {each.message}" for each in seen.repairs]
    return "\n".join(lines)


def _interchange_lines(judged: InterchangeVerdict) -> Iterator[str]:
    received = judged.received
    said = f" (TA1 {judged.verdict.value} {judged.code})" if judged.code != "000" else ""
    yield f"  interchange {received.control_number} from {received.sender} to {received.receiver}: {_WORDS[judged.verdict]}{said}"
    yield from (f"    {issue.message}" for issue in received.issues)
    for group in judged.groups:
        yield from _group_lines(group)


def _group_lines(judged: GroupVerdict) -> Iterator[str]:
    group = judged.group
    counts = f"{judged.accepted} of {judged.received} sets accepted"
    yield f"    group {group.control_number} ({group.functional_id}, {group.version}): {_WORDS[judged.verdict]}, {counts}"
    yield from (f"      {issue.message}" for issue in group.issues)
    for each in judged.sets:
        yield f"      set {each.received.set_id} {each.received.control_number}: {_WORDS[each.verdict]}"
        yield from (f"        {_where(issue)}{issue.message}" for issue in each.received.issues)
        if each.received.guide_issues:
            yield f"        against the partner guide {each.received.guide_name}:"
        yield from (f"          {_where(issue)}{issue.message}" for issue in each.received.guide_issues)


def _where(issue: Issue) -> str:
    return f"segment {issue.place.position}: " if issue.place.position else ""
