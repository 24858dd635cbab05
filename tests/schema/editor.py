"""How an editor sees a YAML file: YAML 1.2, in which text that looks like a number is one."""

import re
from typing import Any

from gateway.config.strict_yaml import Node, YamlList, YamlText, load

_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


def seen(text: str) -> Any:
    """The values of a file with the types of YAML 1.2's core schema."""
    node, problems = load(text, "x.yaml")
    assert node is not None
    assert problems == ()
    return _value(node)


def _value(node: Node) -> Any:
    if isinstance(node, YamlText):
        return _scalar(node)
    if isinstance(node, YamlList):
        return [_value(each) for each in node.items]
    return {entry.key.value: _value(entry.value) for entry in node}


def _scalar(node: YamlText) -> Any:
    if not node.plain:
        return node.value
    if node.value in _WORDS:
        return _WORDS[node.value]
    if _INTEGER.fullmatch(node.value):
        return int(node.value)
    return float(node.value) if _FLOAT.fullmatch(node.value) else node.value
