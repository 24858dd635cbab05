"""The commands that act: run, import, release, reject, upgrade."""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

from gateway.app import logs
from gateway.app.comparing.kept import keep
from gateway.app.health_port import beating
from gateway.app.load_file import import_now
from gateway.app.opening import guarded_upgrade, note_upgrade
from gateway.app.reloading import try_again
from gateway.app.run import ONCE, RUN, as_member, by_hand, finish, run_once, site_lock
from gateway.app.signals import Signals
from gateway.app.starting import forget_old_notes, note_configuration
from gateway.cli import output
from gateway.cli.context import loaded, opened, site_of
from gateway.cli.summary import Summary
from gateway.cli.terminal.progress import Progress
from gateway.flows.by_hand import operate
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import UsageError


def run(site: Path | None, now: str | None, *, once: bool, every: float, verbose: bool, health_port: int = 0) -> int:
    """Run the site; 0 also when files were held, 6 when a partner or folder could not be reached, 7 the database."""
    logs.configure(verbose=verbose or not once)
    with site_lock(site_of(site), ONCE if once else RUN):
        bench = opened(site, now)
        logs.configure(verbose=verbose or not once, agreed=bench.site.settings.logging)
        try_again(bench, note_configuration(bench))
        keep(bench.site)
        forget_old_notes(bench)
        if not once:
            from gateway.app.daemon import run_forever  # noqa: PLC0415 - DBOS takes a second to import

            signals = Signals()
            with signals.heard(), beating(bench, every, health_port) as (observed, pulse):
                run_forever(observed, pulse, signals, every=every, environ=dict(os.environ))
            return 0
        summary = Summary()
        with (
            as_member(replace(bench, observer=summary)) as (member, members),
            output.progress("working through what is there", unit="steps") as bar,
        ):
            code = run_once(member, partial(_between, bar), members=members).code
        summary.tell()
    return code


def _between(bar: Progress) -> bool:
    """One more step is done: so it is asked between two units whether to stop; nobody asks for it here."""
    bar.step()
    return False


def release(
    target: str, note: str, partner: str, code: str, accept: str, site: Path | None, now: str | None, who: str, *,
    only_asked: bool = False,
) -> int:  # fmt: skip
    """End holds and let what waited go on."""
    if accept not in ("", "ours", "theirs"):
        raise UsageError(f"--accept '{accept}' is not known.", next_step="Say ours or theirs.")
    logs.configure(verbose=False)
    what = operate.Release(target, note, partner, code, cast("operate.Accept", accept), who, only_asked)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        for sentence in operate.release(bench, what):
            output.line(sentence)
        return drain(bench)


def reject_hold(target: str, note: str, site: Path | None, now: str | None, who: str) -> int:
    """End a hold without taking what it holds; an order is answered."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        output.line(operate.reject_hold(bench, target, note, who))
        return drain(bench)


def import_file(kind: str, file: Path, site: Path | None, partner: str, now: str | None, who: str) -> int:
    """Take one file as if its channel had brought it; 1 when something of it was refused."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        with output.progress(f"taking {file.name}"):
            receipt, holds = import_now(bench, kind, file, partner, who)
        output.line(f"{file.name}: {receipt.state.value}, {receipt.summary}")
        for each in holds:
            output.line(f"  {each.code}: {each.reason}")
        code = drain(bench)
    return code or (1 if holds else 0)


def db_upgrade(site: Path | None, who: str, *, as_json: bool) -> int:
    """Bring the database to this version's schema; who did it stands in the audit trail, which may begin with that."""
    ready = loaded(site)
    url = ready.site.settings.database_url(ready.site.directory)
    var = ready.site.directory / "var"
    var.mkdir(exist_ok=True)
    with output.progress("bringing the database to this version"):
        before = guarded_upgrade(url, var)
    if before is not None:
        bench = opened(site)
        with bench.store.unit() as work:
            note_upgrade(work, who, before, bench.clock())
            work.commit()
    if as_json:
        from gateway.store.schema import VERSION  # noqa: PLC0415 - sqlalchemy takes 0.3 s to import

        output.data({"schema": VERSION})
    else:
        output.line("The database has this version's schema.")
    return 0


def drain(bench: Workbench) -> int:
    """Do and deliver all that is due now; the exit code. What was asked for is done, whatever of the rest has to wait."""
    with output.progress("doing what follows from it"):
        done = finish(bench)
    for each in done.waits:
        output.talk(f"gateway: that is done; what follows from it waits: {each}")
    if done.waits:
        output.talk("  'gateway run --once' does what waits.")
    return done.code
