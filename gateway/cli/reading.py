"""What the commands that only look share: the database of the site, without its mappings, which take long to make ready."""

import os
from pathlib import Path

from gateway.app import opening
from gateway.cli.moment import clock_of
from gateway.cli.terminal.moments import ZONE
from gateway.config.finding import find_site
from gateway.config.load import Site
from gateway.store.unit_of_work import SqlStore


def database(site: Path | None) -> SqlStore:
    """The database of the site meant; raises NotFoundError where there is none, and ConfigurationError."""
    return looked(site)[1]


def looked(site: Path | None) -> tuple[Site, SqlStore]:
    """The site meant with its database, for who only looks."""
    environ = dict(os.environ)
    found = opening.to_look(find_site(Path.cwd(), site, environ), environ)
    ZONE.set(found.settings.zone())
    return found, opening.database(found, clock_of(None))
