"""One file for each partner and run where the agreement says so: the same documents, none lost, each answered alone."""

import re
from pathlib import Path

import pytest

from tests.site.harness import DEMO, MONDAY, PlayedSite, new_site, order, purchase_order
from tests.site.test_answers import answer_file, ta1_file

KILLED = -9
WINDOWS = (
    "committed:1", "bundle-done:1", "bundle-committed:1", "bundle-committed:2", "dispatch-staged:1",
    "dispatch-published:2",
)  # fmt: skip
ONLY_ON_MONDAY = "bundle-committed:2"
"""On Friday only answers leave, all in one file; ship notices and invoices are two."""
TUESDAY = "2026-11-24T16:00:00Z"


def agree_on_runs(site: PlayedSite, name: str = "acme") -> None:
    """All that leaves for a partner leaves together."""
    path = site.folder / "partners" / f"{name}.yaml"
    text = re.sub(r"\{out: ([^{}\[\]]+)\}", r"{out: \1, batch: run}", path.read_text(encoding="utf-8"))
    assert "batch: run" in text
    path.write_text(text, encoding="utf-8")


def played(site: PlayedSite, *, crash_at: str = "") -> None:
    """Two files of orders, and everything that was to be picked is confirmed."""
    for name in ("acme-orders-1.edi", "acme-orders-2.edi"):
        site.drop("acme", name, (DEMO / name).read_bytes())
    for now in ("2026-11-20T20:00:00Z", MONDAY):
        if crash_at and (now == MONDAY or crash_at != ONLY_ON_MONDAY):
            answer = site.gateway("run", "--once", "--now", now, crash_at=crash_at)
            assert answer.code == KILLED, f"{crash_at} was never passed: {answer}"
        site.run(now)
        if now != MONDAY:
            site.confirm_everything()


def bodies(site: PlayedSite, partner: str = "acme") -> list[str]:
    """The sets that left, without their numbers."""
    text = "".join(content.decode() for name, content in site.outbox(partner).items() if not name.startswith("997"))
    return sorted(re.findall(r"ST\*(\d+)\*\d+~(.*?)SE\*(\d+)\*\d+~", text, re.DOTALL))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the outbox holds when nobody is killed."""
    site = new_site(tmp_path_factory.mktemp("undisturbed") / "site")
    site.drop_master()
    agree_on_runs(site)
    played(site)
    return site.outbox()


def test_what_leaves_together_is_what_would_have_left_one_by_one(tmp_path: Path, site: PlayedSite) -> None:
    together = new_site(tmp_path / "together")
    together.drop_master()
    for name in ("acme", "accounting"):
        agree_on_runs(together, name)
    played(site)
    played(together)

    assert bodies(together) == bodies(site)
    # one file for each kind of document and run, however many orders there were
    assert len([name for name in together.outbox("acme") if name.startswith("855")]) == 1
    assert len([name for name in site.outbox("acme") if name.startswith("855")]) > 1
    rows = [
        sorted(row for content in each.outbox("accounting").values() for row in content.decode().splitlines()[1:])
        for each in (site, together)
    ]
    assert rows[0] == rows[1]
    assert len(together.outbox("accounting")) == 1


@pytest.mark.parametrize("window", WINDOWS)
def test_a_kill_in_any_window_loses_and_doubles_no_document(
    site: PlayedSite, undisturbed: dict[str, bytes], window: str
) -> None:
    agree_on_runs(site)

    played(site, crash_at=window)

    assert site.outbox() == undisturbed
    assert site.inbox() == []


def test_no_more_documents_leave_in_one_file_than_the_setting_says(site: PlayedSite) -> None:
    agree_on_runs(site)
    settings = site.folder / "gateway.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "run: {bundle_documents: 2}\n", encoding="utf-8")
    site.drop("acme", "po.edi", purchase_order(*(order(f"PO-{at}") for at in range(1, 6))))
    site.run()

    files = [content.decode() for name, content in sorted(site.outbox("acme").items()) if name.startswith("855")]
    assert [re.findall(r"BAK\*00\*AD\*(PO-\d)", each) for each in files] == [
        ["PO-1", "PO-2"],
        ["PO-3", "PO-4"],
        ["PO-5"],
    ]


def test_answers_name_the_very_document_in_a_file_of_several(site: PlayedSite) -> None:
    agree_on_runs(site)
    site.drop("acme", "po.edi", purchase_order(*(order(f"PO-{at}") for at in range(1, 5))))
    site.run()  # the 997 is number 1, the answers are number 2
    site.drop("acme", "1.edi", answer_file(901, "FA", "AK1*PR*2", "AK2*855*2", "AK5*R*5", "AK9*P*4*4*3"))
    site.run(MONDAY)
    site.drop("acme", "2.edi", answer_file(902, "FA", "AK1*PR*2", "AK9*A*4*4*4"))
    site.run(TUESDAY)

    def told(number: str) -> tuple[str, list[str]]:
        shown = next(each for each in site.json("orders", "show", number)["documents"] if each["document"] == "855")
        return shown["answer"], [each["verdict"] for each in shown["answers"]]

    # sets that were accepted may be left out of the list; what is said of all of them later counts for each
    assert told("SO-1") == ("accepted", ["A"])
    assert told("SO-2") == ("accepted", ["R", "A"])
    holds = {(each["code"], each["order_number"]): each["reason"] for each in site.json("holds", "list")}
    assert "order acknowledgment for PO PO-2 (set 0002 of control number 000000002)" in holds["A-REJECTED", "SO-2"]
    assert holds["A-TWICE", "SO-2"] == (
        "The 997 of 2026-11-23 rejected the order acknowledgment for PO PO-2 (set 0002 of control number 000000002); "
        "a later one accepted it."
    )
    assert len(holds) == 2


def test_a_file_that_was_accepted_as_a_whole_and_one_document_of_it_rejected_later_is_told(site: PlayedSite) -> None:
    agree_on_runs(site)
    site.drop("acme", "po.edi", purchase_order(order("PO-1"), order("PO-2")))
    site.run()
    site.drop("acme", "1.edi", answer_file(901, "FA", "AK1*PR*2", "AK9*A*2*2*2"))
    site.run(MONDAY)
    site.drop("acme", "2.edi", answer_file(902, "FA", "AK1*PR*2", "AK2*855*0002", "AK5*R*5", "AK9*P*2*2*1"))
    site.run(TUESDAY)

    told = {(each["code"], each["order_number"]) for each in site.json("holds", "list")}
    assert told == {("A-REJECTED", "SO-2"), ("A-TWICE", "SO-2")}


def test_a_ta1_that_rejects_a_file_is_told_once_and_shown_at_each_of_its_orders(site: PlayedSite) -> None:
    agree_on_runs(site)
    site.drop("acme", "po.edi", purchase_order(*(order(f"PO-{at}") for at in range(1, 8))))
    site.run()
    site.drop("acme", "ta1.edi", ta1_file(910, "TA1*000000002*261120*1400*R*006"))
    site.run(MONDAY)

    (hold,) = site.json("holds", "list")
    assert hold["reason"] == (
        "Acme Stores rejected the file of 7 documents 855 (control number 000000002) (TA1 R 006): they do not accept our id "
        "(006). In it: PO-1, PO-2, PO-3, PO-4, PO-5 and 2 more."
    )
    answers = [
        next(
            each["answer"] for each in site.json("orders", "show", f"SO-{at}")["documents"] if each["document"] == "855"
        )
        for at in range(1, 8)
    ]
    assert answers == ["rejected"] * 7


def test_an_824_means_the_document_it_names(site: PlayedSite) -> None:
    agree_on_runs(site)
    site.drop("acme", "po.edi", purchase_order(*(order(f"PO-{at}") for at in range(1, 4))))
    site.run()
    by_number = ["BGN*11*A1*20261123", "OTI*TR*PO*PO-3", "TED*007*price"]
    by_set = ["BGN*11*A2*20261123", "OTI*TR*SI*X*****2*0001*855", "TED*007*date"]
    site.drop("acme", "1.edi", answer_file(901, "AG", *by_number, set_id="824"))
    site.drop("acme", "2.edi", answer_file(902, "AG", *by_set, set_id="824"))
    site.run(MONDAY)

    rejected = {each["order_number"] for each in site.json("holds", "list") if each["code"] == "A-REJECTED"}
    assert rejected == {"SO-3", "SO-1"}


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{out: x12/855, batch: runs}", "'batch' is one of document, run, not 'runs'"),
        ("{out: x12/855, batches: run}", "'batches' is not a key here"),
        ("{in: x12/855, batch: run}", "'batch' is about files that leave; this entry of 'acknowledgment' only has 'in'"),
        ("{out: xml/ubl-order-response, batch: run}", "error P037: 'batch: run' puts several documents into one file, and "),
        ("{out: acme/855, batch: run}", "error P037: 'acme/855' writes the control number of its file"),
        ("{out: {mapping: x12/855, batch: run}}", ""),
        ("{out: [{mapping: x12/855, batch: document}], batch: run}", ""),
    ],
)  # fmt: skip
def test_an_agreement_on_runs_is_checked_before_anything_is_done(site: PlayedSite, entry: str, told: str) -> None:
    folder = site.folder / "mappings" / "acme"
    folder.mkdir()
    text = "gateway: 1\nmapping: acme/855\nextends: x12/855\nfields:\n  REF(ZZ)02: $control.isa13\n"
    (folder / "855.yaml").write_text(text, encoding="utf-8")
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{out: x12/855}", entry), encoding="utf-8")

    answer = site.gateway("config", "check")

    assert (answer.code, told in answer.out) == (int(bool(told)), True), answer.out
    if "runs" in entry:
        assert "did you mean" in answer.out
