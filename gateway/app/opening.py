"""Open the database of a site: its schema brought to that of this version, a copy of earlier days noticed."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from gateway.app import on_purpose, restored
from gateway.config.known_secrets import secrets_of
from gateway.config.load import Site, load_site
from gateway.flows.ports import UnitOfWork
from gateway.kernel import hiding
from gateway.kernel.clock import Clock
from gateway.kernel.errors import ConfigurationError
from gateway.kernel.problem import has_errors
from gateway.store.beside import Beside
from gateway.store.migrate import current, upgrade
from gateway.store.schema import VERSION
from gateway.store.unit_of_work import SqlStore, engine_for

WITH_WORKERS = "0009"
"""The first schema in which processes say that they work."""


def to_look(directory: Path, environ: Mapping[str, str]) -> Site:
    """A site for who only looks: gateway.yaml and the partner files are checked, no mapping is made ready.

    Raises ConfigurationError with every problem of those files.
    """
    on_purpose.fail(environ)
    site, problems = load_site(directory, environ)
    if site is None or has_errors(problems):
        raise ConfigurationError(tuple(sorted(set(problems))))
    hiding.keep_secret(secrets_of(site.settings, site.partners.values(), directory, environ))
    return site


def database(site: Site, clock: Clock) -> SqlStore:
    """The database of a checked site."""
    var = site.directory / "var"
    url = site.settings.database_url(site.directory)
    var.mkdir(parents=True, exist_ok=True)
    before = guarded_upgrade(url, var)
    store = SqlStore(url, Beside(var))
    restored.looked_after(store, clock)
    if before:
        with store.unit() as unit:
            note_upgrade(unit, restored.WHO, before, clock())
            unit.commit()
    return store


def note_upgrade(work: UnitOfWork, who: str, before: str, at: datetime) -> None:
    """Say in the audit trail that the database was brought on; ``before``: which schema it had, empty for none."""
    from gateway.flows.auditing import OPERATOR  # noqa: PLC0415 - knows what a gateway at work knows; this is seldom

    detail = {"from": before, "to": VERSION} if before else {"to": VERSION}
    work.audit.note(who or OPERATOR, "database.upgrade", "database", at=at, detail=detail)


def guarded_upgrade(url: str, var: Path) -> str | None:
    """Bring a database to this version's schema, unless processes of another version work on it.

    The schema it had, empty where it had none; None where there was nothing to do.
    """
    found = current(url)
    if found == VERSION:
        return None
    if found is not None and found >= WITH_WORKERS:
        _refuse_beside_workers(url, var, f"The database has schema {found} and this version needs {VERSION}")
    upgrade(url)
    return found or ""


def _refuse_beside_workers(url: str, var: Path, why: str) -> None:
    from gateway.engine.liveness import refuse_beside  # noqa: PLC0415 - only an upgrade needs it
    from gateway.engine.locks import locks_for  # noqa: PLC0415 - same

    engine = engine_for(url)
    locks = locks_for(engine, var / "locks")
    try:
        refuse_beside(engine, locks, why)
    finally:
        locks.close()
        engine.dispose()
