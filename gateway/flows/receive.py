"""Take files: archived, remembered as received; small ones that are claimed together are one batch."""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

import structlog

from gateway.exchange.receipt import ALONE, FileHold, Receipt
from gateway.files.disk import UnfitFileError
from gateway.flows import interpret_documents
from gateway.flows.file_ports import Claimed, Keeping
from gateway.flows.happening import happened
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import DiskError, GatewayError, TransportError
from gateway.kernel.ids import BatchId, PartnerId, ReceiptId

log = structlog.get_logger()

REFUSED = "refused"
"""The folder beside ``work`` of what was claimed and is no file to be read."""
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
    """Archive claimed files and write their receipts: small ones in batches, a large one by itself (rulings 6).

    A file that cannot be read is held and keeps no other back. Raises DiskError or StoreError when nothing can be kept;
    what was not received by then is tried again with the next scan.
    """
    waiting = list(claims)
    try:
        return _received(bench, waiting)
    except Exception:
        bench.intake.unfinished |= {each.claim: each for each in waiting}
        raise


def receive_left(bench: Workbench, claims: Sequence[Claimed]) -> list[ReceiptId]:
    """The same for claims that were begun before, by whom ever: what was told of them ends."""
    bench.intake.unfinished |= {each.claim: each for each in claims}
    return receive_all(bench, claims)


def _received(bench: Workbench, waiting: list[Claimed]) -> list[ReceiptId]:
    """Receive claims; those that are done with are taken from the list."""
    run = bench.site.settings.run
    done: list[ReceiptId] = []
    batch = _Batch(bench.archive.keeping())

    def close() -> None:
        nonlocal batch
        done.extend(_close(bench, batch))
        for claimed, _ in batch.files:
            waiting.remove(claimed)
        batch = _Batch(bench.archive.keeping())

    for claimed in tuple(waiting):
        file = _opened(bench, claimed)
        if file is None:
            waiting.remove(claimed)
            continue
        with file:
            large = os.fstat(file.fileno()).st_size > run.small_bytes()
            if large:
                close()
            if not batch.files:
                batch.begun = time.monotonic()
            if not _keep(bench, batch, claimed, file):
                waiting.remove(claimed)
        if large or len(batch.files) >= run.batch_files or time.monotonic() - batch.begun >= run.batch_seconds():
            close()
    close()
    return done


def _opened(bench: Workbench, claimed: Claimed) -> BinaryIO | None:
    """The bytes of a claim; None when it has none to be read, which somebody is told."""
    try:
        return claimed.open()
    except FileNotFoundError:  # whoever took it over was faster
        log.warning("file.gone", trace_id=claimed.claim, partner=claimed.partner, file=claimed.file_name)
        bench.intake.unfinished.pop(claimed.claim, None)
        _release(claimed)
    except UnfitFileError as error:
        log.warning(
            "file.refused",
            trace_id=claimed.claim,
            partner=claimed.partner,
            file=claimed.file_name,
            error=error.sentence,
        )
        hold(
            bench,
            claimed,
            "S-FILETYPE",
            f"{claimed.file_name} became something else while it was taken: {error.sentence}",
        )
        bench.intake.unfinished.pop(claimed.claim, None)
        _put_aside(bench, claimed)
    except OSError as error:
        _postpone(bench, claimed, f"It cannot be read: {error.strerror}.")
    return None


def _keep(bench: Workbench, batch: _Batch, claimed: Claimed, file: BinaryIO) -> bool:
    """Copy one file into the archive; it is surely on disk when the batch is closed. False when it cannot be read."""
    try:
        sha256, size = batch.keeping.take(file)
    except DiskError:
        raise
    except TransportError as error:
        _postpone(bench, claimed, error.sentence)
        return False
    receipt = Receipt(
        id=ReceiptId(claimed.claim), claim=claimed.claim, partner=claimed.partner, file_name=claimed.file_name,
        sha256=sha256, size=size, received_at=bench.clock(), channel=claimed.channel,
    )  # fmt: skip
    batch.files.append((claimed, receipt))
    return True


def _close(bench: Workbench, batch: _Batch) -> list[ReceiptId]:
    """Everything on disk, then the receipts in one transaction, then the work files are removed."""
    if not batch.files:
        return []
    batch.keeping.secure()
    for _ in batch.files:
        bench.mark("archived")
    receipts = _in_batches(bench, [receipt for _, receipt in batch.files])
    known = _remember(bench, receipts)
    for _ in known:
        bench.mark("received")
    for claimed, receipt in batch.files:
        if receipt.id not in known:
            _postpone(bench, claimed, "It could not be remembered; this is a defect of the gateway.")
            continue
        _release(claimed)
        bench.mark("work-file-removed")
        happened(
            bench.observer, "file.received", trace_id=receipt.id, partner=receipt.partner, file=receipt.file_name,
            size=receipt.size,
        )  # fmt: skip
    return [receipt.id for receipt in receipts if receipt.id in known]


def _remember(bench: Workbench, receipts: Sequence[Receipt]) -> set[ReceiptId]:
    """Write receipts in one transaction; where a defect is met by one of them each is written by itself."""
    again = [each.claim for each in receipts if each.claim in bench.intake.unfinished]
    try:
        with bench.store.unit() as work:
            for receipt in receipts:
                work.exchange.add_receipt(receipt)
            for claim in again:
                work.exchange.end_listed(_key(claim), "It was taken.")
            work.commit()
    except GatewayError:
        raise
    except Exception as error:  # noqa: BLE001 - a defect met by one file must not keep the others from being received
        log.error("file.not_remembered", files=len(receipts), error=f"{type(error).__name__}: {error}")  # noqa: TRY400 - same
        if len(receipts) == 1:
            return set()
        return {each for one in receipts for each in _remember(bench, [one])}
    for claim in again:
        del bench.intake.unfinished[claim]
    return {each.id for each in receipts}


def _postpone(bench: Workbench, claimed: Claimed, why: str) -> None:
    """Hold a file that is ours and cannot be received; it is tried again with each scan."""
    log.error("file.unreadable", trace_id=claimed.claim, partner=claimed.partner, file=claimed.file_name, error=why)
    bench.intake.unfinished[claimed.claim] = claimed
    hold(bench, claimed, "F-UNREADABLE", f"{claimed.file_name} was taken and is in var/work as {claimed.claim}. {why}")


def hold(bench: Workbench, claimed: Claimed, code: str, sentence: str) -> None:
    """List a claim that needs somebody, once."""
    with bench.store.unit() as work:
        listed = FileHold(
            id=bench.new_hold_id(), type="FILE", code=code, reason=sentence, since=bench.clock(),
            partner=claimed.partner, receipt=None, file_name=claimed.file_name, key=_key(claimed.claim),
        )  # fmt: skip
        work.exchange.hold(listed)
        work.commit()


def _key(claim: str) -> str:
    return f"claim:{claim}"


def _release(claimed: Claimed) -> None:
    """Remove the work file; one that stays is known by its claim and does no harm at the next start."""
    try:
        claimed.release()
    except OSError as error:
        log.warning(
            "file.not_removed",
            trace_id=claimed.claim,
            partner=claimed.partner,
            file=claimed.file_name,
            error=error.strerror,
        )


def _put_aside(bench: Workbench, claimed: Claimed) -> None:
    folder = bench.site.directory / "var" / REFUSED
    try:
        claimed.put_aside(folder)
    except OSError as error:
        log.warning(
            "file.not_put_aside",
            trace_id=claimed.claim,
            partner=claimed.partner,
            file=claimed.file_name,
            error=error.strerror,
        )


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
        log.warning(
            "file.turn_unknown", trace_id=receipt.id, partner=receipt.partner, file=receipt.file_name, error=str(error)
        )
        return _UNKNOWN
