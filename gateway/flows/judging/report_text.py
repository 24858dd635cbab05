"""What an examination found, in words for clerks: the verdict first, each fault marked in its segment, what to ask."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from gateway.exchange.acknowledgment import GroupVerdict, SetVerdict, Verdict
from gateway.exchange.interchange import ReceivedGroup
from gateway.flows.judging.advice import DOCUMENTS, name_of, request
from gateway.flows.judging.examine import Examination, ExaminedInterchange
from gateway.flows.judging.excerpts import MISSING_SEGMENT, Quoted, Sparing
from gateway.flows.judging.marked import Look, Span, marked, printable, shortened, span_of, written
from gateway.flows.judging.report import SECRET, is_clean, masked, said
from gateway.formats.x12 import guide
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.guide import Guide
from gateway.kernel.causes import CAUSES, Cause
from gateway.kernel.faults import ElementFault, Fault, SetFault
from gateway.kernel.issue import Issue
from gateway.kernel.words import counted

_WORDS = {
    Verdict.ACCEPTED: "accepted",
    Verdict.ERRORS: "accepted, with errors noted",
    Verdict.PARTIAL: "partly accepted",
    Verdict.REJECTED: "rejected",
}
_MISSING = (ElementFault.MANDATORY_MISSING, ElementFault.CONDITIONAL_MISSING)
_IN_TRAILER: Mapping[Fault, int] = {SetFault.SEGMENT_COUNT: 1, SetFault.CONTROL_NUMBER_MISMATCH: 2}
_INDENT = " " * 10
_PLAIN = Look()
_REQUESTS = 12
_FEW_CODES = 15
_HERE = {
    "F-BINARY": Cause("The file is no X12", "Ask the sender for the X12 file itself."),
    "S-FILETYPE": Cause("Not an ordinary file", "Give the name of an ordinary file, or of a folder of them."),
}
"""What these codes mean where no partner and no folder of theirs is looked at."""


def validation_text(file: str, seen: Examination) -> str:
    """The whole report as one text, for a screen of usual width."""
    return "\n".join(validation_lines(file, seen))


def validation_lines(file: str, seen: Examination, look: Look = _PLAIN) -> Iterator[str]:
    """The report line by line; what is accepted is counted, only faults take lines of their own."""
    return _Report(look).lines(file, seen)


class _Report:
    """One report being written: what was shown already, and what has to be asked of whom."""

    def __init__(self, look: Look) -> None:
        self.look = replace(look, width=look.width - len(_INDENT))
        self.sparing = Sparing()
        self.passed_over = 0
        self.again: dict[str, dict[str, None]] = {}
        self.noted: dict[str, dict[str, None]] = {}

    def lines(self, file: str, seen: Examination) -> Iterator[str]:
        """Verdict, faults in file order, repairs, and what to do."""
        yield f"{printable(file)}: {_headline(seen)}"
        for issue in seen.issues:
            yield f"  {issue.code} at byte {issue.offset}: {printable(issue.message)}"
        for each in seen.interchanges:
            yield from self._interchange(each)
        yield from self._rest()
        if seen.repairs:
            yield "  Repaired while reading:"
        for repair in seen.repairs:
            yield f"    {repair.kind.value} at byte {repair.offset}: {printable(repair.message)}"
        yield from self._what_to_do(seen)

    def _interchange(self, each: ExaminedInterchange) -> Iterator[str]:
        judged, received = each.verdict, each.received
        answer = f" (TA1 {judged.verdict.value} {judged.code})" if judged.code != "000" else ""
        yield printable(
            f"  Interchange {received.control_number} from {received.sender} to {received.receiver}: {_WORDS[judged.verdict]}{answer}"
        )
        for issue in received.issues:
            self._ask(received.sender, issue, judged.verdict)
            yield from self._in_header(issue, _without_secrets(each.excerpts.header), each.excerpts.separators)
        for number, group in enumerate(judged.groups):
            yield from self._group(group, number, each)

    def _group(self, judged: GroupVerdict, number: int, within: ExaminedInterchange) -> Iterator[str]:
        group = judged.group
        codes = f" (AK905 {', '.join(judged.codes)})" if judged.codes else ""
        yield printable(
            f"  Group {group.control_number} ({group.functional_id}, {group.version}): {_WORDS[judged.verdict]}, "
            f"{judged.accepted} of {judged.received} sets accepted{codes}"
        )
        header = within.excerpts.groups[number] if number < len(within.excerpts.groups) else ()
        for issue in judged.issues:
            self._ask(within.received.sender, issue, judged.verdict)
            yield from self._in_header(issue, header, within.excerpts.separators)
        for at, each in enumerate(judged.sets):
            if each.issues or each.received.guide_issues:
                yield from self._set(each, group, within.excerpts.of(number, at), within)

    def _in_header(self, issue: Issue, header: Sequence[str], separators: Separators) -> Iterator[str]:
        """A fault of an envelope; its header is quoted where that is what is wrong."""
        if not self.sparing.takes(issue):
            return
        yield f"    {printable(said(issue))}"
        if header and issue.place.segment == header[0] and issue.place.element:
            span = span_of(issue, header, separators, issue.place.element)
            yield from self._quote(written(header, separators), span)

    def _set(
        self, judged: SetVerdict, group: ReceivedGroup, quoted: Quoted, within: ExaminedInterchange
    ) -> Iterator[str]:
        received = judged.received
        for issue in (*judged.issues, *received.guide_issues):
            self._ask(within.received.sender, issue, judged.verdict)
        shown = [issue for issue in judged.issues if self.sparing.takes(issue)]
        against_guide = [issue for issue in received.guide_issues if self.sparing.takes(issue)]
        if not shown and not against_guide:
            self.passed_over += 1
            return
        what = DOCUMENTS.get(received.set_id)
        name = f"{what} ({received.set_id})" if what else received.set_id
        codes = f" (AK5 {judged.verdict.value} {' '.join(judged.codes)})" if judged.codes else ""
        yield printable(f"    Set {received.control_number}, {name}: {_WORDS[judged.verdict]}{codes}")
        shown.sort(key=lambda issue: issue.place.position)  # those of the trailer stand first in the list
        layout = guide.load(group.version, received.set_id)
        yield from self.faults(shown, quoted, within.excerpts.separators, layout)
        if against_guide:
            yield printable(f"      Against the partner guide {received.guide_name}:")
        yield from self.faults(against_guide, quoted, within.excerpts.separators, None)

    def faults(
        self, issues: Iterable[Issue], quoted: Quoted, separators: Separators, layout: Guide | None
    ) -> Iterator[str]:
        """Faults of one set, whosever rules they break, each with its segment."""
        for issue in issues:
            where = f"Segment {issue.place.position}: " if issue.place.position else ""
            yield f"      {where}{printable(issue.message)}{_allowed(issue, layout)}"
            if issue.fault in MISSING_SEGMENT:
                yield from self._between(issue.place.position, quoted, separators)
            elif segment := quoted.get(issue.place.position):
                element = _IN_TRAILER.get(issue.fault, issue.place.element)
                missing = name_of(issue) if issue.fault in _MISSING else ""
                span = span_of(issue, segment, separators, element)
                yield from self._quote(written(segment, separators), span, missing)

    def _between(self, at: int, quoted: Quoted, separators: Separators) -> Iterator[str]:
        """Where a missing segment belongs: before the segment at this position."""
        for words, segment in (("after   ", quoted.get(at - 1)), ("before  ", quoted.get(at))):
            if segment is not None:
                text = f"segment {segment.position}: {written(segment, separators)}"
                yield _INDENT + words + shortened(text, replace(self.look, width=self.look.width - len(words)))

    def _quote(self, text: str, span: Span, missing: str = "") -> Iterator[str]:
        yield from (_INDENT + line for line in marked(text, span, self.look, missing=missing))

    def _ask(self, sender: str, issue: Issue, verdict: Verdict) -> None:
        book = self.again if verdict in (Verdict.REJECTED, Verdict.PARTIAL) else self.noted
        wanted = book.setdefault(sender, {})
        if len(wanted) <= _REQUESTS:
            wanted[request(issue)] = None

    def _rest(self) -> Iterator[str]:
        """What was counted instead of shown."""
        for first, count, shown in self.sparing.more():
            yield f"  {counted(count, 'fault')} like this one, {shown} of them shown: {printable(said(first))}"
        if self.sparing.uncounted:
            yield f"  {counted(self.sparing.uncounted, 'fault')} of other kinds and not shown; correct these first."
        if self.passed_over:
            yield f"  {counted(self.passed_over, 'set')} with no other faults than these and not shown."

    def _what_to_do(self, seen: Examination) -> Iterator[str]:
        steps = [cause.next_step for cause in _causes(seen)]
        if steps or self.again or self.noted:
            yield "  What to do:"
        yield from (f"    {step}" for step in steps)
        yield from _asked("Ask {} to send again what was rejected, and only that. It has to:", self.again)
        yield from _asked("Tell {}; nothing has to be sent again. The next time it has to:", self.noted)


def _allowed(issue: Issue, layout: Guide | None) -> str:
    """The codes that may stand there, where they are few enough to be read."""
    if issue.fault is not ElementFault.INVALID_CODE or layout is None or issue.place.segment not in layout.segments:
        return ""
    spec = layout.segments[issue.place.segment].elements[issue.place.element - 1]
    if issue.place.component:
        spec = spec.components[issue.place.component - 1]
    codes = sorted(spec.codes or ())
    return f" Allowed are {', '.join(codes)}." if 0 < len(codes) <= _FEW_CODES else ""


def _asked(words: str, book: Mapping[str, Mapping[str, None]]) -> Iterator[str]:
    for sender, wanted in book.items():
        yield printable("    " + words.format(sender or "the sender"))
        requests = list(wanted)
        yield from (printable(f"      - {each}") for each in requests[:_REQUESTS])
        if len(requests) > _REQUESTS:
            yield "      - and more; see the faults above"


def _headline(seen: Examination) -> str:
    groups = [group for each in seen.interchanges for group in each.verdict.groups]
    accepted, received = sum(group.accepted for group in groups), sum(group.received for group in groups)
    count = f"{accepted} of {received} sets accepted" if received else "there is no set in it"
    if is_clean(seen):
        noted = any(Verdict.ERRORS in (each.verdict.verdict, *_verdicts(each)) for each in seen.interchanges)
        return f"{_WORDS[Verdict.ERRORS if noted else Verdict.ACCEPTED]}. {count[0].upper()}{count[1:]}."
    titles = " ".join(f"{cause.title}." for cause in _causes(seen))
    if not seen.interchanges:
        return f"not accepted. {titles}".rstrip()
    verdict = Verdict.PARTIAL if accepted else Verdict.REJECTED
    return f"{_WORDS[verdict]}. {count[0].upper()}{count[1:]}. {titles}".rstrip()


def _causes(seen: Examination) -> list[Cause]:
    """What is wrong with the file as a whole, each cause once."""
    return [_HERE.get(code) or CAUSES[code] for code in dict.fromkeys(issue.code for issue in seen.issues)]


def _verdicts(each: ExaminedInterchange) -> Iterator[Verdict]:
    return (group.verdict for group in each.verdict.groups)


def _without_secrets(header: Sequence[str]) -> tuple[str, ...]:
    return tuple(masked(value) if at in SECRET else value for at, value in enumerate(header))
