"""Take one slice of a large file that was judged before: its sets are mapped and acted on in one transaction."""

from collections.abc import Iterable, Iterator

import structlog

from gateway.config.partner import Partner
from gateway.exchange.receipt import FileHold, Receipt, ReceiptState
from gateway.exchange.slices import Slice, SlicedFile, merged
from gateway.flows import interpret_x12, slicing, summary
from gateway.flows.answered import Desk
from gateway.flows.happening import WHOLE, about, at_commit
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.summary import Tally
from gateway.flows.workbench import Workbench

log = structlog.get_logger()


def take_slice(bench: Workbench, slice_id: str) -> None:
    """Bring the sets of a slice in; the guard row makes a second run a no-op. The last one ends the file."""
    with bench.store.unit() as work:
        one = work.slices.get(slice_id)
        receipt = work.exchange.receipt(one.receipt) if one is not None else None
        file = work.slices.file(one.receipt) if one is not None else None
        if one is None or receipt is None or file is None:
            return
        tally = Tally()
        with about(trace_id=receipt.id, partner=receipt.partner, file=receipt.file_name):
            for each in _taken(bench, work, receipt, one, tally):
                work.exchange.hold(each)
            at_commit(bench.observer, work, "slice.taken", slice=one.number, of=file.total)
        if not work.slices.take(one, tally.told()):
            return
        _told(work, receipt, file)
        bench.mark("slice-taken")
        work.commit()
    bench.mark("slice-committed")


def take_earlier(bench: Workbench, slices: Iterable[str]) -> None:
    """Take what is left of earlier files before a later one is read; one that cannot be taken is told by its own unit."""
    for one in slices:
        try:
            take_slice(bench, one)
        except Exception as error:  # noqa: BLE001 - a defect met by one slice must not keep all that follows waiting
            log.warning("slice.waits", slice=one, error=str(error))


def _taken(bench: Workbench, work: UnitOfWork, receipt: Receipt, one: Slice, tally: Tally) -> Iterator[FileHold]:
    """Every set of the slice; what each waits for."""
    partner = bench.partner(receipt.partner)
    if partner is None or partner.x12 is None:
        reason = f"{receipt.partner} sends no X12 any more; slice {one.number} of {receipt.file_name} was not taken."
        at_commit(bench.observer, work, "document.held", document=WHOLE, code="P-NO-MAPPING")
        yield hold(bench, receipt, "P-NO-MAPPING", reason, reference=one.id)
        return
    work.readings.go_on_after(receipt.id, one.before)
    yield from _sets(Desk(bench, work, partner, receipt, tally), one, tally, partner)


def _sets(desk: Desk, one: Slice, tally: Tally, partner: Partner) -> Iterator[FileHold]:
    bench, receipt = desk.bench, desk.receipt
    content = bench.archive.part(receipt.sha256, one.start, one.end, one.digest)
    found = slicing.sets_of(one, content, interpret_x12.guides(bench, partner, receipt))
    for at, (received, each) in enumerate(found, start=one.before):
        tally.place = 2 * at + 1
        yield from interpret_x12.take_set(desk, received, each)


def _told(work: UnitOfWork, receipt: Receipt, file: SlicedFile) -> None:
    """How far the file is now; after its last slice what all of it brought."""
    left = work.slices.left(receipt.id)
    if left:
        told = summary.sliced(file.total, file.total - left)
        work.exchange.settle(receipt.id, ReceiptState.SLICED, told, was=ReceiptState.SLICED)
        return
    counts = merged([file.counts, *work.slices.counted(receipt.id)])
    work.exchange.settle(receipt.id, ReceiptState.PROCESSED, summary.line(counts) + file.tail, was=ReceiptState.SLICED)
