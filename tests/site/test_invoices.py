"""What people do with invoices on a site: refusals in words, one order of several, nothing done twice, tests apart."""

import pytest

from tests.site.harness import DEMO, FRIDAY, MONDAY, PlayedSite

DAILY = "documents:\n  order: {in: x12/850}\n  acknowledgment: {out: x12/855}\n  shipment: {out: x12/856}\n  invoice: {out: x12/810, when: daily 18:00}\n"
EVENING = "2026-11-24T00:30:00Z"
WHY = ("--reason", "why")


def acme(site: PlayedSite, documents: str = "", status: str = "live") -> None:
    path = site.folder / "partners" / "acme.yaml"
    text = path.read_text(encoding="utf-8").replace("status: live", f"status: {status}")
    if documents:
        head, _, rest = text.partition("documents:\n")
        text = head + documents + rest[rest.index("terms:") :]
    path.write_text(text, encoding="utf-8")


def shipped(site: PlayedSite, *files: str) -> None:
    """The orders of the demo files, all of them shipped on Monday."""
    site.drop_master()
    for name in files:
        site.drop("acme", name, (DEMO / name).read_bytes())
    site.run(FRIDAY)
    site.confirm_everything()
    site.run(MONDAY)


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> PlayedSite:
    from tests.site.harness import new_site  # noqa: PLC0415 - the site of this module only

    site = new_site(tmp_path_factory.mktemp("billed") / "site")
    shipped(site, "acme-orders-1.edi")
    return site


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("show", "INV9"), 5, "There is no invoice 'INV9'"),
        (("credit", "INV9", "--all", *WHY), 5, "There is no invoice 'INV9'"),
        (("credit", "INV0000001", "--quantity", "2", *WHY), 2, "belongs to a line"),
        (("credit", "INV0000001", "--line", "1", "--quantity", "two", *WHY), 2, "'two' is not a number"),
        (("credit", "INV0000001", "--line", "1", "--price", "-4", *WHY), 2, "without a sign"),
        (("credit", "INV0000001", "--all", "--reason", " "), 2, "needs a reason"),
        (("credit", "INV0000001", "--all", "--order", "SO-9", *WHY), 5, "of order SO-9"),
        (("credit", "INV0000001", "--line", "9", *WHY), 8, "has no line 9"),
        (("credit", "INV0000001", "--freight", "5", *WHY), 8, "of freight cannot be credited"),
        (("credit", "INV0000001", *WHY), 8, "Say --line with --quantity or --price"),
        (("rebill", "INV0000001", *WHY), 8, "Nothing says what of INV0000001"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words_and_changes_nothing(
    billed: PlayedSite, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = billed.state()

    answer = billed.gateway("invoices", *arguments)

    assert answer.code == code, answer
    assert said in answer.err
    assert billed.state() == before


def test_a_line_of_an_invoice_over_several_orders_needs_its_order(site: PlayedSite) -> None:
    acme(site, DAILY)
    shipped(site, "acme-orders-1.edi")
    assert site.json("invoices", "list") == []
    site.run(EVENING)
    (invoice,) = site.json("invoices", "list")
    assert len(invoice["order_numbers"]) > 1

    unclear = site.gateway("invoices", "credit", "INV0000001", "--line", "1", *WHY)
    clear = site.gateway("invoices", "credit", "INV0000001", "--line", "1", "--order", "SO-1", *WHY)
    rest = site.gateway("invoices", "credit", "INV0000001", "--all", *WHY)

    assert (unclear.code, "Say which one with --order" in unclear.err) == (2, True)
    assert (clear.code, rest.code) == (0, 0), (clear, rest)
    rows = site.json("invoices", "list")
    assert {row["state"] for row in rows if row["kind"] == "invoice"} == {"credited"}
    assert [row["order_numbers"] for row in rows if row["invoice_number"] == "CM0000002"] == [invoice["order_numbers"]]


def test_a_day_is_billed_once(site: PlayedSite) -> None:
    acme(site, DAILY)
    shipped(site, "acme-orders-1.edi")
    site.run(EVENING)
    before = site.state()

    site.run("2026-11-24T03:00:00Z")
    site.run("2026-11-25T03:00:00Z")

    assert site.state() == before


def test_a_change_of_the_agreement_bills_what_waited(site: PlayedSite) -> None:
    acme(site, DAILY)
    shipped(site, "acme-orders-1.edi")
    acme(site, DAILY.replace(", when: daily 18:00", ""))

    site.run(MONDAY)

    billed = [row["order_numbers"] for row in site.json("invoices", "list")]
    assert billed == [["SO-1"], ["SO-2"]]


def test_nothing_of_a_partner_in_testing_reaches_the_ledger_or_accounting(site: PlayedSite) -> None:
    acme(site, status="testing")
    site.drop_master()
    site.drop("acme", "orders.edi", (DEMO / "acme-orders-1.edi").read_bytes())
    site.run(FRIDAY)
    assert site.json("invoices", "list") == []
    assert site.outbox("accounting") == {}
