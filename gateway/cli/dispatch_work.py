"""Files that left or are to leave, and the channels they leave through: looked at, sent again, tried, cancelled."""

from pathlib import Path

from gateway.app import logs
from gateway.app.run import beside, by_hand
from gateway.cli import output
from gateway.cli.context import opened, site_of
from gateway.cli.reading import database
from gateway.cli.terminal.moments import spoken
from gateway.cli.work import drain
from gateway.exchange.expected import AnswerState
from gateway.flows.by_hand import resending
from gateway.flows.by_hand.resending import Resend
from gateway.flows.showing import dispatch_views
from gateway.flows.showing.rows import View

FILES = ["created_at", "partner", "document", "number", "file", "state", "answer", "tries", "reason", "id"]
FILES_MAY_GO = ["id", "number", "tries", "document"]
TRIES = ["number", "at", "milliseconds", "outcome", "error"]
CHANNELS = ["channel", "partner", "direction", "state", "failures", "since", "next_try", "to_leave", "reason"]
CHANNELS_MAY_GO = ["direction", "failures", "to_leave", "partner"]
_SELDOM, _USUAL = ("answer", "tries", "reason"), (None, 0, AnswerState.EXPECTED.value, AnswerState.ACCEPTED.value)
"""Columns that stand only where there is something that somebody should see."""
_SAID = (
    "document", "number", "control_number", "channel", "state", "answer", "created_at", "delivered_at", "given_up_at", "resends",
    "sent_again_as", "reason",
)  # fmt: skip


def list_all(site: Path | None, partner: str, state: str, document: str, last: int, *, as_json: bool) -> int:
    """Print the files that fit."""
    with database(site).unit() as work:
        rows = dispatch_views.listed(work, partner=partner, state=state, document=document, last=last)
    if as_json:
        output.data(rows)
    elif rows:
        columns = [each for each in FILES if each not in _SELDOM or any(row[each] not in _USUAL for row in rows)]
        output.table(rows, columns, may_go=FILES_MAY_GO)
        told = next((row for row in reversed(rows) if row["reason"]), rows[-1])
        output.suggest(f"gateway dispatch show {told['id']}")
    else:
        output.line("no files")
    return 0


def show(name: str, site: Path | None, *, as_json: bool) -> int:
    """Print one file whole."""
    with database(site).unit() as work:
        view = dispatch_views.shown(work, resending.find(work, name))
    if as_json:
        output.data(view)
        return 0
    output.line(f"{view['id']}  {view['file']}  to {view['partner']}")
    for field in _SAID:
        if view[field]:
            value = ", ".join(view[field]) if isinstance(view[field], list) else view[field]
            output.line(f"  {field.replace('_', ' ')}: {value}")
    _show_channel(view["channel_state"])
    if view["attempts"]:
        output.line("tries:")
        output.table(view["attempts"], TRIES, indent="  ")
    for each in view["answers"]:
        output.line(
            f"  answered: {each['verdict']} by their {each['kind']}{': ' if each['reason'] else ''}{each['reason']}"
        )
    return 0


def _show_channel(channel: View | None) -> None:
    if channel is None:
        return
    again = f", tried again at {spoken(channel['next_try'])}" if channel["next_try"] else ""
    since = f" since {spoken(channel['since'])}" if channel["since"] else ""
    output.line(f"  the channel is {channel['state']}{since}{again}: {channel['reason']}")


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


def channels_list(site: Path | None, *, as_json: bool) -> int:
    """Print how the channels are."""
    with database(site).unit() as work:
        rows = dispatch_views.channels(work)
    if as_json:
        output.data(rows)
    elif rows:
        always = ("channel", "partner", "direction", "state")
        output.table(
            rows,
            [each for each in CHANNELS if each in always or any(row[each] for row in rows)],
            may_go=CHANNELS_MAY_GO,
        )
    else:
        output.line("no channel was used so far")
    unwell = next((row for row in rows if row["state"] != "ok"), None)
    if unwell is not None and not as_json:
        output.suggest(f"gateway partner test {unwell['partner']}")
    return 0
