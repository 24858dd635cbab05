"""What ``gateway doctor`` prints: each thing that was looked at, and what repairs what is not in order."""

import os
from collections.abc import Iterable
from pathlib import Path

from gateway.app.examining.finding import Case, Finding, fine, problem, warning
from gateway.app.examining.looks import examined
from gateway.cli import output
from gateway.cli.context import site_of
from gateway.cli.moment import clock_of
from gateway.kernel.errors import NotFoundError
from gateway.kernel.words import counted

STRICT = 3
_MARKS = {"ok": "ok", "warning": "WARNING", "problem": "PROBLEM"}
_WIDTH = max(map(len, _MARKS.values())) + 2


def doctor(site: Path | None, *, connecting: bool, strict: bool, as_json: bool, short: bool = False) -> int:
    """Look at everything; 1 when there is a problem, 3 with ``strict`` when there are only warnings."""
    directory, first = _site(site)
    case = Case(directory, dict(os.environ), clock_of(None))
    found = [first]
    if not as_json:
        _tell(first, short=short)
    for each in examined(case, connecting=connecting):
        found.append(each)
        if not as_json:
            _tell(each, short=short)
    code = _code(found, strict=strict)
    if as_json:
        levels = {each: sum(1 for one in found if one.level == each) for each in _MARKS}
        output.data({"status": _status(found), **levels, "findings": [each.as_json() for each in found]})
    else:
        _sum(found)
    return code


def _site(site: Path | None) -> tuple[Path | None, Finding]:
    """The folder of the site; without one only the machine is looked at, which is a problem where one was named."""
    try:
        directory = site_of(site)
    except NotFoundError as error:
        if site is not None:
            return None, problem("site", error.sentence, f"gateway init {site}")
        named = bool(os.environ.get("GATEWAY_CONFIG"))
        if named:
            return None, problem("site", error.sentence, "unset GATEWAY_CONFIG   (or let it name a site's folder)")
        return None, warning("site", error.sentence, "gateway init my-site && cd my-site")
    return directory, fine("site", str(directory))


def _tell(finding: Finding, *, short: bool) -> None:
    if short and finding.level == "ok":
        return
    output.told(f"{_MARKS[finding.level]:<{_WIDTH}}{finding.name}: {finding.says}", hanging=" " * _WIDTH)
    for number, each in enumerate(finding.repair.splitlines()):
        output.line(f"{' ' * _WIDTH}{'   ' if number else '-> '}{each}")


def _sum(found: Iterable[Finding]) -> None:
    levels = [each.level for each in found]
    problems, warnings = levels.count("problem"), levels.count("warning")
    if not problems and not warnings:
        output.line(f"Everything is in order ({len(levels)} things were looked at).")
        return
    said = f"{counted(problems, 'problem')}, {counted(warnings, 'warning')}, {levels.count('ok')} in order."
    output.line(f"{said} Each '->' repairs what stands above it; then ask again: gateway doctor")


def _status(found: Iterable[Finding]) -> str:
    levels = {each.level for each in found}
    return "problem" if "problem" in levels else "warning" if "warning" in levels else "ok"


def _code(found: Iterable[Finding], *, strict: bool) -> int:
    status = _status(found)
    if status == "problem":
        return 1
    return STRICT if strict and status == "warning" else 0
