"""A database of yesterday in today's place: no number is given twice, no file is forgotten, nothing leaves twice (F-20)."""

import re
import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.app.restored import JUMP, looked_after
from gateway.exchange.audit import AuditHead
from gateway.kernel.clock import fixed_clock
from gateway.store.beside import Beside
from gateway.store.unit_of_work import SqlStore
from tests.orders.build import NOW
from tests.site.harness import PlayedSite, new_site, order, purchase_order

CONTROL = re.compile(rb"ISA\*.{83}\*(\d{9})\*|ISA.(?:[^*]*\*){12}(\d{9})")


@pytest.fixture(scope="module")
def mastered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    played = new_site(tmp_path_factory.mktemp("restored") / "site", on="sqlite")
    played.drop_master()
    return played.folder


@pytest.fixture
def site(tmp_path: Path, mastered: Path) -> PlayedSite:
    return PlayedSite(Path(shutil.copytree(mastered, tmp_path / "site")))


def test_a_site_may_stand_in_a_folder_of_any_name(tmp_path: Path, mastered: Path) -> None:
    """What means something in an address, in a name of a file means nothing."""
    odd = tmp_path / "5%41 of#them?no"
    site = PlayedSite(Path(shutil.copytree(mastered, odd)))
    site.drop("acme", "a.edi", purchase_order(order("R-1")))
    site.run()
    copy = tmp_path / "copy#1.db"

    assert [each["po_number"] for each in site.json("orders", "list")] == ["R-1"]
    assert "gateway_database_up 1.0" in site.gateway("metrics").out
    assert "database: it answers" in site.gateway("doctor").out
    assert site.gateway("db", "check").code == 0
    assert site.gateway("db", "backup", str(copy)).code == 0
    assert site.gateway("db", "restore", str(copy), "--note", "a try", "--yes").code == 0
    assert (odd / "var" / "gateway.db").is_file()
    assert {each.name for each in tmp_path.iterdir()} == {odd.name, copy.name}


def numbers(site: PlayedSite) -> list[str]:
    """The control numbers of everything that left for ACME."""
    return [
        content[90:99].decode() for name, content in site.outbox("acme").items() if name.endswith(".edi")
    ]  # fmt: skip


def day(site: PlayedSite, *orders: tuple[str, int]) -> None:
    for name, control in orders:
        site.drop("acme", f"{name}.edi", purchase_order(order(name), control=control))
    site.run()


def copied(site: PlayedSite) -> Path:
    target = site.folder.parent / "yesterday.db"
    answer = site.gateway("db", "backup", str(target))
    assert answer.code == 0, answer
    return target


def put_back(site: PlayedSite, copy: Path) -> None:
    """As somebody does who knows no command for it."""
    for end in ("", "-wal", "-shm"):
        (site.folder / "var" / f"gateway.db{end}").unlink(missing_ok=True)
    shutil.copy(copy, site.folder / "var" / "gateway.db")


def test_f_20_nothing_is_repeated_after_a_copy_of_yesterday_was_put_in_place(site: PlayedSite) -> None:
    day(site, ("PO-1", 1))
    yesterday = copied(site)
    day(site, ("PO-2", 2), ("PO-3", 3))
    left = site.outbox("acme")
    orders_before = {each["order_number"] for each in site.json("orders", "list")}
    put_back(site, yesterday)
    day(site, ("PO-4", 4))
    assert {name: content for name, content in site.outbox("acme").items() if name in left} == left
    given = numbers(site)
    assert len(given) == len(set(given))
    placed = {each["po_number"]: each["order_number"] for each in site.json("orders", "list")}
    assert placed.keys() == {"PO-1", "PO-4"}
    assert placed["PO-4"] not in orders_before
    gap = [each for each in site.json("holds", "list") if each["code"] == "F-GAP"]
    assert sorted(each["file"] for each in gap) == ["PO-2.edi", "PO-3.edi"]
    told = site.json("audit", "list")
    (entry,) = [each for each in told if each["action"] == "database.restored"]
    assert entry["detail"]["files"] == "2"
    assert "counter isa13:acme" in entry["detail"]
    assert site.rows("SELECT count(*) FROM alerts WHERE kind = 'database.restored'") == [(1,)]
    assert site.gateway("audit", "verify").code == 0
    assert site.gateway("db", "check").code == 0, site.gateway("db", "check").out


def test_f_20_a_file_of_the_gap_that_comes_again_is_recognised_and_read_once(site: PlayedSite) -> None:
    day(site, ("PO-1", 1))
    yesterday = copied(site)
    day(site, ("PO-2", 2))
    put_back(site, yesterday)
    day(site, ("PO-2", 2))
    files = {each["received_at"]: each["state"] for each in site.json("files", "list") if each["file"] == "PO-2.edi"}
    states = sorted(each["state"] for each in site.json("files", "list") if each["file"] == "PO-2.edi")
    assert states == ["duplicate", "held"], files
    assert [each["po_number"] for each in site.json("orders", "list")] == ["PO-1"]
    answer = site.gateway(
        "holds", "release", "all", "--partner", "acme", "--code", "F-GAP", "--note", "not in the house"
    )
    assert answer.code == 0, answer
    day(site, ("PO-2", 2))
    assert sorted(each["po_number"] for each in site.json("orders", "list")) == ["PO-1", "PO-2"]
    given = numbers(site)
    assert len(given) == len(set(given))


def test_f_20_what_had_left_since_the_copy_does_not_leave_again(site: PlayedSite) -> None:
    shutil.rmtree(site.folder / "outbox")
    (site.folder / "outbox").write_text("nothing can be delivered")
    site.drop("acme", "PO-1.edi", purchase_order(order("PO-1"), control=1))
    site.gateway("run", "--once")
    yesterday = copied(site)
    (site.folder / "outbox").unlink()
    site.run()
    taken = site.outbox()
    assert taken
    shutil.rmtree(site.folder / "outbox")
    (site.folder / "outbox").mkdir()
    day(site, ("PO-2", 2))
    put_back(site, yesterday)
    site.run()
    assert not set(site.outbox()) & set(taken)
    assert "had left are not sent again" in site.rows("SELECT reason FROM alerts")[0][0]


def test_a_start_after_a_crash_or_a_plain_start_is_no_copy(site: PlayedSite) -> None:
    day(site, ("PO-1", 1))
    site.gateway("run", "--once", crash_at="received")
    day(site, ("PO-2", 2))
    site.drop("acme", "PO-3.edi", purchase_order(order("PO-3"), control=3))
    site.run(crash_at="received", expect=-9)
    site.run()
    assert site.rows("SELECT count(*) FROM alerts") == [(0,)]
    assert not [each for each in site.json("audit", "list") if each["action"] == "database.restored"]


def test_restore_puts_a_copy_in_place_only_when_asked_and_keeps_what_was_there(site: PlayedSite) -> None:
    day(site, ("PO-1", 1))
    yesterday = copied(site)
    day(site, ("PO-2", 2))
    asked = ("db", "restore", str(yesterday), "--note", "the disk broke")
    assert site.gateway(*asked).code == 8
    assert len(site.json("orders", "list")) == 2
    answer = site.gateway(*asked, "--yes", "--who", "ann")
    assert answer.code == 0, answer
    assert "1 file taken after the copy is on hold" in answer.out
    assert len(site.json("orders", "list")) == 1
    assert [each["action"] for each in site.json("audit", "list")][-2:] == ["database.restored", "database.restore"]
    (kept,) = (site.folder / "var").glob("gateway.db.before-*Z")
    shutil.copy(kept, site.folder.parent / "kept.db")
    assert site.gateway("db", "restore", str(site.folder / "gateway.yaml"), "--note", "x", "--yes").code == 7
    assert site.gateway("db", "restore", "nowhere.db", "--note", "x", "--yes").code == 5
    assert site.gateway("db", "backup", str(yesterday)).code == 8


def test_check_finds_an_archived_file_that_was_changed(site: PlayedSite) -> None:
    day(site, ("PO-1", 1))
    assert site.gateway("db", "check").code == 0
    sha256 = next(each["sha256"] for each in site.json("files", "list") if each["file"] == "PO-1.edi")
    path = site.folder / "var" / "archive" / sha256[:2] / sha256
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    answer = site.gateway("db", "check")
    assert answer.code == 1
    assert "WRONG  archive: PO-1.edi of acme" in answer.out


def drawn(store: SqlStore, counter: str, times: int = 1) -> int:
    with store.unit() as work:
        last = [work.exchange.next_number(counter) for _ in range(times)][-1]
        work.commit()
    return last


def test_f_20_counters_go_on_after_the_mark_on_both_databases(database: str, tmp_path: Path) -> None:
    store, clock = SqlStore(database, Beside(tmp_path)), fixed_clock(NOW)
    for name in ("order", "isa13:acme"):
        assert drawn(store, name, 5) == 5
    assert looked_after(store, clock) is None
    assert drawn(store, "isa13:acme", 7) == 12
    with store.engine.connect() as connection:
        connection.execute(text("UPDATE counters SET value = 5 WHERE name = 'isa13:acme'"))
        connection.commit()
    done = looked_after(SqlStore(database, Beside(tmp_path)), clock)
    assert done is not None
    assert dict(done.counters) == {"isa13:acme": (5, 12 + JUMP)}
    assert drawn(store, "isa13:acme") == 12 + JUMP + 1
    assert drawn(store, "order") == 6
    assert looked_after(store, clock) is None


def test_a_number_that_was_rolled_back_is_not_noted(database: str, tmp_path: Path) -> None:
    store = SqlStore(database, Beside(tmp_path))
    drawn(store, "order", 3)
    with store.unit() as work:
        work.exchange.next_number("order")
    assert store.beside is not None
    assert store.beside.known() == {"order": 3}
    assert looked_after(store, fixed_clock(NOW)) is None


def test_marks_of_many_threads_and_processes_only_rise(tmp_path: Path) -> None:
    one, other = Beside(tmp_path), Beside(tmp_path)

    def note(beside: Beside, start: int) -> None:
        for value in range(start, 400, 2):
            beside.after_commit({"a": value, f"b{value % 7}": value}, AuditHead(value, "f" * 64), f"claim{value}")

    threads = [threading.Thread(target=note, args=(each, at)) for at, each in enumerate((one, other), start=1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    known = Beside(tmp_path).known()
    assert known["a"] == 399
    assert {known[f"b{rest}"] for rest in range(7)} == set(range(393, 400))
    head = one.head()
    assert head is not None
    assert head.sequence == 399


def test_a_journal_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    beside = Beside(tmp_path)
    beside.before_commit(
        [{"at": "2026-11-20T10:00:00+00:00", "claim": "a"}, {"at": "2026-11-21T10:00:00+00:00", "claim": "b"}]
    )
    (path, *_) = beside.journals()
    path.write_text(path.read_text() + '{"at": "2026-11-20T1')
    assert [each["claim"] for each in beside.journal()] == ["a", "b"]
    assert [each["claim"] for each in beside.journal("2026-11-21")] == ["b"]
    beside.forget_before("2026-11-21")
    assert [each["claim"] for each in beside.journal()] == ["b"]
