"""Which constants of an X12 segment mean nothing without other elements of it, by the standard's syntax notes."""

from collections.abc import Iterator, Mapping

from gateway.formats.x12.guide import Guide, SegmentSpec, SyntaxNote
from gateway.mapping.writing.plans import OutLoop, OutSegment, Tie

ALL_OR_NONE = "P"
IF_THE_FIRST = ("C", "L")


def tie(loop: OutLoop, guide: Guide) -> None:
    """Note in every segment of a planned loop which of its constants are tied to which of its values."""
    for part in [*([loop.trigger] if loop.trigger is not None else []), *loop.parts]:
        if isinstance(part, OutLoop):
            tie(part, guide)
        else:
            part.ties = tuple(_ties(part, guide.segments[part.step.segment]))


def _ties(segment: OutSegment, spec: SegmentSpec) -> Iterator[Tie]:
    values = _values(segment)
    said = {at for at, _ in segment.elements} | {each.element for each in segment.step.conditions}
    notes = {
        at: [others for note in spec.syntax if (others := _others(note, at))]
        for at in sorted(said - values)
        if at <= len(spec.elements) and not spec.elements[at - 1].required
    }
    for at, each in notes.items():
        for others in each:
            needs = _needs(others, values, notes, said, frozenset({at}))
            if needs:
                yield Tie(at, tuple(sorted(needs)))


def _values(segment: OutSegment) -> set[int]:
    """The elements that may be empty: those of rules that are not constant, and of pairs."""
    pairs = {at + offset for at in segment.free for offset in (0, 1)} if segment.pairs or segment.many else set()
    return {at for (at, _), rule in segment.elements.items() if not rule.is_constant} | pairs


def _others(note: SyntaxNote, at: int) -> tuple[int, ...]:
    """The elements that a note asks for beside one; none where it asks for nothing."""
    is_tied = note.kind == ALL_OR_NONE or (note.kind in IF_THE_FIRST and note.positions[0] == at)
    return tuple(each for each in note.positions if each != at) if is_tied and at in note.positions else ()


def _needs(
    others: tuple[int, ...],
    values: set[int],
    notes: Mapping[int, list[tuple[int, ...]]],
    said: set[int],
    seen: frozenset[int],
) -> set[int]:
    """The values of which one must be there; none where a constant is always there, or where no rule writes any."""
    found: set[int] = set()
    for each in others:
        if each in values:
            found.add(each)
        elif each in said and each not in seen:
            further: set[int] = set()
            for more in notes.get(each, ()):
                further |= _needs(more, values, notes, said, seen | {each})
            if not further:
                return set()
            found |= further
    return found
