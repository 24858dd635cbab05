"""The functional acknowledgments and TA1 of one received interchange, owed in the transaction that took it."""

from datetime import datetime

from gateway.config.partner import Partner
from gateway.documents import group_answer, ta1
from gateway.exchange.acknowledgment import InterchangeVerdict, Verdict
from gateway.flows import envelopes, promised, write
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.flows.write import Letter
from gateway.formats.x12 import emit
from gateway.kernel.ids import ReceiptId


def answer(
    bench: Workbench, work: UnitOfWork, partner: Partner, verdict: InterchangeVerdict, *, test: bool, now: datetime,
    receipt: ReceiptId,
) -> None:  # fmt: skip
    """One TA1 where it is due; one 997 or 999 for each group, unless the interchange as a whole was rejected."""
    received = verdict.received
    if verdict.ta1_due:
        _ta1(bench, work, partner, verdict, test=test, now=now, receipt=receipt)
    if verdict.verdict is Verdict.REJECTED:
        return
    for group in verdict.groups:
        if not group.ack_due:
            continue
        body = group_answer.answer(group)
        control = write.next_control(work, partner)
        envelope = envelopes.mirrored(
            bench.site.settings, partner, received, group.group, version=body.version, test=test
        )
        emitted = emit.interchange(
            envelope, functional_id="FA", set_id=body.set_id, sets=[body.segments], isa13=control, gs06=control,
            now=now.astimezone(bench.site.settings.zone()),
        )  # fmt: skip
        what = Letter(
            partner=partner, document="functional_ack", number=group.group.control_number, now=now, receipt=receipt
        )
        write.store(bench, work, what, body.set_id, f"{control:09d}", emitted.content)
        promised.received(bench, work, partner, receipt)


def _ta1(
    bench: Workbench, work: UnitOfWork, partner: Partner, verdict: InterchangeVerdict, *, test: bool, now: datetime,
    receipt: ReceiptId,
) -> None:  # fmt: skip
    control = write.next_control(work, partner)
    envelope = envelopes.mirrored(bench.site.settings, partner, verdict.received, None, version=None, test=test)
    content = emit.standalone_ta1(
        envelope, ta1.segment(verdict), isa13=control, now=now.astimezone(bench.site.settings.zone())
    )
    what = Letter(partner=partner, document="ta1", number=verdict.received.control_number, now=now, receipt=receipt)
    write.store(bench, work, what, "TA1", f"{control:09d}", content)
