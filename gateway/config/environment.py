"""What the environment says instead of gateway.yaml: ``GATEWAY_SECTION__KEY``, or ``GATEWAY_KEY`` for a key at the top."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import ValidationError

from gateway.config.located import Section, wrong_value
from gateway.config.problems import suggestion
from gateway.config.settings import Settings
from gateway.kernel.problem import Problem

PREFIX = "GATEWAY_"
TOP = ""
"""The section of the keys that stand at the top."""
_NEVER = frozenset({"gateway", "settings"})
"""The version of the file, and what is asked of mappings: the same on every machine of a site."""
Said = Mapping[str, Mapping[str, str]]


@cache
def settable() -> Mapping[str, tuple[str, ...]]:
    """The keys the environment may say, by section: those with one value each."""
    top = tuple(name for name, each in Settings.model_fields.items() if _is_one_value(each.annotation))
    sections = {
        name: _keys(model) for name, each in Settings.model_fields.items() if (model := _section(each.annotation))
    }
    return {
        TOP: tuple(name for name in top if name not in _NEVER),
        **{name: keys for name, keys in sections.items() if keys and name not in _NEVER},
    }


def variable(section: str, key: str) -> str:
    """The name of the variable of a key.

    >>> variable("database", "url"), variable(TOP, "time_zone")
    ('GATEWAY_DATABASE__URL', 'GATEWAY_TIME_ZONE')
    """
    return f"{PREFIX}{section}__{key}".upper() if section else f"{PREFIX}{key}".upper()


def from_environment(environ: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What the environment says: each section with the keys that are said."""
    found = {
        section: {key: value for key in keys if (value := environ.get(variable(section, key), ""))}
        for section, keys in settable().items()
    }
    return {section: said for section, said in found.items() if said}


def as_environment_says(found: Settings, said: Said, problems: list[Problem]) -> Settings | None:
    """The settings with what the environment says instead; what it says wrongly is a problem of the environment."""
    changed: dict[str, Any] = {}
    for name, keys in said.items():
        section = found if name == TOP else getattr(found, name) or _section(Settings.model_fields[name].annotation)
        made = _said(section, name, keys, problems)
        if made is None:
            return None
        changed |= {key: getattr(made, key) for key in keys} if name == TOP else {name: made}
    return found.model_copy(update=changed) if changed else found


def strange(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Variables that look like settings and are none: a warning, for nothing would ever obey them."""
    known = [variable(section, key) for section, keys in settable().items() for key in keys]
    for name in sorted(environ):
        if name.startswith(PREFIX) and "__" in name and name not in known:
            sentence = f"{name} is not a setting, so it changes nothing"
            hint = suggestion(name, known) or "remove it; docs/reference/settings.md lists the names"
            yield Problem("environment", 1, 1, "P001", sentence, hint, "warning")


def _said(section: Any, name: str, keys: Mapping[str, str], problems: list[Problem]) -> Section | None:
    model: type[Section] = section if isinstance(section, type) else type(section)
    before = {} if isinstance(section, type) else section.model_dump(by_alias=True)
    try:
        return model.model_validate({**before, **keys})
    except ValidationError as error:
        first = error.errors()[0]
        key = next((str(part) for part in first["loc"] if isinstance(part, str)), next(iter(keys)))
        said = variable(name, key)
        sentence, hint = wrong_value(said, first)
        missing = f"{said} is missing too" if first["type"] == "missing" else ""
        shown = missing or sentence.replace(f"'{said}'", said, 1)
        problems.append(Problem("environment", 1, 1, "P003", shown, hint))
        return None


def _keys(model: type[Section]) -> tuple[str, ...]:
    return tuple(each.alias or name for name, each in model.model_fields.items() if _is_one_value(each.annotation))


def _section(annotation: Any) -> type[Section] | None:
    """The section that a type is, or may be."""
    kinds = (annotation, *get_args(annotation)) if get_origin(annotation) not in (tuple, dict) else ()
    return next((each for each in kinds if isinstance(each, type) and issubclass(each, Section)), None)


def _is_one_value(annotation: Any) -> bool:
    """Whether a type is that of a text, a number or a word, not of a list or of keys of its own."""
    if isinstance(annotation, type):
        return not issubclass(annotation, Section)
    origin = get_origin(annotation)
    if origin in (tuple, dict, list):
        return False
    return all(_is_one_value(each) for each in get_args(annotation) if isinstance(each, type) or get_origin(each))
