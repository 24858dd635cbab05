"""The cases of files, content and security: which test guards each, and which wait for a part that does not exist.

The table of docs/reference/reliability.md is made of this; ``make pages`` renews it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parents[1]
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "reliability.md"
CASE = re.compile(r"^(?:async )?def (test_([fxs])_(\d\d)_\w+)", re.MULTILINE)
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


def tests() -> Mapping[str, tuple[str, ...]]:
    """The tests by the name of each case, wherever they stand, as ``folder/file.py::test``."""
    found: dict[str, list[str]] = {}
    for path in sorted(FOLDER.rglob("test_*.py")):
        for name, kind, number in CASE.findall(path.read_text(encoding="utf-8")):
            found.setdefault(f"{kind.upper()}-{number}", []).append(f"{path.relative_to(FOLDER)}::{name}")
    return {case: tuple(names) for case, names in found.items()}


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
