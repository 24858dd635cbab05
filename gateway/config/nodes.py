"""Read the nodes of a strict YAML file: texts, lists and words, each wrong shape a problem at its place."""

from gateway.config.problems import Located, Origin, Problems
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText


class NodeReader:
    """Reads the nodes of one file; problems are collected."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems

    def origin(self, node: Node) -> Origin:
        """The place of a node."""
        return Origin(self.file, node.line, node.column)

    def known_keys(self, node: YamlMap, known: tuple[str, ...], code: str, where: str) -> None:
        """Keys that do not exist, each with what was probably meant."""
        for each in node:
            key = each.key.value
            if key not in known:
                self.problems.unknown(self.origin(each.key), code, f"'{key}' is not a key {where}", key, known)

    def must_be(self, node: YamlMap, key: str, value: str) -> None:
        """A key with the one value it may have."""
        found = node.get(key)
        if found is None:
            self.problems.at(self.origin(node), "M020", f"the key '{key}' is missing", f"write '{key}: {value}'")
        elif not isinstance(found, YamlText) or found.value != value:
            self.problems.at(self.origin(found), "M020", f"'{key}' must be '{value}' here")

    def word(self, node: YamlMap, key: str, otherwise: str) -> str:
        """The text under a key, or another."""
        found = self.text(node, key)
        return found.value if found is not None else otherwise

    def text(self, node: YamlMap, key: str) -> Located | None:
        """The text under a key with its place; None when it is not there or removed."""
        found = node.get(key)
        if found is None or (isinstance(found, YamlText) and found.is_removal):
            return None
        if isinstance(found, YamlText):
            return Located(found.value, self.origin(found))
        self.problems.at(self.origin(found), "M021", f"'{key}' is one text")
        return None

    def texts(self, node: YamlMap, key: str) -> tuple[Located, ...]:
        """The texts of a list, each with its place."""
        found = node.get(key)
        if found is None or (isinstance(found, YamlText) and found.is_removal):
            return ()
        if not isinstance(found, YamlList) or not all(isinstance(each, YamlText) for each in found.items):
            self.problems.at(self.origin(found), "M021", f"'{key}' is a list of texts, written like [a, b]")
            return ()
        return tuple(Located(each.value, self.origin(each)) for each in found.items if isinstance(each, YamlText))

    @staticmethod
    def removed(node: YamlMap) -> frozenset[str]:
        """The keys that say ``~``."""
        return frozenset(each.key.value for each in node if isinstance(each.value, YamlText) and each.value.is_removal)

    @staticmethod
    def is_removed(node: YamlMap, key: str) -> bool:
        """Whether a key is there and says ``~``."""
        found = node.get(key)
        return isinstance(found, YamlText) and found.is_removal
