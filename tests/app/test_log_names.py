"""Every line that the log can say has a name of the one table, at the level the table says, with fields the table knows."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import gateway
from gateway.kernel.happenings import FIELDS, FIRST, HAPPENINGS, LEVELS

PACKAGE = Path(gateway.__file__).parent
HOME = PACKAGE / "flows" / "happening.py"
SAYS = frozenset({"happened", "at_commit"})
NAMED = {"happened": 1, "at_commit": 2}
"""At which place a call names what happened."""
Call = tuple[str, ast.Call, ModuleType]


def calls() -> Iterator[Call]:
    """Every call of the package that says something in the log: its level (empty: that of the table), and itself."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path == HOME or not ("structlog" in text or "happening" in text):
            continue
        module = importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and node.func.id in SAYS:
                yield "", node, module
            elif isinstance(node.func, ast.Attribute) and node.func.attr in (*LEVELS, "debug", "exception", "critical"):
                owner = ast.unparse(node.func.value)
                if owner == "log" or owner.endswith("get_logger()"):
                    yield node.func.attr, node, module


def names(node: ast.expr, module: ModuleType) -> Iterator[str]:
    """What an argument may say: a text, one of two, or what a constant of the module holds."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from names(one, module)
            yield from names(other, module)
        case ast.Name(id=name) if hasattr(module, name):
            yield getattr(module, name)
        case ast.Subscript(value=ast.Name(id=name)):
            yield from getattr(module, name).values()
        case _:
            pytest.fail(f"{module.__name__}: {ast.unparse(node)} is no name that can be looked up")


def said() -> list[tuple[str, str, ast.Call, str]]:
    found = []
    for level, node, module in calls():
        at = NAMED[node.func.id] if isinstance(node.func, ast.Name) else 0
        found += [(level, name, node, module.__name__) for name in names(node.args[at], module)]
    return found


def test_every_line_has_a_name_of_the_table_and_every_name_is_said() -> None:
    used = {name for _, name, _, _ in said()}
    assert used == set(HAPPENINGS)


def test_every_line_is_said_at_a_level_of_its_name() -> None:
    wrong = [(where, name, level) for level, name, _, where in said() if level and level not in HAPPENINGS[name].levels]
    assert wrong == []


def test_every_field_of_a_line_is_one_of_the_table() -> None:
    given = {(where, each.arg) for _, _, node, where in said() for each in node.keywords if each.arg is not None}
    assert {(where, name) for where, name in given if name not in FIELDS} == set()
    assert set(FIRST) <= set(FIELDS)


def test_every_name_of_the_table_is_two_words_and_says_when() -> None:
    for name, each in HAPPENINGS.items():
        assert name.count(".") == 1, name
        assert each.says, name
        assert set(each.levels) <= set(LEVELS)
