"""Take a file: claimed, archived, remembered as received; nothing is parsed before that."""

import structlog

from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows.ports import Claimed, Inlet
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import ReceiptId

log = structlog.get_logger()


def receive(bench: Workbench, claimed: Claimed) -> ReceiptId:
    """Archive a claimed file and write its receipt; a claim known already is a no-op (rulings 1)."""
    content = claimed.path.read_bytes()
    sha256 = bench.archive.put(content)
    bench.mark("archived")
    receipt = Receipt(
        id=ReceiptId(claimed.claim), claim=claimed.claim, partner=claimed.partner, file_name=claimed.file_name,
        sha256=sha256, size=len(content), received_at=bench.clock(),
    )  # fmt: skip
    with bench.store.unit() as work:
        work.exchange.add_receipt(receipt)
        work.commit()
    bench.mark("received")
    claimed.release()
    bench.mark("work-file-removed")
    log.info("file.received", receipt=receipt.id, partner=receipt.partner, file=receipt.file_name, size=receipt.size)
    return receipt.id


def sweep(bench: Workbench, inlet: Inlet) -> int:
    """Take every file that is ready in one folder; returns how many."""
    now = bench.clock()
    taken = 0
    for name in inlet.ready(now):
        claimed = inlet.claim(name)
        if claimed is not None:
            bench.mark("claimed")
            receive(bench, claimed)
            taken += 1
    _hold_refusals(bench, inlet)
    return taken


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
