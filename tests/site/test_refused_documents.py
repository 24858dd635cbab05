"""What a partner did not take stands where somebody looks: in the lists of orders and invoices, and first on each."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.site.harness import PlayedSite
from tests.site.test_answers import answer_file
from tests.site.test_bundles import agree_on_runs, played
from tests.site.test_invoices import DAILY, EVENING, acme, shipped

TUESDAY, WEDNESDAY = "2026-11-24T16:00:00Z", "2026-11-25T16:00:00Z"
GROUPS = {"855": "PR", "856": "SH", "810": "IN"}


def sent(site: PlayedSite, document: str, number: str = "") -> dict[str, Any]:
    """The last file of a kind that left for ACME."""
    found = [
        each
        for each in site.json("dispatch", "list", "--partner", "acme", "--document", document)
        if number in each["number"]
    ]
    return dict(found[-1])


def answer(site: PlayedSite, control: int, document: str, verdicts: Mapping[str, str], number: str = "", now: str = TUESDAY) -> dict[str, Any]:  # fmt: skip
    """Let ACME answer the last file of a kind; a verdict for each set."""
    file = sent(site, document, number)
    good = sum(each == "A" for each in verdicts.values())
    whole = "A" if good == len(verdicts) else "P" if good else "R"
    sets = [each for name, verdict in verdicts.items() for each in (f"AK2*{document}*{name}", *faults(verdict))]
    ends = f"AK9*{whole}*{len(verdicts)}*{len(verdicts)}*{good}"
    group = f"AK1*{GROUPS[document]}*{int(file['control_number'])}"
    site.drop("acme", f"{control}.edi", answer_file(control, "FA", group, *sets, ends))
    site.run(now)
    return file


def faults(verdict: str) -> list[str]:
    return ["AK5*A"] if verdict == "A" else ["AK3*ST*1**8", "AK5*R*5"]


def marks(site: PlayedSite) -> dict[str, list[str]]:
    """The documents that were refused, for each order."""
    rows = site.json("orders", "list")
    return {row["order_number"]: [each["document"] for each in row["rejected"]] for row in rows if row["rejected"]}


def test_a_refused_ship_notice_and_invoice_stand_in_the_lists_and_first_on_the_order(site: PlayedSite) -> None:
    shipped(site, "acme-orders-1.edi")
    assert marks(site) == {}
    assert "rejected" not in site.gateway("orders", "list").out
    assert "rejected" not in site.gateway("invoices", "list").out
    notice = answer(site, 901, "856", {"0001": "R"})
    bill = answer(site, 902, "810", {"0001": "R"})

    (order,) = {site.json("dispatch", "show", each["id"])["order_number"] for each in (notice, bill)}
    assert marks(site) == {order: ["856", "810"]}
    listed = site.gateway("orders", "list").out
    assert re.search(rf"{order} .*  856, 810$", listed, re.MULTILINE)
    shown = site.gateway("orders", "show", order).out
    head = shown[: shown.index("lines:")]
    for file in (notice, bill):
        assert f"(control number {file['control_number']})" in head
        assert f"-> gateway dispatch show {file['id']}" in head
    assert "rejected: Acme Stores rejected the ship notice" in head
    assert "Correct what they name and send the document again" in head
    assert shown.count("Acme Stores rejected the ship notice") == 1
    (whole,) = [each for each in site.json("orders", "show", order)["rejected"] if each["document"] == "810"]
    assert (whole["state"], whole["kind"], whole["codes"], whole["dispatch"]) == ("rejected", "997", ["5"], bill["id"])

    (row,) = [each for each in site.json("invoices", "list") if each["rejected"]]
    assert row["invoice_number"] == bill["number"]
    assert re.search(rf"{bill['number']} .*  810$", site.gateway("invoices", "list").out, re.MULTILINE)
    told = site.gateway("invoices", "show", bill["number"]).out
    assert told.splitlines()[1].startswith("  rejected: Acme Stores rejected the invoice")
    assert told.count("Acme Stores rejected the invoice") == 1
    (file,) = [each for each in site.json("dispatch", "list") if each["id"] == bill["id"]]
    assert file["answer"] == "rejected"
    assert "rejected" in site.gateway("dispatch", "list", "--document", "810").out


def test_the_mark_goes_when_they_take_it_or_another_one_leaves_in_its_place(site: PlayedSite) -> None:
    shipped(site, "acme-orders-1.edi")
    notice = answer(site, 901, "856", {"0001": "R"})
    answer(site, 902, "810", {"0001": "R"})
    answer(site, 903, "810", {"0001": "A"}, now=WEDNESDAY)
    (order,) = marks(site)
    assert marks(site) == {order: ["856"]}
    done = site.gateway(
        "dispatch", "resend", notice["id"], "--new-number", "--note", "they mended it", "--now", WEDNESDAY
    )
    assert done.code == 0, done
    assert marks(site) == {}
    answer(site, 904, "856", {"0001": "R"}, number=notice["number"], now=WEDNESDAY)
    assert marks(site) == {order: ["856"]}
    assert all(each["verdict"] != "A" for each in site.json("dispatch", "show", notice["id"])["answers"])


def test_an_invoice_of_several_orders_is_marked_on_each(site: PlayedSite) -> None:
    acme(site, DAILY)
    shipped(site, "acme-orders-1.edi")
    site.run(EVENING)
    (invoice,) = site.json("invoices", "list")
    assert len(invoice["order_numbers"]) > 1
    answer(site, 901, "810", {"0001": "R"})
    assert marks(site) == {each: ["810"] for each in invoice["order_numbers"]}


@pytest.mark.parametrize("whole", [False, True])
def test_of_documents_that_left_together_the_one_that_is_meant_is_marked(site: PlayedSite, whole: bool) -> None:  # noqa: FBT001 - a case
    agree_on_runs(site)
    played(site)
    file = sent(site, "810")
    rows = site.rows("SELECT set_number, order_number FROM owed_documents WHERE name = '810' ORDER BY sequence")
    assert len(rows) > 1
    order_of = {name: str(order) for name, order in rows}
    if whole:
        site.drop("acme", "901.edi", answer_file(901, "FA", f"AK1*IN*{int(file['control_number'])}", f"AK9*R*{len(rows)}*{len(rows)}*0"))  # fmt: skip
        site.run(TUESDAY)
        assert marks(site) == {each: ["810"] for each in order_of.values()}
    else:
        answer(site, 901, "810", {name: "R" if name == "0002" else "A" for name in order_of})
        assert marks(site) == {order_of["0002"]: ["810"]}
