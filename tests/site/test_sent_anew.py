"""A file of several documents leaves under a new number as one of a single document does; what waits unseen is taken back."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gateway.app import build
from gateway.app.run import beside
from gateway.flows import send
from gateway.formats.x12 import verify
from gateway.kernel.clock import fixed_clock
from gateway.kernel.ids import ChannelKey
from tests import database as databases
from tests.orders.build import NOW
from tests.site.harness import FRIDAY, PlayedSite, new_site, order, purchase_order
from tests.site.test_bundles import agree_on_runs, played
from tests.site.test_refused_documents import TUESDAY, WEDNESDAY, answer, marks, sent

KILLED = -9
NOTE = ("--note", "their translator dropped it")


@pytest.fixture(params=[databases.SQLITE, databases.POSTGRESQL])
def bundled(request: pytest.FixtureRequest, tmp_path: Path) -> PlayedSite:
    site = new_site(tmp_path / "bundled", on=request.param)
    site.drop_master()
    agree_on_runs(site)
    played(site)
    return site


def between(content: bytes) -> bytes:
    return content[content.index(b"ST*") : content.rindex(b"GE*")]


def test_a_file_of_several_documents_leaves_under_a_new_number_and_each_is_answered_there(bundled: PlayedSite) -> None:
    site, old = bundled, sent(bundled, "810")
    before = site.outbox("acme")
    rows = dict(site.rows("SELECT set_number, order_number FROM owed_documents WHERE name = '810'"))
    dry = site.gateway("dispatch", "resend", old["id"], "--new-number", *NOTE, "--dry-run", "--json", "--now", TUESDAY)
    assert (json.loads(dry.out)["documents"], site.outbox("acme") == before) == (len(rows), True)

    done = site.gateway("dispatch", "resend", old["id"], "--new-number", *NOTE, "--json", "--now", TUESDAY)
    new = json.loads(done.out)
    assert (done.code, new["accepted_before"], new["resends"]) == (0, 0, old["id"])
    content = site.outbox("acme")[new["file"]]
    site.ask_pyx12()
    assert verify.faults(content) == []
    assert between(content) == between(before[old["file"]])
    assert new["file"] == old["file"].replace(old["control_number"], new["control_number"])
    assert old["control_number"] not in new["file"]
    number = str(int(new["control_number"])).encode()
    assert re.findall(rb"(?:IEA\*1\*0*|GE\*\d+\*)(\d+)", content) == [number, number]

    last = max(rows)
    answer(site, 901, "810", {name: "R" if name == last else "A" for name in rows}, number=new["control_number"])
    assert marks(site) == {rows[last]: ["810"]}
    shown = site.json("orders", "show", rows[last])["documents"]
    assert [(each["set_number"], each["answer"]) for each in shown if each["document"] == "810"] == [
        (last, None), (last, "rejected"),
    ]  # fmt: skip
    assert [each["code"] for each in site.json("holds", "list") if each["code"][0] == "A"] == ["A-REJECTED"]
    assert not [each for each in site.json("acks", "due", "--now", TUESDAY) if each["id"] == old["id"]]


def test_who_sends_twice_what_they_have_accepted_is_told(bundled: PlayedSite) -> None:
    site = bundled
    old = answer(site, 901, "810", {"0001": "A", "0002": "R"})
    assert len([each for each in site.json("alerts", "list") if each["code"] == "A-REJECTED"]) == 1
    done = site.gateway("dispatch", "resend", old["id"], "--new-number", *NOTE, "--now", WEDNESDAY)
    assert "acme has accepted 3 of its 4 documents already, and gets those a second time" in done.out
    assert [each for each in site.json("alerts", "list") if each["code"] == "A-REJECTED"] == []
    assert marks(site) == {}


def waiting(site: PlayedSite) -> dict[str, Any]:
    """A file that a killed process had brought as far as its channel, but not handed over."""
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    assert site.gateway("run", "--once", "--now", FRIDAY, crash_at="dispatch-staged:2").code == KILLED
    found = site.rows("SELECT id, file_name FROM dispatches WHERE state = 'staged' ORDER BY sequence")
    assert found
    assert site.outbox("acme") == {}
    return {"id": found[0][0], "file": found[0][1]}


def test_a_file_that_waits_unseen_at_its_channel_is_taken_back(site: PlayedSite) -> None:
    file = waiting(site)
    done = site.gateway("dispatch", "cancel", file["id"], "--note", "by phone", "--json")
    said = json.loads(done.out)
    assert (done.code, said["state"], said["file"]) == (0, "cancelled", file["file"])
    assert [each for each in (site.folder / "var").rglob("*") if file["id"] in each.name] == []
    site.run()
    assert site.outbox("acme")
    assert file["file"] not in site.outbox("acme")
    assert site.gateway("dispatch", "retry", file["id"]).code == 0  # it may leave after all
    assert file["file"] in site.outbox("acme")


def test_a_crash_between_the_word_and_the_taking_away_cancels_all_the_same(site: PlayedSite) -> None:
    file = waiting(site)
    words = ("dispatch", "cancel", file["id"], "--note", "by phone")
    assert site.gateway(*words, crash_at="dispatch-cancelled").code == KILLED
    site.run()
    assert file["file"] not in site.outbox("acme")
    again = json.loads(site.gateway("dispatch", "retry", file["id"], "--json").out)
    assert [each["state"] for each in again["files"]] == ["delivered"]


def test_what_was_handed_over_is_not_taken_back_whatever_the_table_says(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    assert site.gateway("run", "--once", "--now", FRIDAY, crash_at="dispatch-published:1").code == KILLED
    (name,) = site.outbox("acme")
    answer = site.gateway("dispatch", "cancel", name, "--note", "x")
    assert (answer.code, "was handed over already" in answer.err, "Tell the partner" in answer.err) == (8, True, True)
    site.run()
    assert site.json("dispatch", "show", name)["state"] == "delivered"


def test_nobody_takes_back_what_is_handed_over_just_now(site: PlayedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    file = waiting(site)
    monkeypatch.chdir(site.folder)
    ready = build.load(site.folder, site.environ())
    with beside(build.workbench(ready, fixed_clock(NOW), site.environ())) as other:
        with other.alone(send.lock(ChannelKey("outbox/acme"))) as alone:
            assert alone
            answer = site.gateway("dispatch", "cancel", file["id"], "--note", "x")
        assert (answer.code, "just now" in answer.err) == (8, True)
    assert site.gateway("dispatch", "cancel", file["id"], "--note", "x").code == 0


def test_where_the_channel_cannot_be_asked_nobody_says_that_it_did_not_leave(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    assert site.gateway("run", "--once", "--now", FRIDAY, crash_at="dispatch-published:1").code == KILLED
    (name,) = site.outbox("acme")
    folder = site.folder / "outbox" / "acme"
    folder.rename(folder.with_name("away"))
    folder.write_text("a file where the folder was")
    answer = site.gateway("dispatch", "cancel", name, "--note", "x")
    assert (answer.code, "the partner may have it" in answer.err) == (8, True)
    assert "gateway channels list" in answer.err
