"""Match what partners answer (TA1, 997, 999, 824) with what we sent, and tell of rejections in words of the trade."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gateway.config.partner import Partner
from gateway.documents import answer_reading, answer_words
from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.answers import (
    Answer,
    AnsweredDocument,
    AnsweredGroup,
    AnsweredInterchange,
    AnsweredSet,
    Kind,
    ToldFault,
    same_number,
    worst,
)
from gateway.exchange.dispatch import Dispatch
from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows import answering
from gateway.flows.judging.examine import ExaminedInterchange
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.formats.x12 import guide, reader
from gateway.formats.x12.parts import SetRead
from gateway.kernel.ids import DispatchId, PartnerId

OUR_SET = "0001"
"""ST02 of a document of ours that left by itself; one that left with others knows its own."""
MOST_NAMED = 5
"""So many documents of a file are named in one sentence."""
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


@dataclass(frozen=True, slots=True)
class _File:
    """A file of ours with the documents in it that are asked about, what was answered to it, and its sets as read.

    ``answers`` came before, ``said`` is what comes now.
    """

    documents: tuple[Dispatch, ...]
    answers: tuple[Answer, ...]
    sets: dict[str, SetRead] = field(default_factory=dict)
    said: list[Answer] = field(default_factory=list)

    @property
    def whole(self) -> Dispatch:
        """The file as one: the document itself, where it is the only one."""
        first = self.documents[0]
        if first.documents <= 1:
            return first
        return replace(first, number=first.control_number, order_number="", set_number="")

    @property
    def is_told_apart(self) -> bool:
        """Whether something was said of a single document of several before."""
        return any(each.set_number for each in self.answers)

    def sent(self, set_number: str) -> SetRead | None:
        """A set of it as it left, by ST02; the first one for a document that left by itself."""
        if not self.sets:
            read = (part for part in reader.read(self.documents[0].content) if isinstance(part, SetRead))
            self.sets.update((part.control_number, part) for part in read)
        return self.sets.get(set_number or OUR_SET)

    def listed(self) -> str:
        """What its documents are about."""
        named = [each.number for each in self.documents[:MOST_NAMED]]
        more = len(self.documents) - len(named)
        return ", ".join(named) + (f" and {more} more" if more else "")


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
    about: dict[tuple[DispatchId, str], tuple[Dispatch, list[AnsweredDocument]]] = {}
    for each in documents:
        found = _meant(desk, each)
        if found is None:
            yield _orphan(desk, "824", f"{each.set_id or 'document'} {each.reference}".strip())
        else:
            about.setdefault((found.id, found.set_number), (found, []))[1].append(each)
    for dispatch, parts in about.values():
        codes = tuple(dict.fromkeys(each.code for each in parts))
        told = tuple(fault for each in parts for fault in each.faults)
        (file,) = _files(desk, [dispatch])
        yield from _record(desk, file, dispatch, _Said("824", worst(each.verdict for each in parts), codes, "", told))
        _settle(desk, file)


def _files(desk: Desk, found: Sequence[Dispatch]) -> Iterator[_File]:
    """The files in which documents left, each with its documents."""
    for name in dict.fromkeys(each.id for each in found):
        documents = tuple(each for each in found if each.id == name)
        yield _File(documents, tuple(desk.work.exchange.answers(name)))


def _meant(desk: Desk, answered: AnsweredDocument) -> Dispatch | None:
    """The document of ours: by its group number, else by its business number, the latest one.

    Of several in one group it is the one of the set number, else the one of the business number.
    """
    group = desk.sent(answered.group_number)
    if len(group) > 1:
        group = [each for each in group if same_number(answered.set_number, each.set_number)] or [
            each for each in group if not answered.set_number and each.number == answered.reference
        ]
    found = [*desk.about(answered.reference), *group]
    return next((each for each in reversed(found) if answered.set_id in ("", each.document)), None)


def _interchange(desk: Desk, answered: AnsweredInterchange) -> Iterator[FileHold]:
    found = desk.sent(answered.control_number)
    if not found:
        yield _orphan(desk, "TA1", f"interchange {answered.control_number}")
        return
    codes = () if answered.code in ("", "000") else (answered.code,)
    words = answer_words.listed(codes, answer_words.INTERCHANGE_FAULTS)
    said = _Said("TA1", answered.verdict, codes, words)
    for file in _files(desk, found):
        yield from _record(desk, file, file.whole, said)
        _settle(desk, file)


def _group(desk: Desk, answered: AnsweredGroup) -> Iterator[FileHold]:
    found = [each for each in desk.sent(answered.control_number) if _functional_id(each) == answered.functional_id]
    if not found:
        yield _orphan(desk, answered.kind, f"group {answered.control_number} ({answered.functional_id})")
        return
    for file in _files(desk, found):
        # what is said of all documents of a group at once is written down once, unless they were told apart before
        for dispatch in file.documents if answered.sets or file.is_told_apart else (file.whole,):
            is_group = bool(dispatch.documents) and not dispatch.set_number
            number = "" if is_group else dispatch.set_number or OUR_SET
            about = AnsweredSet("", "", answered.verdict) if is_group else answered.about(number)
            if about.verdict is None:
                yield _unreadable(desk, f"The {answered.kind} about group {answered.control_number}")
                continue
            yield from _record(desk, file, dispatch, _said(answered, about, about.verdict))
        _settle(desk, file)
    ours = [each.set_number or OUR_SET for each in found]
    for each in answered.sets:
        if not any(same_number(each.control_number, one) for one in ours):
            yield _orphan(
                desk, answered.kind, f"set {each.set_id} {each.control_number} of group {answered.control_number}"
            )


def _said(answered: AnsweredGroup, about: AnsweredSet, verdict: Verdict) -> _Said:
    words = [
        answer_words.listed(answered.codes, answer_words.GROUP_FAULTS),
        answer_words.listed(about.codes, answer_words.SET_FAULTS),
    ]
    codes = (*answered.codes, *about.codes)
    return _Said(answered.kind, verdict, codes, "; ".join(filter(None, words)), about.faults)


def _record(desk: Desk, file: _File, dispatch: Dispatch, said: _Said) -> Iterator[FileHold]:
    """Write a verdict down once; one that differs from an earlier one, and one that rejects, is told."""
    desk.counts["answer"] += 1
    earlier = [
        each for each in file.answers if each.kind == said.kind and each.is_about(dispatch.id, dispatch.set_number)
    ]
    if earlier and (earlier[-1].verdict, earlier[-1].codes) == (said.verdict, said.codes):
        return
    bad = said.verdict in (Verdict.REJECTED, Verdict.PARTIAL)
    reason = _reason(desk, file, dispatch, said) if bad else said.words
    answer = Answer(
        dispatch=dispatch.id, kind=said.kind, verdict=said.verdict, codes=said.codes, reason=reason,
        receipt=desk.receipt.id, received_at=desk.bench.clock(), set_number=dispatch.set_number,
    )  # fmt: skip
    desk.work.exchange.add_answer(answer)
    file.said.append(answer)
    reference = dispatch.order_number or dispatch.number
    if earlier:
        before = _VERBS[earlier[-1].verdict]
        told = f"The {said.kind} of {_told_date(earlier[-1])} {before} the {_name(dispatch)}; a later one {_VERBS[said.verdict]} it."
        yield hold(desk.bench, desk.receipt, "A-TWICE", told, reference=reference)
    if bad:
        yield hold(desk.bench, desk.receipt, "A-REJECTED", reason, reference=reference)


def _settle(desk: Desk, file: _File) -> None:
    """What was answered ends the waiting for it; a no is told, and is over when they take it at last."""
    if not file.said:
        return
    bench, work, first = desk.bench, desk.work, file.documents[0]
    answers = [*file.answers, *file.said]
    if first.documents <= 1:
        answering.settle(bench, work, file.whole, answers)
    else:
        answering.settle_together(bench, work, file.documents, answers)


def _reason(desk: Desk, file: _File, dispatch: Dispatch, said: _Said) -> str:
    """Which document, who says so, and what they name in it."""
    sent = file.sent(dispatch.set_number)
    layout = sent.guide if sent is not None else None
    head = f"{desk.partner.name} {_VERBS[said.verdict]} the {_name(dispatch)} ({said.kind} {said.verdict.value}"
    head += f" {' '.join(said.codes)})" if said.codes else ")"
    head += f": {said.words}." if said.words else "."
    named = answer_words.faults(said.faults, layout, sent.segments if sent is not None else ())
    inside = [f"In it: {file.listed()}."] if dispatch.documents and not dispatch.set_number else []
    return " ".join([head, *inside, *(each[0].upper() + each[1:] for each in named)])


def _name(dispatch: Dispatch) -> str:
    what = answer_words.NAMES.get(dispatch.document, dispatch.document)
    if dispatch.documents and not dispatch.set_number:
        return f"file of {dispatch.documents} documents {dispatch.document} (control number {dispatch.control_number})"
    of_set = f"set {dispatch.set_number} of " if dispatch.set_number else ""
    return f"{what} {dispatch.number} ({of_set}control number {dispatch.control_number})"


def _told_date(answer: Answer) -> str:
    return f"{answer.received_at:%Y-%m-%d}"


def _orphan(desk: Desk, kind: str, what: str) -> FileHold:
    desk.counts["answer to nothing"] += 1
    reason = f"The {kind} in {desk.receipt.file_name} answers {what}, which never left for {desk.partner.name}."
    return hold(desk.bench, desk.receipt, "A-ORPHAN", reason, reference=what)


def _unreadable(desk: Desk, what: str) -> FileHold:
    desk.counts["answer without a verdict"] += 1
    return hold(
        desk.bench,
        desk.receipt,
        "A-UNREADABLE",
        f"{what} in {desk.receipt.file_name} does not say whether our document was accepted or rejected.",
    )


def _is_x12(dispatch: Dispatch) -> bool:
    return dispatch.document == "TA1" or dispatch.document.isdigit()


def _functional_id(dispatch: Dispatch) -> str:
    """GS01 of a dispatch; it is the same in every version."""
    layouts: Sequence[guide.Guide | None] = [guide.load(version, dispatch.document) for version in guide.versions()]
    return next((layout.functional_group for layout in layouts if layout is not None), "")
