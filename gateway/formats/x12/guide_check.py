"""Compare one transaction set with a partner guide: which faults it permits, and which it finds besides."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from gateway.formats.record import Record, Segment, SetRecord
from gateway.formats.x12 import path as paths
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.elements import check, faults_of, label
from gateway.formats.x12.guide import ElementSpec, SegmentSpec
from gateway.formats.x12.guide_overlay import Demand, Facet, PartnerGuide, element_of, looser, tighter, with_element
from gateway.formats.x12.parts import SetRead
from gateway.kernel.faults import ElementFault, Fault, SegmentFault
from gateway.kernel.issue import Issue, Place

_MOST_CODES_SHOWN = 12

Spot = tuple[int, str, int, int]
"""Position, segment, element and component: two faults of one spot are one for the partner."""


def compared(read: SetRead, guide: PartnerGuide) -> SetRead:
    """Judge a set that was read along what is agreed (``guide.agreed``) also by the partner's own elements and demands.

    Its issues lose what the guide permits; what the guide demands besides is apart, and only where the standard finds
    nothing at the same spot.
    """
    seen = _Seen(read.record, read.segments)
    narrowed = _narrowed(seen, guide.facets)
    faulty = {issue.place.position for issue in read.issues if isinstance(issue.fault, ElementFault)}
    permitted = {
        fault for each in narrowed if each.segment.position in faulty for fault in _permitted(each, read.separators)
    }
    issues = tuple(issue for issue in read.issues if (_spot(issue), issue.fault) not in permitted)
    found = [issue for each in narrowed for issue in _element_issues(each, read.separators)]
    found += [issue for demand in guide.demands for issue in _demanded(demand, seen)]
    known = {_spot(issue) for issue in issues}
    apart = (issue for issue in found if _spot(issue) not in known)
    return read.under(guide.name, issues, tuple(sorted(apart, key=_spot)))


def _spot(issue: Issue) -> Spot:
    place = issue.place
    return place.position, place.segment, place.element, place.component


@dataclass(frozen=True, slots=True)
class _Seen:
    """The tree of the set, and its segments with their places."""

    record: SetRecord
    segments: Sequence[Segment]

    def located(self, segments: Sequence[list[str]]) -> list[Segment]:
        """Segments of the tree with their places."""
        return [self.segments[self.record.position_of(segment) - 1] for segment in segments]


# --- elements -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """One segment of the set with every facet that concerns it."""

    segment: Segment
    facets: tuple[Facet, ...]

    def place(self) -> Place:
        """Where the segment stands."""
        return Place(self.segment[0], self.segment.position, self.facets[0].loop, offset=self.segment.offset)


def _narrowed(seen: _Seen, facets: tuple[Facet, ...]) -> list[_Narrowed]:
    found: dict[int, tuple[Segment, list[Facet]]] = {}
    for facet in facets:
        for _, segments in paths.segments(facet.rule.path, seen.record):
            for segment in seen.located(segments):
                found.setdefault(segment.position, (segment, []))[1].append(facet)
    return [_Narrowed(segment, tuple(each)) for segment, each in found.values()]


@lru_cache(maxsize=4096)
def _folded_spec(facets: tuple[Facet, ...], change: Callable[..., ElementSpec]) -> SegmentSpec:
    """The segment with the changes of all its facets, the general ones first."""
    spec = facets[0].spec
    for facet in facets:
        path = facet.rule.path
        spec = with_element(spec, path, change(element_of(spec, path), facet.rule))
    return spec


def _permitted(each: _Narrowed, separators: Separators) -> set[tuple[Spot, Fault]]:
    """The element faults of one segment that the standard finds and its facets permit."""
    standard, spec = each.facets[0].spec, _folded_spec(each.facets, looser)
    if spec is standard:
        return set()
    return _faults(each, standard, separators) - _faults(each, spec, separators)


def _faults(each: _Narrowed, spec: SegmentSpec, separators: Separators) -> set[tuple[Spot, Fault]]:
    return {(_spot(issue), issue.fault) for issue in check(each.segment, spec, each.place(), separators)}


def _element_issues(each: _Narrowed, separators: Separators) -> Iterator[Issue]:
    spec = _folded_spec(each.facets, tighter)
    if not separators.repetition and all(_is_clean(each.segment, facet, spec) for facet in each.facets):
        return
    named = {(facet.rule.path.last.element, facet.rule.path.last.component): facet for facet in each.facets}
    for issue in check(each.segment, spec, each.place(), separators):
        facet = named.get((issue.place.element, issue.place.component)) or named.get((issue.place.element, 0))
        if facet is not None:
            yield _worded(issue, facet, spec)
    for (element, component), facet in named.items():
        value = _value(each.segment, element, component, separators)
        if value and facet.rule.use == "not used":
            yield _unused(each.place(), value, facet)


def _is_clean(segment: Segment, facet: Facet, spec: SegmentSpec) -> bool:
    """Whether a simple element without repetitions fits, decided without looking at the rest of its segment."""
    last = facet.rule.path.last
    element = spec.elements[last.element - 1]
    if element.components:
        return False
    value = segment[last.element] if last.element < len(segment) else ""
    if not value:
        return not element.required
    return facet.rule.use != "not used" and not faults_of(value, element)


def _value(segment: Segment, element: int, component: int, separators: Separators) -> str:
    value = segment[element] if element < len(segment) else ""
    if not component or not separators.component:
        return value if not component or component == 1 else ""
    parts = value.split(separators.component)
    return parts[component - 1] if component <= len(parts) else ""


def _worded(issue: Issue, facet: Facet, spec: SegmentSpec) -> Issue:
    """The same fault with the guide's own demand in its sentence."""
    path, element = facet.rule.path, element_of(spec, facet.rule.path)
    said = label(issue.place, element)
    if issue.fault is ElementFault.MANDATORY_MISSING:
        return replace(issue, message=f"{said} is missing; the partner guide requires {path.text}.")
    if issue.fault is ElementFault.INVALID_CODE and element.codes is not None:
        if len(element.codes) <= _MOST_CODES_SHOWN:
            allowed = f"allowed in {path.text}: {', '.join(sorted(element.codes))}."
        else:
            allowed = f"the list of {path.text} in the partner guide does not have it."
        return replace(issue, message=f"{said}: '{issue.value}' is not used with this partner; {allowed}")
    return replace(issue, message=f"{issue.message} The partner guide says so for {path.text}.")


def _unused(place: Place, value: str, facet: Facet) -> Issue:
    last = facet.rule.path.last
    element = element_of(facet.spec, facet.rule.path)
    at = replace(place, element=last.element, component=last.component, reference=element.reference)
    message = (
        f"{label(at, element)}: '{value}' stands here; the partner guide says that {facet.rule.path.text} is not used."
    )
    return Issue(ElementFault.EXCLUSION_VIOLATED, at, value, message)


# --- segments and loops ---------------------------------------------------------------------------------------------


def _demanded(demand: Demand, seen: _Seen) -> Iterator[Issue]:
    for parent, segments in paths.segments(demand.path, seen.record):
        found = seen.located(segments)
        if len(found) < demand.minimum:
            yield _absent(demand, parent, seen)
        if demand.maximum is not None:
            yield from (_too_many(demand, segment, len(found)) for segment in found[demand.maximum :])


def _absent(demand: Demand, parent: Record, seen: _Seen) -> Issue:
    """Missing where it should have stood: behind the last segment that its level has before it."""
    position = _end(parent, demand.earlier, seen.record) + 1
    offset = seen.segments[position - 1].offset if position <= len(seen.segments) else -1
    what = "loop" if demand.is_loop else "segment"
    begins = seen.record.position_of(parent.head) if parent.head is not None else 0
    inside = f" in the loop {parent.name} that begins in segment {begins}" if parent.name else ""
    message = f"{demand.path.text}: the partner guide requires this {what}{inside}; it is missing."
    place = Place(demand.path.last.segment, position, demand.inside, offset=offset)
    return Issue(SegmentFault.MANDATORY_MISSING, place, "", message)


def _end(record: Record, ids: frozenset[str] | None, root: SetRecord) -> int:
    """The position of the last segment of a level, of these ids only (None: of all), loops included."""
    last = root.position_of(record.head) if record.head is not None else 1
    for name, segments in record.segments.items():
        if ids is None or name in ids:
            last = max(last, root.position_of(segments[-1]))
    for name, children in record.children.items():
        if ids is None or name in ids:
            last = max(last, _end(children[-1], None, root))
    return last


def _too_many(demand: Demand, segment: Segment, count: int) -> Issue:
    place = Place(segment[0], segment.position, demand.loop, offset=segment.offset)
    what = "loop" if demand.is_loop else "segment"
    if demand.maximum == 0:
        message = f"{demand.path.text}: this {what} stands here; the partner guide says that it is not used."
        return Issue(SegmentFault.UNEXPECTED, place, "", message)
    fault = SegmentFault.LOOP_OVER_MAXIMUM if demand.is_loop else SegmentFault.OVER_MAXIMUM_USE
    message = f"{demand.path.text}: this {what} stands here {count} times; the partner guide allows {demand.maximum}."
    return Issue(fault, place, "", message)
