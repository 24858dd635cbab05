"""Match what partners answer (TA1, 997, 999, 824) with what we sent, and tell of rejections in words of the trade."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.config.partner import Partner
from gateway.documents import answer_reading, answer_words
from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.answers import (
    Answer,
    AnsweredDocument,
    AnsweredGroup,
    AnsweredInterchange,
    Kind,
    ToldFault,
    same_number,
    worst,
)
from gateway.exchange.dispatch import Dispatch
from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows.judging.examine import ExaminedInterchange
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.formats.x12 import guide, reader
from gateway.formats.x12.parts import SetRead
from gateway.kernel.ids import DispatchId, PartnerId

OUR_SET = "0001"
"""ST02 of what we send: each file of ours carries one set."""
_ANSWERS_OF_OURS = ("997", "999", "TA1")
_VERBS = {Verdict.REJECTED: "rejected", Verdict.PARTIAL: "took only in part", Verdict.ERRORS: "took, with errors,",
          Verdict.ACCEPTED: "accepted"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers, in which file and transaction; ``counts`` is for the summary of the file."""

    bench: Workbench
    work: UnitOfWork
    partner: Partner
    receipt: Receipt
    counts: Counter[str]

    def sent(self, number: str) -> list[Dispatch]:
        """The X12 files of ours that left for this partner under a control number."""
        if not (number.isascii() and number.isdigit()):
            return []
        found = self.work.exchange.sent(PartnerId(self.partner.partner), control_number=f"{int(number):09d}")
        return [each for each in found if _is_x12(each)]

    def about(self, number: str) -> list[Dispatch]:
        """The X12 documents of ours about a business number, the latest last."""
        found = self.work.exchange.sent(PartnerId(self.partner.partner), number=number)
        return [each for each in found if _is_x12(each) and each.document not in _ANSWERS_OF_OURS]


@dataclass(frozen=True, slots=True)
class _Said:
    """One verdict on one dispatch, before it is written down."""

    kind: Kind
    verdict: Verdict
    codes: tuple[str, ...]
    words: str
    faults: tuple[ToldFault, ...] = ()


def take(desk: Desk, seen: ExaminedInterchange) -> Iterator[FileHold]:
    """Every TA1, 997 and 999 of an interchange."""
    for elements in seen.ta1s:
        answered = answer_reading.interchange(elements)
        if answered is None:
            yield _unreadable(desk, f"The TA1 about interchange '{''.join(elements[1:2])}'")
        else:
            yield from _interchange(desk, answered)
    for read in seen.answers:
        groups = answer_reading.functional(read.segments, read.separators.component)
        if not groups:
            yield _unreadable(desk, f"The {read.set_id} {read.control_number}")
        for group in groups:
            yield from _group(desk, group)


def take_application(desk: Desk, read: SetRead) -> Iterator[FileHold]:
    """Every document that an 824 speaks of; what it says of the parts of one document counts together."""
    documents = answer_reading.application(read.segments, read.separators.component)
    if not documents:
        yield _unreadable(desk, f"The 824 {read.control_number}")
    about: dict[DispatchId, tuple[Dispatch, list[AnsweredDocument]]] = {}
    for each in documents:
        found = _meant(desk, each)
        if found is None:
            yield _orphan(desk, "824", f"{each.set_id or 'document'} {each.reference}".strip())
        else:
            about.setdefault(found.id, (found, []))[1].append(each)
    for dispatch, parts in about.values():
        codes = tuple(dict.fromkeys(each.code for each in parts))
        told = tuple(fault for each in parts for fault in each.faults)
        yield from _record(desk, dispatch, _Said("824", worst(each.verdict for each in parts), codes, "", told))


def _meant(desk: Desk, answered: AnsweredDocument) -> Dispatch | None:
    """The document of ours: by its group number, else by its business number, the latest one."""
    found = [*desk.about(answered.reference), *desk.sent(answered.group_number)]
    return next((each for each in reversed(found) if answered.set_id in ("", each.document)), None)


def _interchange(desk: Desk, answered: AnsweredInterchange) -> Iterator[FileHold]:
    found = desk.sent(answered.control_number)
    if not found:
        yield _orphan(desk, "TA1", f"interchange {answered.control_number}")
        return
    codes = () if answered.code in ("", "000") else (answered.code,)
    words = answer_words.listed(codes, answer_words.INTERCHANGE_FAULTS)
    for dispatch in found:
        yield from _record(desk, dispatch, _Said("TA1", answered.verdict, codes, words))


def _group(desk: Desk, answered: AnsweredGroup) -> Iterator[FileHold]:
    found = [each for each in desk.sent(answered.control_number) if _functional_id(each) == answered.functional_id]
    if not found:
        yield _orphan(desk, answered.kind, f"group {answered.control_number} ({answered.functional_id})")
        return
    for dispatch in found:
        about = answered.about(OUR_SET)
        if about.verdict is None:
            yield _unreadable(desk, f"The {answered.kind} about group {answered.control_number}")
            continue
        words = [
            answer_words.listed(answered.codes, answer_words.GROUP_FAULTS),
            answer_words.listed(about.codes, answer_words.SET_FAULTS),
        ]
        said = _Said(
            answered.kind, about.verdict, (*answered.codes, *about.codes), "; ".join(filter(None, words)), about.faults
        )
        yield from _record(desk, dispatch, said)
    for each in answered.sets:
        if not same_number(each.control_number, OUR_SET):
            yield _orphan(
                desk, answered.kind, f"set {each.set_id} {each.control_number} of group {answered.control_number}"
            )


def _record(desk: Desk, dispatch: Dispatch, said: _Said) -> Iterator[FileHold]:
    """Write a verdict down once; one that differs from an earlier one, and one that rejects, is told."""
    desk.counts["answer"] += 1
    earlier = [each for each in desk.work.exchange.answers(dispatch.id) if each.kind == said.kind]
    if earlier and (earlier[-1].verdict, earlier[-1].codes) == (said.verdict, said.codes):
        return
    bad = said.verdict in (Verdict.REJECTED, Verdict.PARTIAL)
    reason = _reason(desk, dispatch, said) if bad else said.words
    answer = Answer(
        dispatch=dispatch.id, kind=said.kind, verdict=said.verdict, codes=said.codes, reason=reason,
        receipt=desk.receipt.id, received_at=desk.bench.clock(),
    )  # fmt: skip
    desk.work.exchange.add_answer(answer)
    reference = dispatch.order_number or dispatch.number
    if earlier:
        before = _VERBS[earlier[-1].verdict]
        told = f"The {said.kind} of {_told_date(earlier[-1])} {before} the {_name(dispatch)}; a later one {_VERBS[said.verdict]} it."
        yield hold(desk.bench, desk.receipt, "A-TWICE", told, reference=reference)
    if bad:
        yield hold(desk.bench, desk.receipt, "A-REJECTED", reason, reference=reference)


def _reason(desk: Desk, dispatch: Dispatch, said: _Said) -> str:
    """Which document, who says so, and what they name in it."""
    sent = next((part for part in reader.read(dispatch.content) if isinstance(part, SetRead)), None)
    layout = sent.guide if sent is not None else None
    head = f"{desk.partner.name} {_VERBS[said.verdict]} the {_name(dispatch)} ({said.kind} {said.verdict.value}"
    head += f" {' '.join(said.codes)})" if said.codes else ")"
    named = answer_words.faults(said.faults, layout, sent.segments if sent is not None else ())
    return " ".join(
        [f"{head}: {said.words}." if said.words else f"{head}.", *(each[0].upper() + each[1:] for each in named)]
    )


def _name(dispatch: Dispatch) -> str:
    what = answer_words.NAMES.get(dispatch.document, dispatch.document)
    return f"{what} {dispatch.number} (control number {dispatch.control_number})"


def _told_date(answer: Answer) -> str:
    return f"{answer.received_at:%Y-%m-%d}"


def _orphan(desk: Desk, kind: str, what: str) -> FileHold:
    desk.counts["answer to nothing"] += 1
    reason = f"The {kind} in {desk.receipt.file_name} answers {what}, which never left for {desk.partner.name}."
    return hold(desk.bench, desk.receipt, "A-ORPHAN", reason, reference=what)


def _unreadable(desk: Desk, what: str) -> FileHold:
    desk.counts["answer without a verdict"] += 1
    return hold(desk.bench, desk.receipt, "A-UNREADABLE", f"{what} in {desk.receipt.file_name} says no verdict.")


def _is_x12(dispatch: Dispatch) -> bool:
    return dispatch.document == "TA1" or dispatch.document.isdigit()


def _functional_id(dispatch: Dispatch) -> str:
    """GS01 of a dispatch; it is the same in every version."""
    layouts: Sequence[guide.Guide | None] = [guide.load(version, dispatch.document) for version in guide.versions()]
    return next((layout.functional_group for layout in layouts if layout is not None), "")
