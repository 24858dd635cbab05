"""The command that checks the configuration of a site."""

from pathlib import Path

from gateway.cli import output
from gateway.cli.context import loaded
from gateway.kernel.errors import ConfigurationError


def config_check(site: Path | None, *, as_json: bool) -> int:
    """Every problem of the configuration; 1 when there is an error."""
    try:
        ready = loaded(site)
    except ConfigurationError as broken:
        problems, code = broken.problems, 1
    else:
        problems, code = ready.warnings, 0
    if as_json:
        output.data([{name: getattr(each, name) for name in each.__slots__} for each in problems])
        return code
    for each in problems:
        output.line(str(each))
    errors = sum(1 for each in problems if each.level == "error")
    warnings = len(problems) - errors
    output.line(
        f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}"
        if problems
        else "The configuration is in order."
    )
    return code


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
