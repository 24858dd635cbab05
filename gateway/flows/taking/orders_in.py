"""A canonical purchase order comes in: a new order, the same order again, or one that contradicts an earlier one."""

from collections.abc import Iterator

from gateway.canonical.order import Order as CanonicalOrder
from gateway.config.partner import Partner
from gateway.documents.registry import ANSWERS
from gateway.exchange.receipt import FileHold
from gateway.flows import advance, agreed
from gateway.flows.happening import at_commit
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.taking import changes_in, per_store, store_units, translate
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import PartnerId
from gateway.orders.considering import duplicates
from gateway.orders.events import OrderPlaced
from gateway.orders.order import Order
from gateway.orders.terms import Terms


def place(bench: Workbench, work: UnitOfWork, source: Source, order: CanonicalOrder) -> tuple[FileHold, ...]:
    """Place the order of a file; one that replaces or cancels an earlier one changes that instead."""
    order = store_units.in_line_units(work, source.partner, order)
    if order.purpose in ("replace", "cancel"):
        done = changes_in.take_order(bench, work, source, order, translate.content_hash(order))
        if done is not None:
            return done
    step = advance.Step(
        now=bench.clock(), who=source.who or f"file {source.receipt.file_name}", receipt=source.receipt.id
    )
    for store, part in _parts(bench, work, source.partner, order):
        take(
            bench, work, source.partner, part, step, test=source.test, store=store, guide_faults=source.guide_faults,
            came_as=source.came_as,
        )  # fmt: skip
    return ()


def _parts(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: CanonicalOrder
) -> Iterator[tuple[str, CanonicalOrder]]:
    """The order as it is, or the order of each store where the agreement wants them apart and they add up."""
    apart = agreed.terms(bench, work, partner).stores == "order_per_store"
    if not apart or not per_store.can_be_split(order):
        yield "", order
        return
    stores = {each.location for line in order.lines for each in line.allocations}
    yield from per_store.split(order, work.master.locations(PartnerId(partner.partner), stores))


def take(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: CanonicalOrder, step: advance.Step, *,
    test: bool = False, store: str = "", guide_faults: tuple[str, ...] = (), came_as: str = "",
) -> Order:  # fmt: skip
    """The order that comes of a canonical one, by the duplicate rules: a new one, or the earlier one answered again.

    ``store`` is set where the order is one store's part of a purchase order.
    """
    owner, terms = PartnerId(partner.partner), agreed.terms(bench, work, partner)
    earlier = _earlier(work, owner, order, terms, step, test=test, store=store)
    same = earlier is not None and earlier.content_hash == translate.content_hash(order)
    ruling = duplicates.ruling(terms, same_content=same)
    if earlier is not None:
        at_commit(
            bench.observer, work, "file.duplicate", kind="order", partner=owner, po_number=order.po_number,
            order=earlier.number, same_content=same, done=ruling,
        )  # fmt: skip
    if earlier is not None and ruling == "answer_again":
        for dispatch in work.exchange.dispatches(order_number=earlier.number, partner=owner):
            if dispatch.document in ANSWERS:
                work.exchange.repeat(dispatch.id)
        return earlier
    contradicts = earlier is not None and ruling != "accept"
    command = translate.place_order(
        order, number=advance.new_order_number(work), partner=owner, currency=terms.currency,
        today=bench.today(partner, step.now), test=test, duplicate_of=earlier.number if earlier and contradicts else None,
        same_content=same, guide_faults=guide_faults, store=store, came_as=came_as,
        before=_as_it_came(work, earlier) if earlier and contradicts and not same else None,
    )  # fmt: skip
    return advance.place(bench, work, partner, command, step)


def _as_it_came(work: UnitOfWork, order: Order) -> Order:
    """An order before anything was decided, corrected or changed."""
    placed = (each.event for each in work.orders.events(order.number))
    return next((each.order for each in placed if isinstance(each, OrderPlaced)), order)


def _earlier(
    work: UnitOfWork, owner: PartnerId, order: CanonicalOrder, terms: Terms, step: advance.Step, *, test: bool,
    store: str,
) -> Order | None:  # fmt: skip
    """The order of the same key within the agreed time: the newest of the same content, else the newest."""
    values = {
        "po_number": order.po_number, "release_number": order.release_number or "", "purpose": order.purpose,
    }  # fmt: skip
    key = {name: values[name] for name in terms.duplicate_key}
    since = step.now - terms.duplicate_window
    found = work.orders.of_key(owner, key, store=store, test=test, since=since)
    content = translate.content_hash(order) if found else ""
    return next((each for each in found if each.content_hash == content), found[0] if found else None)
