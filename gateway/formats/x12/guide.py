"""Guides: how each transaction set of each version is laid out, loaded from our tables when first asked for."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

ENVELOPE = ("ISA", "IEA", "TA1", "GS", "GE", "ST", "SE")
MOST_ASKED = 4096
"""Versions and sets that are remembered as they are asked for; a file may name any."""
_VERSION_LENGTH = 6
_FIRST_WITH_REPETITION = "004020"


@dataclass(frozen=True, slots=True)
class SyntaxNote:
    """A relation between elements of one segment: P all or none, R at least one, E at most one, C and L if the first."""

    kind: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ElementSpec:
    """One element, composite or component: ``reference`` is its data element number, ``codes`` None when any value will do."""

    reference: str
    name: str
    type: str
    minimum: int
    maximum: int
    required: bool
    repeat: int = 1
    codes: frozenset[str] | None = None
    components: tuple["ElementSpec", ...] = ()
    syntax: tuple[SyntaxNote, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentSpec:
    """One segment: element n of a segment is ``elements[n - 1]``; ``counts_components`` from 004020 on (AK403 12 and 13)."""

    id: str
    name: str
    elements: tuple[ElementSpec, ...]
    syntax: tuple[SyntaxNote, ...]
    counts_components: bool = False


@dataclass(frozen=True, slots=True)
class SegmentNode:
    """A place for a segment; ``maximum`` None means any number of times."""

    id: str
    required: bool
    maximum: int | None
    spec: SegmentSpec


@dataclass(frozen=True, slots=True)
class LoopNode:
    """A place for a loop; the first node of ``body`` is its trigger, ``loop_id`` what AK303 calls it."""

    id: str
    required: bool
    maximum: int | None
    body: tuple["Node", ...]
    loop_id: str


Node = SegmentNode | LoopNode


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """The layout of one transaction set in one version, ST to SE."""

    set_id: str
    version: str
    functional_group: str
    nodes: tuple[Node, ...]
    segments: Mapping[str, SegmentSpec]
    known_segments: frozenset[str] = field(repr=False, default=frozenset())


@cache
def versions() -> tuple[str, ...]:
    """The versions our tables have, oldest first."""
    folders = (entry.name for entry in (resources.files(__package__) / "standards").iterdir() if entry.is_dir())
    return tuple(sorted(name for name in folders if len(name) == _VERSION_LENGTH and name.isdigit()))


def base_version(version: str) -> str | None:
    """The shipped version behind GS08, which may carry an industry suffix; None when we have no such version.

    >>> base_version("004010VICS"), base_version("003060")
    ('004010', None)
    """
    prefix = version[:_VERSION_LENGTH]
    return prefix if prefix in versions() else None


def has_repetitions(version: str) -> bool:
    """Whether a version knows repeated elements, and so a repetition separator.

    >>> has_repetitions("004010VICS"), has_repetitions("005010")
    (False, True)
    """
    return version >= _FIRST_WITH_REPETITION


@cache
def functional_groups(version: str) -> frozenset[str]:
    """The functional ids (GS01) of the sets of a base version."""
    return frozenset(_file(version, f"set_{set_id}")["group"] for set_id in set_ids(version))


@cache
def set_of(version: str, functional_id: str) -> str:
    """The set a functional group carries in a base version, the first where there are several; empty when unknown."""
    return next((each for each in set_ids(version) if _file(version, f"set_{each}")["group"] == functional_id), "")


@cache
def set_ids(version: str) -> tuple[str, ...]:
    """The sets of one base version for which there is a guide."""
    names = (entry.name for entry in (resources.files(__package__) / "standards" / version).iterdir())
    return tuple(sorted(name[4:-5] for name in names if name.startswith("set_")))


@lru_cache(maxsize=MOST_ASKED)
def load(version: str, set_id: str) -> Guide | None:
    """The guide for a set in a version (an industry suffix is ignored), or None if our tables have none."""
    base = base_version(version)
    return _load(base, set_id) if base is not None and set_id in set_ids(base) else None


def segment(version: str, segment_id: str) -> SegmentSpec:
    """A segment of a base version; it must be among the known ones of a guide of that version."""
    return _segment(version, segment_id)


@cache
def envelope(version: str) -> Mapping[str, SegmentSpec]:
    """The control segments ISA, GS, ST and their trailers, and TA1, of a base version."""
    table = _Tables(version)
    return MappingProxyType({segment_id: table.segment(segment_id) for segment_id in ENVELOPE})


@cache
def _load(version: str, set_id: str) -> Guide:
    table = _Tables(version)
    content = _file(version, f"set_{set_id}")
    nodes = _nodes(content["nodes"], table)
    used = {segment_id: table.segment(segment_id) for segment_id in _ids(nodes)}
    return Guide(set_id, version, content["group"], nodes, MappingProxyType(used), table.known())


def _nodes(compact: list[list[Any]], table: "_Tables") -> tuple[Node, ...]:
    return tuple(
        LoopNode(entry[0], bool(entry[1]), entry[2] or None, _nodes(entry[4], table), entry[3])
        if len(entry) > 3  # noqa: PLR2004 - the generator writes loops with five parts
        else SegmentNode(entry[0], bool(entry[1]), entry[2] or None, table.segment(entry[0]))
        for entry in compact
    )


def _ids(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, LoopNode):
            yield from _ids(node.body)
        else:
            yield node.id


class _Tables:
    """Makes the specs of one version out of its files; equal segments are one object."""

    def __init__(self, version: str) -> None:
        self._version = version

    def segment(self, segment_id: str) -> SegmentSpec:
        return _segment(self._version, segment_id)

    def known(self) -> frozenset[str]:
        return frozenset(_file(self._version, "segments"))


@cache
def _segment(version: str, segment_id: str) -> SegmentSpec:
    name, elements, syntax = _file(version, "segments")[segment_id]
    specs = tuple(_element(version, *entry) for entry in elements)
    return SegmentSpec(segment_id, name, specs, _syntax(syntax), has_repetitions(version))


@cache
def _element(version: str, reference: str, requirement: str, repeat: int = 1) -> ElementSpec:
    required = requirement == "M"
    composites = _file(version, "composites")
    if reference in composites:
        name, members, syntax = composites[reference]
        components = tuple(_element(version, *member) for member in members)
        return ElementSpec(reference, name, "COMPOSITE", 0, 0, required, repeat, None, components, _syntax(syntax))
    name, kind, minimum, maximum = _file(version, "elements")[reference]
    return ElementSpec(reference, name, kind, minimum, maximum, required, repeat, _codes(version, reference, kind))


@cache
def _codes(version: str, reference: str, kind: str) -> frozenset[str] | None:
    listed = _file(version, "codes").get(reference) if kind == "ID" else None
    return frozenset(listed.split(" ")) if listed else None


def _syntax(notes: Iterable[str]) -> tuple[SyntaxNote, ...]:
    return tuple(SyntaxNote(note[0], tuple(int(note[at : at + 2]) for at in range(1, len(note), 2))) for note in notes)


@cache
def _file(version: str, name: str) -> Mapping[str, Any]:
    path = resources.files(__package__) / "standards" / version / f"{name}.json"
    content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
