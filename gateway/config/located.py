"""Configuration values with their places, and what is wrong with them in the words of the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from gateway.config.marks import UNKNOWN_KEY
from gateway.config.problems import suggestion
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText
from gateway.kernel.problem import Problem

ITSELF = "[key]"
"""What the path of a problem with a key itself ends in."""
Path = tuple[str | int, ...]
Place = tuple[int, int]


class Section(BaseModel):
    """One section of a configuration file: closed, frozen.

    ``later`` are keys that are agreed on and that this version does not obey yet, each with what it does instead.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    later: ClassVar[Mapping[str, str]] = MappingProxyType({})


Model = TypeVar("Model", bound=Section)


@dataclass(frozen=True, slots=True)
class Places:
    """Where each key and value of a file stands, by its path from the top."""

    file: str
    keys: Mapping[Path, Place]
    values: Mapping[Path, Place]

    def are_written(self, path: Path) -> bool:
        """Whether a path stands in the file."""
        return any(known in self.values for known in written(path))

    def problem(self, path: Path, code: str, sentence: str, hint: str = "", *, at_key: bool = False) -> Problem:
        """A problem at a path; where the path is not written, at the nearest one around it."""
        for known in _around(path):
            found = self.keys.get(known) if at_key else self.values.get(known)
            if found is not None:
                return Problem(self.file, found[0], found[1], code, sentence, hint)
        return Problem(self.file, 1, 1, code, sentence, hint)


def plain(node: Node, file: str) -> tuple[Any, Places]:
    """The values of a file as plain text, lists and mappings, beside their places. ``~`` leaves a key out."""
    keys: dict[Path, Place] = {}
    values: dict[Path, Place] = {}

    def walk(each: Node, path: Path) -> Any:
        values[path] = (each.line, each.column)
        if isinstance(each, YamlText):
            return each.value
        if isinstance(each, YamlList):
            return [walk(item, (*path, at)) for at, item in enumerate(each.items)]
        result = {}
        for entry in each:
            keys[*path, entry.key.value] = (entry.key.line, entry.key.column)
            if isinstance(entry.value, YamlText) and entry.value.is_removal:
                values[*path, entry.key.value] = (entry.value.line, entry.value.column)
            else:
                result[entry.key.value] = walk(entry.value, (*path, entry.key.value))
        return result

    return walk(node, ()), Places(file, keys, values)


def read(model: type[Model], node: YamlMap, file: str) -> tuple[Model | None, Places, tuple[Problem, ...]]:
    """A section from its nodes, or None with every problem at its place."""
    values, places = plain(node, file)
    try:
        return model.model_validate(values), places, ()
    except ValidationError as error:
        return None, places, tuple(_problem(model, places, each, values) for each in error.errors())


_SHAPES = {
    "int": "is a number",
    "decimal": "is a number",
    "bool": "is true or false",
    "model_": "holds keys of its own, written below it or in { }",
    "dict_": "holds keys of its own, written below it or in { }",
    "list_": "is a list, written like [a, b]",
    "tuple_": "is a list, written like [a, b]",
    "string_type": "is one text",
    "string_pattern": "does not have the form it must have",
}
_LIMITS = {
    "greater_than_equal": "is at least", "less_than_equal": "is at most", "greater_than": "is above",
    "less_than": "is below", "string_too_short": "has a length of at least", "string_too_long": "has a length of at most",
    "too_long": "has more entries than this version obeys; it obeys",
}  # fmt: skip


def _problem(model: type[Section], places: Places, error: Any, values: Any) -> Problem:
    path: Path = error["loc"]
    if error["type"] == UNKNOWN_KEY and path[-1] != ITSELF:
        known, name = error["ctx"].get("known", "").split(), _named(path)
        sentence = f"'{name}': '{error['input']}' is not known"
        return places.problem(path, "P003", sentence, suggestion(error["input"], known))
    if error["type"] == UNKNOWN_KEY:
        known = error["ctx"].get("known", "").split()
        sentence = f"'{path[-2]}' is not a key here"
        return places.problem(path[:-1], "P001", sentence, suggestion(str(path[-2]), known), at_key=True)
    name = _named(path)
    owner = _owner(model, path, values)
    if error["type"] == "missing":
        return places.problem(path[:-1], "P002", f"the key '{name}' is missing")
    if error["type"] != "extra_forbidden":
        return places.problem(path, "P003", *wrong_value(name, error))
    if name in owner.later:
        hint = f"remove it; {owner.later[name]}"
        return places.problem(path, "P001", f"'{name}' is not obeyed by this version yet", hint, at_key=True)
    return places.problem(path, "P001", f"'{name}' is not a key here", suggestion(name, _names(owner)), at_key=True)


def _named(path: Path) -> str:
    """The key a path leads to; its last parts may be positions."""
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def wrong_value(name: str, error: Any) -> tuple[str, str]:
    """The sentence and the hint for a value that the key does not allow."""
    kind, given = error["type"], error.get("input")
    shown = f", not '{given}'" if isinstance(given, str) else ""
    if kind == "literal_error":
        words = [word.strip(" '") for word in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
        return f"'{name}' is one of {', '.join(words)}{shown}", suggestion(str(given), words)
    if kind in _LIMITS:
        limit = next(value for key, value in error["ctx"].items() if key not in ("field_type", "actual_length"))
        return f"'{name}' {_LIMITS[kind]} {limit}{shown}", ""
    shape = next((words for start, words in _SHAPES.items() if kind.startswith(start)), None)
    if shape is not None:
        return f"'{name}' {shape}{shown}", ""
    return f"'{name}': {error['msg'].removeprefix('Value error, ')}", ""


def _around(path: Path) -> Iterator[Path]:
    """A path as it may be written, then its parents."""
    while True:
        yield from written(path)
        if not path:
            return
        path = path[:-1]


def written(path: Path) -> Iterator[Path]:
    """A path, and the same without some list positions: a single entry may stand for a list of one."""
    positions = [at for at, part in enumerate(path) if isinstance(part, int)]
    for count in range(len(positions) + 1):
        for left_out in combinations(positions, count):
            yield tuple(part for at, part in enumerate(path) if at not in left_out)


def _owner(model: type[Section], path: Path, values: Any) -> type[Section]:
    """The section in which the last part of a path stands; where there are several kinds, the one the file names."""
    kinds: tuple[type[Section], ...] = (model,)
    for part in path[:-1]:
        kinds = (isinstance(part, str) and _inner(_of_kind(kinds, values), part)) or kinds
        values = _below(values, part)
    return _of_kind(kinds, values)


def _below(values: Any, part: str | int) -> Any:
    """What stands under a part of a path; a single entry may stand for a list of one."""
    if isinstance(part, int):
        return values[part] if isinstance(values, list) else values
    return values.get(part) if isinstance(values, dict) else None


def _of_kind(kinds: tuple[type[Section], ...], values: Any) -> type[Section]:
    """The section whose ``kind`` is the one that is said, else the first."""
    said = values.get("kind") if isinstance(values, dict) else None
    named = (
        each for each in kinds if "kind" in each.model_fields and said in get_args(each.model_fields["kind"].annotation)
    )
    return next(named, kinds[0])


def _inner(model: type[Section], name: str) -> tuple[type[Section], ...]:
    field = next((each for key, each in model.model_fields.items() if name in (key, each.alias)), None)
    return _sections(field.annotation) if field is not None else ()


def _sections(annotation: Any) -> tuple[type[Section], ...]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return (annotation,)
    return tuple(found for each in get_args(annotation) for found in _sections(each))


def _names(model: type[Section]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
