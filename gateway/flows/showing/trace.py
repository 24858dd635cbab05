"""The life of a document, found by PO, our number, control number, invoice, shipment or file name."""

from gateway.exchange.dispatch import Dispatch
from gateway.exchange.receipt import Receipt
from gateway.flows.ports import UnitOfWork
from gateway.flows.showing import views
from gateway.flows.showing.views import View
from gateway.kernel.errors import NotFoundError
from gateway.kernel.ids import OrderNumber, ReceiptId
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Order


def trace(work: UnitOfWork, name: str) -> View:
    """Files in, orders and files out that belong to ``name``; raises NotFoundError when nothing does."""
    receipts = {each.id: each for each in work.exchange.receipts()}
    dispatches = work.exchange.dispatches()
    orders = {order.number: order for test in (False, True) for order in work.orders.find(OrderQuery(test=test))}
    named = {each.id for each in receipts.values() if name in (each.file_name, each.id)}
    answers = work.exchange.answers()
    answered = {each.dispatch for each in answers if each.receipt in named}
    found = [each for each in dispatches if _is_dispatch(each, name) or each.id in answered]
    wanted = {each.order_number for each in found}
    wanted |= {each.order_number for each in dispatches if each.receipt in named}
    found_orders = {number for number, order in orders.items() if number in wanted or _is_order(order, name)}
    files = named | {each.receipt for each in found if each.receipt is not None}
    files |= {each.receipt for each in dispatches if each.order_number in found_orders and each.receipt is not None}
    # an order that nothing was answered for yet is known only by the file that brought it
    named_files = {receipts[each].file_name for each in named}
    waiting = (number for number, order in orders.items() if order.holds and named)
    found_orders |= {number for number in waiting if named_files & _brought_by(work, number)}
    for number in found_orders:
        came = _brought_by(work, number)
        files |= {each.id for each in receipts.values() if each.file_name in came}
    if not found_orders and not files:
        raise NotFoundError(f"Nothing is known of '{name}'.", next_step="Try a PO, file name or control number.")
    out = [
        each
        for each in dispatches
        if each.order_number in found_orders or (each.receipt in files and not each.order_number)
    ]
    out += [each for each in found if each.id in answered and each not in out]
    files |= {each.receipt for each in answers if each.dispatch in {one.id for one in out}}
    holds = work.exchange.holds()
    return {
        "files": [views.receipt_view(receipts[each], holds) for each in sorted(files, key=lambda i: _when(receipts, i)) if each in receipts],
        "orders": [views.order_row(orders[each]) for each in sorted(found_orders)],
        "documents": [
            views.dispatch_view(each, [one for one in answers if one.dispatch == each.id]) for each in out
        ],
    }  # fmt: skip


def _brought_by(work: UnitOfWork, number: OrderNumber) -> set[str]:
    """The names of the files that made something happen to an order."""
    return {each.who.removeprefix("file ") for each in work.orders.events(number)}


def _when(receipts: dict[ReceiptId, Receipt], receipt: ReceiptId) -> str:
    return receipts[receipt].received_at.isoformat() if receipt in receipts else ""


def _is_order(order: Order, name: str) -> bool:
    return name in (order.number, order.po_number, *order.shipments, *order.invoices)


def _is_dispatch(dispatch: Dispatch, name: str) -> bool:
    same_number = name.isdigit() and name.lstrip("0") == dispatch.control_number.lstrip("0")
    return name in (dispatch.id, dispatch.file_name, dispatch.number) or same_number
