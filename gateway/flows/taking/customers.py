"""What the house says of customers and what they owe elsewhere: apply one row, or say why it makes no sense."""

from gateway.canonical.house import CustomerTerms
from gateway.canonical.money import OpenItem
from gateway.exchange.receipt import Receipt
from gateway.flows.ports import UnitOfWork
from gateway.flows.taking.master import Tally
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import PartnerId


def apply(bench: Workbench, work: UnitOfWork, receipt: Receipt, row: CustomerTerms | OpenItem, tally: Tally) -> str:
    """Apply one row; the empty text when it was applied, else the reason of its refusal."""
    partner = bench.partner(PartnerId(row.partner))
    if partner is None:
        return f"there is no partner '{row.partner}'"
    if isinstance(row, CustomerTerms):
        refusal = _refusal(row)
        if not refusal:
            day = bench.today(partner, receipt.received_at)
            tally.count(work.customers.put(row, f"{receipt.file_name} of {day}"))
        return refusal
    currency = partner.terms.currency or bench.site.settings.currency
    if row.currency not in (None, currency):
        return f"the amount is in {row.currency}, agreed with '{row.partner}' is {currency}"
    tally.count(work.customers.put_open_item(row))
    return ""


def _refusal(row: CustomerTerms) -> str:
    if row.credit_limit is not None and row.credit_limit < 0:
        return f"the credit limit {row.credit_limit} is negative"
    if row.net_days is not None and row.net_days < 0:
        return f"net_days {row.net_days} is negative"
    return ""
