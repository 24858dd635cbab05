"""Take one file by hand, as the channel of its partner would have brought it."""

import uuid
from dataclasses import replace
from pathlib import Path

from gateway.config.partner import Partner
from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows import auditing, interpret_documents
from gateway.flows.judging.choosing import ROWS
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError, UsageError
from gateway.kernel.ids import ClaimId, PartnerId, ReceiptId
from gateway.mapping.prepare import PreparedMapping, prepare

KINDS = {
    "items": "item", "item-ids": "item_id", "prices": "price", "warehouses": "warehouse", "locations": "location",
    "stock": "stock", "customers": "customer", "open-items": "open_item", "incoming": "incoming",
    "goods-receipts": "goods_receipt", "ship-confirmations": "ship_confirmation", "tracking": "tracking",
    "deliveries": "delivery", "order-changes": "order_change", "returns": "return_request",
    "payments": "payment",
}  # fmt: skip


def import_now(
    bench: Workbench, kind: str, file: Path, partner: str, who: str = auditing.OPERATOR
) -> tuple[Receipt, list[FileHold]]:
    """Archive and apply one CSV file of a kind, in one transaction, so that no process reads it besides; acts as ``partner``, else the only one with that document."""
    if kind not in KINDS:
        raise UsageError(f"'{kind}' cannot be imported.", next_step=f"Say one of: {', '.join(KINDS)}.")
    if not file.is_file():
        raise NotFoundError(f"There is no file {file}.")
    owner, mapping = _owner(bench, kind, partner)
    keeping = bench.archive.keeping()
    with file.open("rb") as content:
        sha256, size = keeping.take(content)
    keeping.secure()
    claim = uuid.uuid4().hex
    receipt = Receipt(
        id=ReceiptId(claim), claim=ClaimId(claim), partner=PartnerId(owner.partner), file_name=file.name,
        sha256=sha256, size=size, received_at=bench.clock(),
    )  # fmt: skip
    with bench.store.unit() as work:
        work.exchange.add_receipt(receipt)
        with bench.archive.opened(receipt.sha256) as content:
            outcome = interpret_documents.apply(bench, work, owner, receipt, mapping, content)
        for hold in outcome.holds:
            work.exchange.hold(hold)
        work.exchange.settle(receipt.id, outcome.state, outcome.summary)
        more = {"kind": kind, "receipt": receipt.id, "sha256": sha256}
        auditing.deed(bench, work, who, "file.import", file.name, partner=owner.partner, **more)
        work.commit()
    return replace(receipt, state=outcome.state, summary=outcome.summary), list(outcome.holds)


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
    raise _unclear(kind, sorted({str(each.partner) for each, _ in candidates}))


def _unclear(kind: str, senders: list[str]) -> UsageError:
    """Nobody can be the sender, or several can."""
    if senders:
        who = f"It can be {' or '.join(senders)}: say which"
        return UsageError(
            f"It is not clear who sends '{kind}'.", next_step=f"{who}, for example --partner {senders[0]}."
        )
    return UsageError(
        f"No partner sends '{kind}', and the site has not exactly one with 'kind: erp', your own house.",
        next_step="Write one: partners/erp.yaml with the lines 'gateway: 1', 'partner: erp' and 'kind: erp'; or add --partner NAME.",
    )


def _house(bench: Workbench) -> Partner | None:
    """Who tells us what no partner is agreed to send: the only ERP of the site."""
    found = [each for each in bench.site.partners.values() if each.kind == "erp"]
    return found[0] if len(found) == 1 else None
