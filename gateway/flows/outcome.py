"""How the interpretation of a file ended: its state, one line for people, and what must wait."""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.exchange.receipt import FileHold, Receipt, ReceiptState
from gateway.exchange.slices import Slice, SlicedFile
from gateway.flows.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Sliced:
    """A large file that was judged, and what is taken of it later."""

    file: SlicedFile
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a receipt, or where it goes on; ``documents`` are the canonical documents that it brought."""

    state: ReceiptState
    summary: str
    holds: tuple[FileHold, ...] = ()
    sliced: Sliced | None = None
    documents: tuple[str, ...] = ()


def listed(sentences: Iterable[str]) -> str:
    """Sentences and parts of sentences as one text, each once.

    >>> listed(["Line 3 is too long.", "uom: no code 'CS'", "uom: no code 'CS'"])
    "Line 3 is too long; uom: no code 'CS'"
    """
    told = list(dict.fromkeys(sentences))
    return "; ".join([*(each.removesuffix(".") for each in told[:-1]), *told[-1:]])


def hold(
    bench: Workbench, receipt: Receipt, code: str, reason: str, *, kind: str = "FILE", reference: str = ""
) -> FileHold:
    """A hold of a file or of one document of it."""
    return FileHold(
        id=bench.new_hold_id(), type=kind, code=code, reason=reason, since=bench.clock(), partner=receipt.partner,
        receipt=receipt.id, file_name=receipt.file_name, reference=reference,
    )  # fmt: skip
