"""Which libraries may be used where, read from the syntax trees."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from tests.architecture.code_map import ROOT, dotted, modules

PURE = ("gateway.kernel", "gateway.orders", "gateway.exchange")
# What a pure module may know of the standard library: values and types, nothing that touches the world.
PURE_LIBRARY = {
    "array", "collections", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "itertools", "operator",
    "re", "types", "typing", "zoneinfo",
}  # fmt: skip
EXACT = (*PURE, "gateway.canonical", "gateway.documents")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield (node.module or "").partition(".")[0]


def _inside(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def _homes() -> tuple[set[str], tuple[tuple[str, str], ...]]:
    """The libraries known to the contract, and its (module pattern, library) pairs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in project["tool"]["importlinter"]["contracts"] if "listed homes" in c["name"])
    pairs = [entry.split(" -> ") for entry in contract["ignore_imports"]]
    return set(contract["forbidden_modules"]), tuple((pattern, library) for pattern, library in pairs)


def _fits(module: str, pattern: str) -> bool:
    stem = pattern.removesuffix(".**").removesuffix(".*")
    if stem == pattern:
        return module == pattern
    rest = module.removeprefix(f"{stem}.")
    return rest != module and ("." not in rest or pattern.endswith(".**"))


def test_each_third_party_library_is_imported_in_its_listed_homes_only() -> None:
    known, homes = _homes()
    strays = []

    for path in modules():
        module = dotted(path)
        for library in _imports(path):
            if library == "gateway" or library in sys.stdlib_module_names:
                continue
            listed = library in known and any(
                _fits(module, pattern) for pattern, allowed in homes if allowed == library
            )
            if not listed:
                strays.append(f"{module} -> {library}")

    assert strays == []


def test_kernel_orders_and_exchange_touch_nothing_outside() -> None:
    strays = [
        f"{dotted(path)} -> {library}"
        for path in modules()
        if _inside(dotted(path), PURE)
        for library in _imports(path)
        if library != "gateway" and library not in PURE_LIBRARY
    ]

    assert strays == []


def test_only_the_clock_asks_for_the_time() -> None:
    callers = {
        dotted(path)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    }

    assert callers <= {"gateway.kernel.clock"}


def test_no_float_where_money_and_quantities_are() -> None:
    strays = [
        f"{dotted(path)}:{node.lineno}"
        for path in modules()
        if _inside(dotted(path), EXACT)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _makes_a_float(node)
    ]

    assert strays == []


def _makes_a_float(node: ast.AST) -> TypeGuard[ast.expr]:
    """A literal, a conversion or an annotation; refusing floats with isinstance is fine."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    asked = node.annotation if isinstance(node, ast.arg | ast.AnnAssign) else None
    called = node.func if isinstance(node, ast.Call) else asked
    return isinstance(called, ast.Name) and called.id == "float"
