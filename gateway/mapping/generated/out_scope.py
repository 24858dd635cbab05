"""A scope of an outbound mapping in generated source: which variable holds its item, and what its names stand for."""

from dataclasses import dataclass, field, replace

from gateway.canonical.base import Canonical, attribute
from gateway.canonical.filling import defaults_of
from gateway.mapping import catalogue
from gateway.mapping.catalogue import CUSTOM
from gateway.mapping.generated.writer import NotGeneratedError, Writer, identifier
from gateway.mapping.language.expressions import Expression
from gateway.mapping.language.signatures import Type
from gateway.mapping.writing.plans import OutRule

OUTER = "outer."


@dataclass(frozen=True, slots=True)
class OutScope:
    """The document or an item of a list; ``item`` is its variable, ``vars`` are those of its helper values.

    ``counts`` tells that ``$hl_count`` can be told here: the levels before are written already.
    """

    writer: Writer
    document: str
    model: type[Canonical]
    item: str
    index: str = "1"
    outer: "OutScope | None" = None
    vars: dict[str, str] = field(default_factory=dict)
    counts: bool = True

    def inside(self) -> "OutScope":
        """The same item in a group without a list, with helper values of its own."""
        return replace(self, vars=dict(self.vars))

    def child(self, name: str) -> "OutScope":
        """The scope of the items of a list."""
        owner, rest = self.owner(name)
        found = catalogue.find(owner.model, rest)
        if found is None or found.model is None or not found.is_list:
            raise NotGeneratedError(f"'{name}' is no list of the document")
        item = self.writer.fresh(f"{identifier(rest)}_item")
        return OutScope(self.writer, self.document, found.model, item, f"{item}_index", self, {}, self.counts)

    def helper(self, name: str) -> str:
        """The variable of a helper value."""
        self.vars[name] = f"{self.item}__{identifier(name)}"
        return self.vars[name]

    def owner(self, name: str) -> "tuple[OutScope, str]":
        """The scope in which a name is looked up, and what is left of it."""
        if name in self.vars:
            return self, name
        if name.startswith(OUTER) and self.outer is not None:
            return self.outer.owner(name.removeprefix(OUTER))
        if name.startswith(f"{self.document}."):
            return self.root().owner(name.partition(".")[2])
        return self, name

    def root(self) -> "OutScope":
        """The scope of the document."""
        return self.outer.root() if self.outer is not None else self

    def expression(self, expression: Expression) -> tuple[dict[str, str], dict[str, Type]]:
        """The source of every name of an expression; of no type, so that nothing rests on how a document was made."""
        return {use.name: self.resolve(use.name) for use in expression.names}, {}

    def resolve(self, name: str) -> str:
        """What a name stands for."""
        if name.startswith("$"):
            return self.dollar(name)
        owner, rest = self.owner(name)
        if rest in owner.vars:
            return owner.vars[rest]
        return owner.attribute(rest)

    def attribute(self, name: str) -> str:
        """A field by its dotted name: parts that may be missing are asked for, lists are gone through."""
        head, _, rest = name.partition(".")
        found = catalogue.fields_of(self.model).get(head)
        if found is None:
            raise NotGeneratedError(f"'{name}' is no field here")
        if not rest:
            return f"{self.item}.{head}"
        if found.is_list or found.kind == CUSTOM or found.model is None or "." in rest:
            return f'{self.writer.function(attribute)}({self.item}, "{name}")'
        value = f"{self.item}.{head}.{rest}"
        optional = found.required or defaults_of(self.model)[head] is None
        return f"({value} if {self.item}.{head} is not None else None)" if optional else value

    def dollar(self, name: str) -> str:
        """The inputs that are not in the document."""
        plain = {"$today": "env.today", "$index": self.index, "$file.name": "env.file_name"}
        if name in plain:
            return plain[name]
        if name == "$hl_count":
            if not self.counts:
                raise NotGeneratedError("levels are counted while they are written")
            return "levels"
        kind, _, rest = name.removeprefix("$").partition(".")
        return f"env.{ {'partner': 'params', 'control': 'control'}.get(kind, 'envelope') }.get({rest!r})"

    def kind(self, expression: Expression) -> str:
        """The kind of a field that an expression is nothing but the name of; empty for anything else."""
        (use, *more) = expression.names or (None,)
        if use is None or more or expression.text.strip() != use.name or use.name.startswith("$"):
            return ""
        owner, rest = self.owner(use.name)
        found = catalogue.find(owner.model, rest) if rest not in owner.vars else None
        return found.kind if found is not None and not found.is_list and found.model is None else ""


def only(rule: OutRule) -> Expression | None:
    """The one expression that a rule reads."""
    if rule.calc is not None:
        return rule.calc
    return rule.sources[0] if len(rule.sources) == 1 else None
