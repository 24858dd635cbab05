"""What people do with orders and holds by command, and answers at the deadline, on a whole site."""

import json
from typing import Any

import pytest

from tests.site.harness import FRIDAY, MONDAY, PlayedSite, order, purchase_order

CHEAP = "PO1*1*24*EA*50.00*PE*VP*TENT-2P"
WHERE = ("--address", "address1=1400 Commerce Park", "--address", "city=Fort Worth")
CSV_PARTNER = """gateway: 1
partner: nordbau
name: Nordbau
documents:
  order: {in: csv/order}
  order_receipt: {out: csv/order-receipt, within: 2h}
"""
CSV_ORDER = """po_number,po_date,ship_to_name,address1,city,line,sku,quantity,uom,unit_price
N-1,2026-11-20,Nordbau,Hafen 1,Bremen,1,TENT-2P,4,EA,50.00
N-1,2026-11-20,Nordbau,Hafen 1,Bremen,2,HAMMOCK,2,EA,9.00
"""


def held(site: PlayedSite, po_number: str, *lines: str) -> list[dict[str, Any]]:
    site.drop("acme", f"{po_number}.edi", purchase_order(order(po_number, *lines), control=int(po_number[2:])))
    site.run()
    return [each for each in site.json("holds", "list") if each["po_number"] == po_number]


def test_a_hold_is_shown_with_figures_owner_age_release_rule_and_effect(site: PlayedSite) -> None:
    (hold,) = held(site, "D-1", CHEAP)
    shown = site.json("holds", "show", hold["id"], "--now", "2026-11-21T22:05:00Z")
    assert shown.items() >= hold.items()
    assert (shown["owner"], shown["age"]) == ("sales", "1 d 2 h")
    assert "accept ours or theirs" in shown["release"]
    assert "not decided" in shown["effect"]
    told = site.gateway("holds", "show", "D-1", "--now", FRIDAY).out
    assert "C-PRICE" in told
    assert "age: 0 min" in told
    assert site.gateway("holds", "show", "H-0").code == 5


def test_an_order_with_several_holds_asks_which_one_is_meant(site: PlayedSite) -> None:
    held(site, "D-2", CHEAP)
    assert site.gateway("orders", "hold", "D-2", "--reason", "wait", "--now", FRIDAY).code == 0
    answer = site.gateway("holds", "show", "D-2")
    assert (answer.code, "Name one by its id" in answer.err) == (2, True)


def test_rejecting_the_hold_of_an_order_rejects_the_order_and_tells_the_partner(site: PlayedSite) -> None:
    (hold,) = held(site, "D-3", CHEAP)
    answer = site.gateway("holds", "reject", hold["id"], "--note", "too cheap", "--who", "jim", "--now", FRIDAY)
    assert (answer.code, "the partner is told" in answer.out) == (0, True)
    shown = site.json("orders", "show", "D-3")
    assert shown["status"] == "rejected"
    assert {each["who"] for each in shown["events"][-2:]} == {"jim"}
    (ack,) = (content for name, content in site.outbox("acme").items() if name.startswith("855"))
    assert b"BAK*00*RD*D-3*" in ack


def test_accepting_takes_their_price_and_leaves_other_holds_alone(site: PlayedSite) -> None:
    held(site, "D-4", CHEAP)
    site.gateway("orders", "hold", "D-4", "--reason", "wait", "--now", FRIDAY)
    assert site.gateway("orders", "accept", "D-4", "--note", "by phone", "--who", "jim", "--now", FRIDAY).code == 0
    shown = site.json("orders", "show", "D-4")
    assert [each["code"] for each in shown["holds"]] == ["C-MANUAL"]
    assert site.gateway("orders", "release", "D-4", "--note", "go on", "--now", FRIDAY).code == 0
    assert site.json("orders", "show", "D-4")["lines"][0]["unit_price"] == "50"
    assert site.gateway("orders", "accept", "D-4", "--note", "again", "--now", FRIDAY).code == 5


def test_a_release_of_all_holds_answers_the_price_and_ends_the_rest(site: PlayedSite) -> None:
    held(site, "D-5", CHEAP)
    site.gateway("orders", "hold", "D-5", "--reason", "wait", "--now", FRIDAY)
    answer = site.gateway("holds", "release", "D-5", "--accept", "ours", "--note", "as listed", "--now", FRIDAY)
    assert answer.code == 0, answer
    assert site.json("orders", "show", "D-5")["lines"][0]["codes"] == ["price_changed"]


def test_a_hold_is_corrected_by_its_id(site: PlayedSite) -> None:
    (hold,) = held(site, "D-6", CHEAP)
    words = ("holds", "correct", hold["id"], "--note", "digits", "--now", FRIDAY)
    assert site.gateway(*words, "--price", "89.95").code == 2
    assert site.gateway(*words, "--line", "1").code == 2
    assert site.gateway(*words, "--address", "town=Austin").code == 2
    assert site.gateway(*words, "--line", "1", "--price", "89.95").code == 0
    assert site.json("orders", "show", "D-6")["status"] == "released"
    assert site.gateway(*words, "--line", "1", "--price", "89.95").code == 5


def test_another_ship_to_code_takes_the_old_address_away(site: PlayedSite) -> None:
    held(site, "D-7", CHEAP)
    words = ("orders", "correct", "D-7", "--ship-to-id", "0009", "--note", "other dock", "--now", FRIDAY)
    assert site.gateway(*words).code == 0
    codes = [each["code"] for each in site.json("orders", "show", "D-7")["holds"]]
    assert codes == ["C-PRICE", "C-ADDRESS"]


def test_an_order_of_a_file_is_placed_like_one_of_the_partners(site: PlayedSite) -> None:
    file = site.folder / "order.yaml"
    file.write_text(
        "po_number: D-8\nship_to: {name: ACME, address1: 1 Main St, city: Austin}\nlines:\n"
        '  - {number: "1", quantity: "4", uom: EA, unit_price: "89.95", ids: {buyer_sku: ACM-20117}}\n',
        encoding="utf-8",
    )
    answer = site.gateway("orders", "new", str(file), "--partner", "acme", "--who", "anna", "--now", FRIDAY)
    assert (answer.code, answer.out) == (0, "SO-1 (PO D-8) is released\n")
    shown = site.json("orders", "show", "D-8")
    assert {each["who"] for each in shown["events"]} == {"anna"}
    assert site.json("trace", "D-8")["files"][0]["file"] == "order D-8 by anna"
    again = site.gateway("orders", "new", str(file), "--partner", "acme", "--now", MONDAY)
    assert again.out == "SO-1 (PO D-8) is released (it was there already)\n"


@pytest.mark.parametrize(("text", "said"), [
    ("po_number: D-9\nlines:\n  - {quantity: ten, uom: EA}\n", "order.yaml:3:"),
    ("po_nummer: D-9\n", "po_nummer"),
    ("", "order.yaml"),
])  # fmt: skip
def test_a_file_that_is_no_order_is_refused_with_the_place(site: PlayedSite, text: str, said: str) -> None:
    file = site.folder / "order.yaml"
    file.write_text(text, encoding="utf-8")
    answer = site.gateway("orders", "new", str(file), "--partner", "acme", "--now", FRIDAY)
    assert (answer.code != 0, said in answer.out + answer.err) == (True, True), answer


@pytest.mark.parametrize("words", [
    ("--po", "D-10"), ("--line", "TENT-2P:1"), ("--po", "D-10", "--line", "TENT-2P"),
    ("--po", "D-10", "--line", "TENT-2P:two"), ("--po", "D-10", "--line", "TENT-2P:1:EA:1:1"),
    ("--po", "D-10", "--line", "TENT-2P:1", "--po-date", "tomorrow"),
])  # fmt: skip
def test_options_that_say_no_order_are_refused_and_nothing_is_placed(site: PlayedSite, words: tuple[str, ...]) -> None:
    answer = site.gateway("orders", "new", "--partner", "acme", *words, *WHERE, "--now", FRIDAY)
    assert (answer.code, site.json("orders", "list")) == (2, [])
    assert site.gateway("orders", "new", "--partner", "nobody", "--po", "D-1", "--line", "TENT-2P:1").code == 5


def test_a_csv_sender_reads_at_the_deadline_that_the_order_is_on_hold(site: PlayedSite) -> None:
    (site.folder / "partners" / "nordbau.yaml").write_text(CSV_PARTNER, encoding="utf-8")
    site.drop("nordbau", "order.csv", CSV_ORDER)
    site.run(FRIDAY)
    assert site.outbox("nordbau") == {}
    site.run("2026-11-20T22:00:00Z")
    (receipt,) = site.outbox("nordbau").values()
    assert receipt.decode().splitlines() == [
        "po_number,line,sku,status,quantity,unit_price,promised_date,reason",
        "N-1,1,TENT-2P,on_hold,4,50.00,,we are still checking the order",
        "N-1,2,HAMMOCK,rejected,2,9.00,,we have no such item",
    ]
    before = site.state()
    site.run("2026-11-20T22:00:00Z")
    assert site.state() == before
    assert site.gateway("orders", "accept", "N-1", "--note", "fine", "--now", MONDAY).code == 0
    assert len(site.outbox("nordbau")) == 2


def test_an_alert_about_a_late_answer_ends_with_the_answer(site: PlayedSite) -> None:
    path = site.folder / "partners" / "acme.yaml"
    said = path.read_text(encoding="utf-8").replace("{out: x12/855}", "{out: x12/855, within: 1h, at_deadline: none}")
    path.write_text(said, encoding="utf-8")
    held(site, "D-11", CHEAP)
    site.run("2026-11-20T20:45:00Z")
    codes = [each["code"] for each in site.json("holds", "list")]
    assert codes == ["C-PRICE", "C-ANSWER-LATE"]
    before = site.state()
    site.run("2026-11-20T22:00:00Z")
    assert site.state() == before
    assert site.gateway("orders", "reject", "D-11", "--reason", "no", "--now", MONDAY).code == 0
    assert site.json("holds", "list") == []


def test_an_alert_about_a_late_answer_that_somebody_closed_stays_closed(site: PlayedSite) -> None:
    path = site.folder / "partners" / "acme.yaml"
    said = path.read_text(encoding="utf-8").replace("{out: x12/855}", "{out: x12/855, within: 1h, at_deadline: none}")
    path.write_text(said, encoding="utf-8")
    held(site, "D-15", CHEAP)
    site.run("2026-11-20T20:45:00Z")
    (alert,) = [each["id"] for each in site.json("holds", "list") if each["code"] == "C-ANSWER-LATE"]
    closed = site.gateway("holds", "reject", alert, "--note", "we called them", "--now", "2026-11-20T20:50:00Z")
    assert closed.code == 0

    site.run("2026-11-20T20:55:00Z")
    site.run("2026-11-20T22:00:00Z")

    assert [each["code"] for each in site.json("holds", "list")] == ["C-PRICE"]


def test_an_order_decided_in_time_is_never_answered_on_hold(site: PlayedSite) -> None:
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{out: x12/855}", "{out: x12/855, within: 1h}"), "utf-8")
    held(site, "D-12")
    before = site.state()
    site.run("2026-11-20T22:00:00Z")
    assert site.state() == before
    assert len([name for name in site.outbox("acme") if name.startswith("855")]) == 1


def test_an_order_that_wants_no_answer_has_no_clock(site: PlayedSite) -> None:
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{out: x12/855}", "{out: x12/855, within: 1h}"), "utf-8")
    body = order("D-15", CHEAP).replace("BEG*00*SA*D-15**20261120", "BEG*00*SA*D-15**20261120**NA")
    site.drop("acme", "na.edi", purchase_order(body, control=15))
    site.run()
    before = site.state()
    site.run(MONDAY)
    assert site.state() == before


def test_customers_and_open_items_are_imported_for_the_house_and_refused_row_by_row(site: PlayedSite) -> None:
    for kind, text, new in (
        ("customers", "partner,credit_limit,net_days\nacme,500.00,14\nacme,-1,\nnobody,1,\n", 1),
        (
            "open-items",
            "partner,invoice_number,due_date,open_amount\nacme,88-1,2026-12-01,450.00\nacme,88-2,soon,1\n",
            1,
        ),
    ):
        file = site.folder / f"{kind}.csv"
        file.write_text(text, encoding="utf-8")
        answer = site.gateway("import", kind, str(file), "--now", FRIDAY)
        assert (answer.code, f"{new} new" in answer.out) == (1, True), answer
    told = site.gateway("partner", "show", "acme").out
    assert "terms.credit.limit: 500.00  (customers.csv of 2026-11-20)" in told
    assert "terms.payment.net_days: 14  (customers.csv of 2026-11-20; the partner file says 30)" in told
    (hold,) = held(site, "D-13")
    assert hold["code"] == "C-CREDIT"
    assert "open items 450.00" in hold["reason"]


def test_what_people_do_is_refused_without_a_reason(site: PlayedSite) -> None:
    held(site, "D-14")
    for words in (
        ("orders", "hold", "D-14", "--reason", " "), ("orders", "cancel", "D-14", "--reason", ""),
        ("orders", "correct", "D-14", "--line", "1", "--price", "1", "--note", ""),
    ):  # fmt: skip
        assert site.gateway(*words, "--now", FRIDAY).code == 2
    assert json.dumps(site.json("orders", "show", "D-14")["holds"]) == "[]"
