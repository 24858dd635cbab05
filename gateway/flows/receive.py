"""Take files: claimed, archived, remembered as received; small ones that lie there together are one batch."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import structlog

from gateway.exchange.receipt import ALONE, FileHold, Receipt
from gateway.flows import interpret_documents
from gateway.flows.file_ports import Claimed, Inlet, Keeping
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import BatchId, PartnerId, ReceiptId

log = structlog.get_logger()

_UNKNOWN = -1


@dataclass(slots=True)
class _Batch:
    """Small files that are remembered in one transaction; open until it is full, old, or nothing more comes."""

    keeping: Keeping
    begun: float = field(default_factory=time.monotonic)
    files: list[tuple[Claimed, Receipt]] = field(default_factory=list)


def receive(bench: Workbench, claimed: Claimed) -> ReceiptId:
    """Archive one claimed file and write its receipt; a claim known already is a no-op (rulings 1)."""
    (receipt,) = receive_all(bench, [claimed])
    return receipt


def receive_all(bench: Workbench, claims: Iterable[Claimed]) -> list[ReceiptId]:
    """Archive claimed files and write their receipts: small ones in batches, a large one by itself (rulings 6)."""
    run = bench.site.settings.run
    done: list[ReceiptId] = []
    batch = _Batch(bench.archive.keeping())
    for claimed in claims:
        if claimed.path.stat().st_size > run.small_bytes():
            done += _close(bench, batch)
            batch = _Batch(bench.archive.keeping())
            _keep(bench, batch, claimed)
            done += _close(bench, batch)
            batch = _Batch(bench.archive.keeping())
            continue
        if not batch.files:
            batch.begun = time.monotonic()
        _keep(bench, batch, claimed)
        if len(batch.files) >= run.batch_files or time.monotonic() - batch.begun >= run.batch_seconds():
            done += _close(bench, batch)
            batch = _Batch(bench.archive.keeping())
    return done + _close(bench, batch)


def sweep(bench: Workbench, inlet: Inlet) -> int:
    """Take every file that is ready in one folder; returns how many."""
    names = inlet.ready(bench.clock())
    most = bench.site.settings.run.batch_files
    taken = 0
    for at in range(0, len(names), most):
        claims = inlet.claim(names[at : at + most])
        for _ in claims:
            bench.mark("claimed")
        taken += len(receive_all(bench, claims))
    _hold_refusals(bench, inlet)
    return taken


def _keep(bench: Workbench, batch: _Batch, claimed: Claimed) -> None:
    """Copy one file into the archive; it is surely on disk when the batch is closed."""
    with claimed.open() as file:
        sha256, size = batch.keeping.take(file)
    receipt = Receipt(
        id=ReceiptId(claimed.claim), claim=claimed.claim, partner=claimed.partner, file_name=claimed.file_name,
        sha256=sha256, size=size, received_at=bench.clock(), channel=claimed.channel,
    )  # fmt: skip
    batch.files.append((claimed, receipt))


def _close(bench: Workbench, batch: _Batch) -> list[ReceiptId]:
    """Everything on disk, then the receipts in one transaction, then the work files are removed."""
    if not batch.files:
        return []
    batch.keeping.secure()
    for _ in batch.files:
        bench.mark("archived")
    receipts = _in_batches(bench, [receipt for _, receipt in batch.files])
    with bench.store.unit() as work:
        for receipt in receipts:
            work.exchange.add_receipt(receipt)
        work.commit()
    for _ in receipts:
        bench.mark("received")
    for claimed, receipt in batch.files:
        claimed.release()
        bench.mark("work-file-removed")
        log.info(
            "file.received", receipt=receipt.id, partner=receipt.partner, file=receipt.file_name, size=receipt.size
        )
    return [receipt.id for receipt in receipts]


def _in_batches(bench: Workbench, receipts: Sequence[Receipt]) -> list[Receipt]:
    """Files of one sender are interpreted together, but apart from those that others of any sender may have to precede."""
    groups: dict[tuple[PartnerId, int, str], list[Receipt]] = {}
    for each in receipts:
        turn = turn_of(bench, each)
        groups.setdefault((each.partner, turn, each.id if turn == _UNKNOWN else ""), []).append(each)
    batch_of: dict[ReceiptId, BatchId] = {}
    for group in groups.values():
        batch = BatchId(bench.new_id()) if len(group) > 1 else ALONE
        batch_of |= {each.id: batch for each in group}
    return [replace(each, batch=batch_of[each.id]) for each in receipts]


def turn_of(bench: Workbench, receipt: Receipt) -> int:
    """When it is read among what came together; a file that cannot be looked at is alone, and told when it is read."""
    try:
        return interpret_documents.precedence(bench, receipt)
    except Exception as error:  # noqa: BLE001 - a defect met by one file must not keep it from being remembered
        log.warning("file.turn_unknown", receipt=receipt.id, file=receipt.file_name, error=str(error))
        return _UNKNOWN


def _hold_refusals(bench: Workbench, inlet: Inlet) -> None:
    """List once what lies in the folder and is never opened: links, devices, folders."""
    refusals = inlet.refusals()
    if not refusals:
        return
    with bench.store.unit() as work:
        for name, sentence in refusals:
            hold = FileHold(
                id=bench.new_hold_id(), type="FILE", code="S-FILETYPE", reason=sentence, since=bench.clock(),
                partner=inlet.partner, receipt=None, file_name=name, key=f"S-FILETYPE:{inlet.partner}:{name}",
            )  # fmt: skip
            work.exchange.hold(hold)
        work.commit()
