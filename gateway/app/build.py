"""Wire a site: configuration checked whole, mappings prepared, the store opened, every port filled."""

import os
import signal
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from gateway.app import channels, on_purpose, senders, uses
from gateway.config.known_secrets import secrets_of
from gateway.config.load import Site, load_site
from gateway.config.problems import Origin
from gateway.files.disk import Disk
from gateway.files.faults import watch_of
from gateway.flows.ports import Mark
from gateway.flows.workbench import Workbench
from gateway.kernel import hiding
from gateway.kernel.clock import Clock
from gateway.kernel.errors import ConfigurationError
from gateway.kernel.problem import Problem, has_errors
from gateway.mapping.prepare import PreparedMapping, prepare


@dataclass(frozen=True, slots=True)
class Loaded:
    """A site whose configuration has no error, with every mapping its partners use."""

    site: Site
    mappings: dict[str, PreparedMapping]
    warnings: tuple[Problem, ...]


def load(directory: Path, environ: dict[str, str]) -> Loaded:
    """Read and check everything; raises ConfigurationError with every problem of every file at once."""
    on_purpose.fail(environ)
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
    from gateway.app import opening  # noqa: PLC0415 - 'validate' and '--help' never pay for the store
    from gateway.store.archive import FileArchive  # noqa: PLC0415 - same

    site = loaded.site
    var = site.directory / "var"
    work = var / "work"
    work.mkdir(parents=True, exist_ok=True)
    mark = crash_mark(environ)
    disk, stop = Disk(watch_of(environ.get(on_purpose.FAULT, ""))), Event()
    store = opening.database(site, clock)
    return Workbench(
        site=site, mappings=loaded.mappings, store=store, archive=FileArchive(var / "archive", disk),
        outlet=channels.outlets(site, work, disk, mark, stop.is_set), clock=clock, new_id=lambda: uuid.uuid4().hex, mark=mark,
        work_folder=work, disk=disk, stop=stop, sender=senders.senders(site, environ, clock),
    )  # fmt: skip


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
