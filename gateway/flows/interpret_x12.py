"""Interpret an X12 file: who sent it, is it a repetition, what is wrong with it, and which orders it brings."""

from collections import Counter
from collections.abc import Iterator

from gateway.config.agreement import ack_rules
from gateway.config.partner import Partner
from gateway.config.selection import Facts, NoneFits
from gateway.documents.answer_reading import APPLICATION_SET
from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.receipt import FileHold, Receipt, ReceiptState
from gateway.flows import answered, answers, envelopes, partner_guides
from gateway.flows.judging import characters, choosing, duplicates, refusals
from gateway.flows.judging.examine import ACKNOWLEDGMENTS, Examination, ExaminedInterchange, ExaminedSet, examine
from gateway.flows.outcome import Outcome, hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.taking import documents_in, readings
from gateway.flows.workbench import Workbench
from gateway.mapping.prepare import PreparedMapping


def interpret(bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, content: bytes) -> Outcome:
    """Everything one X12 file means, in the transaction of its receipt."""
    repeated = _answer_again(work, receipt)
    if repeated is not None:
        return repeated
    strange = characters.fault(content, partner.identity().charset)
    if strange is not None:
        held = hold(bench, receipt, strange.code, strange.message)
        return Outcome(ReceiptState.HELD, held.reason, (held,))
    seen = examined(bench, partner, receipt, content)
    holds = [hold(bench, receipt, issue.code, issue.message) for issue in seen.issues]
    counts: Counter[str] = Counter()
    for interchange in seen.interchanges:
        checked = _checked(bench, work, partner, receipt, interchange)
        if isinstance(checked, FileHold):
            holds.append(checked)
            continue
        holds.extend(_take(bench, work, partner, receipt, checked, counts))
    if not counts and holds:
        return Outcome(ReceiptState.HELD, holds[0].reason, tuple(holds))
    warned = _warned(seen) if partner.identity().partner_guide_faults == "warn" else ""
    return Outcome(ReceiptState.PROCESSED, _summary(counts) + warned + _noted(seen), tuple(holds))


def _answer_again(work: UnitOfWork, receipt: Receipt) -> Outcome | None:
    """The same bytes from the same partner: the stored answers leave again, nothing else (reliability 2)."""
    earlier = work.exchange.earlier_receipt(receipt)
    if earlier is None:
        return None
    for dispatch in work.exchange.dispatches(receipt=earlier.id, partner=receipt.partner):
        if dispatch.document in ("997", "999", "TA1", "865", "180"):
            work.exchange.repeat(dispatch.id)
    summary = f"the same bytes as {earlier.file_name} ({earlier.id}); answered again"
    return Outcome(ReceiptState.DUPLICATE, summary)


def _checked(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, interchange: ExaminedInterchange
) -> ExaminedInterchange | FileHold:
    """A foreign sender or receiver: no effect and no acknowledgment. Numbers used before: as was agreed."""
    wrong = partner.sender_fault(interchange.received)
    if wrong:
        return hold(bench, receipt, "S-SENDER", wrong, reference=interchange.received.control_number)
    checked = duplicates.checked(bench, work, partner, receipt, interchange)
    if isinstance(checked, FileHold):
        return checked
    return refusals.judged(bench, partner, receipt, checked, lambda each: _chosen(bench, partner, receipt, each))


def _take(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, interchange: ExaminedInterchange,
    counts: Counter[str],
) -> Iterator[FileHold]:  # fmt: skip
    """Answer an interchange and bring in its accepted sets; rejected ones are listed, one hold each."""
    verdict = interchange.verdict
    test = is_test(partner, interchange)
    answers.answer(bench, work, partner, verdict, test=test, now=bench.clock(), receipt=receipt.id)
    if verdict.verdict is Verdict.REJECTED:
        counts["interchange rejected"] += 1
        if not interchange.complete:
            return  # the issue of the file is its hold
        reason = " ".join(issue.message for issue in interchange.received.issues)
        yield hold(
            bench,
            receipt,
            "X-REJECTED",
            f"The interchange was rejected (TA1 R {verdict.code}): {reason}",
            reference=interchange.received.control_number,
        )
        return
    if not interchange.received.ta1_alone:
        counts["functional group" if verdict.groups else "interchange without a group"] += len(verdict.groups) or 1
    yield from answered.take(answered.Desk(bench, work, partner, receipt, counts), interchange)
    for group in verdict.groups:
        if group.group.functional_id != ACKNOWLEDGMENTS and not group.sets and group.verdict is Verdict.REJECTED:
            reason = f"Group {group.group.control_number} ({group.group.functional_id}) was rejected: AK905 {', '.join(group.codes)}."
            yield hold(bench, receipt, "X-REJECTED", reason, reference=group.group.control_number)
    for each in interchange.sets:
        if each.group.functional_id != ACKNOWLEDGMENTS:
            yield from _set(bench, work, partner, receipt, interchange, each, test=test, counts=counts)


def is_test(partner: Partner, interchange: ExaminedInterchange) -> bool:
    """Whether what an interchange brings is only a trial."""
    return interchange.received.usage == "T" or partner.status == "testing"


def examined(bench: Workbench, partner: Partner, receipt: Receipt, content: bytes) -> Examination:
    """A file judged as was agreed with its sender."""
    rules, repairs = ack_rules(partner)
    guides = partner_guides.of_received(partner, bench.mappings, _facts(bench, partner, receipt, "", ""))
    return examine(content, rules, repairs=repairs, guides=guides)


def _set(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, interchange: ExaminedInterchange,
    each: ExaminedSet, *, test: bool, counts: Counter[str],
) -> Iterator[FileHold]:  # fmt: skip
    name = f"set {each.received.set_id} {each.received.control_number}"
    if each.verdict.verdict is Verdict.REJECTED:
        counts["set rejected"] += 1
        told = [fault.message for fault in each.verdict.issues]
        told += [fault.message for fault in each.received.guide_issues if fault in each.verdict.faults]
        what = " ".join(told) or "its group was rejected"
        yield hold(bench, receipt, "X-REJECTED", f"{name}: {what}", reference=each.received.control_number)
        return
    counts["set accepted"] += 1
    if each.received.set_id == APPLICATION_SET:
        yield from answered.take_application(answered.Desk(bench, work, partner, receipt, counts), each.source)
        return
    yield from take_set(bench, work, partner, receipt, interchange, each, test=test)


def take_set(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, interchange: ExaminedInterchange,
    each: ExaminedSet, *, test: bool,
) -> Iterator[FileHold]:  # fmt: skip
    """Map one accepted set and act on it; what it waits for comes back."""
    name = f"set {each.received.set_id} {each.received.control_number}"
    envelope = envelopes.of_received(interchange.received, each.group, each.received.control_number)
    prepared = choosing.set_mapping(
        partner, bench.mappings, _facts(bench, partner, receipt, each.received.set_id, each.group.version)
    )
    if isinstance(prepared, NoneFits):
        reason = f"{name} was accepted, but no mapping of {partner.name} reads it ({prepared})."
        held = hold(bench, receipt, "P-NO-MAPPING", reason, reference=each.received.control_number)
        readings.unread(bench, work, receipt, name, envelope, held)
        yield held
        return
    is_held = partner.identity().partner_guide_faults == "hold"
    against = partner_guides.sentences(each.received) if is_held else ()
    key = readings.key_of(envelope)
    source = Source(partner, receipt, name, key, test=test, guide_faults=against)
    yield from documents_in.take(bench, work, source, prepared, documents_in.Piece(each.record, envelope))


def _chosen(bench: Workbench, partner: Partner, receipt: Receipt, each: ExaminedSet) -> PreparedMapping | None:
    facts = _facts(bench, partner, receipt, each.received.set_id, each.group.version)
    found = choosing.set_mapping(partner, bench.mappings, facts)
    return None if isinstance(found, NoneFits) else found


def _facts(bench: Workbench, partner: Partner, receipt: Receipt, set_id: str, version: str) -> Facts:
    day = bench.today(partner, bench.clock())
    return Facts("x12", receipt.file_name, day, set_id=set_id, version=version)


def _warned(seen: Examination) -> str:
    """What breaks a partner guide in the sets that were accepted all the same."""
    return "".join(
        f"; set {each.received.set_id} {each.received.control_number} against the partner guide {' '.join(told)}"
        for interchange in seen.interchanges
        for each in interchange.sets
        if each.verdict.verdict is not Verdict.REJECTED and (told := partner_guides.sentences(each.received))
    )


def _noted(seen: Examination) -> str:
    """What is wrong with the envelopes of interchanges that were taken all the same."""
    told = [
        f"TA1 {each.verdict.verdict.value} {each.verdict.code}: "
        + " ".join(issue.message for issue in each.received.issues[:_MOST_NOTED])
        for each in seen.interchanges
        if each.verdict.verdict is Verdict.ERRORS
    ]
    return f"; noted: {'; '.join(told[:_MOST_NOTED])}" if told else ""


def _summary(counts: Counter[str]) -> str:
    """``1 functional group, 3 sets accepted``."""
    return ", ".join(f"{number} {what if number == 1 else _MANY.get(what, what)}" for what, number in counts.items())


_MOST_NOTED = 3
_MANY = {
    "functional group": "functional groups", "set accepted": "sets accepted", "set rejected": "sets rejected",
    "interchange rejected": "interchanges rejected", "interchange without a group": "interchanges without a group",
    "answer": "answers", "answer to nothing": "answers to nothing", "answer without a verdict": "answers without a verdict",
}  # fmt: skip
