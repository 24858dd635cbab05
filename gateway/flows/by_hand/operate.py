"""What people do to orders and holds by hand: release, accept, correct, reject; each recorded with who and why."""

from dataclasses import dataclass, replace
from typing import Literal

from gateway.config.partner import Partner
from gateway.exchange.readings import ReadDocument
from gateway.exchange.receipt import FileHold
from gateway.flows import advance, auditing, undelivered
from gateway.flows.auditing import OPERATOR
from gateway.flows.by_hand import resending, ship_again
from gateway.flows.by_hand.read_again import read_again
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.causes import CAUSES
from gateway.kernel.errors import NotFoundError, UsageError
from gateway.kernel.ids import HoldId, OrderNumber, PartnerId
from gateway.orders.asked.change_commands import RejectChange
from gateway.orders.commands import Command, RejectOrder, ReleaseHold
from gateway.orders.holds.holding import TWO_SIDES
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Hold, Order

Accept = Literal["", "ours", "theirs"]
REOPENING = frozenset(
    {
        "P-SUSPENDED", "P-NO-MAPPING", "S-SENDER", "F-GAP", "C-SHIP-UNKNOWN", "C-OVER-SHIP", "C-SSCC", "C-CHANGE",
        "C-MAPPING", "C-CHECK", "C-UNMAPPED", "M072", "C-DELIVERY",
    }
)  # fmt: skip
"""Causes after which a file, or the document that waits, is read again."""
ALL = "all"
"""Every document of a partner that waits for one cause, read again."""


@dataclass(frozen=True, slots=True)
class Release:
    """What the operator said: a hold id, a PO number with its partner and perhaps a code, or ``all`` documents of those.

    ``only_asked``: of the holds of an order only those that ask whose value counts.
    """

    target: str
    note: str
    partner: str = ""
    code: str = ""
    accept: Accept = ""
    who: str = OPERATOR
    only_asked: bool = False


def release(bench: Workbench, what: Release) -> list[str]:
    """End the holds meant; returns one sentence each. Raises NotFoundError when there is none."""
    if not what.note.strip():
        raise UsageError("A release needs a note that says why.", next_step="Add --note TEXT.")
    if what.target == ALL and not (what.partner and what.code):
        raise UsageError("Everything is not released at once.", next_step="Add --partner NAME and --code CODE.")
    with bench.store.unit() as work:
        said = [_release_order(bench, work, order, hold, each) for order, hold, each in _meant(work, what)]
        said += [_release_file(bench, work, hold, what) for hold in work.exchange.holds() if _is_meant(hold, what)]
        if not said:
            raise _no_hold(what.target)
        work.commit()
    return said


def reject_hold(bench: Workbench, target: str, note: str, who: str = OPERATOR) -> str:
    """End the hold of a file or of one document without taking what it holds; the file stays in the archive.

    The hold of an order rejects the order, which is answered. Raises NotFoundError for no such open hold.
    """
    if not note.strip():
        raise UsageError("A rejection needs a note that says why.", next_step="Add --note TEXT.")
    with bench.store.unit() as work:
        found = next((each for each in work.exchange.holds() if each.id == target), None)
        if found is None:
            held = _order_holds(work, Release(target, note))
            waits = next((order for order, hold in held if order.change and hold.id in order.change.holds), None)
            if waits is not None and waits.change is not None:
                return _reject_change(bench, work, waits, RejectChange(waits.change.holds[0], note, who))
            own = next((order for order, hold in held if hold.id == target), None)
            if own is None:
                raise _no_hold(target)
            command = RejectOrder(note, who)
            act(bench, work, own, command, who)
            auditing.command(bench, work, who, own.number, own.partner, command)
            work.commit()
            return f"{own.number} (PO {own.po_number}) rejected; the partner is told"
        file = undelivered.file_of(found)
        if file is not None:
            resending.reject(bench, work, file, note, who)
        work.exchange.end_hold(found.id, note)
        _note_file(bench, work, found, "hold.reject", note, who)
        work.commit()
    if file is not None:
        return f"{found.file_name} does not leave; its bytes are kept"
    return f"{found.code} of {found.file_name or found.reference} rejected; nothing of it is taken"


def _reject_change(bench: Workbench, work: UnitOfWork, order: Order, command: RejectChange) -> str:
    """Refuse the change that waits; the partner is answered so and the order goes on as it was."""
    act(bench, work, order, command, command.who)
    auditing.command(bench, work, command.who, order.number, order.partner, command)
    work.commit()
    return f"the change of {order.number} (PO {order.po_number}) is refused; the order stands as it was"


def do(bench: Workbench, name: str, partner: str, command: Command, who: str) -> Order:
    """One command of a person on the order meant, and what follows of it at once."""
    with bench.store.unit() as work:
        after = act(bench, work, find_order(work, name, partner), command, who)
        auditing.command(bench, work, who, after.number, after.partner, command)
        work.commit()
    return after


def act(bench: Workbench, work: UnitOfWork, order: Order, command: Command, who: str) -> Order:
    """The same in a transaction that is open."""
    partner, step = _partner(bench, order), advance.Step(now=bench.clock(), who=who)
    after = advance.act(bench, work, partner, order, command, step)
    return advance.release_due(bench, work, partner, after, step)


def order_of_hold(work: UnitOfWork, target: str) -> Order:
    """The order that an open hold holds; raises NotFoundError when there is none."""
    found = _order_holds(work, Release(target, ""))
    if not found:
        raise _no_hold(target)
    return found[0][0]


def find_order(work: UnitOfWork, name: str, partner: str = "") -> Order:
    """An order by our number or by the partner's PO number, a test order only where there is no real one.

    Raises when none or several fit.
    """
    own = work.orders.get(OrderNumber(name))
    if own is not None:
        return own
    owner = PartnerId(partner) if partner else None
    found = work.orders.find(OrderQuery(partner=owner, po_number=name)) or work.orders.find(
        OrderQuery(partner=owner, po_number=name, test=True)
    )
    if not found:
        raise NotFoundError(f"There is no order '{name}'.", next_step="'gateway orders list' shows all orders.")
    if len({order.partner for order in found}) > 1:
        names = ", ".join(sorted({order.partner for order in found}))
        raise UsageError(f"Several partners have an order '{name}': {names}.", next_step="Add --partner NAME.")
    return found[-1]


def _meant(work: UnitOfWork, what: Release) -> list[tuple[Order, Hold, Release]]:
    """The holds of orders that are meant; of several the answer whose value counts is for those that ask."""
    found = _order_holds(work, what)
    asked = [(order, hold) for order, hold in found if hold.code in TWO_SIDES]
    if what.only_asked and asked:
        found = asked
    answer = replace(what, accept="") if asked else what
    return [(order, hold, what if hold.code in TWO_SIDES else answer) for order, hold in found]


def _order_holds(work: UnitOfWork, what: Release) -> list[tuple[Order, Hold]]:
    found: list[tuple[Order, Hold]] = []
    for test in (False, True):
        for order in work.orders.find(OrderQuery(status="on_hold", test=test)):
            named = what.target in (order.po_number, order.number) and what.partner in ("", order.partner)
            meant = (hold for hold in order.holds if hold.id == what.target or (named and what.code in ("", hold.code)))
            found.extend((order, hold) for hold in meant)
        if found:  # a test order of the same number is only meant where no real one waits
            break
    return found


def _release_order(bench: Workbench, work: UnitOfWork, order: Order, hold: Hold, what: Release) -> str:
    current = work.orders.get(order.number) or order
    command = ReleaseHold(hold=HoldId(hold.id), note=what.note, accept=what.accept, who=what.who)
    after = act(bench, work, current, command, what.who)
    auditing.deed(
        bench, work, what.who, _action(what), order.number, what.note, partner=order.partner, hold=hold.id,
        code=hold.code, accepted=what.accept,
    )  # fmt: skip
    left = f"; {len(after.holds)} still open" if after.holds else ""
    return f"{hold.code} of {order.number} (PO {order.po_number}) released{left}"


def _is_meant(hold: FileHold, what: Release) -> bool:
    if what.target == ALL:
        return (hold.partner, hold.code) == (what.partner, what.code) and _is_read_again(hold.code)
    return what.target in (hold.id, hold.reference if ship_again.is_one(hold) else hold.id)


def _is_read_again(code: str) -> bool:
    """Whether a release reads the file or document again; a code outside of the catalogue is that of a check."""
    return code in REOPENING or code not in CAUSES


def _release_file(bench: Workbench, work: UnitOfWork, hold: FileHold, what: Release) -> str:
    """End a hold of a file; the file, or the one document of it that waits, is read as the configuration is now."""
    note = what.note
    _note_file(bench, work, hold, _action(what), note, what.who)
    if ship_again.is_one(hold):
        judge = ship_again.accept if what.accept == "theirs" else ship_again.again
        return judge(bench, work, hold, note, what.who)
    if (file := undelivered.file_of(hold)) is not None:
        resending.release(bench, work, file, note, what.who)
        work.exchange.end_hold(hold.id, note)
        return f"{hold.code} of {hold.file_name} released; it is to leave again"
    if hold.receipt is None or not _is_read_again(hold.code):
        work.exchange.end_hold(hold.id, note)
        return f"{hold.code} of {hold.file_name or hold.reference} closed"
    waiting = work.readings.waiting(hold.id)
    if work.exchange.reopen(hold.receipt):
        work.exchange.end_hold(hold.id, note)
        return f"{hold.code} of {hold.file_name} released; the file is interpreted again"
    if waiting is None:
        work.exchange.end_hold(hold.id, note)
        return f"{hold.code} of {hold.file_name} closed"
    return f"{hold.file_name}, {waiting.name}: {_read_again(bench, work, hold, waiting, note)}"


def _note_file(bench: Workbench, work: UnitOfWork, hold: FileHold, action: str, note: str, who: str) -> None:
    subject = hold.file_name or hold.reference
    more = {"hold": hold.id, "code": hold.code, "receipt": hold.receipt, "reference": hold.reference}
    auditing.deed(bench, work, who, action, subject, note, partner=hold.partner, **more)


def _action(what: Release) -> str:
    return "hold.accept" if what.only_asked else "hold.release"


def _read_again(bench: Workbench, work: UnitOfWork, hold: FileHold, waiting: ReadDocument, note: str) -> str:
    """The document as it is read now; where nothing changed it waits as before, under the same hold."""
    still = read_again(bench, work, waiting)
    if [(each.code, each.reason) for each in still] == [(hold.code, hold.reason)]:
        work.readings.note(waiting)
        return f"still on hold, nothing has changed: {hold.code} {hold.reason}"
    work.exchange.end_hold(hold.id, note)
    for each in still:
        work.exchange.hold(each)
    if still:
        return f"{hold.code} released, now on hold: {'; '.join(f'{each.code} {each.reason}' for each in still)}"
    return f"{hold.code} released; it was read again and is taken"


def _no_hold(target: str) -> NotFoundError:
    step = "'gateway holds list' shows the open ones."
    return NotFoundError(f"There is no open hold '{target}'.", next_step=step)


def _partner(bench: Workbench, order: Order) -> Partner:
    partner = bench.partner(order.partner)
    if partner is None:
        raise NotFoundError(f"{order.number} belongs to '{order.partner}', who has no partner file.")
    return partner
