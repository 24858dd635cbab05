"""The work of ``gateway audit``."""

from pathlib import Path
from typing import Any

from gateway.cli import output
from gateway.cli.reading import database
from gateway.exchange.audit import AuditEntry
from gateway.flows import auditing
from gateway.orders.ledger import OrderQuery

COLUMNS = ["entry", "at", "who", "action", "subject", "partner", "note", "details"]
MAY_GO = ["partner", "entry", "details"]
WHAT_TO_DO = (
    "Keep the database and the folder 'var' as they are, compare with your last backup ('gateway audit list --json' of "
    "both), and ask who can write to the database."
)


def list_all(site: Path | None, who: str, subject: str, last: int, *, as_json: bool) -> int:
    """Print the entries that fit; an order is also found by the PO number of its partner."""
    with database(site).unit() as work:
        meant = work.looking.orders(OrderQuery(po_number=subject), code="", last=None)[0] if subject else ()
        orders = [each.number for each in meant]
        found = work.audit.listed(who=who or None, subject=subject or None, also=orders, last=last)
    if as_json:
        output.data([_view(each) for each in found])
    elif found:
        rows = [_row(each) for each in found]
        output.table(rows, [name for name in COLUMNS if any(row[name] for row in rows)], may_go=MAY_GO)
        output.suggest("gateway audit verify")
    else:
        output.line(f"nobody did anything to {subject}" if subject else "nobody did anything")
    return 0


def verify(site: Path | None, *, as_json: bool) -> int:
    """Print whether the trail is whole; 1 when it is not."""
    store = database(site)
    with store.unit() as work:
        known = work.audit.noted()
        cuts = [each for each in work.audit.listed(subject="database") if "cut" in each.detail]
    with output.progress("looking through the audit trail"):
        looked = auditing.looked_through(store, known)
    broken, head = looked.broken, looked.last
    if as_json:
        fault = None if broken is None else {"entry": broken.sequence, "reason": broken.reason, "next_step": WHAT_TO_DO}
        brought_back = [
            {"entry": each.sequence, "at": each.at.isoformat(), "says": each.detail["cut"]} for each in cuts
        ]
        said = {"whole": broken is None, "entries": head.sequence, "broken": fault, "brought_back": brought_back}
        output.data(said)
    elif broken is None:
        output.line(f"{head.sequence} {'entry' if head.sequence == 1 else 'entries'}, each as it was written")
    else:
        output.line(f"entry {broken.sequence}: {broken.reason}")
        output.line(f"  {WHAT_TO_DO}")
    for each in () if as_json else cuts:
        output.line(
            f"entry {each.sequence}: a copy was brought back at {each.at:%Y-%m-%d %H:%M} UTC. {each.detail['cut']}"
        )
    return 0 if broken is None else 1


def _view(entry: AuditEntry) -> dict[str, Any]:
    return {
        "entry": entry.sequence, "at": entry.at.isoformat(), "who": entry.who, "action": entry.action,
        "subject": entry.subject, "partner": entry.partner or None, "detail": dict(entry.detail), "hash": entry.hash,
    }  # fmt: skip


def _row(entry: AuditEntry) -> dict[str, Any]:
    more = "; ".join(f"{name} {said}" for name, said in entry.detail.items() if name != "note")
    return _view(entry) | {
        "at": entry.at.isoformat(timespec="seconds"), "note": entry.detail.get("note", ""), "details": more,
    }  # fmt: skip
