"""From an 850 in an inbox to 997, 855, 856, 810 and the invoice file, as a user and a partner see it."""

import csv
import io
from decimal import Decimal

from gateway.formats.x12 import verify
from gateway.formats.x12.second_opinion import errors as errors_of_pyx12
from tests.site.harness import DEMO, MONDAY, PlayedSite, order, purchase_order


def segments(content: bytes) -> list[list[str]]:
    text = content.decode()
    separator, terminator = text[3], text[105]
    return [segment.strip().split(separator) for segment in text.split(terminator) if segment.strip()]


def of_set(files: dict[str, bytes], set_id: str) -> list[list[list[str]]]:
    found = [segments(content) for content in files.values()]
    return [each for each in found if any(segment[:2] == ["ST", set_id] for segment in each)]


def play(site: PlayedSite) -> None:
    for name in ("acme-orders-1.edi", "acme-orders-2.edi"):
        site.drop("acme", name, (DEMO / name).read_bytes())
    site.run()
    site.confirm_everything()
    site.run(MONDAY)


def test_every_x12_file_we_send_is_read_without_a_fault_by_both_readers(site: PlayedSite) -> None:
    play(site)
    files = site.outbox("acme")
    assert {one for name in files for one in ("997", "855", "856", "810") if f"{one}_" in name} == {
        "997",
        "855",
        "856",
        "810",
    }
    for name, content in files.items():
        assert verify.faults(content) == [], name
        assert errors_of_pyx12(content) == [], name


def test_control_numbers_never_repeat_and_agree_between_header_and_trailer(site: PlayedSite) -> None:
    play(site)
    numbers = []
    for content in site.outbox("acme").values():
        by_id = {segment[0]: segment for segment in segments(content)}
        numbers.append(by_id["ISA"][13])
        assert by_id["ISA"][13] == by_id["IEA"][2]
        if "TA1" in by_id:
            assert by_id["IEA"][1] == "0"
            continue
        assert by_id["GS"][6] == by_id["GE"][2] == str(int(by_id["ISA"][13]))
    assert len(set(numbers)) == len(numbers)


def test_totals_agree_to_the_cent_between_810_lines_and_accounting(site: PlayedSite) -> None:
    play(site)
    billed = {}
    for invoice in of_set(site.outbox("acme"), "810"):
        lines = sum(Decimal(s[2]) * Decimal(s[4]) for s in invoice if s[0] == "IT1")
        total = next(Decimal(s[1]) / 100 for s in invoice if s[0] == "TDS")
        number = next(s[2] for s in invoice if s[0] == "BIG")
        assert lines == total
        billed[number] = total
    booked: dict[str, Decimal] = {}
    for content in site.outbox("accounting").values():
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        amount = sum((Decimal(row["amount"]) for row in rows), Decimal(0))
        assert {Decimal(row["total"]) for row in rows} == {amount}
        booked[rows[0]["invoice_number"]] = amount
    assert billed
    assert booked == billed


def test_what_was_shipped_is_what_was_confirmed_and_invoiced(site: PlayedSite) -> None:
    play(site)
    orders = [site.json("orders", "show", row["order_number"]) for row in site.json("orders", "list")]
    shipped = [line for one in orders for line in one["lines"] if Decimal(line["shipped"])]
    assert shipped
    assert all(line["shipped"] == line["invoiced"] for line in shipped)


def test_a_second_run_changes_nothing(site: PlayedSite) -> None:
    play(site)
    before = site.state()
    site.run(MONDAY)
    assert site.state() == before


def test_a_bad_set_between_good_ones_is_rejected_alone_and_the_good_ones_are_orders(site: PlayedSite) -> None:
    site.drop(
        "acme", "three.edi", purchase_order(order("A-1"), order("A-2", "PO1*1**EA*89.95**VP*TENT-2P"), order("A-3"))
    )
    site.run()
    assert [row["po_number"] for row in site.json("orders", "list")] == ["A-1", "A-3"]
    (answer,) = of_set(site.outbox("acme"), "997")
    assert ["AK9", "P", "3", "3", "2"] in answer
    assert ["AK5", "R", "5"] in answer
    (hold,) = site.json("holds", "list")
    assert (hold["code"], hold["file"]) == ("X-REJECTED", "three.edi")
    assert hold["reason"] == (
        "The purchase order in set 0002 (850) was rejected. Segment 7: PO102 (quantity ordered) is missing; PO103 requires it. "
        "Acme Stores has to: fill in PO102, or leave out what requires it."
    )
    assert len(of_set(site.outbox("acme"), "855")) == 2


def test_an_item_nobody_knows_is_answered_r2_on_its_line_and_the_others_go_on(site: PlayedSite) -> None:
    site.drop(
        "acme", "po.edi", purchase_order(order("B-1", "PO1*1*2*EA*89.95**VP*TENT-2P", "PO1*2*3*EA*1.00**VP*NO-SUCH"))
    )
    site.run()
    (answer,) = of_set(site.outbox("acme"), "855")
    assert [s[1] for s in answer if s[0] == "ACK"] == ["IA", "R2"]
    lines = site.json("orders", "show", "B-1")["lines"]
    assert [(line["allocated"], line["rejected"]) for line in lines] == [("2", "0"), ("0", "3")]


def test_the_same_file_again_is_answered_again_with_the_same_bytes_and_no_new_order(site: PlayedSite) -> None:
    content = purchase_order(order("C-1"))
    site.drop("acme", "po.edi", content)
    site.run()
    before = site.outbox("acme")
    for path in (site.folder / "outbox" / "acme").glob("*997*"):
        path.unlink()
    site.drop("acme", "po-again.edi", content)
    site.run()
    assert site.outbox("acme") == before
    assert len(site.json("orders", "list")) == 1


def test_a_control_number_used_before_with_other_content_is_held(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("C-1")))
    site.run()
    site.drop("acme", "po2.edi", purchase_order(order("C-2")))
    site.run()
    assert [hold["code"] for hold in site.json("holds", "list")] == ["X-DUP-ICN"]
    assert len(site.json("orders", "list")) == 1


def test_a_control_number_twice_in_one_file_is_taken_once(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("C-1")) + purchase_order(order("C-2")))
    site.run()
    assert [hold["code"] for hold in site.json("holds", "list")] == ["X-DUP-ICN"]
    assert [row["po_number"] for row in site.json("orders", "list")] == ["C-1"]


def test_two_interchanges_in_one_file_are_both_taken_and_both_answered(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("C-1")) + purchase_order(order("C-2"), control=2))
    site.run()
    assert [row["po_number"] for row in site.json("orders", "list")] == ["C-1", "C-2"]
    assert len(of_set(site.outbox("acme"), "997")) == 2


def test_the_same_order_in_another_file_is_answered_again_and_other_content_is_held(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("C-1")))
    site.run()
    site.drop("acme", "po2.edi", purchase_order(order("C-1"), control=2))
    site.run()
    assert len(site.json("orders", "list")) == 1
    assert len(of_set(site.outbox("acme"), "855")) == 1
    assert len(of_set(site.outbox("acme"), "997")) == 2
    site.drop("acme", "po3.edi", purchase_order(order("C-1", "PO1*1*3*EA*89.95**VP*TENT-2P"), control=3))
    site.run()
    assert [hold["code"] for hold in site.json("holds", "list")] == ["C-DUP-PO"]
