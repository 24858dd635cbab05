"""Canonical documents as text: read from YAML or JSON, strictly and with places; made plain for writing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from gateway.canonical.base import Canonical, Misfit, build
from gateway.config.problems import Origin, Problems, suggestion
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText, load
from gateway.kernel.problem import Problem
from gateway.mapping import catalogue
from gateway.mapping.catalogue import CatalogueField
from gateway.mapping.language import transforms
from gateway.mapping.language.values import StepError, as_text

Plain = str | int | bool | list["Plain"] | dict[str, "Plain"]
"""What JSON and YAML can say; numbers with decimals are texts."""
_END = "---"


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a text, and everything that is wrong with it."""

    documents: tuple[Canonical, ...]
    problems: tuple[Problem, ...]


def read(text: str, model: type[Canonical], file: str) -> Documents:
    """Every document of a YAML text (``---`` between them) or of a JSON text (one, or a list of them)."""
    problems = Problems()
    found: list[Canonical] = []
    for lines, part in _parts(text):
        node, wrong = load(lines + part, file)
        problems.extend(wrong)
        nodes = node.items if isinstance(node, YamlList) else (node,) if node is not None else ()
        reader = _Reader(file, problems, is_json=part.lstrip()[:1] in ("{", "["))
        found += [document for each in nodes if (document := reader.document(each, model)) is not None]
    return Documents(() if problems else tuple(found), tuple(sorted(problems)))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The documents of a text, each after so many empty lines that its places stay what they are."""
    start: list[str] = []
    at = 0
    lines = text.removeprefix("\ufeff").splitlines()
    for number, line in enumerate([*lines, _END]):
        if line.rstrip() != _END:
            start.append(line)
            continue
        if any(each.strip() for each in start) or (number == len(lines) and at == 0):
            yield "\n" * at, "\n".join(start)
        start, at = [], number + 1


class _Reader:
    """Reads the nodes of one document; every problem is collected with its place."""

    def __init__(self, file: str, problems: Problems, *, is_json: bool) -> None:
        self.file = file
        self.problems = problems
        self.is_json = is_json
        self.places: dict[str, Node] = {}

    def document(self, node: Node, model: type[Canonical]) -> Canonical | None:
        """One document, None when something is wrong with it."""
        before = len(self.problems)
        self.places = {}
        if not isinstance(node, YamlMap):
            self.at(node, "C-DATA", "a document is made of 'field: value' lines")
            return None
        values = self.fields(node, model, "")
        if len(self.problems) > before:
            return None
        built = build(model, values)
        if isinstance(built, Canonical):
            return built
        for misfit in built:
            self.at(self.place(misfit, node), "C-DATA", f"{_shown(misfit.field)}: {_reason(misfit)}")
        return None

    def fields(self, node: YamlMap, model: type[Canonical], path: str) -> dict[str, object]:
        """The values of one object."""
        known = catalogue.fields_of(model)
        result: dict[str, object] = {}
        for entry in node:
            name = entry.key.value
            field = known.get(name)
            inner = f"{path}.{name}" if path else name
            if field is None:
                where = f" of {_shown(path)}" if path else " here"
                hint = suggestion(name, known) or f"fields: {', '.join(known)}"
                self.at(entry.key, "M060", f"'{name}' is not a field{where}", hint)
            elif not self.is_nothing(entry.value):
                self.places[inner] = entry.value
                result[name] = self.value(entry.value, field, inner)
        return result

    def value(self, node: Node, field: CatalogueField, path: str) -> object:
        """One field, whatever it holds."""
        if not field.is_list:
            return self.single(node, field, path)
        if not isinstance(node, YamlList):
            self.at(node, "C-DATA", f"{_shown(path)} is a list; each item begins with '- '")
            return None
        for at, item in enumerate(node.items):
            self.places[f"{path}.{at}"] = item
        return [self.single(item, field, f"{path}.{at}") for at, item in enumerate(node.items)]

    def single(self, node: Node, field: CatalogueField, path: str) -> object:
        """One value or one object."""
        if field.model is not None:
            if isinstance(node, YamlMap):
                return self.fields(node, field.model, path)
            self.at(node, "C-DATA", f"{_shown(path)} holds fields of its own")
            return None
        if field.kind == catalogue.CUSTOM and isinstance(node, YamlMap):
            return {each.key.value: each.value.value for each in node if isinstance(each.value, YamlText)}
        if not isinstance(node, YamlText):
            self.at(node, "C-DATA", f"{_shown(path)} is one value")
            return None
        try:
            return transforms.read(field.kind, codes=field.codes, iso=True)(node.value)
        except StepError as error:
            self.at(node, "C-DATA", f"{_shown(path)}: {error}", suggestion(node.value, field.codes))
            return None

    def is_nothing(self, node: Node) -> bool:
        """Whether a field is as good as not there: ``~``, nothing, or null in JSON."""
        return isinstance(node, YamlText) and (
            node.is_removal or (self.is_json and node.plain and node.value == "null")
        )

    def place(self, misfit: Misfit, node: Node) -> Node:
        """Where a misfit stands, or what is around it."""
        path = misfit.field
        while path and path not in self.places:
            path = path.rpartition(".")[0]
        return self.places.get(path, node)

    def at(self, node: Node, code: str, sentence: str, hint: str = "") -> None:
        """Add a problem."""
        self.problems.at(Origin(self.file, node.line, node.column), code, sentence, hint)


def _shown(path: str) -> str:
    """A path with the items of lists counted from 1: ``lines[2].quantity``."""
    return "".join(
        f"[{int(part) + 1}]" if part.isdigit() else f".{part}" if at else part
        for at, part in enumerate(path.split("."))
    )


def _reason(misfit: Misfit) -> str:
    return "is missing" if misfit.reason == "Field required" else misfit.reason


def plain(document: Canonical) -> dict[str, Plain]:
    """A document as plain values in the order of its fields; what is empty is left out where it may be."""
    result: dict[str, Plain] = {}
    for name, info in type(document).model_fields.items():
        value = _plain(getattr(document, name))
        if value is None and info.is_required():
            value = []
        if value is not None:
            result[name] = value
    return result


def _plain(value: object) -> Plain | None:
    if isinstance(value, Canonical):
        return plain(value) or None
    if isinstance(value, Mapping):
        return {str(key): str(each) for key, each in value.items()} or None
    if isinstance(value, tuple | list):
        return [each if each is not None else {} for each in map(_plain, value)] or None
    if value is None or isinstance(value, bool | int | str):
        return value
    return as_text(value) if isinstance(value, Decimal | date | time) else str(value)
