"""The cases of files, content and security: which test guards each, and which wait for a part that does not exist.

The table of docs/reference/reliability.md is made of this; ``make pages`` renews it.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "reliability.md"
CASE = re.compile(r"^test_([fxs])_(\d\d)_")
LISTED = re.compile(r"^\| ([FXS]-\d\d) \|", re.MULTILINE)

LATER: Mapping[str, str] = MappingProxyType(
    {
        "F-18": "files come over AS2",
        "S-14": "there is an API",
        "S-15": "there is an API",
        "S-18": "documents are printed as PDF",
        "S-20": "webhooks are received",
        "S-24": "there is a console",
    }
)
"""Cases of parts that do not exist: tested when that holds."""

IN_THIS_ROUND: frozenset[str] = frozenset({"F-03", "F-20"})
"""Cases whose tests stand in branches that are not merged yet."""


def tests() -> Mapping[str, tuple[str, ...]]:
    """The tests by the name of each case, as ``file.py::test``."""
    found: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("test_*.py")):
        for name in _functions(path):
            if case := CASE.match(name):
                found.setdefault(f"{case[1].upper()}-{case[2]}", []).append(f"{path.name}::{name}")
    return {case: tuple(names) for case, names in found.items()}


def _functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node.name


def cases() -> list[str]:
    """The cases that the page lists, in its order."""
    return LISTED.findall(PAGE.read_text(encoding="utf-8").partition("<!-- tests: begin -->")[0])


def table() -> str:
    """Which test guards which case, for the page."""
    known = tests()
    rows = ["| case | guarded by |", "|---|---|"]
    for case in cases():
        told = ", ".join(f"`{each}`" for each in known.get(case, ()))
        rows.append(f"| {case} | {told or _untested(case)} |")
    return "\n".join(rows) + "\n"


def _untested(case: str) -> str:
    return f"to be tested when {LATER[case]}" if case in LATER else "not yet"
