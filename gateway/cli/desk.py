"""What the commands for mappings share: the site where there is one, the day, and what was said of the partner."""

import os
from datetime import date
from pathlib import Path

from gateway.cli import output
from gateway.cli.context import site_of
from gateway.cli.moment import clock_of
from gateway.flows.tools.desk import Desk
from gateway.kernel.errors import NotFoundError, UsageError


def desk_of(site: Path | None, today: str | None = None, now: str | None = None) -> Desk:
    """The mappings of the site meant; without ``--site`` and without a site here, the built-in ones alone.

    A site whose configuration is broken still has mappings: only its partners are not known then.
    """
    from gateway.config.load import load_site  # noqa: PLC0415 - pydantic is only needed here

    day = _day(today) or clock_of(now)().date()
    try:
        folder = site_of(site)
    except NotFoundError:
        if site is not None:
            raise
        return Desk(None, day)
    found, _ = load_site(folder, dict(os.environ))
    if found is None:
        output.talk(
            "gateway: the configuration has errors; 'gateway config check' shows them. Partners are not known here."
        )
    return Desk(folder / "mappings", day, found)


def params_of(said: list[str] | None) -> dict[str, str]:
    """``vendor_number=77812`` as a parameter; raises UsageError."""
    pairs = [each.partition("=") for each in said or []]
    for name, equals, _ in pairs:
        if not name or not equals:
            raise UsageError(f"--param '{name}' says no value.", next_step="Write it like --param vendor_number=77812.")
    return {name: value for name, _, value in pairs}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"--today '{text}' is not a date.", next_step="Write it like 2026-11-21.") from error
