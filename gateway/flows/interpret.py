"""Interpret one received file in one transaction: judge, answer, map, act; or hold it and say why."""

import time
from collections.abc import Sequence

import structlog

from gateway.config.partner import Partner
from gateway.exchange.receipt import Receipt, ReceiptState
from gateway.flows import interpret_documents, interpret_x12, silence, take_slice
from gateway.flows.happening import WHOLE, about, at_commit
from gateway.flows.judging import choosing
from gateway.flows.outcome import Outcome, hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.taking import file_receipts
from gateway.flows.workbench import Workbench
from gateway.formats.sniff import LOOK, Kind, kind_of
from gateway.kernel.errors import ConflictError, UnavailableError
from gateway.kernel.ids import ReceiptId

log = structlog.get_logger()


def interpret(bench: Workbench, receipt_id: ReceiptId) -> None:
    """Bring one receipt from ``received`` to its end; the guard row makes a second run a no-op."""
    interpret_batch(bench, [receipt_id])


def interpret_batch(bench: Workbench, receipts: Sequence[ReceiptId]) -> None:
    """Bring the receipts of one batch to their end in one transaction, in this order; those that are there stay so.

    Whatever of an earlier file of the same sender is still to be taken comes first, also of one in the same batch.
    """
    left = list(receipts)
    while left:
        _earlier(bench, left)
        done: list[tuple[Receipt, Outcome]] = []
        with bench.store.unit() as work:
            while left and not (done and done[-1][1].sliced):
                one = _interpreted(bench, work, left.pop(0))
                done += [one] if one is not None else []
            if done:
                work.commit()
        for _ in done:
            bench.mark("committed")


def interpret_earlier(bench: Workbench, receipts: Sequence[ReceiptId]) -> None:
    """Read what later files build on, or wait for who reads it; one that cannot be read is told by its own unit."""
    for one in receipts:
        try:
            interpret_batch(bench, [one])
        except (ConflictError, UnavailableError):
            raise
        except Exception as error:  # noqa: BLE001 - a defect met by one file must not keep all that follows waiting
            log.warning("file.waits", trace_id=one, error=str(error))


def _earlier(bench: Workbench, receipts: Sequence[ReceiptId]) -> None:
    """Take what waits of earlier files of the same senders."""
    with bench.store.unit() as work:
        waiting = work.slices.waiting()
        known = [work.exchange.receipt(one) for one in receipts] if waiting else []
    senders = {each.partner for each in known if each is not None}
    take_slice.take_earlier(bench, [one for one, partner in waiting if partner in senders])


def _interpreted(bench: Workbench, work: UnitOfWork, receipt_id: ReceiptId) -> tuple[Receipt, Outcome] | None:
    """One receipt with what became of it; None when somebody else did it."""
    receipt = work.exchange.receipt(receipt_id)
    if receipt is None or receipt.state is not ReceiptState.RECEIVED:
        return None
    began = time.monotonic()
    with about(trace_id=receipt.id, partner=receipt.partner, file=receipt.file_name):
        outcome = _outcome(bench, work, receipt)
        for each in outcome.holds:
            work.exchange.hold(each)
        took = round(time.monotonic() - began, 4)
        at_commit(bench.observer, work, "file.interpreted", state=outcome.state.value, duration_s=took)
    if not work.exchange.settle(receipt.id, outcome.state, outcome.summary, documents=outcome.documents):
        return None
    silence.came(bench, work, receipt, outcome.documents)
    if outcome.sliced is not None:
        work.slices.add(outcome.sliced.file, outcome.sliced.slices)
        for one in outcome.sliced.slices:
            work.enqueue("slice", one.id, receipt.partner)
    file_receipts.owe(bench, work, receipt, outcome)
    bench.mark("interpreted")
    return receipt, outcome


def _outcome(bench: Workbench, work: UnitOfWork, receipt: Receipt) -> Outcome:
    partner = bench.partner(receipt.partner)
    if partner is None:
        return _held(bench, work, receipt, "P-NO-MAPPING", f"There is no partner '{receipt.partner}' any more.")
    if partner.status == "suspended":
        return _held(bench, work, receipt, "P-SUSPENDED", f"{partner.name} is suspended; the file is kept.")
    with bench.archive.opened(receipt.sha256) as file:
        kind = kind_of(file.read(LOOK))
        file.seek(0)
        if kind is Kind.EMPTY:
            return _held(bench, work, receipt, "F-EMPTY", f"{receipt.file_name} has no content.")
        if kind is Kind.X12 and partner.x12 is not None:
            return interpret_x12.interpret(bench, work, partner, receipt, file)
        if choosing.reads(partner, bench.mappings, interpret_documents.KINDS.get(kind, "")):
            return interpret_documents.interpret(bench, work, partner, receipt, file)
    return _unreadable(bench, work, receipt, partner, kind)


def _unreadable(bench: Workbench, work: UnitOfWork, receipt: Receipt, partner: Partner, kind: Kind) -> Outcome:
    if kind is Kind.X12:
        sentence = f"{receipt.file_name} is an X12 file, but {partner.name} has no 'x12' section in its partner file."
    elif kind is Kind.TEXT and partner.x12 is not None:
        sentence = f"{receipt.file_name} has no ISA segment, so it is not an X12 file; {partner.name} sends X12."
    else:
        formats = sorted({bench.mappings[use.mapping].format for use in partner.inputs()})
        offered = f"the mappings of {partner.name} read {', '.join(formats)}" if formats else "it has no mapping 'in'"
        sentence = f"{receipt.file_name} is {kind.value}; {offered}."
    return _held(bench, work, receipt, "F-BINARY", sentence)


def _held(bench: Workbench, work: UnitOfWork, receipt: Receipt, code: str, reason: str) -> Outcome:
    at_commit(bench.observer, work, "document.held", document=WHOLE, code=code)
    return Outcome(ReceiptState.HELD, reason, (hold(bench, receipt, code, reason),))
