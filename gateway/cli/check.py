"""The command that checks the configuration of a site."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from gateway.cli import output
from gateway.cli.context import loaded
from gateway.config.partner import Partner
from gateway.config.problems import remedy
from gateway.kernel.errors import ConfigurationError
from gateway.kernel.problem import Problem
from gateway.kernel.words import counted

_NEXT = {
    "draft": "a draft, so nothing is read or sent. Next: look at every line, then set 'status: testing'.",
    "testing": "being tested; it touches no stock and no money. Next: send test files both ways, then set 'status: live'.",
}


def config_check(site: Path | None, *, as_json: bool) -> int:
    """Every problem of the configuration; 1 when there is an error."""
    try:
        ready = loaded(site)
    except ConfigurationError as broken:
        problems, code = broken.problems, 1
    else:
        problems, code = ready.warnings, 0
    told(problems, as_json=as_json)
    if code == 0 and not as_json:
        next_steps(ready.site.partners.values())
    return code


def next_steps(partners: Iterable[Partner]) -> None:
    """What comes next for partners that are not live yet, those of one status together."""
    by_status: dict[str, list[str]] = {}
    for each in partners:
        by_status.setdefault(each.status, []).append(each.partner)
    for status, step in _NEXT.items():
        names = sorted(by_status.get(status, ()))
        if names:
            output.talk(f"{', '.join(names)}: {step}")


def told(problems: tuple[Problem, ...], *, as_json: bool) -> int:
    """Print problems, each with what repairs it; 1 when one of them is an error."""
    problems = tuple(replace(each, hint=remedy(each)) for each in problems)
    errors = sum(1 for each in problems if each.level == "error")
    if as_json:
        output.data([{name: getattr(each, name) for name in each.__slots__} for each in problems])
        return 1 if errors else 0
    for each in problems:
        output.block(str(each))
    warnings = len(problems) - errors
    output.line(
        f"{counted(errors, 'error')}, {counted(warnings, 'warning')}" if problems else "The configuration is in order."
    )
    if problems:
        output.suggest(f"gateway explain-code {problems[0].code}")
    return 1 if errors else 0
