"""Partner guides: what a partner's own paper says differently from the standard, laid over the standard's guide.

A partner guide is pure data. What it widens (a longer element, one more code, a segment in one more place) the standard
forbids and the partner was promised: it is taken out of the standard's faults. What it narrows is a fault against
the partner guide only. ``guide_check`` compares one set with both.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from gateway.formats.x12.guide import ElementSpec, Guide, LoopNode, Node, SegmentNode, SegmentSpec
from gateway.formats.x12.path import Path

Use = Literal["", "required", "optional", "not used"]
ANY = 0
"""A maximum without a limit, as rules and additions write it."""


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """What differs for a segment or loop: whether it is used, and how often at most (``ANY``; None: as it was)."""

    path: Path
    use: Use = ""
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class ElementRule:
    """What differs for an element or component; ``only`` and ``also`` are codes, ``length`` least and most."""

    path: Path
    use: Use = ""
    length: tuple[int, int] | None = None
    repeat: int | None = None
    only: frozenset[str] | None = None
    also: frozenset[str] = frozenset()


Rule = SegmentRule | ElementRule


@dataclass(frozen=True, slots=True)
class Addition:
    """A place for a segment that the standard does not have: in the loop ``inside`` (the set when empty).

    It stands behind ``after``, a segment or loop of that level; empty: behind the segment that opens the loop.
    """

    spec: SegmentSpec
    inside: tuple[str, ...]
    after: str
    maximum: int | None
    required: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """How often the segments of a path must and may stand on their level.

    ``inside`` is the loop id of that level, ``loop`` that of the segments themselves (they differ for the first
    segment of a loop); ``earlier`` are the ids of the level that stand before them, or are the same.
    """

    path: Path
    minimum: int
    maximum: int | None
    is_loop: bool
    inside: str
    loop: str
    earlier: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """One element rule at its segment; ``spec`` is the standard's, ``loop`` what AK303 says."""

    rule: ElementRule
    spec: SegmentSpec
    loop: str


@dataclass(frozen=True, slots=True, eq=False)
class PartnerGuide:
    """One partner guide ready for use.

    ``agreed`` is the standard's guide with every widened place in it, and ``standard`` itself when there is none;
    the elements in it are the standard's. ``facets`` are in the order in which they act: the general ones first.
    """

    name: str
    standard: Guide
    agreed: Guide
    demands: tuple[Demand, ...]
    facets: tuple[Facet, ...]


PartnerGuides = Mapping[tuple[str, str], PartnerGuide]
"""The guides of one partner by set and base version."""
NO_GUIDES: PartnerGuides = MappingProxyType({})


@lru_cache(maxsize=256)
def overlay(name: str, standard: Guide, rules: tuple[Rule, ...], additions: tuple[Addition, ...]) -> PartnerGuide:
    """The partner guide of rules and additions that were checked; the same content gives the same object."""
    merged = folded(rules)
    agreed = widened(standard, merged, additions)
    demands = tuple(demand for each in merged if isinstance(each, SegmentRule) for demand in _demands(each, agreed))
    facets = sorted((each for each in merged if isinstance(each, ElementRule)), key=lambda each: conditions(each.path))
    return PartnerGuide(name, standard, agreed, demands, tuple(_facet(each, agreed) for each in facets))


def conditions(path: Path) -> int:
    """How many conditions a path has: a rule with more of them is the more special one."""
    return sum(len(step.conditions) for step in path.steps)


def folded(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """One rule for each place: what a later one says wins, what it does not say stays."""
    found: dict[object, Rule] = {}
    for rule in rules:
        before = found.get(rule.path.steps)
        found[rule.path.steps] = _over(before, rule) if before is not None else rule
    return tuple(found.values())


def _over(before: Rule, rule: Rule) -> Rule:
    if isinstance(rule, SegmentRule) and isinstance(before, SegmentRule):
        maximum = rule.maximum if rule.maximum is not None else before.maximum
        return replace(rule, use=rule.use or before.use, maximum=maximum)
    if isinstance(rule, SegmentRule) or isinstance(before, SegmentRule):
        return rule  # one path is either an element or not, so both are of one kind
    narrowed = rule.only is not None
    return replace(
        rule, use=rule.use or before.use, length=rule.length or before.length, repeat=rule.repeat or before.repeat,
        only=rule.only if narrowed else before.only, also=rule.also if narrowed else rule.also | before.also,
    )  # fmt: skip


# --- the tree -------------------------------------------------------------------------------------------------------


def widened(standard: Guide, rules: Iterable[Rule], additions: tuple[Addition, ...]) -> Guide:
    """The standard's guide with room for what the partner may send besides; itself when nothing is wider."""
    nodes = standard.nodes
    for addition in additions:
        nodes = _added(nodes, addition, addition.inside)
    for rule in rules:
        if isinstance(rule, SegmentRule) and not conditions(rule.path):
            nodes = _wider(nodes, rule, tuple(step.segment for step in rule.path.steps))
    if nodes == standard.nodes:
        return standard
    segments = {**standard.segments, **{each.spec.id: each.spec for each in additions}}
    return replace(standard, nodes=nodes, segments=MappingProxyType(segments))


def _added(nodes: tuple[Node, ...], addition: Addition, inside: tuple[str, ...]) -> tuple[Node, ...]:
    if inside:
        return tuple(
            replace(node, body=_added(node.body, addition, inside[1:]))
            if isinstance(node, LoopNode) and node.id == inside[0]
            else node
            for node in nodes
        )
    new = SegmentNode(addition.spec.id, addition.required, addition.maximum, addition.spec)
    at = max((at for at, node in enumerate(nodes) if node.id == addition.after), default=0)
    return (*nodes[: at + 1], new, *nodes[at + 1 :])


def _wider(nodes: tuple[Node, ...], rule: SegmentRule, ids: tuple[str, ...]) -> tuple[Node, ...]:
    return tuple(_wider_node(node, rule, ids[1:]) if node.id == ids[0] else node for node in nodes)


def _wider_node(node: Node, rule: SegmentRule, inner: tuple[str, ...]) -> Node:
    if inner:
        return replace(node, body=_wider(node.body, rule, inner)) if isinstance(node, LoopNode) else node
    maximum, required = node.maximum, node.required
    if rule.maximum == ANY:
        maximum = None
    elif rule.maximum is not None and maximum is not None:
        maximum = max(maximum, rule.maximum)
    if rule.use in ("optional", "not used"):
        required = False
    unchanged = (maximum, required) == (node.maximum, node.required)
    return node if unchanged else replace(node, maximum=maximum, required=required)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A node with the level it stands on."""

    node: Node
    level: tuple[Node, ...]
    loop: str


def _spot(path: Path, guide: Guide) -> _Spot:
    """The place of a path that is known to be there; where an id stands twice on a level, the first that fits."""
    return next(_spots(tuple(step.segment for step in path.steps), guide.nodes, ""))


def _spots(ids: tuple[str, ...], level: tuple[Node, ...], loop: str) -> Iterator[_Spot]:
    for node in level:
        if node.id == ids[0] and len(ids) == 1:
            yield _Spot(node, level, loop)
        elif node.id == ids[0] and isinstance(node, LoopNode):
            yield from _spots(ids[1:], node.body, node.loop_id)


# --- what is narrower -----------------------------------------------------------------------------------------------


def _demands(rule: SegmentRule, agreed: Guide) -> Iterator[Demand]:
    spot = _spot(rule.path, agreed)
    special = conditions(rule.path) > 0
    minimum = 1 if rule.use == "required" and (special or not spot.node.required) else 0
    maximum = _most(rule, spot.node, special=special)
    if not minimum and maximum is None:
        return
    last = max(at for at, node in enumerate(spot.level) if node.id == spot.node.id)
    loop = spot.node.loop_id if isinstance(spot.node, LoopNode) else spot.loop
    earlier = frozenset(node.id for node in spot.level[: last + 1])
    yield Demand(rule.path, minimum, maximum, isinstance(spot.node, LoopNode), spot.loop, loop, earlier)


def _most(rule: SegmentRule, node: Node, *, special: bool) -> int | None:
    """The maximum that the tree does not watch already, None when there is none."""
    if rule.use == "not used":
        return 0
    if rule.maximum is None or rule.maximum == ANY:
        return None
    watched = not special and node.maximum is not None and node.maximum <= rule.maximum
    return None if watched else rule.maximum


def _facet(rule: ElementRule, agreed: Guide) -> Facet:
    spot = _spot(rule.path, agreed)
    loop = spot.node.loop_id if isinstance(spot.node, LoopNode) else spot.loop
    return Facet(rule, agreed.segments[spot.node.id], loop)


def looser(spec: ElementSpec, rule: ElementRule) -> ElementSpec:
    """The element with what the rule allows besides what was allowed before."""
    least, most = rule.length or (spec.minimum, spec.maximum)
    return replace(
        spec, required=spec.required and rule.use not in ("optional", "not used"), minimum=min(spec.minimum, least),
        maximum=max(spec.maximum, most), repeat=max(spec.repeat, rule.repeat or 0),
        codes=None if spec.codes is None else spec.codes | rule.also | (rule.only or frozenset()),
    )  # fmt: skip


def tighter(spec: ElementSpec, rule: ElementRule) -> ElementSpec:
    """The element exactly as the rule has it."""
    least, most = rule.length or (spec.minimum, spec.maximum)
    required = rule.use == "required" if rule.use else spec.required
    codes = rule.only if rule.only is not None else spec.codes
    return replace(
        spec, required=required, minimum=least, maximum=most, repeat=rule.repeat or spec.repeat,
        codes=None if codes is None else codes | rule.also,
    )  # fmt: skip


def element_of(spec: SegmentSpec, path: Path) -> ElementSpec:
    """The element or component that a path names."""
    element = spec.elements[path.last.element - 1]
    return element.components[path.last.component - 1] if path.last.component else element


def with_element(spec: SegmentSpec, path: Path, new: ElementSpec) -> SegmentSpec:
    """The segment with the element or component of a path replaced; itself when nothing changes."""
    if element_of(spec, path) == new:
        return spec
    at = path.last.element - 1
    if path.last.component:
        whole = spec.elements[at]
        inner = path.last.component - 1
        new = replace(whole, components=(*whole.components[:inner], new, *whole.components[inner + 1 :]))
    return replace(spec, elements=(*spec.elements[:at], new, *spec.elements[at + 1 :]))
