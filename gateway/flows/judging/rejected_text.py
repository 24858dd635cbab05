"""Why a set or a group was rejected, in a sentence for whoever finds it on hold: which, where, what was sent, what they have to do."""

from collections.abc import Iterable

from gateway.exchange.acknowledgment import GroupVerdict, SetVerdict
from gateway.flows.judging.advice import DOCUMENTS, request
from gateway.flows.judging.report import said
from gateway.kernel.issue import Issue

MOST_TOLD = 8
"""So many faults are told one by one; 'gateway validate' shows all."""


def of_set(verdict: SetVerdict, partner: str) -> str:
    """The reason of a rejected set."""
    received = verdict.received
    kind = DOCUMENTS.get(received.set_id)
    what = (
        f"{kind} in set {received.control_number} ({received.set_id})"
        if kind
        else f"set {received.set_id} {received.control_number}"
    )
    faults = [*verdict.issues, *(fault for fault in received.guide_issues if fault in verdict.faults)]
    if not faults:
        return f"The {what} was rejected, because its group was rejected."
    return f"The {what} was rejected. {' '.join(_told(faults))} {partner} has to: {_asked(faults)}."


def of_group(verdict: GroupVerdict) -> str:
    """The reason of a group that was rejected with nothing in it."""
    group = verdict.group
    why = " ".join(_told(verdict.issues)) or "Nothing in it could be taken."
    return (
        f"Group {group.control_number} ({group.functional_id}) was rejected (AK905 {', '.join(verdict.codes)}). {why}"
    )


def _told(faults: Iterable[Issue]) -> list[str]:
    listed = list(faults)
    told = [_located(each) for each in listed[:MOST_TOLD]]
    return [*told, f"And {len(listed) - MOST_TOLD} more."] if len(listed) > MOST_TOLD else told


def _located(fault: Issue) -> str:
    sentence = said(fault) if said(fault).endswith((".", "?", "!")) else f"{said(fault)}."
    return f"Segment {fault.place.position}: {sentence}" if fault.place.position else sentence


def _asked(faults: Iterable[Issue]) -> str:
    wanted = list(dict.fromkeys(request(each) for each in faults))
    return "; ".join([*wanted[:MOST_TOLD], *(["correct what else is told above"] if len(wanted) > MOST_TOLD else [])])
