"""Write texts, lists and mappings as YAML that the strict reader takes for exactly those, and the way back."""

from typing import TypeAlias

from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText, load

Value: TypeAlias = str | list["Value"] | dict[str, "Value"]
"""What a YAML file holds: texts, lists, mappings."""
_QUOTES = ("'", '"')


def as_data(node: Node) -> Value | None:
    """What a node holds; None for ``~`` and nothing."""
    if isinstance(node, YamlText):
        return None if node.is_removal else node.value
    if isinstance(node, YamlList):
        return [_or_tilde(each) for each in node.items]
    return {entry.key.value: _or_tilde(entry.value) for entry in node}


def _or_tilde(node: Node) -> Value:
    """What stands inside a list or mapping, where nothing is kept as ``~``."""
    found = as_data(node)
    return _Tilde("~") if found is None else found


class _Tilde(str):
    """``~``: not equal to the text of that one character."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tilde)

    def __hash__(self) -> int:
        return 0


def is_nothing(value: Value | None) -> bool:
    """Whether a value is ``~`` or not there."""
    return value is None or isinstance(value, _Tilde)


def written(value: Value) -> str:
    """A value on one line, quoted only where it must be.

    >>> written("PO103"), written("a, b"), written({"map": {"CS": "CA"}}), written("~")
    ('PO103', "'a, b'", '{map: {CS: CA}}', "'~'")
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)}: {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(each) for each in value) + "]"
    if isinstance(value, _Tilde):
        return "~"
    return value if _is_plain(value) else quoted(value)


def written_like(before: str, value: Value) -> str:
    """A value in the quotes of the text it replaces, where it had any."""
    if not isinstance(value, str) or isinstance(value, _Tilde) or before[:1] not in _QUOTES:
        return written(value)
    return quoted(value, before[0])


def quoted(text: str, quote: str = "'") -> str:
    """A text in quotes; control characters and line ends need double ones.

    >>> print(quoted("it's"), quoted("it's", '"'))
    'it''s' "it's"
    """
    if text.isprintable() and quote == "'":
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in ('"', "\\"):
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"


def _is_plain(text: str) -> bool:
    """Whether a text may stand without quotes, as a value or a key, in brackets too."""
    if not text or not text.isprintable():
        return False
    inner, problems = load(f"{{{text}: [{text}, x], k: {text}}}", "")
    if problems or not isinstance(inner, YamlMap):
        return False
    data = as_data(inner)
    return data == {text: [text, "x"], "k": text} and all(entry.key.plain for entry in inner)
