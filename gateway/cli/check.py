"""The command that checks the configuration of a site."""

from pathlib import Path

from gateway.cli import output
from gateway.cli.context import loaded
from gateway.kernel.errors import ConfigurationError
from gateway.kernel.problem import Problem


def config_check(site: Path | None, *, as_json: bool) -> int:
    """Every problem of the configuration; 1 when there is an error."""
    try:
        ready = loaded(site)
    except ConfigurationError as broken:
        problems, code = broken.problems, 1
    else:
        problems, code = ready.warnings, 0
    told(problems, as_json=as_json)
    return code


def told(problems: tuple[Problem, ...], *, as_json: bool) -> int:
    """Print problems; 1 when one of them is an error."""
    errors = sum(1 for each in problems if each.level == "error")
    if as_json:
        output.data([{name: getattr(each, name) for name in each.__slots__} for each in problems])
        return 1 if errors else 0
    for each in problems:
        output.line(str(each))
    warnings = len(problems) - errors
    output.line(
        f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}"
        if problems
        else "The configuration is in order."
    )
    return 1 if errors else 0


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
