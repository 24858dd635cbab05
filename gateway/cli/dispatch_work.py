"""Files that left or are to leave, and the channels they leave through: sent again, tried, cancelled."""

from pathlib import Path

from gateway.app import logs
from gateway.app.run import beside, by_hand
from gateway.cli import output
from gateway.cli.context import opened, site_of
from gateway.cli.work import drain
from gateway.flows.by_hand import resending
from gateway.flows.by_hand.resending import Resend
from gateway.flows.showing import dispatch_views


def resend(what: Resend, site: Path | None, now: str | None, *, as_json: bool) -> int:
    """Let a file leave again, at once where no process runs the site."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        found = resending.resend(bench, what)
        new = found.file
        code = 0 if what.only_look else drain(bench)
    if as_json:
        output.data(
            {
                "id": new.id, "file": new.file_name, "control_number": new.control_number, "channel": new.channel,
                "resends": new.resends, "documents": new.documents or 1, "accepted_before": found.taken,
                "dry_run": what.only_look,
            }
        )  # fmt: skip
        return code
    verb = "would leave" if what.only_look else "is to leave"
    output.line(f"{new.file_name} {verb} to {new.partner} through {new.channel}, {len(new.content)} bytes")
    if found.taken:
        twice = (f"{found.taken} of its {new.documents} documents", "those") if new.documents else ("it", "it")
        output.line(f"  {new.partner} has accepted {twice[0]} already, and gets {twice[1]} a second time")
    output.suggest(f"gateway dispatch show {new.id}")
    return code


def retry(name: str, partner: str, who: str, site: Path | None, now: str | None, *, as_json: bool) -> int:
    """Try again what could not leave, at once."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        done = resending.retry(bench, name, partner, who)
        code = drain(bench)
        with bench.store.unit() as work:
            files = dispatch_views.rows(work, [each.id for each in done.files])
    if as_json:
        output.data({"channels": list(done.channels), "files": files})
        return code
    for channel in done.channels:
        output.line(f"the channel {channel} is tried again")
    for each in files:
        output.line(f"{each['file']} is to leave again, and is {each['state']}")
    if not (done.channels or done.files):
        output.line("nothing is to be tried again")
    output.suggest("gateway dispatch list --state waiting" if code else "gateway dispatch list")
    return code


def cancel(name: str, note: str, who: str, site: Path | None, now: str | None, *, as_json: bool) -> int:
    """Let a file not leave."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)), beside(opened(site, now)) as bench:
        file = resending.cancel(bench, name, note, who)
        with bench.store.unit() as work:
            (row,) = dispatch_views.rows(work, [file.id])
    if as_json:
        output.data(row)
        return 0
    output.line(f"{file.file_name} does not leave; its bytes are kept")
    output.suggest(f"gateway dispatch retry {file.id}")
    return 0
