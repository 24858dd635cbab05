"""The commands that judge without any effect: validate a file, check the configuration."""

from pathlib import Path

from gateway.cli import output
from gateway.cli.context import clock_of, loaded
from gateway.config.agreement import ack_rules
from gateway.exchange.acknowledgment import AckRules
from gateway.flows.examine import examine
from gateway.flows.partner_guides import of_received
from gateway.flows.report import is_clean, validation_report, validation_text
from gateway.flows.standalone import acknowledgment
from gateway.kernel.errors import ConfigurationError, NotFoundError
from gateway.kernel.ids import PartnerId


def validate(file: Path, partner: str, site: Path | None, ack: Path | None, now: str | None, *, as_json: bool) -> int:
    """Judge one file; 0 when everything is accepted, 1 when something is rejected or unreadable."""
    if not file.is_file():
        raise NotFoundError(f"There is no file {file}.")
    if partner:
        site_ready = loaded(site)
        ready = site_ready.site.partners.get(PartnerId(partner))
        if ready is None:
            raise NotFoundError(f"There is no partner '{partner}'.", next_step="Look into the folder 'partners'.")
        rules, repairs = ack_rules(ready)
        guides = of_received(ready, site_ready.mappings)
        seen = examine(file.read_bytes(), rules, repairs=repairs, guides=guides)
    else:
        seen = examine(file.read_bytes(), AckRules())
    if ack is not None:
        ack.write_bytes(acknowledgment(seen, clock_of(now)()))
    if as_json:
        output.data(validation_report(str(file), seen))
    else:
        output.line(validation_text(str(file), seen))
    return 0 if is_clean(seen) else 1


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
