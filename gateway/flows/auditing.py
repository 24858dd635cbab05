"""What is noted in the audit trail: deeds of people with their reasons, and what touches the security of the site."""

from gateway.exchange.audit import BEGINNING, AuditHead, Looked
from gateway.flows.ports import Store, UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.quantity import plain
from gateway.orders.asked.change_commands import RejectChange
from gateway.orders.commands import CancelOrder, CloseOrder, Command, CorrectOrder, HoldOrder, RejectOrder

OPERATOR = "operator"
"""Who acts when nobody is named."""
SITE = "gateway"
"""Who notes what no person did."""
ENTRIES_AT_ONCE = 10_000
"""Entries of the trail that one transaction looks through."""
_SAYS = {
    HoldOrder: "order.hold", RejectOrder: "order.reject", CancelOrder: "order.cancel", CloseOrder: "order.close",
    CorrectOrder: "order.correct", RejectChange: "order.refuse-change",
}  # fmt: skip


def deed(
    bench: Workbench, work: UnitOfWork, who: str, action: str, subject: str, note: str = "", *, partner: str = "",
    **more: object,
) -> None:  # fmt: skip
    """Somebody did something: it is written with the commit of what was done, or neither is."""
    said = {"note": note, **more}
    detail = {name: str(value) for name, value in said.items() if value not in (None, "", False)}
    work.audit.note(who or OPERATOR, action, subject, at=bench.clock(), partner=partner, detail=detail)


def command(bench: Workbench, work: UnitOfWork, who: str, subject: str, partner: str, given: Command) -> None:
    """A person gave a command about an order."""
    action = _SAYS.get(type(given), f"order.{type(given).__name__.lower()}")
    more: dict[str, str] = {}
    if isinstance(given, CancelOrder):
        more = {"line": given.line, "quantity": "" if given.quantity is None else plain(given.quantity)}
    if isinstance(given, CorrectOrder):
        more = {"values": "; ".join(f"{each.line or 'order'} {each.field}={each.value}" for each in given.values)}
    note = given.note if isinstance(given, CorrectOrder | RejectChange) else getattr(given, "reason", "")
    deed(bench, work, who, action, subject, note, partner=partner, **more)


def security(
    bench: Workbench, work: UnitOfWork, action: str, subject: str, *, partner: str = "", **more: object
) -> None:
    """Something happened that may be an attack: it is kept with who it seemed to come from."""
    said = {name: str(value) for name, value in more.items()}
    deed(bench, work, SITE, action, subject, partner=partner, **said)


def looked_through(store: Store, known: AuditHead | None) -> Looked:
    """The whole trail, piece by piece: entries are only ever added, so that others may write meanwhile.

    ``known`` is the last one as it was noted before, beside the database.
    """
    looked = Looked(BEGINNING, None, is_end=False)
    while looked.broken is None and not looked.is_end:
        with store.unit() as work:
            looked = work.audit.look(looked.last, known, ENTRIES_AT_ONCE)
    return looked
