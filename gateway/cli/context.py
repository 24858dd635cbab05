"""What most commands share: the site, the moment, and the open workbench."""

import os
from pathlib import Path

from gateway.app.build import Loaded, load, workbench
from gateway.cli.moment import clock_of
from gateway.cli.terminal.moments import ZONE
from gateway.config.finding import find_site
from gateway.flows.workbench import Workbench


def site_of(site: Path | None) -> Path:
    """The folder of the site meant; raises NotFoundError when there is none."""
    return find_site(Path.cwd(), site, dict(os.environ))


def loaded(site: Path | None) -> Loaded:
    """The checked configuration; raises ConfigurationError with every problem."""
    found = load(site_of(site), dict(os.environ))
    ZONE.set(found.site.settings.zone())
    return found


def opened(site: Path | None, now: str | None = None) -> Workbench:
    """The workbench of a site, its database upgraded if need be."""
    return workbench(loaded(site), clock_of(now), dict(os.environ))
