"""Configuration values with their places, and what is wrong with them in the words of the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from gateway.config.problems import suggestion
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText
from gateway.kernel.problem import Problem

Path = tuple[str | int, ...]
Place = tuple[int, int]


class Section(BaseModel):
    """One section of a configuration file: closed, frozen; ``later`` are its keys that are not obeyed yet."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    later: ClassVar[tuple[str, ...]] = ()


Model = TypeVar("Model", bound=Section)


@dataclass(frozen=True, slots=True)
class Places:
    """Where each key and value of a file stands, by its path from the top."""

    file: str
    keys: Mapping[Path, Place]
    values: Mapping[Path, Place]

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
        return None, places, tuple(_problem(model, places, each) for each in error.errors())


def _problem(model: type[Section], places: Places, error: Any) -> Problem:
    path: Path = error["loc"]
    name = str(path[-1]) if path else ""
    owner = _owner(model, path)
    kind = error["type"]
    if kind == "extra_forbidden":
        if name in owner.later:
            return places.problem(path, "P001", f"'{name}' is not obeyed by this version yet", "remove it", at_key=True)
        return places.problem(path, "P001", f"'{name}' is not a key here", suggestion(name, _names(owner)), at_key=True)
    if kind == "missing":
        return places.problem(path[:-1], "P002", f"the key '{name}' is missing")
    given = error.get("input")
    if kind == "literal_error":
        words = [word.strip(" '") for word in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
        return places.problem(
            path, "P003", f"'{name}' is one of {', '.join(words)}, not '{given}'", suggestion(str(given), words)
        )
    if kind.startswith(("int", "decimal")):
        return places.problem(path, "P003", f"'{name}' is a number, not '{given}'")
    if kind.startswith("bool"):
        return places.problem(path, "P003", f"'{name}' is true or false, not '{given}'")
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return places.problem(path, "P003", f"'{name}' holds keys of its own, written below it or in {{ }}")
    if kind in ("list_type", "tuple_type"):
        return places.problem(path, "P003", f"'{name}' is a list, written like [a, b]")
    if kind == "string_type":
        return places.problem(path, "P003", f"'{name}' is one text")
    return places.problem(path, "P003", f"'{name}': {error['msg'].removeprefix('Value error, ')}")


def _around(path: Path) -> Iterator[Path]:
    """A path, the same without list positions (a single entry may stand for a list of one), then its parents."""
    while True:
        yield path
        yield tuple(part for part in path if isinstance(part, str))
        if not path:
            return
        path = path[:-1]


def _owner(model: type[Section], path: Path) -> type[Section]:
    """The section in which the last part of a path stands."""
    for part in path[:-1]:
        found = _inner(model, part) if isinstance(part, str) else None
        model = found or model
    return model


def _inner(model: type[Section], name: str) -> type[Section] | None:
    field = next((each for key, each in model.model_fields.items() if name in (key, each.alias)), None)
    return _section(field.annotation) if field is not None else None


def _section(annotation: Any) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    if get_origin(annotation) is None:
        return None
    return next((found for each in get_args(annotation) if (found := _section(each)) is not None), None)


def _names(model: type[Section]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
