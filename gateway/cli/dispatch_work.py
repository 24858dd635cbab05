"""Files that left or are to leave, and the channels they leave through: looked at, sent again, tried, cancelled."""

from pathlib import Path

from gateway.app import logs
from gateway.app.run import by_hand
from gateway.cli import output
from gateway.cli.context import opened, site_of
from gateway.cli.reading import database
from gateway.cli.work import drain
from gateway.flows.by_hand import resending
from gateway.flows.by_hand.resending import Resend
from gateway.flows.showing import dispatch_views
from gateway.flows.showing.rows import View

FILES = ["id", "partner", "document", "number", "file", "state", "tries", "reason"]
TRIES = ["number", "at", "milliseconds", "outcome", "error"]
CHANNELS = ["channel", "partner", "direction", "state", "failures", "since", "next_try", "to_leave", "reason"]
_SAID = (
    "document", "number", "control_number", "channel", "state", "created_at", "delivered_at", "given_up_at", "resends",
    "sent_again_as", "reason",
)  # fmt: skip


def list_all(site: Path | None, partner: str, state: str, document: str, last: int, *, as_json: bool) -> int:
    """Print the files that fit."""
    with database(site).unit() as work:
        rows = dispatch_views.listed(work, partner=partner, state=state, document=document, last=last)
    if as_json:
        output.data(rows)
    elif rows:
        output.table(
            rows, [each for each in FILES if each not in ("tries", "reason") or any(row[each] for row in rows)]
        )
        output.suggest(f"gateway dispatch show {rows[-1]['id']}")
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
    again = f", tried again at {channel['next_try']}" if channel["next_try"] else ""
    output.line(f"  the channel is {channel['state']} since {channel['since']}{again}: {channel['reason']}")


def resend(what: Resend, site: Path | None, now: str | None, *, as_json: bool) -> int:
    """Let a file leave again, at once where no process runs the site."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        new = resending.resend(bench, what)
        if as_json:
            output.data(
                {
                    "id": new.id, "file": new.file_name, "control_number": new.control_number, "channel": new.channel,
                    "resends": new.resends, "dry_run": what.only_look,
                }
            )  # fmt: skip
        else:
            verb = "would leave" if what.only_look else "is to leave"
            output.line(f"{new.file_name} {verb} to {new.partner} through {new.channel}, {len(new.content)} bytes")
        return 0 if what.only_look else drain(bench)


def retry(name: str, partner: str, who: str, site: Path | None, now: str | None) -> int:
    """Try again what could not leave, at once."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        said = resending.retry(bench, name, partner, who)
        for each in said or ["nothing is to be tried again"]:
            output.line(each)
        return drain(bench)


def cancel(name: str, note: str, who: str, site: Path | None, now: str | None) -> int:
    """Let a file not leave."""
    with by_hand(site_of(site)):
        file = resending.cancel(opened(site, now), name, note, who)
    output.line(f"{file.file_name} does not leave; its bytes are kept")
    return 0


def channels_list(site: Path | None, *, as_json: bool) -> int:
    """Print how the channels are."""
    with database(site).unit() as work:
        rows = dispatch_views.channels(work)
    if as_json:
        output.data(rows)
    elif rows:
        always = ("channel", "partner", "direction", "state")
        output.table(rows, [each for each in CHANNELS if each in always or any(row[each] for row in rows)])
    else:
        output.line("no channel was used so far")
    return 0
