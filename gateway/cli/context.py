"""What most commands share: the site, the moment, and the open workbench."""

import os
from datetime import UTC, datetime
from pathlib import Path

from gateway.app.build import Loaded, load, workbench
from gateway.config.settings import find_site
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import Clock, fixed_clock, system_clock
from gateway.kernel.errors import UsageError


def clock_of(now: str | None) -> Clock:
    """The clock of a command: the system's, or one that stands still at ``--now``."""
    if now is None:
        return system_clock
    try:
        moment = datetime.fromisoformat(now)
    except ValueError as error:
        raise UsageError(f"--now '{now}' is not a moment.", next_step="Write it like 2026-11-21T12:00:00Z.") from error
    return fixed_clock((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))


def site_of(site: Path | None) -> Path:
    """The folder of the site meant; raises NotFoundError when there is none."""
    return find_site(Path.cwd(), site, dict(os.environ))


def loaded(site: Path | None) -> Loaded:
    """The checked configuration; raises ConfigurationError with every problem."""
    return load(site_of(site), dict(os.environ))


def opened(site: Path | None, now: str | None = None) -> Workbench:
    """The workbench of a site, its database upgraded if need be."""
    return workbench(loaded(site), clock_of(now), dict(os.environ))
