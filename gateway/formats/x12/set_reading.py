"""Read one transaction set: fast as long as everything is surely right, exactly where something is not."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from gateway.formats.record import Segment, SetRecord
from gateway.formats.x12.automaton import RARE, Automaton, State, Step, automaton
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.elements import check
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.hierarchy import Hierarchy
from gateway.formats.x12.places import TRAILER
from gateway.formats.x12.tokens import Run
from gateway.formats.x12.walk import MOST_FAULTS, UNPLACED, Walked, walk
from gateway.kernel.faults import SetFault
from gateway.kernel.issue import Issue, Place

CONTROL_SEGMENTS = frozenset({"ISA", "IEA", "GS", "GE", "ST"})
"""Each of these ends a set that has no SE."""


class SetText:
    """The segments of one set as text, and the byte offset of each in the file."""

    __slots__ = ("_firsts", "_runs", "is_tidy", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.is_tidy = True
        self._firsts: list[int] = []
        self._runs: list[tuple[Run, int]] = []

    def add(self, run: Run, start: int, end: int) -> None:
        """The segments ``start`` to ``end`` (exclusive) of a run."""
        if end > start:
            self._firsts.append(len(self.texts))
            self._runs.append((run, start))
            self.texts += run.texts[start:end]
            if not run.is_tidy:
                self.is_tidy = False

    def offset(self, at: int) -> int:
        """The byte offset of the segment at index ``at`` (ST is 0)."""
        found = bisect_right(self._firsts, at) - 1
        run, start = self._runs[found]
        return run.offset(start + at - self._firsts[found])

    def start(self) -> int:
        """The byte offset of the first segment."""
        run, start = self._runs[0]
        return run.offset(start)

    def end(self) -> int:
        """The byte offset behind the last segment and its terminator."""
        run, start = self._runs[-1]
        return run.end(start + len(self.texts) - 1 - self._firsts[-1])

    def segment(self, at: int, separator: str) -> Segment:
        """One segment, with its position (ST = 1) and its offset."""
        return Segment(self.texts[at].split(separator), at + 1, self.offset(at))

    def segments(self, separator: str) -> tuple[Segment, ...]:
        """All segments in file order."""
        return tuple(self.segment(at, separator) for at in range(len(self.texts)))


class SetReading:
    """One set while it is read, from ST on; ``complete`` once its SE has come."""

    def __init__(self, guide: Guide | None, separators: Separators) -> None:
        self.guide = guide
        self.separators = separators
        self.text = SetText()
        self.complete = False
        self._state: State | None = automaton(guide).start if guide is not None else None
        self._unsure: list[tuple[int, Step]] = []
        self._used: dict[int, int] = {}
        self._hierarchy: Hierarchy | None = None

    @property
    def begins_with_header(self) -> bool:
        """Whether the first segment is an ST."""
        return self.text.texts[0].partition(self.separators.element)[0] == "ST"

    def feed(self, run: Run, start: int) -> int:
        """Take segments from index ``start`` of a run up to the SE; returns the index of the first one not taken."""
        end = self._fast(run, start, self._state) if self._state is not None else start
        if self._state is None:
            end = self._collect(run, end, is_first=end == start and not self.text.texts)
        self.text.add(run, start, end)
        return end

    def _fast(self, run: Run, start: int, state: State) -> int:
        """As far as the automaton leads; ``_state`` is None afterwards where it does not know the way."""
        texts, odd, separator, used = run.texts, run.odd, self.separators.element, self._used
        before = len(self.text.texts) - start
        for at in range(start, len(texts)):
            text = texts[at]
            elements = text.split(separator)
            move = state[elements[0]]
            if move is None:
                self._state = None
                return at
            state, checks, extra, step = move
            if not checks[len(elements)](elements) or (odd is not None and odd(text)):
                self._unsure.append((before + at, step))
            if extra is None:
                continue
            depth, maximum, again, link = extra
            if again:
                used[depth] = count = used[depth] + 1
                if count > maximum:
                    self._state = None
                    return at
            elif maximum:
                used[depth] = 1
            if link == TRAILER:
                self.complete = True
                return at + 1
            if link and self._refers_wrongly(elements):
                self._state = None
                return at
        self._state = state
        return len(texts)

    def _refers_wrongly(self, elements: list[str]) -> bool:
        if self._hierarchy is None:
            self._hierarchy = Hierarchy()
        return self._hierarchy.take(elements) is not None

    def _collect(self, run: Run, start: int, *, is_first: bool) -> int:
        """Up to the SE, or to a segment that ends the set without one; the first segment of a set never does."""
        separator = self.separators.element
        for at in range(start, len(run.texts)):
            name = run.texts[at].partition(separator)[0]
            if name == TRAILER:
                self.complete = True
                return at + 1
            if (name in CONTROL_SEGMENTS or name.startswith("ISA")) and not (is_first and at == start):
                return at
        return len(run.texts)

    def finish(self) -> tuple[tuple[Issue, ...], Walked | None]:
        """The faults of segments and elements in file order; the exact walk where one was needed.

        Of more than ``MOST_FAULTS`` the first are told, and that there are more, which rejects the set.
        """
        if self.guide is None:
            return (), None
        if self._state is None or not self.complete or self._is_overused(automaton(self.guide)):
            checks = automaton(self.guide).checks
            walked = walk(self.text.segments(self.separators.element), self.guide, self.separators, checks)
            return _first(walked.issues), walked
        if not self._unsure:
            return (), None
        return _first(issue for at, step in self._unsure for issue in self._looked_at(at, step)), None

    def _is_overused(self, known: Automaton) -> bool:
        """Whether a node with a large maximum may have been used too often; only the exact walk can tell."""
        if len(self.text.texts) < RARE or not known.rare:
            return False
        counts = Counter(text.partition(self.separators.element)[0] for text in self.text.texts)
        return any(counts[segment_id] > maximum for segment_id, maximum in known.rare.items())

    def _looked_at(self, at: int, step: Step) -> tuple[Issue, ...]:
        segment = self.text.segment(at, self.separators.element)
        place = Place(segment[0], segment.position, step.loop_id, offset=segment.offset)
        return tuple(check(segment, step.spec, place, self.separators))


def _first(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    found = tuple(islice(issues, MOST_FAULTS + 1))
    if len(found) <= MOST_FAULTS:
        return found
    message = f"The set has more than {MOST_FAULTS:,} faults; the first of them are told."
    return (*found[:MOST_FAULTS], Issue(SetFault.SEGMENTS_IN_ERROR, Place("ST", 1), "", message))


def tree(text: SetText, guide: Guide | None, separators: Separators) -> SetRecord:
    """The record of a set without structural faults, ST to SE; without a guide everything is unplaced."""
    separator = separators.element
    flat = [each.split(separator) for each in text.texts]
    component, repetition = separators.component, separators.repetition
    if guide is None:
        root = SetRecord(flat, component, repetition)
        root.segments[UNPLACED] = flat
        return root
    layout = automaton(guide).layout([each[0] for each in flat])
    if layout is None:  # only a set that needed the exact walk has no layout
        return walk([Segment(each, at) for at, each in enumerate(flat, start=1)], guide, separators).record
    tidy = text.is_tidy or is_tidy(separator.join(text.texts), separator)
    return SetRecord(flat, component, repetition, layout=layout, is_tidy=tidy)


def is_tidy(text: str, separator: str) -> bool:
    """Whether a text of elements is printable ASCII, and none of them begins or ends with a blank."""
    return (
        text.isascii() and text.isprintable() and f"{separator} " not in text and f" {separator}" not in text
        and not text.endswith(" ")
    )  # fmt: skip
