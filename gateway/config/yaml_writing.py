"""Write the nodes of a strict YAML file as text that reads back as the same nodes."""

import re

from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText

_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`~](?:[^\s]| (?=[^\s#]))*|-?\d[\d.]*")
_BRACKETS = re.compile(r"[,\[\]{}]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(text: str, *, inside: bool = False) -> str:
    """A text as YAML writes it, in quotes only where it needs them; ``inside`` means within { } or [ ].

    >>> scalar("REF(DP)02"), scalar("0 - 1: no"), scalar("a, b", inside=True)
    ('REF(DP)02', "'0 - 1: no'", "'a, b'")
    """
    if _UNPRINTABLE.search(text):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + _UNPRINTABLE.sub(lambda found: f"\\U{ord(found[0]):08x}", escaped) + '"'
    is_plain = _PLAIN.fullmatch(text) and ": " not in text and not text.endswith(":") and " #" not in text
    if is_plain and not (inside and (_BRACKETS.search(text) or ":" in text)):
        return text
    return "'" + text.replace("'", "''") + "'"


def inline(node: Node, *, inside: bool = False) -> str:
    """A node on one line.

    >>> inline(YamlMap((), 1, 1))
    '{}'
    """
    match node:
        case YamlText():
            return "~" if node.is_removal else scalar(node.value, inside=inside)
        case YamlList():
            return "[" + ", ".join(inline(each, inside=True) for each in node.items) + "]"
        case YamlMap():
            pairs = (f"{scalar(each.key.value, inside=True)}: {inline(each.value, inside=True)}" for each in node)
            return "{" + ", ".join(pairs) + "}"
