"""The steps of a rule against a reading of the specification in a few lines, on random rules and cells.

The order is that of the language whatever the order of the keys; empty ends the steps and goes to the default.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gateway.canonical.order import Order
from gateway.mapping import documents, inbound
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import PreparedMapping, prepare

HEAD = "gateway: 1\nmapping: acme/orders\ndirection: in\ndocument: order\nformat: csv\ncsv: {group_by: [k]}\nfields:\n"
ENV = Environment(params={}, today=date(2026, 11, 20))
CELLS = ("A", "B", "AB-12", "  A ", "A-B-C", "", "  ", "-", "12", "ab", "x-", "BB", "é-ü", "A B")
REFUSED = "(refused)"
CHOICES: Mapping[str, tuple[object, ...]] = {
    "trim": ("both", "left", "right", "none"),
    "match": ("^(.)", "[A-Z]+", "-(.*)$", "x*", "^..", "(B)?", "é"),
    "slice": ((1, 1), (1, None), (2, 3), (3, 6)),
    "split": (("-", 1), ("-", -1), (" ", 2), ("A", 2), ("A", -2)),
    "map": ({"A": "X", "B": "Y z"}, {"A": "-", "*": "="}, {"12": "X", "*": "other"}),
    "max_length": (1, 2, 4),
    "pad": ((4, "_", "left"), (6, "0", "right")),
    "default": ("DEF",),
    "required": ("true",),
}
Steps = Mapping[str, object]


def random_steps(rng: Random) -> dict[str, object]:
    return {key: rng.choice(words) for key, words in CHOICES.items() if rng.random() < 0.3}


def written(steps: Steps, rng: Random) -> str:
    """The steps in any order, as a mapping says them."""
    said = {"from": "c"}
    for key, value in steps.items():
        match key, value:
            case "slice", (first, last):
                said[key] = f"{first}-{last or ''}"
            case "split", (by, part):
                said[key] = f"{{by: '{by}', part: {part}}}"
            case "pad", (width, fill, side):
                said[key] = f"{{width: {width}, with: '{fill}', side: {side}}}"
            case "map", dict():
                said[key] = "{" + ", ".join(f"'{code}': '{target}'" for code, target in value.items()) + "}"
            case "match", _:
                said[key] = f"'{value}'"
            case _:
                said[key] = str(value)
    keys = list(said)
    rng.shuffle(keys)
    return "{" + ", ".join(f"{key}: {said[key]}" for key in keys) + "}"


def expected(cell: str, steps: Steps) -> str | None:
    """What becomes of a cell, REFUSED for an error."""
    value: str | None = cell
    for key in ("trim", "match", "slice", "split", "map", "max_length", "pad"):
        if not value or value.isspace():
            break
        if key in steps or key == "trim":
            value = STEPS[key](value, steps.get(key, "both"))
            if value == REFUSED:
                return REFUSED
    if not value or value.isspace():
        value = str(steps["default"]) if "default" in steps else None
    return REFUSED if value is None and "required" in steps else value


def _matched(value: str, pattern: str) -> str:
    found = re.search(pattern, value)
    return REFUSED if found is None else found.group(1 if found.re.groups else 0) or ""


def _split(value: str, how: tuple[str, int]) -> str:
    parts = value.split(how[0])
    at = how[1] - 1 if how[1] > 0 else len(parts) + how[1]
    return parts[at] if 0 <= at < len(parts) else ""


def _mapped(value: str, codes: Mapping[str, str]) -> str:
    found = codes.get(value, codes.get("*", REFUSED))
    return value if found == "=" else found


STEPS: Mapping[str, Callable[[str, Any], str]] = {
    "trim": lambda value, how: {"both": value.strip(), "left": value.lstrip(), "right": value.rstrip(), "none": value}[
        how
    ],
    "match": _matched,
    "slice": lambda value, how: value[how[0] - 1 : how[1]],
    "split": _split,
    "map": _mapped,
    "max_length": lambda value, most: value[:most].rstrip(),
    "pad": lambda value, how: value.rjust(how[0], how[1]) if how[2] == "left" else value.ljust(how[0], how[1]),
}


def mapping(folder: Path, rule: str) -> PreparedMapping:
    path = folder / "acme" / "orders.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{HEAD}  po_number: k\n  department: {rule}\n", encoding="utf-8")
    prepared, problems = prepare("acme/orders", site_mappings=folder)
    assert prepared is not None, problems
    return prepared


@pytest.mark.parametrize("seed", range(5))
def test_steps_run_in_the_order_of_the_language(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    for _ in range(60):
        steps = random_steps(rng)
        rule = written(steps, rng)
        prepared = mapping(tmp_path, rule)
        for cell in CELLS:
            (source,) = documents.read(prepared, f'k,c\n1,"{cell}"\n'.encode()).documents
            result = inbound.run(prepared, source.node, ENV)
            found = result.document.department if isinstance(result.document, Order) else REFUSED
            assert found == expected(cell, steps), (rule, cell)
