"""The plan of an inbound mapping: pure data that the interpreter runs and that source can be made from."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.config.problems import Origin
from gateway.mapping.catalogue import CatalogueField
from gateway.mapping.language import transforms
from gateway.mapping.language.expressions import Expression
from gateway.mapping.language.steps import Steps
from gateway.mapping.notations.notation import ItemPath, ValuePath


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value is read: a path of the format, or by ``name`` an input of the environment (``path`` None)."""

    name: str
    path: ValuePath | None


@dataclass(frozen=True, slots=True)
class Typing:
    """How a text becomes the value of a field: the kind it is read as, rounding, and the field's own kind.

    ``read`` and ``fit`` are those steps as functions; a ``datetime`` without a zone gets the partner's.
    """

    kind: str
    steps: Steps = field(repr=False)
    into: CatalogueField = field(repr=False)
    read: transforms.Step = field(compare=False, repr=False)
    fit: transforms.Step | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class InRule:
    """One rule ready to run; ``default`` is typed already.

    ``every`` wants the list of all values; ``checked`` is the kind of id whose check digit must be right;
    ``is_var`` makes a helper value that is no part of the result.
    """

    target: str
    field: CatalogueField
    origin: Origin
    sources: tuple[Source, ...]
    constant: str | None
    calc: Expression | None
    when: Expression | None
    steps: Steps
    typing: Typing
    default: object
    required: bool
    every: bool = False
    checked: str = ""
    is_var: bool = False

    @property
    def place(self) -> str:
        """The rule's file and line."""
        return f"{self.origin.file}:{self.origin.line}"

    @property
    def named(self) -> tuple[Expression, ...]:
        """Every expression of the rule."""
        own = (each for each in (self.calc, self.when) if each is not None)
        return (*own, *self.steps.named)


@dataclass(frozen=True, slots=True)
class InCheck:
    """One condition on the result."""

    that: Expression
    say: str
    level: str
    code: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class InGroup:
    """The rules of one scope: ``entries`` in the order they run, ``order`` the targets as they are written.

    ``items`` gives the instances, None for the one that a single object has.
    """

    target: str
    origin: Origin
    items: ItemPath | None
    entries: "tuple[InRule | InGroup, ...]"
    order: tuple[str, ...]
    checks: tuple[InCheck, ...]
    when: Expression | None
    limit: int | None

    @property
    def place(self) -> str:
        """The group's file and line."""
        return f"{self.origin.file}:{self.origin.line}"

    @property
    def named(self) -> tuple[Expression, ...]:
        """Every expression of the group and of what is in it."""
        own = [each.that for each in self.checks] + ([self.when] if self.when is not None else [])
        return (*own, *(each for entry in self.entries for each in entry.named))


def rules(group: InGroup, within: str = "") -> Iterator[tuple[str, InRule]]:
    """Every rule of a group and of the groups in it, with its field from the document on."""
    for entry in group.entries:
        name = f"{within}.{entry.target}" if within else entry.target
        if isinstance(entry, InGroup):
            yield from rules(entry, name)
        else:
            yield name, entry


def refuses(group: InGroup) -> bool:
    """Whether a rule or a check of a group, or of a group in it, may reject the document."""
    return any(check.level == "reject" for check in group.checks) or any(
        refuses(entry) if isinstance(entry, InGroup) else entry.steps.on_error == "reject" for entry in group.entries
    )


def sources(group: InGroup) -> Iterator[str]:
    """Every path of the format that the rules read."""
    for _, rule in rules(group):
        yield from (source.name for source in rule.sources if source.path is not None)
