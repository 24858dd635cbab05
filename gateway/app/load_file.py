"""Take one file by hand, as the channel of its partner would have brought it."""

import shutil
import uuid
from pathlib import Path

from gateway.config.partner import Partner
from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows import interpret_documents, receive
from gateway.flows.judging.choosing import ROWS
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import GatewayError, NotFoundError, UsageError
from gateway.kernel.ids import ClaimId, PartnerId
from gateway.mapping.prepare import PreparedMapping, prepare
from gateway.transports.directory import ClaimedFile

KINDS = {
    "items": "item", "item-ids": "item_id", "prices": "price", "warehouses": "warehouse", "locations": "location",
    "stock": "stock", "customers": "customer", "open-items": "open_item", "incoming": "incoming",
    "goods-receipts": "goods_receipt", "ship-confirmations": "ship_confirmation", "tracking": "tracking",
    "deliveries": "delivery", "order-changes": "order_change", "returns": "return_request",
    "payments": "payment",
}  # fmt: skip


def import_now(bench: Workbench, kind: str, file: Path, partner: str) -> tuple[Receipt, list[FileHold]]:
    """Archive and apply one CSV file of a kind; acts as ``partner``, else the only one with that document."""
    if kind not in KINDS:
        raise UsageError(f"'{kind}' cannot be imported.", next_step=f"Say one of: {', '.join(KINDS)}.")
    if not file.is_file():
        raise NotFoundError(f"There is no file {file}.")
    owner, mapping = _owner(bench, kind, partner)
    receipt_id = receive.receive(bench, _copy(bench, owner, file))
    with bench.store.unit() as work:
        receipt = work.exchange.receipt(receipt_id)
        if receipt is None:
            raise GatewayError(f"The receipt of {file.name} is gone.")
        with bench.archive.opened(receipt.sha256) as content:
            outcome = interpret_documents.apply(bench, work, owner, receipt, mapping, content)
        for hold in outcome.holds:
            work.exchange.hold(hold)
        work.exchange.settle(receipt.id, outcome.state, outcome.summary)
        work.commit()
        settled = work.exchange.receipt(receipt_id) or receipt
    return settled, list(outcome.holds)


def _owner(bench: Workbench, kind: str, partner: str) -> tuple[Partner, PreparedMapping]:
    document = KINDS[kind]
    candidates = [
        (owner, bench.mappings[use.mapping])
        for owner in bench.site.partners.values()
        for use in owner.inputs()
        if bench.mappings[use.mapping].document == document and partner in ("", owner.partner)
        if bench.mappings[use.mapping].format in ROWS and use.counts_on(bench.today(owner, bench.clock()))
    ]
    if len(candidates) == 1:
        return candidates[0]
    if partner and partner not in bench.site.partners:
        raise NotFoundError(f"There is no partner '{partner}'.")
    owner = bench.site.partners.get(PartnerId(partner)) if partner else _house(bench)
    if not candidates and owner is not None:
        prepared, _ = prepare(f"csv/{kind}", site_mappings=None)
        if prepared is not None:
            return owner, prepared
    raise UsageError(f"It is not clear who sends '{kind}'.", next_step="Add --partner NAME.")


def _house(bench: Workbench) -> Partner | None:
    """Who tells us what no partner is agreed to send: the only ERP of the site."""
    found = [each for each in bench.site.partners.values() if each.kind == "erp"]
    return found[0] if len(found) == 1 else None


def _copy(bench: Workbench, owner: Partner, file: Path) -> ClaimedFile:
    """A copy in the work folder: the file itself stays where it is."""
    claim = ClaimId(uuid.uuid4().hex)
    path = bench.work_folder / claim
    shutil.copyfile(file, path)
    return ClaimedFile(claim, PartnerId(owner.partner), file.name, path, path.with_suffix(".json"))
