"""Choose the mapping for a file: the first entry of the partner file that fits it, or why each of them does not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from itertools import combinations

from gateway.config.partner_documents import Files, MappingUse
from gateway.formats.x12 import guide

BY_ROWS = ("csv", "fixed")
"""Formats whose files are plain text, which cannot be told apart by their beginning."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a file before it is mapped.

    ``kind`` is what its content says: ``x12``, ``xml`` or ``text``. ``set_id`` and ``version`` (GS08) are those of one
    X12 set, ``root`` is the outermost XML element in Clark notation, ``columns`` the titles of a text file as each
    mapping would read them (the delimiter and the encoding are the mapping's).
    """

    kind: str
    file_name: str
    day: date
    set_id: str = ""
    version: str = ""
    root: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reads:
    """What a mapping reads, as far as it matters for choosing; what is empty is not known and stands in no way.

    ``other_roots``: documents in other outermost elements than ``roots`` are read as well.
    """

    format: str
    set_id: str = ""
    versions: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    other_roots: bool = True
    columns_required: tuple[str, ...] = ()
    columns_used: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry of a partner file with what its mapping reads."""

    use: MappingUse
    reads: Reads


@dataclass(frozen=True, slots=True)
class Tried:
    """An entry that does not fit, and why: a sentence without its end."""

    mapping: str
    why: str


@dataclass(frozen=True, slots=True)
class NoneFits:
    """No entry fits; each of them with its reason."""

    tried: tuple[Tried, ...]

    def __str__(self) -> str:
        return "; ".join(f"{each.mapping}: {each.why}" for each in self.tried) or "no mapping of this kind is named"


def choose(candidates: Sequence[Candidate], facts: Facts) -> MappingUse | NoneFits:
    """The first entry whose ``when`` fits; without one, the entry without ``when`` whose mapping knows the file best."""
    tried: list[Tried] = []
    open_to_all: list[Candidate] = []
    for each in candidates:
        why = _against(each, facts)
        if why:
            tried.append(Tried(each.use.mapping, why))
        elif not each.use.when.are_any:
            return each.use
        else:
            open_to_all.append(each)
    best = max(open_to_all, key=lambda each: _likeness(each.reads, each.use.mapping, facts), default=None)
    return NoneFits(tuple(tried)) if best is None else best.use


def missing_columns(candidate: Candidate, facts: Facts) -> tuple[str, ...]:
    """The columns that the mapping needs and the file does not have."""
    titles = facts.columns.get(candidate.use.mapping, ())
    return tuple(title for title in candidate.reads.columns_required if title not in titles)


def equals(candidates: Sequence[Candidate]) -> Iterator[tuple[MappingUse, MappingUse]]:
    """Pairs of entries that fit the same files equally, so that only their order decides between them.

    Of what leaves, nothing is chosen; there a pair would send the same document twice through the same channel.
    """
    for one, other in combinations(candidates, 2):
        if one.use.direction == other.use.direction and _overlap(one.use, other.use) and _same(one, other):
            yield one.use, other.use


def _against(candidate: Candidate, facts: Facts) -> str:
    """Why an entry does not fit; empty when it does."""
    use, reads = candidate.use, candidate.reads
    if not use.counts_on(facts.day):
        return f"it counts {_days(use)}, today is {facts.day}"
    if reads.format not in (BY_ROWS if facts.kind == "text" else (facts.kind,)):
        return f"it reads {reads.format} files"
    return _against_when(use.when, use.mapping, facts) or _against_mapping(candidate, facts)


def _against_when(when: Files, mapping: str, facts: Facts) -> str:
    if when.file and not fnmatchcase(facts.file_name, when.file):
        return f"the name of the file does not fit '{when.file}'"
    if when.set and when.set != facts.set_id:
        return f"it is for set {when.set}"
    if when.version is not None and not _is_version(facts.version, when.version):
        return f"it is for version {when.version}, the file has {facts.version or 'none'}"
    if when.root is not None and when.root != facts.root:
        return f"it is for the root element {when.root}, the file has {facts.root or 'none'}"
    missing = [title for title in when.columns if title not in facts.columns.get(mapping, ())]
    return f"the file has no column {', '.join(missing)}" if missing else ""


def _against_mapping(candidate: Candidate, facts: Facts) -> str:
    """What the mapping says about itself; where ``when`` decides about columns, they are not asked."""
    reads = candidate.reads
    if facts.kind == "x12" and reads.set_id != facts.set_id:
        return f"it reads set {reads.set_id}"
    if facts.kind == "xml" and not reads.other_roots and facts.root not in reads.roots:
        return f"it reads documents in {' or '.join(reads.roots)}, the file has {facts.root or 'none'}"
    if reads.format == "csv" and candidate.use.when.are_any:
        titles = facts.columns.get(candidate.use.mapping, ())
        if not reads.columns_used & set(titles):
            return "it knows none of the columns of the file"
    return ""


def _likeness(reads: Reads, mapping: str, facts: Facts) -> tuple[bool, int, int]:
    """How well a mapping knows a file: its version or root, how many of its columns, how few required ones are missing."""
    titles = set(facts.columns.get(mapping, ()))
    listed = facts.root in reads.roots or any(_is_version(facts.version, version) for version in reads.versions)
    return listed, len(reads.columns_used & titles), -len(set(reads.columns_required) - titles)


def _is_version(received: str, wanted: str) -> bool:
    """Whether a GS08 is of a version; a suffix counts only where one is wanted."""
    base = guide.base_version(received)
    return received == wanted or (base == wanted and base is not None)


def _days(use: MappingUse) -> str:
    words = (f"from {use.since}" if use.since else "", f"until {use.until}" if use.until else "")
    return " ".join(word for word in words if word)


def _overlap(one: MappingUse, other: MappingUse) -> bool:
    starts_late = one.until is not None and other.since is not None and other.since > one.until
    ends_early = other.until is not None and one.since is not None and one.since > other.until
    return not (starts_late or ends_early)


def _same(one: Candidate, other: Candidate) -> bool:
    mine, theirs = one.reads, other.reads
    if one.use.direction == "out":
        place = (one.use.document, one.use.mapping, one.use.channel)
        return place == (other.use.document, other.use.mapping, other.use.channel)
    if one.use.when != other.use.when or mine.format != theirs.format or mine.set_id != theirs.set_id:
        return False
    if not _meet(mine.roots, theirs.roots):
        return False
    by_order = not one.use.when.are_any  # then the first entry counts, however well the mappings know the file
    return by_order or (_meet(mine.versions, theirs.versions) and mine.columns_used == theirs.columns_used)


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not one or not other or bool(set(one) & set(other))
