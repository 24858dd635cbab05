"""What the rules of an outbound mapping may name: fields of the item, of the items around it, of the document."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.canonical.base import Canonical
from gateway.config.problems import Located, Problems, suggestion
from gateway.mapping import catalogue
from gateway.mapping.catalogue import CatalogueField
from gateway.mapping.language import rules, signatures
from gateway.mapping.language.signatures import ANY, Type

CONTROL = ("$control.isa13", "$control.gs06", "$control.st02", "$control.number")
"""The numbers of the file that is written."""
OUTER = "outer."
_DOLLAR_KINDS = {"$index": "integer", "$row": "integer", "$hl_count": "integer", "$today": "date"}


@dataclass(frozen=True, slots=True)
class Place:
    """One scope of names: the model of its item, its helper values with their kinds, and the scope around it."""

    model: type[Canonical]
    vars: Mapping[str, str] = field(default_factory=dict)
    outer: "Place | None" = None

    def root(self) -> "Place":
        """The scope of the document."""
        return self.outer.root() if self.outer is not None else self


@dataclass(frozen=True, slots=True)
class Names:
    """Checks names and says of which kind they are; ``control`` are the numbers of the file that were asked for."""

    document: str
    params: tuple[str, ...]
    custom: tuple[str, ...] = ()
    control: set[str] = field(default_factory=set)

    def hint(self, name: str, place: Place) -> str | None:
        """None when a name is known in a scope, else what was probably meant (which may be nothing)."""
        if name.startswith("$"):
            if name in CONTROL:
                self.control.add(name)
                return None
            return self._dollar(name)
        there, rest = self._start(name, place)
        if there is None:
            return ""
        if rest in there.vars or catalogue.reaches(there.model, rest, self.custom):
            return None
        near = (*catalogue.dotted_names(there.model, self.custom), *there.vars)
        return self._nearer(name, place) or self._elsewhere(rest, there) or suggestion(rest, near)

    def type(self, name: str, place: Place) -> Type | str:
        """The type of a name in an expression, or the hint for one that is not known."""
        hint = self.hint(name, place)
        if hint is not None:
            return hint
        if name.startswith("$"):
            return signatures.of_kind(_DOLLAR_KINDS.get(name, "text"))
        there, rest = self._start(name, place)
        if there is None:
            return ANY
        if rest in there.vars:
            kind = there.vars[rest]
            return signatures.of_kind(kind) if kind else ANY
        return _type(there.model, rest, self.custom)

    def kind(self, name: str, place: Place) -> str:
        """The kind of value a name stands for; empty when that is not known before."""
        if name.startswith("$"):
            return _DOLLAR_KINDS.get(name, "text")
        there, rest = self._start(name, place)
        if there is not None and rest in there.vars:
            return there.vars[rest]
        found = self.found(name, place)
        return found.kind if found is not None and not found.is_list and found.model is None else ""

    def found(self, name: str, place: Place) -> CatalogueField | None:
        """The field of the catalogue that a name stands for, None for anything else."""
        there, rest = self._start(name, place)
        return catalogue.find(there.model, rest, self.custom) if there is not None and rest not in there.vars else None

    def lists(self, each: Located, place: Place, problems: Problems) -> tuple[tuple[str, ...], Place] | None:
        """The lists that an ``each`` passes through, and the scope of the innermost; else M065."""
        there, rest = self._start(each.value, place)
        prefix = each.value.removesuffix(rest)
        names: list[str] = []
        inner = place
        head = ""
        for part in rest.split(".") if there is not None else ():
            head = f"{head}.{part}" if head else part
            found = catalogue.find(there.model, head) if there is not None else None
            if found is None or found.model is None:
                break
            if found.is_list:
                names.append(prefix + head)
                inner = Place(found.model, {}, inner)
                there, head, prefix = inner, "", ""
        if names and not head:
            return tuple(names), inner
        known = _list_names(place.model)
        hint = suggestion(each.value, known) or f"lists here: {', '.join(known) or 'none'}"
        problems.at(each.origin, "M065", f"'{each.value}' is not a list of {self.document} here", hint)
        return None

    def _dollar(self, name: str) -> str | None:
        found = rules.dollar_hint(name, self.params)
        return suggestion(name, CONTROL) or found if found is not None else None

    def _start(self, name: str, place: Place) -> tuple[Place | None, str]:
        """The scope in which a name is looked up, and what is left of it."""
        there: Place | None = place
        if name in place.vars:
            return place, name
        while name.startswith(OUTER) and there is not None:
            there = there.outer
            name = name.removeprefix(OUTER)
        if name.startswith(f"{self.document}.") and there is not None:
            return there.root(), name.partition(".")[2]
        return there, name

    def _nearer(self, name: str, place: Place) -> str:
        """What is named by its whole way through the document is a field of the item itself."""
        head, _, rest = name.partition(".")
        found = catalogue.find(place.root().model, head)
        if place.outer is None or not (head == self.document or (found is not None and found.is_list)):
            return ""
        while rest and not catalogue.reaches(place.model, rest, self.custom):
            rest = rest.partition(".")[2]
        return f"did you mean '{rest}'?" if rest else ""

    def _elsewhere(self, rest: str, there: Place) -> str:
        """A field of the scope around, or of the document, is called so."""
        if there.outer is None:
            holders = [each for each in _list_names(there.model) if _holds(there.model, each, rest, self.custom)]
            if not holders:
                return ""
            held = "lines" if "lines" in holders else holders[0]
            return f"it is a field of the items of '{held}'; a group or 'rows' with 'each: {held}' reaches it"
        if catalogue.reaches(there.outer.model, rest, self.custom):
            return f"did you mean 'outer.{rest}'?" if there.outer.outer else f"did you mean '{self.document}.{rest}'?"
        return (
            f"did you mean '{self.document}.{rest}'?"
            if catalogue.reaches(there.root().model, rest, self.custom)
            else ""
        )


def _holds(model: type[Canonical], of: str, rest: str, custom: tuple[str, ...]) -> bool:
    """Whether the items of a list have a field."""
    found = catalogue.find(model, of)
    return found is not None and found.model is not None and catalogue.reaches(found.model, rest, custom)


def _list_names(model: type[Canonical], prefix: str = "") -> list[str]:
    found: list[str] = []
    for name, each in catalogue.fields_of(model).items():
        if each.is_list and each.model is not None:
            found.append(prefix + name)
        elif each.model is not None:
            found += _list_names(each.model, f"{prefix}{name}.")
    return found


def _type(model: type[Canonical], dotted: str, custom: tuple[str, ...]) -> Type:
    """The type of a field; what lies behind a list is a list of its items' values."""
    head, _, rest = dotted.partition(".")
    field = catalogue.fields_of(model)[head]
    if not rest:
        return signatures.of_kind(field.kind, many=field.is_list, codes=field.codes)
    if field.model is None:
        return signatures.TEXT
    inner = _type(field.model, rest, custom)
    return signatures.list_of(inner) if field.is_list else inner
