"""A partner's folder that is away for days: what is owed waits and leaves once; files are sent again by hand."""

import json
from datetime import datetime, timedelta

from gateway.formats.x12 import verify
from tests.site.harness import FRIDAY, PlayedSite, order, purchase_order

START = datetime.fromisoformat(FRIDAY)


def at(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat()


def away(site: PlayedSite) -> None:
    """A file stands where the folder of acme belongs."""
    (site.folder / "outbox").mkdir(exist_ok=True)
    (site.folder / "outbox" / "acme").write_text("no folder")


def back(site: PlayedSite) -> None:
    (site.folder / "outbox" / "acme").unlink()


def arrived(site: PlayedSite) -> list[str]:
    """Files of acme; in which order they came no folder tells."""
    return sorted(site.outbox("acme"))


def test_what_is_owed_in_three_days_of_outage_leaves_once_and_is_told_meanwhile(site: PlayedSite) -> None:
    away(site)
    for number in range(1, 7):
        site.drop("acme", f"po-{number}.edi", purchase_order(order(f"R-{number}"), control=number))
        assert site.gateway("run", "--once", "--now", at(12 * (number - 1))).code == 6
    waiting = site.json("dispatch", "list", "--state", "waiting")
    assert [each["document"] for each in waiting] == ["997", "855"] * 6
    assert [each["tries"] for each in waiting] == [6, *[0] * 11]
    assert all("cannot be written" in each["reason"] for each in waiting)
    (channel,) = [each for each in site.json("channels", "list") if each["partner"] == "acme"]
    assert (channel["state"], channel["failures"], channel["to_leave"]) == ("failing", 6, 12)
    assert channel["since"] == at(0)
    assert "tried 6 times" in site.gateway("trace", "R-1").out
    back(site)
    site.run(at(73))
    assert arrived(site) == sorted(each["file"] for each in waiting)
    site.run(at(74))
    assert len(arrived(site)) == 12
    assert site.json("dispatch", "list", "--state", "waiting") == []
    assert {each["state"] for each in site.json("channels", "list")} == {"ok"}
    assert site.json("holds", "list") == []
    shown = site.json("dispatch", "show", waiting[0]["id"])
    assert [each["outcome"] for each in shown["attempts"]] == [*["failed"] * 6, "delivered"]


def test_what_was_given_up_is_kept_and_leaves_when_somebody_says_so(site: PlayedSite) -> None:
    away(site)
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    assert site.gateway("run", "--once", "--now", at(0)).code == 6
    assert site.gateway("run", "--once", "--now", at(73)).code == 6
    given_up = site.json("dispatch", "list", "--state", "given-up")
    assert [each["document"] for each in given_up] == ["997", "855"]
    assert [each["code"] for each in site.json("holds", "list")] == ["D-GIVEN-UP"] * 2
    back(site)
    site.run(at(74))
    assert site.outbox("acme") == {}
    answer = site.gateway("dispatch", "retry", "--partner", "acme", "--now", at(75))
    assert (answer.code, "is to leave again" in answer.out) == (0, True)
    assert arrived(site) == sorted(each["file"] for each in given_up)
    assert site.json("holds", "list") == []


def test_a_hold_of_a_file_is_released_to_let_it_leave_and_rejected_to_keep_it(site: PlayedSite) -> None:
    away(site)
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    for hours in (0, 73):
        assert site.gateway("run", "--once", "--now", at(hours)).code == 6
    back(site)
    first, second = site.json("holds", "list")
    assert site.gateway("holds", "release", first["id"], "--note", "they are back").code == 0
    assert list(site.outbox("acme")) == [first["file"]]
    assert site.gateway("holds", "reject", second["id"], "--note", "by phone").code == 0
    assert [each["file"] for each in site.json("dispatch", "list", "--state", "cancelled")] == [second["file"]]
    assert (site.json("holds", "list"), len(site.outbox("acme"))) == ([], 1)


def test_a_name_that_is_taken_is_held_and_leaves_when_it_is_free_or_under_another(site: PlayedSite) -> None:
    folder = site.folder / "outbox" / "acme"
    folder.mkdir(parents=True)
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    site.run()
    answer, acknowledged = sorted(folder.iterdir(), key=lambda each: "997" in each.name)
    content = answer.read_bytes()
    answer.write_bytes(b"another file of that name")
    done = site.gateway("dispatch", "resend", answer.name, "--note", "they lost it")
    assert (done.code, acknowledged.is_file()) == (0, True)
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "D-NAME-TAKEN"
    assert "is not overwritten" in hold["reason"]
    assert answer.read_bytes() == b"another file of that name"
    site.run()  # nothing is tried for ever
    answer.unlink()
    assert site.gateway("dispatch", "retry", answer.name).code == 0
    assert answer.read_bytes() == content
    assert site.json("holds", "list") == []


def test_a_file_is_sent_again_as_it_was_or_under_a_new_number_that_every_reader_takes(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    site.run()
    (old,) = site.json("dispatch", "list", "--document", "855")
    before = site.outbox("acme")
    path = site.folder / "outbox" / "acme" / old["file"]
    path.unlink()
    assert site.gateway("dispatch", "resend", old["id"], "--note", "they lost it").code == 0
    assert site.outbox("acme") == before

    dry = site.gateway("dispatch", "resend", old["id"], "--new-number", "--note", "x", "--dry-run")
    assert (dry.code, "would leave to acme" in dry.out, site.outbox("acme") == before) == (0, True, True)
    done = site.gateway("dispatch", "resend", old["id"], "--new-number", "--note", "rejected as known", "--json")
    new = json.loads(done.out)
    assert (done.code, new["resends"], new["dry_run"]) == (0, old["id"], False)
    content = site.outbox("acme")[new["file"]]
    site.ask_pyx12()
    assert verify.faults(content) == []
    assert new["control_number"] != old["control_number"]
    assert new["file"] == old["file"].replace(old["control_number"], new["control_number"])
    was = before[old["file"]]
    assert content[content.index(b"ST*") : content.rindex(b"GE*")] == was[was.index(b"ST*") : was.rindex(b"GE*")]
    assert site.json("dispatch", "show", old["id"])["sent_again_as"] == [new["id"]]
    assert site.json("dispatch", "show", new["id"])["resends"] == old["id"]
    noted = [(who, action) for who, action in site.rows("SELECT who, action FROM audit ORDER BY sequence")]
    assert [each for each in noted if each[1].startswith("dispatch.")] == [("operator", "dispatch.resent")] * 2


def test_what_is_cancelled_does_not_leave_and_what_left_cannot_be_cancelled(site: PlayedSite) -> None:
    away(site)
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    assert site.gateway("run", "--once", "--now", FRIDAY).code == 6
    first, second = site.json("dispatch", "list", "--state", "waiting")
    assert site.gateway("dispatch", "resend", second["id"], "--note", "x").code == 8
    assert site.gateway("dispatch", "cancel", second["id"], "--note", "by phone").code == 0
    back(site)
    site.run()
    assert list(site.outbox("acme")) == [first["file"]]
    assert site.json("dispatch", "list", "--state", "cancelled")[0]["id"] == second["id"]
    assert site.gateway("dispatch", "cancel", first["id"], "--note", "x").code == 8
    assert site.gateway("dispatch", "retry", first["id"]).code == 8
    assert site.gateway("dispatch", "retry", second["id"]).code == 0  # it may leave after all
    assert len(site.outbox("acme")) == 2


def test_wrong_words_are_told(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    site.run()
    (name,) = [each["file"] for each in site.json("dispatch", "list", "--document", "997")]
    for code, words in (
        (2, ["list", "--state", "lost"]), (5, ["show", "nothing"]), (5, ["resend", "nothing", "--note", "x"]),
        (2, ["resend", name, "--note", " "]), (2, ["retry"]), (2, ["retry", name, "--partner", "acme"]),
        (5, ["retry", "--partner", "nobody"]), (5, ["cancel", "nothing", "--note", "x"]), (2, ["cancel", name, "--note", ""]),
    ):  # fmt: skip
        assert site.gateway("dispatch", *words).code == code, words
    assert site.gateway("dispatch", "retry", "--partner", "acme").out == "nothing is to be tried again\n"
    for words in (["list"], ["list", "--partner", "nobody"], ["show", name]):
        assert site.gateway("dispatch", *words).code == 0
    assert site.gateway("channels", "list").code == 0
