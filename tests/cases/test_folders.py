"""The cases of files and folders, each by its name: what partners, disks and clocks do to them, and what must come of it."""

import io
import os
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway.flows import sweeping
from gateway.transports.claims import ClaimedFile
from gateway.transports.directory import DirectoryInlet
from tests.cases import shops
from tests.site.harness import FRIDAY, PlayedSite, new_site, order, purchase_order, site_like

FAULT = "GATEWAY_FAULT"
KILLED = -9
HOUR_LATER, NEXT_DAY = "2026-11-20T21:00:01Z", "2026-11-21T20:00:00Z"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with the demo's items, prices and stock, to be copied."""
    played = new_site(tmp_path_factory.mktemp("house") / "site")
    played.drop_master()
    return played.folder


@pytest.fixture
def site(tmp_path: Path, house: Path) -> PlayedSite:
    """A site of its own."""
    return site_like(house, tmp_path / "site")


def po_numbers(site: PlayedSite) -> list[str]:
    return sorted(each["po_number"] for each in site.json("orders", "list"))


def file_holds(site: PlayedSite) -> list[tuple[str, str]]:
    return sorted((each["code"], each["file"]) for each in site.json("holds", "list") if each["type"] == "FILE")


def ready(site: PlayedSite, *words: str) -> None:
    """Say in the partner file of acme when a file is ready."""
    path = site.folder / "partners" / "acme.yaml"
    listed = ", ".join(words)
    path.write_text(f"{path.read_text()}channels: {{in: [{{path: inbox/acme, ready: [{listed}]}}]}}\n")


def in_the_pause(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something between the first two looks of a scan."""
    left = [act]
    monkeypatch.setattr(sweeping, "time", SimpleNamespace(sleep=lambda _: left.pop()() if left else None))


def undisturbed(site: PlayedSite, folder: Path) -> dict[str, bytes]:
    """What the outbox holds when nothing happens."""
    other = site.copy(folder / "undisturbed")
    other.run()
    return other.outbox()


def test_f_02_a_partner_never_sees_a_part_of_a_file(
    site: PlayedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.drop("acme", "po.edi", purchase_order(order("F-2")))
    whole, number = undisturbed(site, tmp_path), 1
    while True:
        played = site.copy(tmp_path / f"killed-{number}")
        with monkeypatch.context() as patch:
            patch.setenv(FAULT, f"write:{number}:kill")
            answer = played.gateway("run", "--once", "--now", FRIDAY, crash_at="never")
        assert played.outbox().items() <= whole.items()
        played.run()
        assert played.outbox() == whole
        if answer.code != KILLED:
            break
        number += 1
    assert number > len(whole)


def told_and_nothing_lost(site: PlayedSite, whole: dict[str, bytes]) -> None:
    """Somebody is told of the disk; when it works again everything is as if nothing had been, and the alert ends.

    On PostgreSQL a process that ended and left files is told of as well, when another one takes them.
    """
    open_alerts = "SELECT code FROM alerts WHERE closed_at IS NULL AND kind <> 'worker'"
    assert [row[0] for row in site.rows(open_alerts)] == ["T-DISK"]
    site.run()
    assert site.outbox() == whole
    assert site.rows(open_alerts) == []
    assert po_numbers(site) == ["F-4"]


def test_f_04_a_full_disk_takes_nothing_in_is_told_and_goes_on_by_itself(
    site: PlayedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.drop("acme", "po.edi", purchase_order(order("F-4")))
    whole = undisturbed(site, tmp_path)
    with monkeypatch.context() as patch:
        patch.setenv(FAULT, "write:1:ENOSPC+")
        site.run(expect=6)
    assert (site.inbox(), site.outbox()) == (["po.edi"], {})
    told_and_nothing_lost(site, whole)


@pytest.mark.parametrize("nth", [1, 5])
def test_f_05_a_sync_that_fails_is_final_and_told_and_what_it_was_for_is_written_anew(
    site: PlayedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    site.drop("acme", "po.edi", purchase_order(order("F-4")))
    whole = undisturbed(site, tmp_path)
    with monkeypatch.context() as patch:
        patch.setenv(FAULT, f"fsync:{nth}:EIO")
        site.run(expect=6)
    told_and_nothing_lost(site, whole)


def test_f_06_a_file_that_grows_is_left_alone_until_it_stood_still_by_the_clock_of_the_machine(
    site: PlayedSite,
) -> None:
    ready(site, "rename", "stable 3s")
    path, whole = site.folder / "inbox" / "acme" / "po.edi", purchase_order(order("F-6"))
    path.parent.mkdir(parents=True, exist_ok=True)
    for end in (100, 200, len(whole)):
        path.write_text(whole[:end])
        site.run()
        time.sleep(0.5)
        site.run(NEXT_DAY)
        assert site.inbox() == ["po.edi"]
    time.sleep(3)
    site.run()
    assert (site.inbox(), po_numbers(site), file_holds(site)) == ([], ["F-6"], [])


def test_f_07_a_file_that_was_cut_off_is_held_with_its_last_whole_segment_and_may_come_again(site: PlayedSite) -> None:
    whole = purchase_order(order("F-7"))
    site.drop("acme", "po.edi", whole[: whole.index("N4*FORT") + 5])
    site.run()
    assert (site.inbox(), file_holds(site)) == (["po.edi"], [])
    site.run(NEXT_DAY)
    (hold,) = [each for each in site.json("holds", "list") if each["type"] == "FILE"]
    assert (hold["code"], "the last whole segment is N3, segment 5 of set 0001" in hold["reason"]) == (
        "X-TRUNCATED",
        True,
    ), hold
    site.drop("acme", "po.edi", whole)
    site.run(NEXT_DAY)
    assert po_numbers(site) == ["F-7"]


def test_f_08_a_file_that_gets_its_name_while_we_look_is_taken_once_and_whole(
    site: PlayedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.drop("acme", "other.edi", purchase_order(order("OTHER")))
    part = site.folder / "inbox" / "acme" / "po.edi.part"
    part.write_text(purchase_order(order("F-8"), control=2))
    in_the_pause(monkeypatch, lambda: part.rename(part.with_name("po.edi")))
    site.run()
    site.run()
    assert po_numbers(site) == ["F-8", "OTHER"]
    assert len([name for name in site.outbox("acme") if name.startswith("997")]) == 2


@pytest.mark.parametrize("pattern", ["{name}.done", "{stem}.ok"])
def test_f_09_a_file_and_its_marker_wait_for_each_other(site: PlayedSite, pattern: str) -> None:
    ready(site, "rename", "content", f"'marker {pattern}'")
    marker = pattern.replace("{name}", "po.edi").replace("{stem}", "po")
    site.drop("acme", marker, "")
    site.run()
    site.drop("acme", "lonely.edi", purchase_order(order("LONELY"), control=2))
    site.run()
    assert (po_numbers(site), file_holds(site)) == ([], [])
    site.drop("acme", "po.edi", purchase_order(order("F-9")))
    site.run()
    assert (po_numbers(site), site.inbox()) == (["F-9"], ["lonely.edi"])
    site.drop("acme", marker, "")
    site.run()
    assert file_holds(site) == [], "a second marker brings nothing"
    site.run(NEXT_DAY)
    assert file_holds(site) == [("F-MARKER", "lonely.edi"), ("F-MARKER", marker)]
    site.drop("acme", marker.replace("po", "lonely"), "")
    (site.folder / "inbox" / "acme" / marker).unlink()
    site.run(NEXT_DAY)
    assert (po_numbers(site), file_holds(site), site.inbox()) == (["F-9", "LONELY"], [], [])


def test_f_13_a_file_that_is_replaced_before_it_is_claimed_is_processed_whole_and_so_is_the_other(
    site: PlayedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        purchase_order(order(f"F-13-{at}", *["PO1*1*2*EA*89.95*PE*VP*TENT-2P"] * at), control=at) for at in (1, 2)
    )
    site.drop("acme", "po.edi", first)
    claim = DirectoryInlet.claim

    def replaced(inlet: DirectoryInlet, names: Sequence[str]) -> list[ClaimedFile]:
        site.drop("acme", "po.edi", second)
        found = claim(inlet, names)
        site.drop("acme", "po.edi", first)
        monkeypatch.setattr(DirectoryInlet, "claim", claim)
        return found

    monkeypatch.setattr(DirectoryInlet, "claim", replaced)
    site.run()
    assert po_numbers(site) == ["F-13-1", "F-13-2"]
    assert file_holds(site) == []


@pytest.mark.parametrize("moment", [0.0, 4_000_000_000.0, 7200.0])
def test_f_15_the_clock_of_a_partner_starves_no_file(site: PlayedSite, moment: float) -> None:
    ready(site, "rename", "content", "stable 1s")
    moment = moment if moment != 7200.0 else time.time() + moment
    for at in (1, 2):
        site.drop("acme", f"po-{at}.edi", purchase_order(order(f"F-15-{at}"), control=at))
    os.utime(site.folder / "inbox" / "acme" / "po-1.edi", (moment, moment))
    site.run()
    assert len(site.inbox()) == 2
    time.sleep(1.1)
    site.run()
    assert po_numbers(site) == ["F-15-1", "F-15-2"]


def test_s_01_a_name_is_never_a_path_and_is_shown_escaped(site: PlayedSite) -> None:
    inbox = os.fsencode(site.folder / "inbox" / "acme")
    os.makedirs(inbox, exist_ok=True)  # noqa: PTH103 - bytes
    names = {rb"x\..\..\etc\cron.d\x": r"x\\..\\..\\etc\\cron.d\\x", b"-rf": "-rf", b"a\nb": r"a\nb", b"\xff": r"\xff"}
    names["\u202egnp.edi".encode()] = r"\u202egnp.edi"
    for at, name in enumerate(names, start=1):
        Path(os.fsdecode(inbox + b"/" + name)).write_text(purchase_order(order(f"S-{at}"), control=at))
    before = {
        path for path in site.folder.parent.rglob("*") if "site" not in path.parts[len(site.folder.parent.parts) :][:1]
    }
    site.run()
    assert {each["file"] for each in site.json("files", "list") if each["partner"] == "acme"} == set(names.values())
    assert len(po_numbers(site)) == len(names)
    assert {path for path in site.folder.parent.rglob("*") if site.folder not in (path, *path.parents)} == before


def test_s_02_what_is_no_ordinary_file_is_not_opened_and_does_not_block(site: PlayedSite, tmp_path: Path) -> None:
    inbox, other = site.folder / "inbox" / "acme", tmp_path / "other.edi"
    inbox.mkdir(parents=True, exist_ok=True)
    other.write_text(purchase_order(order("OTHERS"), control=9))
    (inbox / "link.edi").symlink_to(other)
    (inbox / "hard.edi").hardlink_to(other)
    (inbox / "folder.edi").mkdir()
    os.mkfifo(inbox / "pipe.edi")
    site.drop("acme", "po.edi", purchase_order(order("S-2")))
    site.run()
    assert po_numbers(site) == ["S-2"]
    assert file_holds(site) == [("S-FILETYPE", f"{name}.edi") for name in ("folder", "hard", "link", "pipe")]


def test_s_03_a_folder_that_is_swapped_for_a_link_while_we_look_leads_nowhere_else(
    site: PlayedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.drop("acme", "po.edi", purchase_order(order("S-3")))
    secret, inbox = tmp_path / "secret", site.folder / "inbox"
    (secret / "acme").mkdir(parents=True)
    (secret / "acme" / "po.edi").write_text(purchase_order(order("SECRET"), control=2))

    def swap() -> None:
        inbox.rename(site.folder / "moved")
        inbox.symlink_to(secret)

    in_the_pause(monkeypatch, swap)
    bench_saw: list[str] = []
    claim = DirectoryInlet.claim

    def once(inlet: DirectoryInlet, names: Sequence[str]) -> list[ClaimedFile]:
        found = claim(inlet, names)
        inbox.unlink()
        (site.folder / "moved").rename(inbox)
        bench_saw.extend(each.file_name for each in found)
        monkeypatch.setattr(DirectoryInlet, "claim", claim)
        return found

    monkeypatch.setattr(DirectoryInlet, "claim", once)
    site.run()
    assert (po_numbers(site), bench_saw) == (["S-3"], ["po.edi"])
    assert [path.name for path in (secret / "acme").iterdir()] == ["po.edi"]


def test_s_04_packed_files_are_held_as_they_are_and_never_unpacked(site: PlayedSite) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("../../order.edi", purchase_order(order("S-4")))
        file.writestr("zeros", bytes(20_000_000))
    site.drop("acme", "orders.zip", packed.getvalue())
    site.run()
    assert (po_numbers(site), file_holds(site)) == ([], [("F-BINARY", "orders.zip")])
    archive = site.folder / "var" / "archive"
    assert sum(path.stat().st_size for path in archive.rglob("*") if path.is_file()) < 1_000_000


SHOP_WITH_TRAILER = "channels: {in: [{path: inbox/shop, trailer: 'EOF,{count+1}'}]}\n"


def test_f_07_rows_without_the_row_that_was_agreed_to_end_them_wait_and_are_held_with_their_last_row(
    site: PlayedSite,
) -> None:
    shops.open_shop(site.folder, SHOP_WITH_TRAILER)
    whole = shops.orders_csv(shops.row("T-1"), shops.row("T-2")) + "EOF,3\n"
    site.drop("shop", "po.csv", whole[: whole.index("EOF")])
    site.drop("shop", "whole.csv", whole.replace("T-", "W-"))
    site.drop("shop", "po.xml", shops.GOOD_XML.format("XML"))
    site.run()
    assert (site.inbox(), po_numbers(site), file_holds(site)) == (["po.csv"], ["W-1", "W-2", "XML"], [])
    site.run(NEXT_DAY)
    (hold,) = [each for each in site.json("holds", "list") if each["file"]]
    assert hold["code"] == "X-TRUNCATED"
    assert "its last row is line 3, 'T-2,Corner Shop,1 Main" in hold["reason"], hold
    assert "(EOF,{count+1}) is not there" in hold["reason"], hold
    site.drop("shop", "po.csv", whole)
    site.run(NEXT_DAY)
    assert po_numbers(site) == ["T-1", "T-2", "W-1", "W-2", "XML"]


def test_f_07_a_last_row_that_counts_other_rows_holds_the_file(site: PlayedSite) -> None:
    shops.open_shop(site.folder, SHOP_WITH_TRAILER)
    site.drop("shop", "po.csv", shops.orders_csv(shops.row("T-1")) + "EOF,3\n")
    site.run()
    (hold,) = [each for each in site.json("holds", "list") if each["file"]]
    assert (hold["code"], po_numbers(site)) == ("F-RECORDS", [])
    assert "'EOF,3', says that there are 2 rows besides 1 of its own, and the file has 1; rows" in hold["reason"], hold


@pytest.mark.parametrize("footer", [0, 1])
def test_f_07_the_last_row_is_no_data_whatever_the_mapping_passes_over(site: PlayedSite, footer: int) -> None:
    shops.open_shop(site.folder, SHOP_WITH_TRAILER)
    (site.folder / "mappings" / "shop" / "csv.yaml").write_text(
        f"gateway: 1\nmapping: shop/csv\nextends: csv/order\ncsv: {{footer: {footer}}}\n"
    )
    partner = site.folder / "partners" / "shop.yaml"
    partner.write_text(partner.read_text().replace("csv/order", "shop/csv"))
    site.drop("shop", "po.csv", shops.orders_csv(shops.row("T-1"), shops.row("T-2", sku="?")) + "EOF,3\n")
    site.run()
    assert (po_numbers(site), file_holds(site)) == (["T-1", "T-2"], [])


def test_f_07_an_imported_file_may_have_the_row_or_not(site: PlayedSite) -> None:
    partner = site.folder / "partners" / "erp.yaml"
    partner.write_text(partner.read_text() + "channels: {in: [{path: inbox/erp, trailer: 'EOF*'}]}\n")
    for end in ("", "EOF\n"):
        (site.folder / "items.csv").write_text(f"sku,description,uom\nX-{len(end)},Thing,EA\n{end}")
        assert site.gateway("import", "items", "items.csv").code == 0
    assert [each for each in site.json("holds", "list") if each["file"]] == []


def test_a_last_row_that_ends_no_file_of_the_partner_is_an_error(site: PlayedSite) -> None:
    partner = site.folder / "partners" / "acme.yaml"
    partner.write_text(partner.read_text() + "channels: {in: [{path: inbox/acme, trailer: 'EOF*'}]}\n")
    answer = site.gateway("config", "check")
    assert answer.code == 1
    assert (
        "error P004: 'trailer' is the last row of CSV and record files, and no mapping of this partner reads any"
        in answer.out
    )


RECORDS = """gateway: 1
mapping: shop/records
direction: in
document: order
format: fixed
fixed:
  document: H
  records:
    H: {{when: 1-1 = H, columns: {{po: 2-9}}}}
    L: {{when: 1-1 = L, columns: {{sku: 2-9, quantity: 10-12}}}}{more}
fields:
  po_number: po
  ship_to.name: ='Shop'
  ship_to.address1: ='1 Main'
  ship_to.city: ='Dallas'
  ship_to.state: ='TX'
  ship_to.postal_code: ='75201'
  ship_to.country: ='US'
  lines:
    each: L
    fields: {{ids.vendor_sku: sku, quantity: quantity, uom: ='EA'}}
"""


@pytest.mark.parametrize("more", ["", "\n    T: {when: 1-1 = T, columns: {count: 2-4}}\nignore: [T.count]"])
def test_f_07_record_files_end_with_the_row_whether_it_is_a_record_or_not(site: PlayedSite, more: str) -> None:
    shops.open_shop(site.folder, "channels: {in: [{path: inbox/shop, trailer: 'T{count}'}]}\n")
    (site.folder / "mappings" / "shop" / "records.yaml").write_text(RECORDS.format(more=more))
    partner = site.folder / "partners" / "shop.yaml"
    partner.write_text(partner.read_text().replace("[csv/order, shop/xml]", "shop/records"))
    for name, end in (("good", "T003\n"), ("wrong", "T009\n"), ("cut", "")):
        site.drop("shop", name, f"H{name:8}\nLTENT-2P 002\nLSTOVE-1 001\n{end}")
    site.run()
    assert site.inbox() == ["cut"]
    lying = site.gateway("files", "list").out.partition("1 file seen and not taken yet:")[2]
    assert "cut" in lying
    assert "It lacks its end" in lying
    assert "'gateway files list' says why" in site.gateway("trace", "cut").err
    site.run(NEXT_DAY)
    assert "not taken yet" not in site.gateway("files", "list").out
    assert file_holds(site) == [("F-RECORDS", "wrong"), ("X-TRUNCATED", "cut")]
    assert po_numbers(site) == ["good"]
