"""The commands that only look at accounts: payments, claims, ageing."""

from pathlib import Path

from gateway.cli import output
from gateway.cli.context import opened
from gateway.cli.reading import database
from gateway.flows.by_hand import accounts
from gateway.flows.showing import account_views
from gateway.kernel.ids import PartnerId
from gateway.kernel.quantity import ZERO

PAYMENT = ["payment_number", "partner", "payment_date", "currency", "amount", "applied", "unapplied", "reason"]
CLAIM = ["claim_number", "partner", "invoice_number", "state", "reason", "claimed", "open", "description"]
ENTRY = ["sequence", "at", "who", "kind", "amount", "invoice_number", "payment_number", "claim_number", "reason"]
MAY_GO = ["sequence", "who", "payment_date", "opened_at", "state", "applied", "description", "claim_number"]
AGED_MAY_GO = ["credits", "unapplied", "disputed"]
AGED = [
    "partner", "currency", "current", "1-30", "31-60", "61-90", "over_90", "credits", "unapplied", "total", "disputed",
]  # fmt: skip


def payments_list(site: Path | None, partner: str, *, unapplied: bool, as_json: bool) -> int:
    """Print payments."""
    with database(site).unit() as work:
        found = work.receivables.payments(PartnerId(partner) if partner else None)
    rows = [account_views.payment_row(each) for each in found if each.payment.unapplied != ZERO or not unapplied]
    output.listed(rows, PAYMENT, "no payments", as_json=as_json, may_go=MAY_GO)
    if rows and not as_json:
        output.suggest(f"gateway payments show {rows[-1]['payment_number']}")
    return 0


def payment_show(number: str, site: Path | None, partner: str, *, as_json: bool) -> int:
    """Print one payment whole."""
    with database(site).unit() as work:
        view = account_views.payment_view(work, accounts.find_payment(work, number, partner))
    if as_json:
        output.data(view)
        return 0
    output.line(
        f"{view['payment_number']} of {view['partner']}, {view['payment_date']}: {view['amount']} {view['currency']}, "
        f"{view['applied']} applied, {view['unapplied']} unapplied, {view['refunded']} refunded"
    )
    for reason in view["reasons"]:
        output.line(f"  {reason}")
    output.line()
    output.table(view["invoices"], ["invoice_number", "applied", "discount"])
    output.line()
    output.table(view["entries"], ENTRY, may_go=MAY_GO)
    return 0


def claims_list(site: Path | None, partner: str, state: str, *, as_json: bool) -> int:
    """Print claims."""
    with database(site).unit() as work:
        found = work.receivables.claims(PartnerId(partner) if partner else None)
    rows = [account_views.claim_row(each) for each in found if state in ("", each.claim.state)]
    output.listed(rows, CLAIM, "no claims", as_json=as_json, may_go=["description", "claimed"])
    if rows and not as_json:
        output.suggest(f"gateway claims show {rows[-1]['claim_number']}")
    return 0


def claim_show(number: str, site: Path | None, *, as_json: bool) -> int:
    """Print one claim whole."""
    with database(site).unit() as work:
        view = account_views.claim_view(work, accounts.find_claim(work, number))
    if as_json:
        output.data(view)
        return 0
    output.table([view], CLAIM, may_go=["description"])
    output.line()
    output.table(view["entries"], ENTRY, may_go=MAY_GO)
    return 0


def ageing(site: Path | None, partner: str, now: str | None, *, as_json: bool) -> int:
    """Print what is owed by how long it is overdue."""
    bench = opened(site, now)
    with bench.store.unit() as work:
        found = list(accounts.aged(bench, work, partner))
    if as_json:
        output.data([account_views.aged_view(each, accounts.today(bench, each.partner)) for each in found])
        return 0
    output.listed(
        [account_views.aged_row(each) for each in found], AGED, "nothing is open", as_json=False, may_go=AGED_MAY_GO
    )
    return 0
