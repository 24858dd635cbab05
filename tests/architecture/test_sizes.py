"""A module is read in a sitting, a function fits on a screen."""

import ast

from tests.architecture.code_map import dotted, modules

MODULE_LINES = 400
FUNCTION_LINES = 60
ONE_LITERAL = frozenset({"gateway.store.schema"})
"""Modules that are one list of tables and nothing else."""


def test_no_module_is_longer_than_a_sitting() -> None:
    lengths = {dotted(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}

    assert {name: lines for name, lines in lengths.items() if lines > MODULE_LINES and name not in ONE_LITERAL} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{dotted(path)}.{node.name}: {lines} lines"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]

    assert long == []
