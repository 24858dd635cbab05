"""Print the values of a canonical document as YAML for people: short objects on one line, the rest below each other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from gateway.config.yaml_text import quoted
from gateway.mapping.language.values import as_text

# what an ordinary YAML reader would take for something else than text
_NO_TEXT = re.compile(
    r"""~|null|Null|NULL|=|<<|(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)
    |[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?
    |[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)
    |\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?""",
    re.VERBOSE,
)
_FIRST = re.compile(r"[\s,\[\]{}#&*!|>'\"%@`]|[-?:](?=\s|$)")
_NEVER = re.compile(r": |:$| #|^---|^\.\.\.|\s$")
_NEVER_INSIDE = re.compile(r"[,\[\]{}?:]")
SEPARATOR = "---"
"""Between two documents."""


def text(values: Mapping[str, object]) -> str:
    """One document; numbers, dates and codes as they are written, in the order given."""
    return "".join(f"{line}\n" for line in _mapping(values))


def _mapping(values: Mapping[str, object]) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping | list | tuple) and not _is_flat(value):
            yield f"{_scalar(key)}:"
            inner = _mapping(value) if isinstance(value, Mapping) else _sequence(value)
            yield from (line if isinstance(value, list | tuple) else f"  {line}" for line in inner)
        else:
            yield f"{_scalar(key)}: {_inline(value)}"


def _sequence(items: Sequence[object]) -> Iterator[str]:
    for item in items:
        if not isinstance(item, Mapping | list | tuple) or _is_flat(item):
            yield f"- {_inline(item)}"
            continue
        inner = _mapping(item) if isinstance(item, Mapping) else _sequence(item)
        yield from (f"{'- ' if at == 0 else '  '}{line}" for at, line in enumerate(inner))


def _is_flat(value: Mapping[str, object] | Sequence[object]) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value
    return not any(isinstance(each, Mapping | list | tuple) for each in inner)


def _inline(value: object) -> str:
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{_scalar(key, inside=True)}: {_scalar(each, inside=True)}" for key, each in value.items())
            + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_scalar(each, inside=True) for each in value) + "]"
    return _scalar(value)


def _scalar(value: object, *, inside: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    shown = as_text(value) if isinstance(value, Decimal | date | datetime | time) else str(value)
    plain = shown.isprintable() and not _FIRST.match(shown) and not _NEVER.search(shown)
    if not shown or not plain or _NO_TEXT.fullmatch(shown) or (inside and _NEVER_INSIDE.search(shown)):
        return quoted(shown)
    return shown
