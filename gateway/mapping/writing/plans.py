"""Outbound plans: what was checked and is ready to run. Nothing but data, so that code can be generated from them."""

from dataclasses import dataclass, field

from gateway.config.problems import Origin
from gateway.formats.fixed import RecordOptions
from gateway.formats.markup_schema import Schema
from gateway.formats.markup_writing import CreationPath, WritingOptions
from gateway.formats.x12.guide import ElementSpec
from gateway.formats.x12.path import Step
from gateway.mapping.language.expressions import Expression
from gateway.mapping.language.steps import Steps


@dataclass(frozen=True, slots=True)
class Style:
    """How typed values become text: the form of dates (empty: the format's own), the signs in numbers.

    ``implied_decimals`` None: a decimal sign is written. ``keeps_zeros``: 12.50 stays 12.50.
    """

    form: str = ""
    decimal: str = "."
    thousands: str = ""
    keeps_zeros: bool = False
    iso: bool = False
    implied_decimals: int | None = None


@dataclass(frozen=True, slots=True)
class OutRule:
    """One rule: its sources in order of preference, a constant, or an expression; then its steps, then its text.

    ``kind`` is the catalogue's kind of the value, empty when it is not known before. ``element`` is what X12 says of
    the place it is written to. ``validate`` is the kind of id whose check digit must be right;
    ``pads``: it says itself how it is filled up.
    """

    target: str
    origin: Origin
    sources: tuple[Expression, ...]
    constant: str | None
    calc: Expression | None
    when: Expression | None
    steps: Steps
    style: Style
    kind: str = ""
    element: ElementSpec | None = None
    validate: str = ""
    pads: bool = False

    @property
    def is_constant(self) -> bool:
        """Whether it gives the same whatever the document says."""
        return self.constant is not None or (self.calc is not None and not self.calc.names)

    @property
    def source(self) -> str:
        """What it reads, in the words of the mapping."""
        texts = [each.text for each in self.sources] or ([self.calc.text] if self.calc is not None else [])
        return ", ".join(texts)


@dataclass(frozen=True, slots=True)
class OutCheck:
    """One condition of the site's own on what is sent."""

    that: Expression
    say: str
    level: str
    code: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class OutGroup:
    """What a group says besides its rules. ``each`` empty: it is written once.

    ``each`` are the lists on the way: one, or for ``orders.packs`` two, each of which gives an ``outer``.
    """

    target: str
    origin: Origin
    each: tuple[str, ...] = ()
    when: Expression | None = None
    sort: str = ""
    limit: int | None = None
    vars: tuple[OutRule, ...] = ()
    checks: tuple[OutCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class OutPairs:
    """A group on all pairs of a segment (``SDQ.*``): an item gives a pair, a new segment follows when one is full."""

    group: OutGroup
    key: OutRule
    value: OutRule


@dataclass(frozen=True, slots=True)
class Tie:
    """An element with a constant that is left out when all ``needs``, elements of the same segment, are empty.

    None of ``needs`` is a constant itself.
    """

    element: int
    needs: tuple[int, ...]


@dataclass(slots=True)
class OutSegment:
    """One segment: rules by element and component, pairs of qualifier and id in the order of their rules.

    ``free`` are the elements where a pair may begin, ``ties`` the constants that mean nothing alone.
    """

    step: Step
    order: int
    elements: dict[tuple[int, int], OutRule] = field(default_factory=dict)
    pairs: list[tuple[str, OutRule]] = field(default_factory=list)
    many: OutPairs | None = None
    free: tuple[int, ...] = ()
    ties: tuple[Tie, ...] = ()


@dataclass(slots=True)
class OutLoop:
    """One loop; ``parts`` are in the order of the guide, equal ones in the order of the rules.

    ``trigger`` is its first segment, None for the set itself. ``group`` None: it is written once, with the scope
    around it.
    """

    step: Step | None
    order: int
    group: OutGroup | None = None
    trigger: OutSegment | None = None
    parts: "list[OutSegment | OutLoop]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SegmentsPlan:
    """An X12 set from its first segment after ST to its last before SE."""

    body: OutLoop


@dataclass(frozen=True, slots=True)
class ColumnsPlan:
    """A delimited file: its columns in order, one row per item of the group's list or one per document.

    ``document`` are the conditions on the whole.
    """

    group: OutGroup
    rules: tuple[OutRule, ...]
    document: OutGroup


@dataclass(slots=True)
class OutNode:
    """One rule or group of an XML file with the path it creates.

    ``needs`` are the entries beside it of which one must have a value for a constant to be written, None when it
    stands for itself: so that a constant alone never makes an element that nothing else fills.
    """

    path: CreationPath
    rule: OutRule | None = None
    inner: "OutMarkup | None" = None
    needs: tuple[int, ...] | None = None


@dataclass(slots=True)
class OutMarkup:
    """The entries of the root or of a group, in the order of the rules."""

    group: OutGroup
    entries: list[OutNode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MarkupPlan:
    """An XML file; ``schema`` is what the site wants it to fit."""

    body: OutMarkup
    options: WritingOptions
    schema: Schema | None = field(default=None, compare=False)


@dataclass(slots=True)
class OutRecord:
    """One kind of record: rules by column, and the records that belong below it. Without a name it is the file."""

    name: str
    group: OutGroup
    rules: dict[str, OutRule] = field(default_factory=dict)
    inner: "list[OutRecord]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RecordsPlan:
    """A file of records, fixed in width or delimited."""

    body: OutRecord
    options: RecordOptions


@dataclass(slots=True)
class OutVariables:
    """What a template shows: texts by name, and groups of them."""

    group: OutGroup
    rules: dict[str, OutRule] = field(default_factory=dict)
    groups: "dict[str, OutVariables]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TemplatePlan:
    """A template with its variables; ``escapes``: what the variables say is text and never mark-up."""

    name: str
    source: str
    variables: OutVariables
    escapes: bool = True


@dataclass(frozen=True, slots=True)
class DumpPlan:
    """The canonical document as JSON."""


OutPlan = SegmentsPlan | ColumnsPlan | MarkupPlan | RecordsPlan | TemplatePlan | DumpPlan
