"""Whoever changes the audit trail, or brings a copy of the database back: verify says what, however much is done since."""

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gateway.app.run import RUN, site_lock
from tests.site.harness import PlayedSite, new_site, order, purchase_order, site_like

TRIGGERS = ("DROP TRIGGER audit_refuses_update", "DROP TRIGGER audit_refuses_delete")


@pytest.fixture(scope="module")
def mastered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    played = new_site(tmp_path_factory.mktemp("trail") / "site", on="sqlite")
    played.drop_master()
    for _ in range(5):
        adjusted(played)
    return played.folder


@pytest.fixture
def site(tmp_path: Path, mastered: Path) -> PlayedSite:
    """A site with six entries."""
    return site_like(mastered, tmp_path / "site")


def adjusted(site: PlayedSite, why: str = "counted") -> None:
    words = ("--warehouse", "DAL", "--quantity", "1", "--reason", why, "--who", "ann")
    assert site.gateway("stock", "adjust", "TENT-2P", *words).code == 0


def tampered(site: PlayedSite, *statements: str) -> None:
    """As somebody does who may write the database but not the folder beside it."""
    with closing(sqlite3.connect(site.folder / "var" / "gateway.db")) as connection:
        triggers = [
            str(row[0]) for row in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        ]  # fmt: skip
        for each in (*TRIGGERS, *statements, *triggers):
            connection.execute(each)
        connection.commit()


def verified(site: PlayedSite) -> str:
    answer = site.gateway("audit", "verify")
    assert answer.code == (0 if "each as it was written" in answer.out else 1)
    return answer.out.splitlines()[0]


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (("DELETE FROM audit WHERE sequence = 1",), "entry 1: Entry 1 is not there; the next one is 2."),
        (
            ("DELETE FROM audit WHERE sequence > 4",),
            "entry 5: The entries 5 to 6 were written and are not there.",
        ),
        (("DELETE FROM audit",), "entry 1: The entries 1 to 6 were written and are not there."),
        (("UPDATE audit SET sequence = 60 WHERE sequence = 6",), "entry 6: Entry 6 is not there; the next one is 60."),
        (
            ("UPDATE audit SET sequence = -2 WHERE sequence = 2", "UPDATE audit SET sequence = 2 WHERE sequence = 3",
             "UPDATE audit SET sequence = 3 WHERE sequence = -2"),
            "entry 2: Entry 2 is not as it was written.",
        ),
        (
            ("UPDATE audit SET who = 'bob', hash = 'f00' WHERE sequence = 6",),
            "entry 6: Entry 6 is not as it was written.",
        ),
    ],
)  # fmt: skip
def test_whatever_was_done_to_the_rows_is_named(site: PlayedSite, statements: tuple[str, ...], said: str) -> None:
    assert verified(site) == "6 entries, each as it was written"
    tampered(site, *statements)
    assert verified(site) == said


@pytest.mark.parametrize("since", [1, 2, 3, 5])
def test_an_end_that_was_cut_off_stays_told_however_far_the_trail_grows_then(site: PlayedSite, since: int) -> None:
    tampered(site, "DELETE FROM audit WHERE sequence > 4")
    for number in range(since):
        adjusted(site, f"since {number}")
    said = {1: "entry 6: The entries 6 to 6 were written and are not there."}
    other = "entry 6: Entry 6 is another one than was noted when it was written."
    assert verified(site) == said.get(since, other)
    assert site.gateway("db", "check").code == 1


def test_one_entry_is_one_entry(tmp_path: Path) -> None:
    played = new_site(tmp_path / "site", on="sqlite")
    played.run()
    assert verified(played) == "1 entry, each as it was written"


def test_a_note_that_was_taken_away_is_an_entry_of_the_trail(site: PlayedSite) -> None:
    tampered(site, "DELETE FROM audit WHERE sequence > 4")
    (site.folder / "var" / "audit-head").unlink()
    assert verified(site) == "5 entries, each as it was written"
    last = site.json("audit", "list")[-1]
    assert (last["who"], last["action"], last["detail"]) == ("gateway", "audit.noted", {"entries": "4"})


# --- copies --------------------------------------------------------------------------------------------------------


def copied(site: PlayedSite) -> Path:
    target = site.folder.parent / "copy.db"
    assert site.gateway("db", "backup", str(target)).code == 0
    return target


def put_back(site: PlayedSite, copy: Path) -> None:
    """As somebody does who knows no command for it."""
    for end in ("", "-wal", "-shm"):
        (site.folder / "var" / f"gateway.db{end}").unlink(missing_ok=True)
    shutil.copy(copy, site.folder / "var" / "gateway.db")


def test_a_copy_that_was_brought_back_by_its_command_is_whole_and_verify_says_what_it_lacks(site: PlayedSite) -> None:
    copy = copied(site)  # its own entry is in the other database only
    adjusted(site)
    answer = site.gateway("db", "restore", str(copy), "--note", "the disk broke", "--yes", "--who", "ann")
    assert answer.code == 0, answer
    said = site.gateway("audit", "verify")
    assert said.code == 0
    assert said.out.splitlines()[0] == "7 entries, each as it was written"
    assert said.out.splitlines()[1].endswith("The audit entries 7 to 8 are in the other database only.")
    adjusted(site)
    told = json.loads(site.gateway("audit", "verify", "--json").out)
    assert (told["whole"], told["entries"]) == (True, 8)
    assert [each["entry"] for each in told["brought_back"]] == [7]


def test_a_copy_of_yesterday_that_somebody_put_in_place_is_told_of_and_goes_on(site: PlayedSite) -> None:
    copy = copied(site)
    adjusted(site)
    site.drop("acme", "po.edi", purchase_order(order("PO-1")))
    site.run()
    put_back(site, copy)
    said = site.gateway("audit", "verify")
    assert said.code == 0, said
    assert "The audit entries 7 to 8 are in the other database only." in said.out
    adjusted(site)
    assert site.gateway("audit", "verify").code == 0


def test_a_copy_that_lacks_nothing_but_deeds_is_no_secret(site: PlayedSite) -> None:
    """No number and no file tells it from a trail whose end was cut off: only who put it there can."""
    copy = copied(site)
    put_back(site, copy)
    assert verified(site) == "entry 7: The entries 7 to 7 were written and are not there."
    assert site.gateway("db", "restore", str(copy), "--note", "as I meant to", "--yes").code == 0
    assert site.gateway("audit", "verify").code == 0


def test_nothing_is_brought_back_under_a_process_that_works(site: PlayedSite) -> None:
    copy = copied(site)
    before = told(site)
    with site_lock(site.folder, RUN):
        answer = site.gateway("db", "restore", str(copy), "--note", "x", "--yes")
    assert answer.code == 8
    assert "Another 'gateway run' works on" in answer.err
    assert told(site) == before
    assert not list((site.folder / "var").glob("gateway.db.before-*"))


def told(site: PlayedSite) -> list[str]:
    """All that stands in the database, whether in its file or still beside it."""
    with closing(sqlite3.connect(site.folder / "var" / "gateway.db")) as connection:
        return list(connection.iterdump())


@pytest.fixture
def busy(site: PlayedSite) -> Iterator[threading.Event]:
    """Others write as fast as they can meanwhile, several rows that belong together at a time."""
    begun, stop = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(site.folder / "var" / "gateway.db", timeout=30)) as connection:
            number = 0
            while not stop.is_set():
                number += 1
                with connection:
                    connection.execute("BEGIN IMMEDIATE")
                    for name in ("one", "two"):
                        connection.execute(
                            "INSERT INTO site VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                            (name, "x" * 3_000 + str(number)),
                        )
                begun.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(10)
    yield begun
    stop.set()
    thread.join()


def test_a_copy_that_is_made_while_others_write_is_of_one_moment(site: PlayedSite, busy: threading.Event) -> None:
    for number in range(5):
        target = site.folder.parent / f"copy-{number}.db"
        assert site.gateway("db", "backup", str(target)).code == 0
        with closing(sqlite3.connect(target)) as connection:
            values = {str(row[0]) for row in connection.execute("SELECT value FROM site WHERE name IN ('one', 'two')")}
            assert len(values) == 1
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert busy.is_set()


# --- the archive ---------------------------------------------------------------------------------------------------


def test_a_file_that_waits_and_is_missing_from_the_archive_is_named_with_what_to_do(site: PlayedSite) -> None:
    site.drop("acme", "letter.txt", "this is no order at all\n")
    site.run()
    kept = site.folder.parent / "archive"
    shutil.move(site.folder / "var" / "archive", kept)
    answer = site.gateway("db", "check")
    assert answer.code == 1
    assert "letter.txt of acme" in answer.out
    shutil.copytree(kept, site.folder / "var" / "archive")
    assert site.gateway("db", "check").code == 0


def test_what_was_old_when_it_was_removed_is_not_missed_by_a_copy_of_the_day_before(site: PlayedSite) -> None:
    copy = copied(site)
    two_years_on = "2028-11-27T16:00:00Z"
    for path in (site.folder / "var" / "archive").rglob("*"):
        if path.is_file():
            path.unlink()  # as the night did that the copy knows nothing of
    assert site.gateway("db", "restore", str(copy), "--note", "x", "--yes").code == 0
    assert site.gateway("db", "check").code == 1  # they are not old yet
    assert site.gateway("db", "prune", "--dry-run", "--now", two_years_on).code == 0
    answer = site.gateway("db", "check")
    assert answer.code == 0, answer
    assert "5 are not there and older than 'retention' keeps them" in answer.out
    site.run(two_years_on)
    assert not site.rows("SELECT 1 FROM receipts WHERE content_removed_at IS NULL")
    answer = site.gateway("db", "check")
    assert answer.code == 0
    assert "not there" not in answer.out
