"""The list of what waits for somebody: by cause, the longest waiting first, with who must act and what to do."""

from datetime import datetime
from pathlib import Path

from gateway.cli import output
from gateway.cli.moment import clock_of
from gateway.cli.reading import database
from gateway.cli.terminal.moments import short
from gateway.cli.terminal.screen import is_watched
from gateway.flows.showing import rows as listed
from gateway.flows.showing.causes import Group, grouped
from gateway.flows.showing.hold_view import spoken
from gateway.orders.holds.hold_rules import RULES
from gateway.orders.order import HoldType

MOST_NAMED = 5


def holds_list(site: Path | None, partner: str, code: str, *, as_json: bool) -> int:
    """Print everything that waits and fits."""
    now = clock_of(None)()
    with database(site).unit() as work:
        rows = [
            {**each, "owner": RULES[HoldType(each["type"])].owner}
            for each in listed.holds(work)
            if partner in ("", each["partner"]) and code in ("", each["code"])
        ]
    if as_json:
        output.data(rows)
        return 0
    groups = sorted(grouped(rows), key=lambda each: min(hold["since"] for hold in each.holds))
    for at, group in enumerate(groups):
        if at and is_watched():
            output.line()
        _show_group(group, now)
    if len(groups) > 1:
        output.line()
        output.line(f"{len(rows):,} holds of {len(groups)} causes")
    if groups:
        output.suggest(f"gateway holds show {groups[0].holds[0]['id']}")
    else:
        output.line("no holds")
        output.suggest("gateway orders list")
    return 0


def _show_group(group: Group, now: datetime) -> None:
    """One hold with its reason; several of one cause together, the first of them by name."""
    from gateway.flows.by_hand.operate import REOPENING  # noqa: PLC0415 - knows all that hands can do, and there may be no hold

    first, more = group.holds[0], len(group.holds) - MOST_NAMED
    oldest = min(each["since"] for each in group.holds)
    waits = f"since {short(oldest)}, {spoken(now - datetime.fromisoformat(oldest))}; {first['owner']} must act"
    if len(group.holds) == 1:
        about = first["order_number"] or first["file"] or ""
        po = f"  PO {first['po_number']}" if first["po_number"] else ""
        output.told(f"{first['id']}  {first['code']}  {first['partner']}  {about}{po}", hanging="  ")
        output.told(f"waits {waits}", indent="    ", hanging="")
        output.told(first["reason"], indent="    ", hanging="")
    else:
        output.told(f"{len(group.holds):,} documents of {first['partner']}, one cause: {first['code']}", hanging="  ")
        output.told(f"the oldest waits {waits}", indent="    ", hanging="")
        output.told(group.cause, indent="    ", hanging="")
        for each in group.holds[:MOST_NAMED]:
            po = f"  PO {each['po_number']}" if each["po_number"] else ""
            output.told(f"{each['id']}  {each['order_number'] or each['file'] or ''}{po}", indent="    ", hanging="  ")
        if more > 0:
            output.line(f"    and {more:,} more; --json shows all")
    output.told(f"-> {first['next_step']}", indent="    ", hanging="   ")
    if len(group.holds) > 1 and first["code"] in REOPENING and first["file"]:
        output.line(f"    -> gateway holds release all --partner {first['partner']} --code {first['code']} --note TEXT")
