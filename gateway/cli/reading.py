"""What the commands that only look share: the database of the site, without its mappings, which take long to make ready."""

import os
from pathlib import Path

from gateway.app import opening
from gateway.cli.moment import clock_of
from gateway.cli.terminal.moments import ZONE
from gateway.config.settings import find_site
from gateway.store.unit_of_work import SqlStore


def database(site: Path | None) -> SqlStore:
    """The database of the site meant; raises NotFoundError where there is none, and ConfigurationError."""
    environ = dict(os.environ)
    found = opening.to_look(find_site(Path.cwd(), site, environ), environ)
    ZONE.set(found.settings.zone())
    return opening.database(found, clock_of(None))
