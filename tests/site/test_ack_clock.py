"""Everything we send that is to be answered has a clock: each of its states is reached by files, told and shown."""

import json
import re
from typing import Any

import pytest

from tests.site.harness import DEMO, FRIDAY, PlayedSite, order, purchase_order
from tests.site.test_answers import answer_file, ta1_file

SOON, LATER, MUCH_LATER = "2026-11-20T21:00:00Z", "2026-11-21T00:00:01Z", "2026-11-22T00:00:00Z"
"""Friday 20:00 is when all is delivered; four hours were agreed."""
NAMES = ("FINE", "FLAWED", "PARTLY", "REFUSED", "SILENT", "UNDECIDED")


def agree(site: PlayedSite, clock: str = ", expect_997: 4h", document: str = "acknowledgment: {out: x12/855") -> None:
    path = site.folder / "partners" / "acme.yaml"
    text = path.read_text(encoding="utf-8")
    assert document in text
    path.write_text(text.replace(document, document + clock), encoding="utf-8")


def played(site: PlayedSite, *names: str) -> dict[str, str]:
    """The control number of the 855 to each order, delivered on Friday at 20:00."""
    site.drop("acme", "po.edi", purchase_order(*(order(name) for name in names or NAMES)))
    site.run()
    texts = [content.decode() for name, content in site.outbox("acme").items() if name.startswith("855")]
    return {text.split("~")[3].split("*")[3]: str(int(re.findall(r"IEA\*1\*(\d+)", text)[0])) for text in texts}


def acks(site: PlayedSite, which: str, now: str, *more: str, code: int = 0) -> list[dict[str, Any]]:
    answer = site.gateway("acks", which, "--json", "--now", now, *more)
    assert answer.code == code, answer
    found: list[dict[str, Any]] = json.loads(answer.out)
    return found


def the_855(site: PlayedSite, name: str) -> dict[str, Any]:
    (found,) = [each for each in site.json("orders", "show", name)["documents"] if each["document"] == "855"]
    return dict(found)


def alerts(site: PlayedSite) -> list[tuple[Any, ...]]:
    """Code, what it is about, and whether it is over, of every alert."""
    found = site.rows("SELECT code, reference, closed_at FROM alerts WHERE kind = 'ack' ORDER BY code, reference")
    return [(code, reference, closed is not None) for code, reference, closed in found]


def test_each_of_the_states_is_reached_by_files(site: PlayedSite) -> None:
    agree(site)
    numbers = played(site)
    order_of = {name: site.json("orders", "show", name)["order_number"] for name in NAMES}

    # expected: until Saturday 00:00, four hours after it was delivered
    waiting = acks(site, "due", SOON)
    assert {(each["state"], each["due"]) for each in waiting} == {("expected", "2026-11-21T00:00:00+00:00")}
    assert {each["number"] for each in waiting} == set(NAMES)
    assert acks(site, "overdue", SOON) == []

    files = {
        "fine": answer_file(901, "FA", f"AK1*PR*{numbers['FINE']}", "AK2*855*0001", "AK5*A", "AK9*A*1*1*1"),
        "flawed": answer_file(902, "FA", f"AK1*PR*{numbers['FLAWED']}", "AK2*855*0001", "AK5*E*5", "AK9*E*1*1*1"),
        "partly": answer_file(903, "FA", f"AK1*PR*{numbers['PARTLY']}", "AK2*855*0001", "AK5*P", "AK9*P*1*1*0"),
        "refused": answer_file(
            904, "FA", f"AK1*PR*{numbers['REFUSED']}", "AK2*855*0001", "AK3*BAK*2**8", "AK4*4*373*8*20261120",
            "AK5*R*5", "AK9*R*1*1*0",
        ),
        "undecided": answer_file(905, "FA", f"AK1*PR*{numbers['UNDECIDED']}", "AK2*855*0001", "AK5*R*5", "AK9*R*1*1*0"),
        "orphan": answer_file(906, "FA", "AK1*PR*7777", "AK9*A*1*1*1"),
    }  # fmt: skip
    for name, content in files.items():
        site.drop("acme", f"{name}.edi", content)
    site.run(SOON)
    site.drop(
        "acme", "again.edi",
        answer_file(907, "FA", f"AK1*PR*{numbers['UNDECIDED']}", "AK2*855*0001", "AK5*A", "AK9*A*1*1*1"),
    )  # fmt: skip
    site.run(LATER)

    states = dict(site.rows("SELECT number, answer_state FROM dispatches WHERE document = '855'"))
    assert states["FINE"] == "accepted"
    assert states["FLAWED"] == "accepted with errors"
    assert states["REFUSED"] == "rejected"
    assert states["SILENT"] == "overdue"
    assert states["UNDECIDED"] == "answered twice"
    assert [each["code"] for each in site.json("holds", "list")].count("A-ORPHAN") == 1

    # told on the order, with the segment and element of the rejection in words
    assert the_855(site, "REFUSED")["answer"] == "rejected"
    assert "BAK" in the_855(site, "REFUSED")["answers"][0]["reason"]
    silent = the_855(site, "SILENT")
    assert (silent["answer"], silent["answer_state"]) == (None, "overdue")
    assert silent["answer_due"] == "2026-11-21T00:00:00+00:00"
    assert the_855(site, "UNDECIDED")["answer_state"] == "answered twice"
    assert "the answer is overdue since 2026-11-20 18:00 CST" in site.gateway("orders", "show", "SILENT").out

    (late,) = acks(site, "overdue", LATER, code=1)
    assert (late["number"], late["order_number"], late["state"]) == ("SILENT", order_of["SILENT"], "overdue")
    told = alerts(site)
    assert ("A-OVERDUE", order_of["SILENT"], False) in told
    assert ("A-REJECTED", order_of["REFUSED"], False) in told
    assert ("A-REJECTED", order_of["UNDECIDED"], True) in told  # they took it at last
    assert not any(code == "A-OVERDUE" and about != order_of["SILENT"] for code, about, _ in told)


def test_partially_accepted_is_a_state_of_its_own(site: PlayedSite) -> None:
    agree(site)
    numbers = played(site, "PARTLY")
    site.drop("acme", "partly.edi", answer_file(903, "AG", "BGN*11*A1*20261120", f"OTI*TP*PO*PARTLY*****{numbers['PARTLY']}*0001*855", set_id="824"))  # fmt: skip
    site.run(SOON)

    assert site.rows("SELECT answer_state FROM dispatches WHERE document = '855'") == [("partially accepted",)]
    assert alerts(site) == [("A-REJECTED", "SO-1", False)]
    assert acks(site, "due", SOON) == []


def test_an_answer_that_comes_late_ends_what_is_overdue(site: PlayedSite) -> None:
    agree(site)
    numbers = played(site, "SLOW")
    site.run(LATER)
    site.run(LATER)  # nothing is told twice
    assert alerts(site) == [("A-OVERDUE", "SO-1", False)]
    assert site.rows("SELECT times FROM alerts WHERE kind = 'ack'") == [(1,)]
    assert len(acks(site, "overdue", LATER, code=1)) == 1

    site.drop("acme", "slow.edi", answer_file(901, "FA", f"AK1*PR*{numbers['SLOW']}", "AK9*A*1*1*1"))
    site.run(MUCH_LATER)

    assert acks(site, "overdue", MUCH_LATER) == []
    assert alerts(site) == [("A-OVERDUE", "SO-1", True)]
    assert the_855(site, "SLOW")["answer"] == "accepted"


def test_a_ta1_that_takes_the_envelope_does_not_end_the_waiting_and_one_that_refuses_it_does(site: PlayedSite) -> None:
    agree(site)
    numbers = played(site, "TAKEN", "THROWN")
    site.drop("acme", "1.edi", ta1_file(910, f"TA1*{int(numbers['TAKEN']):09d}*261120*1400*A*000"))
    site.drop("acme", "2.edi", ta1_file(911, f"TA1*{int(numbers['THROWN']):09d}*261120*1400*R*006"))
    site.run(SOON)

    states = dict(site.rows("SELECT number, answer_state FROM dispatches WHERE document = '855'"))
    assert states == {"TAKEN": "expected", "THROWN": "rejected"}
    assert [each["number"] for each in acks(site, "due", SOON)] == ["TAKEN"]


def test_without_a_time_nothing_is_ever_overdue_and_is_shown_all_the_same(site: PlayedSite) -> None:
    played(site, "OPEN")
    site.run(MUCH_LATER)

    (found,) = acks(site, "due", MUCH_LATER)
    assert (found["number"], found["due"], found["state"]) == ("OPEN", None, "expected")
    assert "no time agreed" in site.gateway("acks", "due", "--now", MUCH_LATER).out
    assert acks(site, "overdue", MUCH_LATER) == []
    assert alerts(site) == []


def test_the_time_runs_from_the_delivery_not_from_the_writing(site: PlayedSite) -> None:
    agree(site)
    folder = site.folder / "outbox" / "acme"
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("nobody can put a file here")
    site.drop("acme", "po.edi", purchase_order(order("KEPT")))
    site.gateway("run", "--once", "--now", FRIDAY)
    folder.unlink()
    assert acks(site, "due", SOON) == []  # nothing is awaited of what did not arrive
    site.run("2026-11-22T08:00:00Z")

    (found,) = acks(site, "due", "2026-11-22T08:00:00Z")
    assert found["due"] == "2026-11-22T12:00:00+00:00"
    assert alerts(site) == []


def test_a_file_of_several_documents_stands_as_the_worst_of_them(site: PlayedSite) -> None:
    agree(site)
    agree_on_clock_and_runs(site)
    site.drop("acme", "po.edi", purchase_order(*(order(f"PO-{at}") for at in range(1, 4))))
    site.run()
    (waiting,) = acks(site, "due", SOON)
    assert (waiting["documents"], waiting["due"]) == (3, "2026-11-21T00:00:00+00:00")

    site.drop("acme", "1.edi", answer_file(901, "FA", "AK1*PR*2", "AK2*855*0002", "AK5*R*5", "AK9*P*3*3*2"))
    site.run(SOON)

    assert site.rows("SELECT answer_state, answer_due FROM dispatches WHERE document = '855'") == [("rejected", None)]
    of_sets = site.rows("SELECT set_number, answer_state FROM owed_documents ORDER BY set_number")
    assert of_sets == [("0001", "accepted"), ("0002", "rejected"), ("0003", "accepted")]
    assert alerts(site) == [("A-REJECTED", "SO-2", False)]
    assert acks(site, "due", SOON) == []


def agree_on_clock_and_runs(site: PlayedSite) -> None:
    path = site.folder / "partners" / "acme.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("expect_997: 4h}", "expect_997: 4h, batch: run}"), encoding="utf-8")


def test_a_file_of_several_documents_is_overdue_once_and_a_no_to_all_of_it_is_told_once(site: PlayedSite) -> None:
    agree(site)
    agree_on_clock_and_runs(site)
    site.drop("acme", "po.edi", purchase_order(*(order(f"PO-{at}") for at in range(1, 4))))
    site.run()
    site.run(LATER)
    assert alerts(site) == [("A-OVERDUE", "000000002", False)]
    assert [each["documents"] for each in acks(site, "overdue", LATER, code=1)] == [3]

    site.drop("acme", "ta1.edi", ta1_file(910, "TA1*000000002*261120*1400*R*006"))
    site.run(MUCH_LATER)
    assert alerts(site) == [("A-OVERDUE", "000000002", True), ("A-REJECTED", "000000002", False)]


def test_a_rejected_invoice_is_told_on_the_invoice(site: PlayedSite) -> None:
    agree(site, document="invoice: {out: x12/810")
    site.drop("acme", "po.edi", (DEMO / "acme-orders-1.edi").read_bytes())
    site.run()
    site.confirm_everything()
    site.run("2026-11-23T16:00:00Z")
    (name,) = [name for name in site.outbox("acme") if name.startswith("810_INV0000001")]
    control = int(name.split("_")[-1].split(".")[0])
    site.drop("acme", "no.edi", answer_file(901, "FA", f"AK1*IN*{control}", "AK2*810*0001", "AK3*N1*9*N1*8", "AK4*4*67*7*0003", "AK5*R*5", "AK9*R*1*1*0"))  # fmt: skip
    site.run("2026-11-23T18:00:00Z")

    (shown,) = site.json("invoices", "show", "INV0000001")["documents"]
    assert shown["answer"] == "rejected"
    assert "N1" in shown["answers"][0]["reason"]
    assert "rejected the invoice INV0000001" in site.gateway("invoices", "show", "INV0000001").out


@pytest.mark.parametrize("name", ["due", "overdue"])
def test_a_partner_that_is_not_there_is_not_found(site: PlayedSite, name: str) -> None:
    answer = site.gateway("acks", name, "--partner", "amce")
    assert answer.code == 5
    assert "There is no partner 'amce'." in answer.err


def test_a_file_that_is_sent_again_under_another_number_is_awaited_in_its_place(site: PlayedSite) -> None:
    agree(site)
    played(site, "LOST")
    site.run(LATER)
    (late,) = acks(site, "overdue", LATER, code=1)
    said = site.gateway("dispatch", "resend", late["id"], "--new-number", "--note", "they lost it", "--now", LATER)
    assert said.code == 0, said
    site.run(LATER)

    assert acks(site, "overdue", LATER) == []
    (waiting,) = acks(site, "due", LATER)
    assert waiting["control_number"] != late["control_number"]
    assert waiting["due"] == "2026-11-21T04:00:01+00:00"
    assert alerts(site) == [("A-OVERDUE", "SO-1", True)]
