"""Goods on their way and goods that came: each row judged alone, then what waits for them."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from gateway.canonical.goods import GoodsReceipt, Incoming
from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows import advance, filling
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import Sku, WarehouseId
from gateway.orders.stockroom import Occasion


def refused(work: UnitOfWork, row: Incoming | GoodsReceipt) -> str:
    """Why a row makes no sense, or the empty text; incoming goods of nothing take a row back."""
    least_is_nothing = isinstance(row, Incoming)
    if row.quantity < 0 or (not row.quantity and not least_is_nothing):
        return f"the quantity {row.quantity} of {row.sku} must be above zero"
    if work.master.warehouse(WarehouseId(row.warehouse)) is None:
        return f"there is no warehouse '{row.warehouse}'"
    return "" if work.master.items([Sku(row.sku)]) else f"there is no item '{row.sku}'"


def receive(bench: Workbench, work: UnitOfWork, source: Source, row: GoodsReceipt) -> Iterator[FileHold]:
    """One row of goods that came: more on hand, less to come; what waits is filled when the file is read."""
    reason = refused(work, row)
    if reason:
        yield hold(bench, source.receipt, "C-ROW", f"{source.name}: {reason}", kind="DATA", reference=source.name)
        return
    today: date = bench.today(source.partner, bench.clock())
    received = f"received from {row.supplier}" if row.supplier else "received"
    paper = row.reference or source.receipt.file_name
    zone = bench.site.settings.zone()
    occasion = Occasion(bench.clock(), f"file {source.receipt.file_name}", paper, received, zone)
    work.stock.receive(row, received_on=row.received_date or today, occasion=occasion)
    work.goods.arrive(row)


def after(bench: Workbench, work: UnitOfWork, receipt: Receipt, document: str) -> None:
    """What follows when a file of goods was read: what waits is filled, or hears when it can ship."""
    if document not in FOLLOWED:
        return
    if document == "incoming":
        work.goods.replace_earlier(receipt.id)
    step = advance.Step(now=bench.clock(), who=f"file {receipt.file_name}", receipt=receipt.id)
    said = FOLLOWED[document]
    reason = f"{said} ({receipt.file_name})" if said else ""
    filling.goods_came(bench, work, work.goods.awaited(), step, reason=reason, came=bool(said))


FOLLOWED: Mapping[str, str] = MappingProxyType({"incoming": "", "goods_receipt": "goods came", "stock": "counted"})
"""The documents after which somebody who waits may get goods, and why; after incoming goods only another date."""
