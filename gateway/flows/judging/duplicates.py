"""Control numbers used before: remembered for each partner, and judged as the agreement says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.config.agreement import ack_rules
from gateway.config.partner import Partner
from gateway.config.values import duration
from gateway.exchange.acknowledgment import GroupVerdict, Verdict
from gateway.exchange.interchange import ReceivedGroup, ReceivedInterchange
from gateway.exchange.receipt import FileHold, Receipt, ReceivedControlNumber
from gateway.flows.happening import at_commit
from gateway.flows.judging import same_number
from gateway.flows.judging.examine import ACKNOWLEDGMENTS, ExaminedInterchange, judged_again
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.faults import GroupFault, InterchangeFault
from gateway.kernel.ids import PartnerId
from gateway.kernel.issue import Issue, Place


@dataclass(frozen=True, slots=True)
class Checked:
    """An interchange with what its control numbers mean; ``unseen`` are those that nobody used before.

    ``figures`` is how it differs from the one that came before under its number, for whom it is shown to.
    """

    interchange: ExaminedInterchange
    unseen: tuple[ReceivedControlNumber, ...] = ()
    figures: str = ""


def checked(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, seen: ExaminedInterchange
) -> Checked | FileHold:
    """The interchange with what its control numbers mean, or the hold in which it waits (TA105 025, AK905 19)."""
    agreed = partner.identity().control_numbers
    if seen.verdict.verdict is Verdict.REJECTED:  # a number of what was rejected may be used again
        return Checked(seen)
    received, refused, figures = seen.received, False, ""
    unseen: list[ReceivedControlNumber] = []
    if agreed.isa13.check == "duplicate":
        number = _interchange_number(partner, receipt, received, bench.clock())
        use = _use(bench, work, number, agreed.isa13.window)
        if use is None:
            unseen.append(number)
        elif not _is_repeated(use, receipt):
            reason = _used_before(work, use, number, "Interchange")
            told = same_number.told(bench, work, receipt, received.control_number, reason, use.receipt)
            name = received.control_number
            at_commit(
                bench.observer, work, "file.duplicate", kind="interchange", earlier=use.receipt, control_number=name
            )  # fmt: skip
            if agreed.isa13.on_duplicate == "hold":
                return same_number.held(bench, receipt, received.control_number, told)
            refused, figures = agreed.isa13.on_duplicate == "reject", told.figures
            place = Place("ISA", element=13)
            issue = Issue(InterchangeFault.DUPLICATE_CONTROL_NUMBER, place, received.control_number, told.reason)
            received = replace(received, issues=(*received.issues, issue))
    if agreed.gs06.check == "duplicate" and not refused:
        received = replace(received, groups=tuple(_groups(bench, work, partner, receipt, received, unseen)))
    if received == seen.received:
        return Checked(seen, tuple(unseen))
    return Checked(judged_again(seen, received, ack_rules(partner)[0]), tuple(unseen), figures)


def remember(work: UnitOfWork, found: Checked, taken: ExaminedInterchange) -> None:
    """Note the numbers of what is taken; those of what was rejected whole may come again with what is repaired."""
    groups = [each for each in taken.verdict.groups if _is_taken(each)]
    if taken.verdict.verdict is Verdict.REJECTED or (taken.verdict.groups and not groups):
        return
    counting = {taken.received.control_number, *(_name(each.group) for each in groups)}
    for number in found.unseen:
        if number.control_number in counting:
            work.exchange.remember_control_number(number)


def _is_taken(group: GroupVerdict) -> bool:
    """Whether anything of a group counts: an accepted set, or an answer to us."""
    return group.group.functional_id == ACKNOWLEDGMENTS or not group.sets or group.accepted > 0


def _groups(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, received: ReceivedInterchange,
    unseen: list[ReceivedControlNumber],
) -> Iterator[ReceivedGroup]:  # fmt: skip
    """The groups, those whose number was used before with that fault."""
    window = partner.identity().control_numbers.gs06.window
    for group in received.groups:
        if any(issue.fault is GroupFault.CONTROL_NUMBER_NOT_UNIQUE for issue in group.issues):
            yield group  # used before in this very interchange, as its reading has told
            continue
        number = _group_number(partner, receipt, group, bench.clock())
        use = _use(bench, work, number, window)
        if use is None:
            unseen.append(number)
        if use is None or _is_repeated(use, receipt):
            yield group
            continue
        place, reason = Place("GS", element=6), f"{_used_before(work, use, number, 'Group')}."
        issue = Issue(GroupFault.CONTROL_NUMBER_NOT_UNIQUE, place, group.control_number, reason)
        yield replace(group, issues=(*group.issues, issue))


def _use(
    bench: Workbench, work: UnitOfWork, number: ReceivedControlNumber, window: str
) -> ReceivedControlNumber | None:
    """The first use of a number within the agreed time."""
    return work.exchange.control_number_seen(
        number.partner, number.sender, number.receiver, number.control_number, since=bench.clock() - duration(window)
    )


def _is_repeated(use: ReceivedControlNumber, receipt: Receipt) -> bool:
    """Whether another file of the same bytes used the number."""
    return use.sha256 == receipt.sha256 and use.receipt != receipt.id


def _used_before(work: UnitOfWork, use: ReceivedControlNumber, number: ReceivedControlNumber, what: str) -> str:
    """Where a number was used before with other content, in a sentence without its end."""
    earlier = work.exchange.receipt(use.receipt)
    name = earlier.file_name if earlier else use.receipt
    told = number.control_number.rpartition(":")[2]
    return f"{what} {told} came before in {name} ({use.received_at:%Y-%m-%d %H:%M} UTC) with other content"


def _interchange_number(
    partner: Partner, receipt: Receipt, received: ReceivedInterchange, now: datetime
) -> ReceivedControlNumber:
    return ReceivedControlNumber(
        partner=PartnerId(partner.partner), sender=received.sender, receiver=received.receiver,
        control_number=received.control_number, sha256=receipt.sha256, receipt=receipt.id, received_at=now,
    )  # fmt: skip


def _group_number(partner: Partner, receipt: Receipt, group: ReceivedGroup, now: datetime) -> ReceivedControlNumber:
    """A group's number counts for its functional id, sender and receiver; leading zeros mean nothing."""
    return ReceivedControlNumber(
        partner=PartnerId(partner.partner), sender=group.sender[:40], receiver=group.receiver[:40],
        control_number=_name(group), sha256=receipt.sha256, receipt=receipt.id, received_at=now,
    )  # fmt: skip


def _name(group: ReceivedGroup) -> str:
    return f"{group.functional_id[:2]}:{group.control_number.lstrip('0')[:9]}"
