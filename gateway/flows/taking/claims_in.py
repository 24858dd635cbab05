"""A customer announces a debit or a credit (X12 812): a claim against the invoice, or a note."""

from collections.abc import Iterator
from decimal import Decimal

from gateway.canonical.money import Claim, ClaimLine
from gateway.exchange.receipt import FileHold
from gateway.flows import advance
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.taking import payments
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import PartnerId
from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO
from gateway.orders.receivables import announcing
from gateway.orders.receivables.account import Books
from gateway.orders.receivables.announcing import Announced
from gateway.orders.receivables.book import Wanted


def take(bench: Workbench, work: UnitOfWork, source: Source, document: Claim) -> Iterator[FileHold]:
    """Book each adjustment of the document; the whole waits when one names no invoice of this customer."""
    if source.test:
        return
    owner = PartnerId(source.partner.partner)
    said = tuple(announced(document))
    terms = payments.terms_of(bench, work, owner)
    wanted = Wanted(tuple({each.invoice for each in said}))
    books = Books(work.receivables.account(owner, terms.currency, wanted))
    faults = [fault for each in said if (fault := announcing.fault(books, each))]
    if faults:
        reason = f"Claim {document.claim_number} of {source.partner.name}: {'; '.join(dict.fromkeys(faults))}."
        yield hold(bench, source.receipt, "C-CLAIM", reason, kind="DATA", reference=document.claim_number)
        return
    for each in said:
        announcing.announce(books, each, lambda: payments.new_claim(work))
    step_who = f"file {source.receipt.file_name}"
    step = advance.Step(now=bench.clock(), who=step_who, receipt=source.receipt.id)
    work.receivables.save(books.account, books.entries, at=step.now, who=step.who)


def announced(document: Claim) -> Iterator[Announced]:
    """One adjustment for each line that has an amount, else one for the whole document."""
    lines = [(each, amount) for each in document.lines if (amount := _amount(each))]
    for each, amount in lines:
        yield Announced(
            document.claim_number, each.invoice_number or document.invoice_number or "", amount,
            each.reason or document.reason or "", debit=(each.kind or document.kind) != "credit",
            description=each.description or "",
        )  # fmt: skip
    if not lines:
        yield Announced(
            document.claim_number, document.invoice_number or "", abs(document.amount or ZERO), document.reason or "",
            debit=document.kind != "credit",
        )  # fmt: skip


def _amount(line: ClaimLine) -> Decimal:
    if line.amount:
        return abs(line.amount)
    return cents(line.quantity * line.unit_price) if line.quantity and line.unit_price else ZERO
