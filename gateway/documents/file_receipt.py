"""The file receipt: what of a file was not taken, and what to do, for senders who read CSV or XML instead of a 997."""

from collections.abc import Sequence
from datetime import date

from gateway.canonical.status import FileReceipt, FileReceiptLine
from gateway.exchange.receipt import FileHold, Receipt, ReceiptState
from gateway.files import names

MOST_LINES = 1_000
OUR_BUSINESS = "We cannot read this file yet; it is kept."
WHOLE = "Correct the file and send it again; nothing of it was taken."
ROW = "Correct this row and send it again."
WAIT = "Wait for our answer; we look at it. If the mistake is yours, tell us before you send it again."
_REFUSED = ("F-", "S-XML-DTD", "X-")
"""How the codes of files begin that cannot be read as they are."""


def build(receipt: Receipt, state: ReceiptState, holds: Sequence[FileHold], today: date) -> FileReceipt:
    """One line for each thing that was not taken, in the order of the file."""
    lines = [_line(receipt, each) for each in holds[:MOST_LINES]]
    if len(holds) > MOST_LINES:
        more = f"And {len(holds) - MOST_LINES:,} more; correct these first."
        lines.append(lines[-1].model_copy(update={"position": None, "reason": more}))
    whole = state is ReceiptState.HELD
    return FileReceipt(
        file_name=names.visible(receipt.file_name), partner=receipt.partner, received_date=today,
        status="not_taken" if whole else "partly_taken", lines=tuple(lines),
    )  # fmt: skip


def _line(receipt: Receipt, hold: FileHold) -> FileReceiptLine:
    is_row, is_file = hold.code == "C-ROW", hold.code.startswith(_REFUSED)
    reason = OUR_BUSINESS if hold.code.startswith("P-") else hold.reason.removeprefix(f"{hold.reference}: ")
    position = hold.reference.removeprefix(receipt.file_name).strip()
    return FileReceiptLine(
        position=names.visible(position) or None, status="refused" if is_row or is_file else "on_hold", code=hold.code,
        reason=names.visible(reason.removeprefix(f"{receipt.file_name} {position}: ")) or hold.code,
        next_step=ROW if is_row else WHOLE if is_file else WAIT,
    )  # fmt: skip
