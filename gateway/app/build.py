"""Wire a site: configuration checked whole, mappings prepared, the store opened, every port filled."""

import os
import signal
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event

from gateway.app import channels, senders, uses
from gateway.config.known_secrets import secrets_of
from gateway.config.load import Site, load_site
from gateway.config.problems import Origin
from gateway.files.disk import Disk
from gateway.files.faults import watch_of
from gateway.flows import auditing
from gateway.flows.ports import Mark, UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel import hiding
from gateway.kernel.clock import Clock
from gateway.kernel.errors import ConfigurationError
from gateway.kernel.fault_plan import plan_of
from gateway.kernel.problem import Problem, has_errors
from gateway.mapping.prepare import PreparedMapping, prepare

FAULT = "GATEWAY_FAULT"
"""Says which operation on files, statement or commit is to fail; the hook of the fault tests."""
WITH_WORKERS = "0009"
"""The first schema in which processes say that they work."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A site whose configuration has no error, with every mapping its partners use."""

    site: Site
    mappings: dict[str, PreparedMapping]
    warnings: tuple[Problem, ...]


def load(directory: Path, environ: dict[str, str]) -> Loaded:
    """Read and check everything; raises ConfigurationError with every problem of every file at once."""
    fail_on_purpose(environ)
    site, problems = load_site(directory, environ)
    found = list(problems)
    mappings: dict[str, PreparedMapping] = {}
    if site is not None:
        found.extend(_prepare_all(site, mappings))
    if site is None or has_errors(found):
        raise ConfigurationError(tuple(sorted(set(found))))
    hiding.keep_secret(secrets_of(site.settings, site.partners.values(), directory, environ))
    return Loaded(site, mappings, tuple(sorted(set(found))))


def _prepare_all(site: Site, mappings: dict[str, PreparedMapping]) -> list[Problem]:
    """Prepare each mapping that is named, once; a missing one is a problem where it is named."""
    found: list[Problem] = []
    tried: dict[str, tuple[Problem, ...]] = {}
    for reference in site.references:
        name = reference.use.mapping
        if name not in tried:
            prepared, problems = prepare(
                name, site_mappings=site.directory / "mappings", allow_plugins=site.settings.allow_plugins,
                custom_fields=site.settings.custom_fields, require_tests=site.settings.settings.require_tests,
            )  # fmt: skip
            tried[name] = problems
            if prepared is not None:
                mappings[name] = prepared
        missing = [problem for problem in tried[name] if problem.code == "M011"]
        found.extend(_at(problem, reference.origin) for problem in missing)
        found.extend(problem for problem in tried[name] if problem.code != "M011")
    return [*found, *uses.problems(site, mappings), *channels.problems(site)]


def _at(problem: Problem, origin: Origin) -> Problem:
    return replace(problem, file=origin.file, line=origin.line, column=origin.column)


def workbench(loaded: Loaded, clock: Clock, environ: dict[str, str]) -> Workbench:
    """Open the store of a checked site and fill the ports of the flows."""
    from gateway.app import restored  # noqa: PLC0415 - 'validate' and '--help' never pay for the store
    from gateway.store.archive import FileArchive  # noqa: PLC0415 - same
    from gateway.store.beside import Beside  # noqa: PLC0415 - same
    from gateway.store.unit_of_work import SqlStore  # noqa: PLC0415 - sqlalchemy takes 0.3 s to import

    site = loaded.site
    var = site.directory / "var"
    work = var / "work"
    work.mkdir(parents=True, exist_ok=True)
    mark = crash_mark(environ)
    disk, stop = Disk(watch_of(environ.get(FAULT, ""))), Event()
    url = site.settings.database_url(site.directory)
    before = guarded_upgrade(url, var)
    store = SqlStore(url, Beside(var))
    restored.looked_after(store, clock)
    if before:
        with store.unit() as unit:
            note_upgrade(unit, auditing.SITE, before, clock())
            unit.commit()
    return Workbench(
        site=site, mappings=loaded.mappings, store=store, archive=FileArchive(var / "archive", disk),
        outlet=channels.outlets(site, work, disk, mark, stop.is_set), clock=clock, new_id=lambda: uuid.uuid4().hex, mark=mark,
        work_folder=work, disk=disk, stop=stop, sender=senders.senders(site, environ, clock),
    )  # fmt: skip


def note_upgrade(work: UnitOfWork, who: str, before: str, at: datetime) -> None:
    """Say in the audit trail that the database was brought on; ``before``: which schema it had, empty for none."""
    from gateway.store.schema import VERSION  # noqa: PLC0415 - sqlalchemy takes 0.3 s to import

    detail = {"from": before, "to": VERSION} if before else {"to": VERSION}
    work.audit.note(who or auditing.OPERATOR, "database.upgrade", "database", at=at, detail=detail)


def guarded_upgrade(url: str, var: Path) -> str | None:
    """Bring a database to this version's schema, unless processes of another version work on it.

    The schema it had, empty where it had none; None where there was nothing to do.
    """
    from gateway.store.migrate import current, upgrade  # noqa: PLC0415 - sqlalchemy takes 0.3 s to import
    from gateway.store.schema import VERSION  # noqa: PLC0415 - same

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
    from gateway.store.unit_of_work import engine_for  # noqa: PLC0415 - same

    engine = engine_for(url)
    locks = locks_for(engine, var / "locks")
    try:
        refuse_beside(engine, locks, why)
    finally:
        locks.close()
        engine.dispose()


def fail_on_purpose(environ: dict[str, str]) -> None:
    """The hook of the fault tests at the database, where GATEWAY_FAULT asks for one."""
    said = environ.get(FAULT, "")
    plan = plan_of(said)
    if plan is not None and plan.of_database:
        from gateway.store import faults  # noqa: PLC0415 - nobody else pays for it

        faults.begin(said)


def crash_mark(environ: dict[str, str]) -> Mark:
    """The hook of the crash tests: CRASH_AT=window or window:n kills the process at its nth passing."""
    window, _, nth = environ.get("CRASH_AT", "").partition(":")
    if not window:
        return lambda _name: None
    left = [int(nth or "1")]

    def mark(name: str) -> None:
        if name == window:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return mark
