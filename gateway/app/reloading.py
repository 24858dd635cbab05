"""Read the configuration of a running gateway anew: all of it counts, or nothing of it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import structlog

from gateway.app import alarms, logs
from gateway.app.build import Loaded, load, workbench
from gateway.app.comparing.kept import keep
from gateway.app.starting import note_configuration
from gateway.config.finding import FILE
from gateway.config.load import database_url
from gateway.exchange.channels import ChannelHealth
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import ConfigurationError, GatewayError
from gateway.kernel.problem import Problem
from gateway.store.unit_of_work import SqlStore

log = structlog.get_logger()


def checked(bench: Workbench, environ: dict[str, str]) -> Loaded | None:
    """The configuration as it is in the files now; None, told in the log and as an alert, where it has an error."""
    directory = bench.site.directory
    try:
        if database_url(directory, environ) != bench.site.settings.database_url(directory):
            _refused(bench, [str(_of_another_database())])
            return None
        found = load(directory, environ)
    except GatewayError as error:
        problems = error.problems if isinstance(error, ConfigurationError) else ()
        _refused(bench, [str(each) for each in problems if each.level == "error"] or [error.sentence])
        return None
    except Exception as error:  # noqa: BLE001 - whatever a file does to its reader must not end the work
        _refused(bench, [f"The files cannot be read: {type(error).__name__}: {error}"])
        return None
    if found.site.settings.run.health != bench.site.settings.run.health:
        log.warning("config.waits", setting="run.health", next_step="It counts at the next start of 'gateway run'.")
    return found


def taken(bench: Workbench, found: Loaded, environ: dict[str, str]) -> Workbench:
    """The workbench of the new configuration; which files changed stands in the audit trail."""
    if isinstance(bench.store, SqlStore):
        bench.store.engine.dispose()
    new = replace(workbench(found, bench.clock, environ), observer=bench.observer)
    logs.configure(verbose=True, agreed=found.site.settings.logging)
    changed = note_configuration(new)
    keep(new.site)
    try_again(new, changed)
    alarms.configuration_taken(new)
    log.info("config.reloaded", changed=changed)
    return new


def try_again(bench: Workbench, changed: Iterable[str]) -> None:
    """Let channels be used again that had to be stopped, of partners whose file says something else now."""
    own = {Path(name).stem for name in changed if Path(name).parent == Path("partners")}
    with bench.store.unit() as work:
        stopped = [each.channel for each in work.channels.unwell() if each.health is ChannelHealth.STOPPED]
        mended = [each for each in stopped if each.partner in own and work.channels.let(each.key)]
        for each in mended:
            work.channels.polled(each, next_poll=bench.wall())
            log.info("channel.again", partner=each.partner, channel=each.key)
        if mended:
            work.commit()


def _of_another_database() -> Problem:
    return Problem(
        FILE, 1, 1, "P004", "Another database is named than the one this process works with.",
        hint="End 'gateway run' and start it again; or put the address back.",
    )  # fmt: skip


def _refused(bench: Workbench, mistakes: list[str]) -> None:
    """Nothing of the new files counts; each mistake is told where it stands."""
    for each in mistakes:
        log.error("config.refused", error=each, next_step="The settings of before still count: gateway config check")
    alarms.configuration_refused(bench, mistakes)
