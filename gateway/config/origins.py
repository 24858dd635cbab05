"""Every setting of gateway.yaml and of partner files as it counts, and where it comes from; secrets are never part of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.config.finding import FILE
from gateway.config.located import Places, plain, written
from gateway.config.partner import Partner
from gateway.config.settings import Settings, from_environment
from gateway.config.strict_yaml import load
from gateway.kernel.hiding import redacted

Keys = tuple[str | int, ...]
DEFAULT = "default"
FOLDER = "partners"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its dotted name, its value as text, and where that stands."""

    name: str
    value: str
    origin: str


def settings_with_origin(directory: Path, settings: Settings, environ: Mapping[str, str]) -> list[Setting]:
    """Every setting, in the order of the model."""
    node, _ = load((directory / FILE).read_text(encoding="utf-8"), FILE)
    _, places = plain(node, FILE) if node is not None else (None, Places(FILE, {}, {}))
    said = from_environment(environ)
    return [
        Setting(".".join(str(key) for key in path), redacted(value), _origin(path, places, said))
        for path, value in leaves(settings.model_dump(mode="json", by_alias=True), ())
    ]


def partner_with_origin(directory: Path, partner: Partner, ours: Settings) -> list[Setting]:
    """Every value of a partner file, in the order of the model; what it does not say gateway.yaml may, or the default."""
    name = f"{FOLDER}/{partner.partner}.yaml"
    node, _ = load((directory / name).read_text(encoding="utf-8"), name)
    _, places = plain(node, name) if node is not None else (None, Places(name, {}, {}))
    of_site = {each.name: each.origin for each in settings_with_origin(directory, ours, {})}
    found: list[Setting] = []
    for path, value in leaves(partner.model_dump(mode="json", by_alias=True), ()):
        dotted = ".".join(str(key) for key in path)
        origin = _origin(path, places, {})
        if origin == DEFAULT and dotted.startswith("x12.us."):
            origin = of_site.get(dotted.removeprefix("x12."), origin)
        found.append(Setting(dotted, redacted(value), origin))
    return found


def _origin(path: Keys, places: Places, said: Mapping[str, Mapping[str, str]]) -> str:
    section, key = str(path[0]), str(path[1]) if len(path) > 1 else ""
    if key in said.get(section, {}):
        return f"environment GATEWAY_{section}__{key}".upper().replace("ENVIRONMENT", "environment")
    at = next((places.values[part] for part in _around(path) if part in places.values), None)
    return f"{places.file}:{at[0]}" if at is not None else DEFAULT


def _around(path: Keys) -> Iterator[Keys]:
    """The path as it may be written; then what holds it, where that is a list or a mapping's name written as one text."""
    yield from written(path)
    if path and (isinstance(path[-1], int) or path[-1] == "mapping"):
        yield from written(path[:-1])


def leaves(value: Any, path: Keys) -> Iterator[tuple[Keys, str]]:
    """Every value below one by its path, as text; a list of simple values is one value."""
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        for at, each in enumerate(value):
            yield from leaves(each, (*path, at))
    else:
        yield path, _text(value)


def _text(value: Any) -> str:
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
