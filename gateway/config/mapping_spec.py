"""A mapping as it was written, every rule knowing where: what reading gives and what preparation checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gateway.config.problems import Located, Origin
from gateway.config.strict_yaml import Node

FORMATS = ("x12", "csv", "fixed", "xml", "json", "template")
TOP_KEYS = (
    "gateway", "mapping", "extends", "direction", "document", "format", "x12", "csv", "fixed", "xml", "template",
    "tables", "records", "vars", "fields", "rows", "checks", "ignore", "settings", "params", "revision", "doc",
)  # fmt: skip
RULE_KEYS = (
    "from", "const", "calc", "when", "join", "trim", "match", "slice", "split", "map", "lookup", "plugin", "type",
    "format", "decimal", "thousands", "implied_decimals", "round", "max_length", "pad", "default", "required",
    "on_error", "before", "after", "doc",
)  # fmt: skip
GROUP_KEYS = ("each", "when", "vars", "fields", "checks", "sort", "limit", "before", "after", "doc")
TABLE_KEYS = ("file", "encoding", "delimiter", "unique")
CHECK_KEYS = ("that", "say", "level", "code")
SETTINGS = ("unmapped", "on_error", "validate", "i_know", "require_tests")
LEVELS = ("hold", "reject", "warn")
SOURCES = ("from", "const", "calc")


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule: the target, and its steps as nodes of the file they were written in.

    ``is_wrong``: its form is wrong and was told; its target is known, and nothing else of it is looked at.
    """

    target: Located
    steps: Mapping[str, Node]
    is_wrong: bool = False

    def at(self, node: Node) -> Origin:
        """The place of one of the rule's nodes."""
        return Origin(self.target.origin.file, node.line, node.column)


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One business condition on the result; ``level`` is hold, reject or warn."""

    that: Located
    say: str
    level: str = "hold"
    code: str = "C-CHECK"


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """A group of rules, once per item of ``each`` (None: once); ``drops`` are the keys that it does not inherit."""

    target: Located
    each: Located | None = None
    when: Located | None = None
    limit: Located | None = None
    sort: Located | None = None
    before: Located | None = None
    after: Located | None = None
    vars: "tuple[EntrySpec, ...]" = ()
    fields: "tuple[EntrySpec, ...]" = ()
    checks: tuple[CheckSpec, ...] = ()
    drops: frozenset[str] = frozenset()


EntrySpec = RuleSpec | GroupSpec


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A cross-reference table: a CSV file below ``folder``, the folder of the mapping that names it."""

    name: Located
    file: Located
    folder: Path
    encoding: str = "utf-8"
    delimiter: str = ","
    unique: tuple[Located, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingSpec:
    """A mapping as it takes effect, its parents merged in.

    ``options`` are the keys of the format's own block, ``chain`` the names from the outermost parent to the
    mapping itself, ``folder`` the folder of the mapping's own file (schemas, templates).
    """

    name: str
    origin: Origin
    direction: str = ""
    document: str = ""
    format: str = ""
    options: Mapping[str, tuple[Node, Origin]] = field(default_factory=dict)
    body: GroupSpec = field(default_factory=lambda: GroupSpec(Located("", Origin("", 1, 1))))
    tables: Mapping[str, TableSpec] = field(default_factory=dict)
    ignore: tuple[Located, ...] = ()
    params: tuple[Located, ...] = ()
    settings: Mapping[str, tuple[Node, Origin]] = field(default_factory=dict)
    chain: tuple[str, ...] = ()
    folder: Path = field(default_factory=Path)
