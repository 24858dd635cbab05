"""The commands that look at mappings: check, list and show."""

from pathlib import Path
from typing import Any

from gateway.cli import output
from gateway.cli.desk import desk_of
from gateway.flows.tools import checking, effective
from gateway.flows.tools.effective import Difference, Line
from gateway.flows.tools.listing import rows
from gateway.kernel.problem import Problem, has_errors
from gateway.kernel.words import counted

ERRORS, WARNINGS = 1, 3
_COMMENT_AT = 72


def check(names: list[str], site: Path | None, *, strict: bool, as_json: bool) -> int:
    """Every problem of the mappings; 1 for an error, 3 for a warning where that is asked for."""
    seen = checking.check(desk_of(site), names)
    code = ERRORS if has_errors(seen.problems) else WARNINGS if strict and seen.problems else 0
    if as_json:
        output.data([_problem(each) for each in seen.problems])
        return code
    for each in seen.problems:
        output.block(str(each))
    if not seen.names and not seen.guides:
        output.line("There is no mapping of the site's own here. 'gateway mapping list' shows the built-in ones.")
        return code
    output.line(_summary(seen))
    return code


def list_(site: Path | None, *, as_json: bool) -> int:
    """Every mapping with what it is for and who uses it."""
    found = rows(desk_of(site))
    if as_json:
        output.data(found)
        return 0
    shown = [{**each, "built_in": "yes" if each["built_in"] else ""} for each in found]
    output.table(
        shown,
        ["mapping", "direction", "document", "format", "extends", "built_in", "tests", "partners", "state"],
        may_go=("tests", "built_in", "extends", "format", "direction"),
    )
    if found:
        output.suggest(f"gateway mapping show {found[0]['mapping']}")
    return 0


def show(name: str, site: Path | None, diff: str, *, tree: bool, as_json: bool) -> int:
    """The mapping as it takes effect, as a tree, or where it differs from another."""
    desk = desk_of(site)
    spec = desk.spec(name)
    if diff:
        before = effective.said(desk.spec(diff), desk.mappings)
        return _show_diff(
            diff, name, effective.differences(before, effective.said(spec, desk.mappings)), as_json=as_json
        )
    if as_json:
        said = effective.said(spec, desk.mappings)
        output.data(
            {"mapping": name, "chain": list(spec.chain), "says": [_said(path, each) for path, each in said.items()]}
        )
        return 0
    found = effective.tree(spec) if tree else effective.lines(spec, desk.mappings)
    width = min(max(len(each.text) for each in found), _COMMENT_AT)
    for each in found:
        output.line(f"{each.text.ljust(width)}  # {each.place}" if each.place else each.text)
    return 0


def _show_diff(before: str, after: str, found: list[Difference], *, as_json: bool) -> int:
    if as_json:
        output.data([{"path": each.path, "before": _line(each.before), "after": _line(each.after)} for each in found])
        return 0
    for each in found:
        output.line(each.path)
        for sign, line in (("-", each.before), ("+", each.after)):
            if line is not None:
                output.line(
                    f"  {sign} {line.text.ljust(_COMMENT_AT - 4)}  # {line.place}"
                    if line.place
                    else f"  {sign} {line.text}"
                )
    output.line(f"{counted(len(found), 'difference')} between {before} (-) and {after} (+).")
    return 0


def _summary(seen: checking.Checked) -> str:
    errors = sum(1 for each in seen.problems if each.level == "error")
    looked = counted(len(seen.names), "mapping")
    if seen.guides:
        looked += f" and {counted(len(seen.guides), 'partner guide')}"
    if not seen.problems:
        return f"{looked}: in order."
    return f"{looked}: {counted(errors, 'error')}, {counted(len(seen.problems) - errors, 'warning')}"


def _problem(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in problem.__slots__}


def _said(path: str, line: Line) -> dict[str, Any]:
    return {"path": path, **(_line(line) or {})}


def _line(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    return {
        "text": line.text,
        "file": line.origin.file if line.origin else None,
        "line": line.origin.line if line.origin else None,
    }
