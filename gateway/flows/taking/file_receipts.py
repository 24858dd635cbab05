"""Tell whoever sent a file without X12 what of it was not taken, in the transaction of its receipt."""

from gateway.config.partner import FILE_RECEIPT, Partner
from gateway.documents import file_receipt
from gateway.exchange.receipt import Receipt
from gateway.flows import write
from gateway.flows.outcome import Outcome
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.flows.write import Letter
from gateway.formats.sniff import LOOK, Kind, kind_of

CAME_AS = {Kind.TEXT: "csv", Kind.XML: "xml"}
"""What ``receipts.for`` calls a file; one that is neither is answered like any."""


def owe(bench: Workbench, work: UnitOfWork, receipt: Receipt, outcome: Outcome) -> None:
    """A readable answer to a file that was refused or held, or of which a row or document was; to X12 a 997 says it."""
    partner = bench.partner(receipt.partner)
    if not outcome.holds or partner is None:
        return
    now = bench.clock()
    today = bench.today(partner, now)
    if not partner.outputs(FILE_RECEIPT, today) or not _is_told(bench, partner, receipt):
        return
    document = file_receipt.build(receipt, outcome.state, outcome.holds, today)
    letter = Letter(
        partner=partner, document=FILE_RECEIPT, number=write.UNSAFE.sub("-", receipt.file_name.rpartition(".")[0] or receipt.file_name)[: write.MAX_NAME],
        receipt=receipt.id, now=now, test=partner.status == "testing",
    )  # fmt: skip
    write.letter(bench, work, letter, document)


def _is_told(bench: Workbench, partner: Partner, receipt: Receipt) -> bool:
    kind = kind_of(bench.archive.head(receipt.sha256)[:LOOK])
    if kind is Kind.X12 and partner.x12 is not None:
        return False
    return partner.tells_of(FILE_RECEIPT, CAME_AS.get(kind, ""))
