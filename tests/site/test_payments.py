"""Payments, claims and reminders as people and files bring them."""

import shlex
from pathlib import Path

import pytest

from tests.site.harness import PlayedSite, new_site, order, purchase_order

BILLED, LATER = "2026-11-23T16:00:00Z", "2026-12-10T15:00:00Z"
HEAD = "payment_number,payment_date,partner,amount,invoice_number,paid,discount,deduction,reason\n"
CONFIRMED = """shipment_number,order_number,line,sku,quantity,uom,ship_date,carrier_scac,warehouse
S1,SO-1,1,TENT-2P,2,EA,2026-11-23,UPGN,DAL
S2,SO-2,1,TENT-2P,2,EA,2026-11-23,UPGN,DAL
"""
ACCOUNTING = "gateway: 1\npartner: accounting\nkind: accounting\ndocuments:\n  payment: {in: csv/payments}\n"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> PlayedSite:
    """Two orders of acme, shipped and billed: INV0000001 and INV0000002 over 179.90 each."""
    site = new_site(tmp_path_factory.mktemp("payments") / "site")
    (site.folder / "partners" / "accounting.yaml").write_text(ACCOUNTING)
    site.drop_master()
    site.drop("acme", "orders.edi", purchase_order(order("PO-1"), order("PO-2")))
    site.run()
    site.drop("warehouse", "confirm.csv", CONFIRMED)
    site.run(BILLED)
    return site


@pytest.fixture
def site(played: PlayedSite, tmp_path: Path) -> PlayedSite:
    return played.copy(tmp_path / "site")


def pay(site: PlayedSite, *rows: str, name: str = "bank.csv") -> None:
    site.drop("accounting", name, HEAD + "\n".join(rows) + "\n")
    site.run(LATER)


def statuses(site: PlayedSite) -> dict[str, str]:
    return {each["order_number"]: each["status"] for each in site.json("orders", "list")}


def test_the_same_bytes_again_are_not_booked_again(site: PlayedSite) -> None:
    row = "B1,2026-12-10,acme,50.00,,,,,"
    pay(site, row)
    pay(site, row, name="again.csv")

    assert [each["amount"] for each in site.json("payments", "list")] == ["50.00"]
    states = {each["file"]: each["state"] for each in site.json("files", "list", "--partner", "accounting")}
    assert states == {"bank.csv": "processed", "again.csv": "duplicate"}


def test_the_same_payment_in_another_file_is_not_booked_again(site: PlayedSite) -> None:
    pay(site, "B1,2026-12-10,acme,179.90,INV0000001,179.90,,,")
    pay(site, "B1,2026-12-10,acme,179.9,INV0000001,179.9,,,", "B2,2026-12-10,acme,1.00,,,,,", name="more.csv")

    assert [each["payment_number"] for each in site.json("payments", "list")] == ["B1", "B2"]
    assert site.json("holds", "list") == []
    assert statuses(site) == {"SO-1": "paid", "SO-2": "invoiced"}


def test_a_payment_by_hand_goes_the_same_way(site: PlayedSite) -> None:
    said = site.gateway(
        "payments", "new", "CHK-1", "--partner", "acme", "--amount", "200.00", "--date", "2026-12-10",
        "--invoice", "INV0000002=179.90", "--note", "cheque by mail", "--who", "dana", "--now", LATER,
    )  # fmt: skip

    assert said.out == "payment CHK-1 of acme: 200.00 USD, 179.90 applied, 20.10 unapplied\n"
    assert statuses(site) == {"SO-1": "invoiced", "SO-2": "paid"}
    again = site.gateway(
        "payments", "new", "CHK-1", "--partner", "acme", "--amount", "1", "--note", "x", "--now", LATER
    )
    assert again.code == 8
    assert "was booked before: 200.00 USD of 2026-12-10" in again.err


def test_an_order_is_open_again_when_its_payment_is_taken_off(site: PlayedSite) -> None:
    pay(site, "B1,2026-12-10,acme,179.90,INV0000001,179.90,,,")

    site.gateway("payments", "unapply", "B1", "--note", "wrong invoice", "--now", LATER)
    site.gateway("payments", "apply", "B1", "--oldest", "--note", "right after all", "--now", LATER)

    assert statuses(site) == {"SO-1": "paid", "SO-2": "invoiced"}
    events = [each["event"] for each in site.json("orders", "show", "SO-1")["events"]]
    assert events[-3:] == ["OrderPaid", "OrderReopened", "OrderPaid"]


def test_a_claim_that_is_accepted_settles_the_invoice_and_the_order(site: PlayedSite) -> None:
    pay(site, "B1,2026-12-10,acme,170.00,INV0000001,170.00,,9.90,06")
    assert statuses(site)["SO-1"] == "invoiced"

    said = site.gateway("claims", "accept", "CL-1", "--note", "damaged", "--now", LATER)

    assert said.out == "CL-1 is accepted, 0.00 still open; INV0000001 is settled by so much\n"
    assert statuses(site)["SO-1"] == "paid"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("payments refund NONE --note n", 5, "There is no payment 'NONE'."),
        ("payments new X --partner acme --amount a.b --note n", 2, "'a.b' is not an amount."),
        ("payments new X --partner acme --amount 1.005 --note n", 2, "'1.005' is not an amount."),
        ("payments new X --partner acme --amount 1 --date 1.12.2026 --note n", 2, "'1.12.2026' is not a date."),
        ("payments new X --partner nobody --amount 1 --note n", 5, "There is no partner 'nobody'."),
        ("payments apply B1 --invoice INV0000002 --oldest --note n", 2, "It is not clear what the payment is for."),
        ("payments apply B1 --invoice NONE --note n", 5, "acme has no invoice 'NONE'."),
        ("payments apply B1 --invoice INV0000002 --amount 6 --note n", 8, "Payment B1 has 5.00 unapplied, not 6.00."),
        ("payments apply-credit INV0000001 --invoice INV0000002 --note n", 8, "INV0000001 is no credit."),
        ("payments refund B1 --amount 6 --note n", 8, "Payment B1 has 5.00 unapplied."),
        ("payments move B1 --to acme --note n", 2, "Payment B1 belongs to acme already."),
        ("payments unapply B1 --note n", 8, "Nothing of payment B1 is applied there."),
        ("claims accept CL-9 --note n", 5, "There is no claim 'CL-9'."),
        ("claims reject CL-9 --note ''", 2, "It needs a note that says why."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(site: PlayedSite, words: str, code: int, said: str) -> None:
    pay(site, "B1,2026-12-10,acme,5.00,,,,,")

    answer = site.gateway(*shlex.split(words), "--now", LATER)

    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_a_claim_about_an_unknown_invoice_waits(site: PlayedSite) -> None:
    acme = site.folder / "partners" / "acme.yaml"
    acme.write_text(acme.read_text().replace("documents:\n", "documents:\n  claim: {in: x12/812}\n"))
    body = ["BCD*20261130*DM-55*L*3000*D**INV0000099", "N1*BY*ACME STORES*92*0001", "CDD*01*D**3000"]
    segments = [
        f"ISA*00*          *00*          *ZZ*{'ACMESTORES':<15}*ZZ*{'NORTHWIND':<15}*261201*0815*U*00401*000000077*0*P*>",
        "GS*CD*ACMESTORES*NORTHWIND*20261201*0815*77*X*004010", "ST*812*0001", *body, "SE*5*0001", "GE*1*77",
        "IEA*1*000000077",
    ]  # fmt: skip
    site.drop("acme", "claim.edi", "~\n".join(segments) + "~\n")
    site.run(LATER)

    (hold,) = site.json("holds", "list")
    assert hold["code"] == "C-CLAIM"
    assert hold["reason"] == "Claim DM-55 of Acme Stores: there is no invoice INV0000099."


def test_lists_are_readable_and_say_when_there_is_nothing(site: PlayedSite) -> None:
    assert site.gateway("payments", "list").out == "no payments\n"
    assert site.gateway("claims", "list").out == "no claims\n"
    assert site.gateway("payments", "dun", "--dry-run", "--now", LATER).out == "no reminders are due\n"
    pay(site, "B1,2026-12-10,acme,170.00,INV0000001,160.00,,9.90,06")

    assert "10.00 more" not in site.gateway("payments", "list", "--unapplied").out
    assert "more than the remittance names" in site.gateway("payments", "list", "--unapplied").out
    assert "kept back from payment B1" in site.gateway("claims", "list").out
    assert "kept back from payment B1" in site.gateway("claims", "show", "CL-1").out
    assert "named in the remittance" in site.gateway("payments", "show", "B1").out
    assert "acme" in site.gateway("payments", "ageing", "--now", LATER).out


def test_a_paid_order_is_closed_by_a_person_and_open_again_when_something_is_to_come_back(site: PlayedSite) -> None:
    close = ("orders", "close", "SO-1", "--reason", "filed", "--now", LATER)
    assert site.gateway(*close).code == 8
    pay(site, "B1,2026-12-10,acme,179.90,INV0000001,179.90,,,")
    assert site.gateway(*close).code == 0

    shown = site.json("orders", "show", "SO-1")
    assert (shown["status"], shown["billing_status"], shown["payment_status"]) == ("closed", "invoiced", "paid")

    back = ("--line", "1", "--quantity", "1", "--reason", "damaged", "--now", LATER)
    assert site.gateway("returns", "request", "SO-1", *back).code == 0
    assert statuses(site)["SO-1"] == "paid"
    refused = site.gateway(*close)
    assert refused.code == 8
    assert "RMA-1" in refused.err


def test_an_order_is_paid_when_its_rest_is_cancelled_after_the_payment(site: PlayedSite) -> None:
    site.drop("acme", "po-3.edi", purchase_order(order("PO-3", "PO1*1*12*EA*54*PE*VP*COOLER-24"), control=3))
    site.run(BILLED)
    site.drop("warehouse", "s3.csv", CONFIRMED.splitlines()[0] + "\nS3,SO-3,1,COOLER-24,10,EA,2026-11-23,UPGN,DAL\n")
    site.run(BILLED)
    pay(site, "B1,2026-12-10,acme,540.00,INV0000003,540.00,,,")
    assert statuses(site)["SO-3"] == "partially_invoiced"

    site.gateway("orders", "cancel", "SO-3", "--reason", "the buyer called", "--now", LATER)

    assert statuses(site)["SO-3"] == "paid"
    assert site.json("orders", "show", "SO-3")["events"][-1]["event"] == "OrderPaid"


def test_money_is_booked_to_the_cent(site: PlayedSite) -> None:
    pay(site, "B1,2026-12-10,acme,179.905,INV0000001,179.899,,,")

    (paid,) = site.json("payments", "list")
    assert (paid["amount"], paid["applied"], paid["unapplied"]) == ("179.91", "179.90", "0.01")
    assert statuses(site)["SO-1"] == "paid"
