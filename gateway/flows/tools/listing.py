"""Every mapping there is: what it is for, what it extends, how many tests it has, and who uses it."""

from typing import Any

from gateway.config import mapping_files
from gateway.flows.tools.cases import case_folders
from gateway.flows.tools.desk import Desk
from gateway.kernel.problem import has_errors


def rows(desk: Desk) -> list[dict[str, Any]]:
    """One row per mapping, those of the site first."""
    own = desk.own()
    return [_row(desk, name) for name in (*own, *(each for each in mapping_files.builtin_names() if each not in own))]


def _row(desk: Desk, name: str) -> dict[str, Any]:
    prepared, problems = desk.looked_at(name)
    path, shown = mapping_files.find(name, desk.mappings)
    extends = ""
    if prepared is not None:
        chain = desk.spec(name).chain
        extends = chain[-2] if len(chain) > 1 else ""
    return {
        "mapping": name, "direction": prepared.direction if prepared else "", "document": prepared.document if prepared else "",
        "format": prepared.format if prepared else "", "extends": extends,
        "built_in": path is not None and path.is_relative_to(mapping_files.builtin_folder()),
        "tests": len(case_folders(path)) if path is not None else 0, "partners": desk.users(name), "file": shown,
        "state": "errors" if prepared is None or has_errors(problems) else "in order",
    }  # fmt: skip
