"""Control numbers used before: remembered for each partner, and judged as the agreement says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from gateway.config.agreement import ack_rules
from gateway.config.partner import Partner
from gateway.config.values import duration
from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.interchange import ReceivedGroup, ReceivedInterchange
from gateway.exchange.receipt import FileHold, Receipt, ReceivedControlNumber
from gateway.flows.judging.examine import ExaminedInterchange, judged_again
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.faults import GroupFault, InterchangeFault
from gateway.kernel.ids import PartnerId
from gateway.kernel.issue import Issue, Place


def checked(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, seen: ExaminedInterchange
) -> ExaminedInterchange | FileHold:
    """The interchange with what its control numbers mean, or the hold in which it waits (TA105 025, AK905 19)."""
    agreed = partner.identity().control_numbers
    if seen.verdict.verdict is Verdict.REJECTED:  # a number of what was rejected may be used again
        return seen
    received, refused = seen.received, False
    if agreed.isa13.check == "duplicate":
        number = _interchange_number(partner, receipt, received, bench.clock())
        reason = _used_before(bench, work, receipt, number, agreed.isa13.window, "Interchange")
        if reason and agreed.isa13.on_duplicate == "hold":
            return hold(bench, receipt, "X-DUP-ICN", reason, reference=received.control_number)
        if reason:
            refused = agreed.isa13.on_duplicate == "reject"
            place = Place("ISA", element=13)
            issue = Issue(InterchangeFault.DUPLICATE_CONTROL_NUMBER, place, received.control_number, reason)
            received = replace(received, issues=(*received.issues, issue))
    if agreed.gs06.check == "duplicate" and not refused:
        received = replace(received, groups=tuple(_groups(bench, work, partner, receipt, received)))
    if received == seen.received:
        return seen
    return judged_again(seen, received, ack_rules(partner)[0])


def _groups(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, received: ReceivedInterchange
) -> Iterator[ReceivedGroup]:
    """The groups, those whose number was used before with that fault."""
    window = partner.identity().control_numbers.gs06.window
    for group in received.groups:
        if any(issue.fault is GroupFault.CONTROL_NUMBER_NOT_UNIQUE for issue in group.issues):
            yield group  # used before in this very interchange, as its reading has told
            continue
        number = _group_number(partner, receipt, group, bench.clock())
        reason = _used_before(bench, work, receipt, number, window, "Group")
        if reason:
            place = Place("GS", element=6)
            issue = Issue(GroupFault.CONTROL_NUMBER_NOT_UNIQUE, place, group.control_number, reason)
            yield replace(group, issues=(*group.issues, issue))
        else:
            yield group


def _used_before(
    bench: Workbench, work: UnitOfWork, receipt: Receipt, number: ReceivedControlNumber, window: str, what: str
) -> str:
    """Where a number was used before with other content, in a sentence; empty, and remembered, when it was not."""
    since = bench.clock() - duration(window)
    seen = work.exchange.control_number_seen(
        number.partner, number.sender, number.receiver, number.control_number, since=since
    )
    if seen is None:
        work.exchange.remember_control_number(number)
        return ""
    if seen.sha256 == receipt.sha256 and seen.receipt != receipt.id:
        return ""
    earlier = work.exchange.receipt(seen.receipt)
    name = earlier.file_name if earlier else seen.receipt
    told = number.control_number.rpartition(":")[2]
    return f"{what} {told} came before in {name} ({seen.received_at:%Y-%m-%d %H:%M} UTC) with other content."


def _interchange_number(
    partner: Partner, receipt: Receipt, received: ReceivedInterchange, now: datetime
) -> ReceivedControlNumber:
    return ReceivedControlNumber(
        partner=PartnerId(partner.partner), sender=received.sender, receiver=received.receiver,
        control_number=received.control_number, sha256=receipt.sha256, receipt=receipt.id, received_at=now,
    )  # fmt: skip


def _group_number(partner: Partner, receipt: Receipt, group: ReceivedGroup, now: datetime) -> ReceivedControlNumber:
    """A group's number counts for its functional id, sender and receiver; leading zeros mean nothing."""
    number = f"{group.functional_id[:2]}:{group.control_number.lstrip('0')[:9]}"
    return ReceivedControlNumber(
        partner=PartnerId(partner.partner), sender=group.sender[:40], receiver=group.receiver[:40],
        control_number=number, sha256=receipt.sha256, receipt=receipt.id, received_at=now,
    )  # fmt: skip
