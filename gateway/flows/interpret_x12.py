"""Interpret an X12 file: who sent it, is it a repetition, what is wrong with it, and which orders it brings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from gateway.config.agreement import ack_rules
from gateway.config.partner import Partner
from gateway.config.selection import Facts, NoneFits
from gateway.documents.answer_reading import APPLICATION_SET
from gateway.exchange.acknowledgment import SetVerdict, Verdict
from gateway.exchange.interchange import ReceivedInterchange
from gateway.exchange.receipt import FileHold, Receipt, ReceiptState
from gateway.exchange.slices import SlicedFile
from gateway.flows import answered, answers, auditing, envelopes, partner_guides, slicing, summary
from gateway.flows.answered import Desk
from gateway.flows.happening import WHOLE, at_commit
from gateway.flows.judging import characters, choosing, duplicates, refusals, rejected_text
from gateway.flows.judging.duplicates import Checked
from gateway.flows.judging.examine import (
    ACKNOWLEDGMENTS,
    EVERYTHING,
    Examination,
    ExaminedInterchange,
    ExaminedSet,
    Keep,
    examine,
)
from gateway.flows.outcome import Outcome, Sliced, hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.slicing import Cut
from gateway.flows.source import Source
from gateway.flows.summary import Tally
from gateway.flows.taking import documents_in, readings
from gateway.flows.workbench import Workbench
from gateway.formats.x12.guide_overlay import PartnerGuides
from gateway.kernel.faults import SegmentFault
from gateway.mapping.prepare import PreparedMapping


@dataclass(frozen=True, slots=True)
class _Reading:
    """One file that is taken: ``content`` from its start, ``desk`` with its counts, ``cut`` for what is taken later.

    ``checked`` are its interchanges so far, with what their control numbers mean.
    """

    content: BinaryIO
    desk: Desk
    tally: Tally
    cut: Cut
    checked: list[ExaminedInterchange] = field(default_factory=list)


def interpret(bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, content: BinaryIO) -> Outcome:
    """Everything one X12 file means, in the transaction of its receipt; a large one is judged, and taken in slices."""
    repeated = _answer_again(bench, work, receipt)
    if repeated is not None:
        return repeated
    strange = characters.fault(content, partner.identity().charset)
    if strange is not None:
        held = hold(bench, receipt, strange.code, strange.message)
        at_commit(bench.observer, work, "document.held", document=WHOLE, code=held.code)
        return Outcome(ReceiptState.HELD, held.reason, (held,))
    content.seek(0)
    at_once = Keep(bench.site.settings.run.slice_orders, slicing.MOST_BYTES)
    seen = examined(bench, partner, receipt, content, keep=at_once)
    tally = Tally()
    reading = _Reading(content, Desk(bench, work, partner, receipt, tally), tally, Cut(at_once))
    holds = [hold(bench, receipt, issue.code, issue.message) for issue in seen.issues]
    for each in holds:
        at_commit(bench.observer, work, "document.held", document=WHOLE, code=each.code)
    for interchange in seen.interchanges:
        holds.extend(_interchange(reading, interchange))
    if not tally and holds:
        return Outcome(ReceiptState.HELD, holds[0].reason, tuple(holds))
    brought = tuple(dict.fromkeys(_brought(reading.desk, seen)))
    warned = _warned(seen) if partner.identity().partner_guide_faults == "warn" else ""
    tail = warned + _noted(reading.checked)
    slices = tuple(reading.cut.slices(receipt.id, content))
    if not slices:
        return Outcome(ReceiptState.PROCESSED, summary.line(tally) + tail, tuple(holds), documents=brought)
    file = SlicedFile(receipt.id, len(slices), tally.told(), tail)
    return Outcome(
        ReceiptState.SLICED, summary.sliced(len(slices), 0), tuple(holds), Sliced(file, slices), documents=brought
    )


def _brought(desk: Desk, seen: Examination) -> Iterator[str]:
    """The documents that the sets of a file are, also of those that were rejected: the sender was not silent."""
    kinds = dict.fromkeys(
        (each.received.set_id, group.group.version)
        for interchange in seen.interchanges
        for group in interchange.verdict.groups
        for each in group.sets
        if group.group.functional_id != ACKNOWLEDGMENTS
    )
    for set_id, version in kinds:
        facts = _facts(desk.bench, desk.partner, desk.receipt, set_id, version)
        found = choosing.set_mapping(desk.partner, desk.bench.mappings, facts)
        if not isinstance(found, NoneFits):
            yield found.document


def _interchange(reading: _Reading, interchange: ExaminedInterchange) -> Iterator[FileHold]:
    """One interchange, unless it is not for us or was here before."""
    reading.tally.place = 2 * reading.cut.taken
    checked = _checked(reading, interchange)
    if isinstance(checked, FileHold):
        desk, number = reading.desk, interchange.received.control_number
        at_commit(
            desk.bench.observer, desk.work, "document.held", document=WHOLE, code=checked.code, control_number=number
        )  # fmt: skip
        yield checked
        return
    reading.checked.append(checked.interchange)
    yield from _take(reading, checked.interchange, checked.figures)


def _answer_again(bench: Workbench, work: UnitOfWork, receipt: Receipt) -> Outcome | None:
    """The same bytes from the same partner: the stored answers leave again, nothing else (reliability 2)."""
    earlier = work.exchange.earlier_receipt(receipt)
    if earlier is None:
        return None
    for dispatch in work.exchange.dispatches(receipt=earlier.id, partner=receipt.partner):
        if dispatch.document in ("997", "999", "TA1", "865", "180"):
            work.exchange.repeat(dispatch.id)
    at_commit(bench.observer, work, "file.duplicate", kind="bytes", earlier=earlier.id)
    told = f"the same bytes as {earlier.file_name} ({earlier.id}); answered again"
    return Outcome(ReceiptState.DUPLICATE, told)


def _checked(reading: _Reading, interchange: ExaminedInterchange) -> Checked | FileHold:
    """A foreign sender or receiver: no effect and no acknowledgment. Numbers used before: as was agreed."""
    bench, work, partner, receipt = reading.desk.bench, reading.desk.work, reading.desk.partner, reading.desk.receipt
    wrong = partner.sender_fault(interchange.received)
    if wrong:
        more = {"why": wrong, "receipt": receipt.id, "control_number": interchange.received.control_number}
        auditing.security(bench, work, "security.sender", receipt.file_name, partner=receipt.partner, **more)
        return hold(bench, receipt, "S-SENDER", wrong, reference=interchange.received.control_number)
    found = duplicates.checked(bench, work, partner, receipt, interchange)
    if isinstance(found, FileHold):
        return found
    checked = _refused(reading, found.interchange)
    duplicates.remember(work, found, checked)
    return replace(found, interchange=checked)


def _refused(reading: _Reading, checked: ExaminedInterchange) -> ExaminedInterchange:
    """The interchange without the sets that a mapping of the partner refuses."""
    bench, partner, receipt = reading.desk.bench, reading.desk.partner, reading.desk.receipt
    if not any(bench.mappings[use.mapping].refuses for use in partner.inputs()):
        return checked

    def chosen(each: ExaminedSet) -> PreparedMapping | None:
        return _chosen(bench, partner, receipt, each)

    if not checked.is_large:
        return refusals.judged(bench, partner, receipt, checked, chosen)
    accepted = slicing.accepted_sets(reading.content, checked, guides(bench, partner, receipt))
    return refusals.judged_large(bench, partner, receipt, checked, chosen, accepted)


def _take(reading: _Reading, interchange: ExaminedInterchange, figures: str) -> Iterator[FileHold]:
    """Answer an interchange and bring in its accepted sets; rejected ones are listed, one hold each.

    ``figures`` is how it differs from the one that came before under its number.
    """
    desk, verdict = reading.desk, interchange.verdict
    bench, receipt = desk.bench, desk.receipt
    test = is_test(desk.partner, interchange.received)
    answers.answer(bench, desk.work, desk.partner, verdict, test=test, now=bench.clock(), receipt=receipt.id)
    if verdict.verdict is Verdict.REJECTED:
        desk.counts["interchange rejected"] += 1
        if not interchange.complete:
            return  # the issue of the file is its hold
        reason = " ".join(issue.message for issue in interchange.received.issues)
        number = interchange.received.control_number
        at_commit(bench.observer, desk.work, "document.rejected", document="interchange", control_number=number)
        said = f"The interchange was rejected (TA1 R {verdict.code}): {reason}"
        held = hold(bench, receipt, "X-REJECTED", said, reference=number)
        yield replace(held, figures=figures)
        return
    if not interchange.received.ta1_alone:
        what = "functional group" if verdict.groups else "interchange without a group"
        desk.counts[what] += len(verdict.groups) or 1
    yield from answered.take(desk, interchange)
    for group in verdict.groups:
        if group.group.functional_id != ACKNOWLEDGMENTS and not group.sets and group.verdict is Verdict.REJECTED:
            reason = rejected_text.of_group(group)
            yield hold(bench, receipt, "X-REJECTED", reason, reference=group.group.control_number)
    if interchange.is_large:
        yield from _later(reading, interchange)
        return
    for each in interchange.sets:
        if each.group.functional_id != ACKNOWLEDGMENTS:
            yield from _rejected(desk, each.verdict)
            if slicing.accepted(each.verdict):
                yield from take_set(desk, interchange.received, each)


def _later(reading: _Reading, interchange: ExaminedInterchange) -> Iterator[FileHold]:
    """The sets of a large interchange: rejected ones are listed now, the others are cut into slices."""
    tally, cut = reading.tally, reading.cut
    for group, places in zip(interchange.verdict.groups, interchange.places, strict=True):
        if group.group.functional_id == ACKNOWLEDGMENTS or interchange.header is None:
            continue
        for at, verdict in enumerate(group.sets):
            is_taken = slicing.accepted(verdict)
            tally.place = 2 * cut.taken + is_taken
            yield from _rejected(reading.desk, verdict)
            if is_taken:
                cut.add(interchange.header, places.start, *places.span(at))


def is_test(partner: Partner, received: ReceivedInterchange) -> bool:
    """Whether what an interchange brings is only a trial."""
    return received.usage == "T" or partner.status == "testing"


def examined(
    bench: Workbench, partner: Partner, receipt: Receipt, content: bytes | BinaryIO, keep: Keep = EVERYTHING
) -> Examination:
    """A file judged as was agreed with its sender."""
    rules, repairs = ack_rules(partner)
    return examine(content, rules, repairs=repairs, guides=guides(bench, partner, receipt), keep=keep)


def guides(bench: Workbench, partner: Partner, receipt: Receipt) -> PartnerGuides:
    """What was agreed about single sets with whoever sent a file."""
    return partner_guides.of_received(partner, bench.mappings, _facts(bench, partner, receipt, "", ""))


def _rejected(desk: Desk, verdict: SetVerdict) -> Iterator[FileHold]:
    """Count one set; a rejected one is listed with what is wrong with it."""
    if slicing.accepted(verdict):
        desk.counts["set accepted"] += 1
        return
    desk.counts["set rejected"] += 1
    received = verdict.received
    at_commit(
        desk.bench.observer, desk.work, "document.rejected", document=received.set_id, reference=received.control_number
    )  # fmt: skip
    reason = rejected_text.of_set(verdict, desk.partner.name)
    yield hold(desk.bench, desk.receipt, code_of(verdict), reason, reference=received.control_number)


def code_of(verdict: SetVerdict) -> str:
    """The code of a rejected set: whether what is wrong is which segments it has, or else what stands in them."""
    wrong = (each.fault for each in verdict.faults if isinstance(each.fault, SegmentFault))
    return "X-STRUCTURE" if any(each is not SegmentFault.ELEMENT_ERRORS for each in wrong) else "X-REJECTED"


def take_set(desk: Desk, received: ReceivedInterchange, each: ExaminedSet) -> Iterator[FileHold]:
    """Act on one accepted set, or on what it answers; what it waits for comes back."""
    if each.received.set_id == APPLICATION_SET:
        yield from answered.take_application(desk, each.source)
        return
    yield from map_set(desk, received, each)


def map_set(desk: Desk, received: ReceivedInterchange, each: ExaminedSet) -> Iterator[FileHold]:
    """Map one accepted set and act on it; what it waits for comes back."""
    bench, work, partner, receipt = desk.bench, desk.work, desk.partner, desk.receipt
    name = f"set {each.received.set_id} {each.received.control_number}"
    envelope = envelopes.of_received(received, each.group, each.received.control_number)
    prepared = choosing.set_mapping(
        partner, bench.mappings, _facts(bench, partner, receipt, each.received.set_id, each.group.version)
    )
    if isinstance(prepared, NoneFits):
        reason = f"{name} was accepted, but no mapping of {partner.name} reads it ({prepared})."
        held = hold(bench, receipt, "P-NO-MAPPING", reason, reference=each.received.control_number)
        readings.unread(bench, work, receipt, name, envelope, held)
        at_commit(bench.observer, work, "document.held", document=each.received.set_id, code=held.code)
        yield held
        return
    is_held = partner.identity().partner_guide_faults == "hold"
    against = partner_guides.sentences(each.received) if is_held else ()
    key = readings.key_of(envelope)
    source = Source(partner, receipt, name, key, test=is_test(partner, received), guide_faults=against)
    start, end = each.source.span
    piece = documents_in.Piece(each.record, envelope, size=end - start)
    yield from documents_in.take(bench, work, source, prepared, piece)


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
        for group in interchange.verdict.groups
        for each in group.sets
        if slicing.accepted(each) and (told := partner_guides.sentences(each.received))
    )


def _noted(checked: Sequence[ExaminedInterchange]) -> str:
    """What is wrong with the envelopes of interchanges that were taken all the same."""
    told = [
        f"TA1 {each.verdict.verdict.value} {each.verdict.code}: "
        + " ".join(issue.message for issue in each.received.issues[:_MOST_NOTED])
        for each in checked
        if each.verdict.verdict is Verdict.ERRORS
    ]
    return f"; noted: {'; '.join(told[:_MOST_NOTED])}" if told else ""


_MOST_NOTED = 3
