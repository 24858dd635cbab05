"""The tables of the pages about X12 and about the files of a site."""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path

from gateway.config import mapping_files
from gateway.config.mapping_reading import load_spec
from gateway.config.strict_yaml import YamlList, YamlText
from gateway.formats.x12 import guide
from tests.architecture.code_map import ROOT
from tests.docs.marked import table
from tests.docs.x12_words import PLACEHOLDERS, REPAIRS, SETS, TOLERANCES, VARIABLES


def sets() -> str:
    """Every set that is shipped, in which versions, and the built-in mappings that read and write it."""
    read, written = _mappings("in"), _mappings("out")
    rows = (
        (
            f"`{each}`", SETS[each], ", ".join(version for version in guide.versions() if each in guide.set_ids(version)),
            " ".join(read.get(each, ())), " ".join(written.get(each, ())),
        )
        for each in known_sets()
    )  # fmt: skip
    return table("set | is | versions | read by | written by", rows)


@cache
def known_sets() -> tuple[str, ...]:
    """Every set of some version."""
    return tuple(sorted({each for version in guide.versions() for each in guide.set_ids(version)}))


def variables_read() -> set[str]:
    """The variables of the environment that the program names, found in its code."""
    return {name for path in (ROOT / "gateway").rglob("*.py") for name in _read(path)}


def _read(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if "environ" not in text and "getenv" not in text:
        return
    tree = ast.parse(text)
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        asked = None
        if isinstance(node, ast.Subscript) and _is_environment(node.value):
            asked = node.slice
        elif isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute | ast.Name):
            is_get = (
                isinstance(node.func, ast.Attribute)
                and node.func.attr in ("get", "pop")
                and _is_environment(node.func.value)
            )
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            asked = node.args[0] if is_get or name == "getenv" else None
        if isinstance(asked, ast.Constant):
            yield str(asked.value)
        elif isinstance(asked, ast.Attribute | ast.Name):
            name = asked.attr if isinstance(asked, ast.Attribute) else asked.id
            yield from [constants[name]] if name in constants else []


def _is_environment(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name == "environ"


def _mappings(direction: str) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in mapping_files.builtin_names():
        spec = load_spec(name, site_mappings=None)[0]
        if spec is not None and spec.format == "x12" and spec.direction == direction:
            node, _ = spec.options["set"]
            texts = [node] if isinstance(node, YamlText) else list(node.items) if isinstance(node, YamlList) else []
            for each in texts:
                assert isinstance(each, YamlText)
                found.setdefault(each.value, []).append(f"`{name}`")
    return found


def _words(head: str, said: Mapping[str, str]) -> str:
    return table(head, ((f"`{key}`", words) for key, words in said.items()))


def _placeholders() -> str:
    return table(
        "placeholder | is | like", ((f"`{{{key}}}`", words, f"`{like}`") for key, (words, like) in PLACEHOLDERS.items())
    )


Tables = Mapping[str, Callable[[], str]]
X12_PAGE: Tables = {
    "sets": sets,
    "tolerances": partial(_words, "`x12.tolerates` | passes when", TOLERANCES),
    "repairs": partial(_words, "`x12.repairs` | is passed over or mended", REPAIRS),
}
SITE_PAGE: Tables = {"placeholders": _placeholders, "variables": partial(_words, "variable | says", VARIABLES)}
