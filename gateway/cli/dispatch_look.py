"""The commands that only look at files that left or are to leave, and at the channels they leave through."""

import shlex
from pathlib import Path

from gateway.cli import output
from gateway.cli.reading import database
from gateway.cli.terminal.moments import spoken
from gateway.exchange.expected import AnswerState
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
    from gateway.flows.by_hand import resending  # noqa: PLC0415 - knows all that hands can do; a list needs none of it

    with database(site).unit() as work:
        view = dispatch_views.shown(work, resending.find(work, name))
    if as_json:
        output.data(view)
        return 0
    output.line(f"{view['id']}  {view['file']}  to {view['partner']}")
    for field in _SAID:
        if view[field]:
            value = ", ".join(view[field]) if isinstance(view[field], list) else view[field]
            output.told(f"{field.replace('_', ' ')}: {spoken(str(value))}", indent="  ")
    _show_channel(view["channel_state"])
    if view["attempts"]:
        output.line("tries:")
        output.table(view["attempts"], TRIES, indent="  ")
    for each in view["answers"]:
        output.line(
            f"  answered: {each['verdict']} by their {each['kind']}{': ' if each['reason'] else ''}{each['reason']}"
        )
    output.suggest(f"gateway trace {shlex.quote(view['file'])}")
    return 0


def _show_channel(channel: View | None) -> None:
    if channel is None:
        return
    again = f", tried again at {spoken(channel['next_try'])}" if channel["next_try"] else ""
    since = f" since {spoken(channel['since'])}" if channel["since"] else ""
    output.line(f"  the channel is {channel['state']}{since}{again}: {channel['reason']}")


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
    elif rows and not as_json:
        output.suggest("gateway dispatch list")
    return 0
