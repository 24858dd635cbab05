"""The audit trail says everything in its order and notices whatever was done to it, on both databases."""

import os
import threading
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gateway.exchange.audit import BEFORE_THE_FIRST, BEGINNING, AuditHead, Broken
from gateway.store.beside import Beside
from gateway.store.unit_of_work import SqlStore, engine_for
from tests.nursery import AT_ONCE
from tests.orders.build import NOW

COLUMNS = "sequence, at, who, action, partner, subject, detail, previous, hash"


@pytest.fixture
def store(database: str) -> SqlStore:
    return SqlStore(database)


def filled(store: SqlStore, count: int = 5) -> AuditHead:
    for number in range(1, count + 1):
        with store.unit() as work:
            work.audit.note(
                "jo", "hold.released", f"SO-{number}", at=NOW, partner="acme", detail={"note": f"ok {number}"}
            )
            work.commit()
    with store.unit() as work:
        return work.audit.head()


def tampered(store: SqlStore, *statements: str) -> None:
    """Change the table as somebody would who may do everything with the database."""
    engine = engine_for(store.url)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("DROP TRIGGER audit_refuses_update"))
            connection.execute(text("DROP TRIGGER audit_refuses_delete"))
        for each in statements:
            connection.execute(text(each))
        connection.commit()
    engine.dispose()


def verified(store: SqlStore, known: AuditHead | None = None) -> Broken | None:
    with store.unit() as work:
        return work.audit.verify(known)


def test_what_was_noted_is_there_in_its_order_and_holds(store: SqlStore) -> None:
    head = filled(store)
    with store.unit() as work:
        found = work.audit.listed()
        assert work.audit.verify(head) is None
        assert [each.subject for each in work.audit.listed(last=2)] == ["SO-4", "SO-5"]
        assert [each.sequence for each in work.audit.listed(subject="SO-2", who="jo")] == [2]
        assert work.audit.listed(who="ann") == []
    assert [each.sequence for each in found] == [1, 2, 3, 4, 5]
    assert [each.previous for each in found] == [BEFORE_THE_FIRST, *(each.hash for each in found[:-1])]
    assert (found[0].who, found[0].action, found[0].partner) == ("jo", "hold.released", "acme")
    assert (found[0].at, found[0].detail) == (NOW, {"note": "ok 1"})
    assert head == AuditHead(5, found[-1].hash)


def test_an_empty_trail_holds(store: SqlStore) -> None:
    assert verified(store) is None
    with store.unit() as work:
        assert work.audit.head() == AuditHead(0, BEFORE_THE_FIRST)


def test_a_deed_that_was_not_committed_was_not_done(store: SqlStore) -> None:
    filled(store, 1)
    with store.unit() as work:
        work.audit.note("jo", "hold.released", "SO-2", at=NOW)
    filled(store, 1)
    with store.unit() as work:
        assert [each.sequence for each in work.audit.listed()] == [1, 2]


def test_several_deeds_of_one_transaction_follow_each_other(store: SqlStore) -> None:
    with store.unit() as work:
        for subject in ("SO-1", "SO-2", "Größe \u2028 \x1b[31m"):
            work.audit.note("jo", "hold.released", subject, at=NOW, detail={"b": "2", "a": "é"})
        work.commit()
        work.audit.note("jo", "hold.released", "SO-4", at=NOW)
        work.commit()
    with store.unit() as work:
        assert [each.sequence for each in work.audit.listed()] == [1, 2, 3, 4]
        assert work.audit.verify() is None


def test_two_workers_at_once_leave_no_gap_and_no_fork(store: SqlStore) -> None:
    threads = [threading.Thread(target=filled, args=(store, 20)) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with store.unit() as work:
        assert [each.sequence for each in work.audit.listed()] == list(range(1, 41))
        assert work.audit.verify() is None


def noting(url: str, folder: str, name: str, count: int, begin: Barrier, last: int = 0) -> None:
    """A process of its own that does so much; the ``last`` of it is never committed, for it is killed there."""
    store = SqlStore(url, Beside(Path(folder)))
    begin.wait(60)
    for number in range(count):
        with store.unit() as work:
            work.audit.note(name, "hold.release", f"SO-{number}", at=NOW, detail={"note": name})
            if number % 3 == 0:
                work.audit.note(name, "order.hold", f"SO-{number}", at=NOW)
            if last and number == last:
                work.audit.write()
                os._exit(9)
            work.commit()


def test_four_processes_at_once_keep_one_chain_and_one_that_is_killed_amid_an_entry_breaks_none(
    database: str, tmp_path: Path
) -> None:
    begin = AT_ONCE.Barrier(4)
    told = [("a", 30, 0), ("b", 30, 0), ("c", 30, 0), ("d", 30, 12)]
    running = [
        AT_ONCE.Process(target=noting, args=(database, str(tmp_path), name, count, begin, last))
        for name, count, last in told
    ]
    for each in running:
        each.start()
    for each in running:
        each.join(120)
    assert [each.exitcode for each in running] == [0, 0, 0, 9]
    beside = Beside(tmp_path)
    with SqlStore(database, beside).unit() as work:
        found = work.audit.listed()
        assert [each.sequence for each in found] == list(range(1, len(found) + 1))
        assert {name: sum(each.who == name for each in found) for name, _, _ in told} == {
            "a": 40,
            "b": 40,
            "c": 40,
            "d": 16,
        }
        assert work.audit.verify(beside.head()) is None
        assert beside.head() == work.audit.head()


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'ann'", "DELETE FROM audit WHERE sequence = 2"])
def test_the_database_refuses_to_change_or_remove_an_entry(store: SqlStore, statement: str) -> None:
    head = filled(store, 3)
    engine = engine_for(store.url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="only ever added"):
        connection.execute(text(statement))
    engine.dispose()
    assert verified(store, head) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [("who", "'ann'"), ("detail", "'{}'"), ("at", "'2026-11-21T00:00:00.000000+00:00'"), ("action", "'x'"), ("partner", "''"),
     ("subject", "'SO-9'"), ("hash", "'0'"), ("previous", "'0'")],
)  # fmt: skip
def test_an_entry_that_was_changed_is_named(store: SqlStore, column: str, value: str) -> None:
    filled(store)
    tampered(store, f"UPDATE audit SET {column} = {value} WHERE sequence = 3")  # noqa: S608 - ours
    assert verified(store) == Broken(3, "Entry 3 is not as it was written.")


def test_an_entry_that_was_removed_is_named(store: SqlStore) -> None:
    filled(store)
    tampered(store, "DELETE FROM audit WHERE sequence = 3")
    assert verified(store) == Broken(3, "Entry 3 is not there; the next one is 4.")


def test_an_entry_that_was_put_in_is_named(store: SqlStore) -> None:
    filled(store)
    tampered(
        store,
        f"INSERT INTO audit ({COLUMNS}) SELECT 0, at, who, action, partner, subject, detail, previous, hash"  # noqa: S608 - ours
        " FROM audit WHERE sequence = 3",
    )
    assert verified(store) == Broken(1, "Entry 1 is not there; the next one is 0.")


def test_two_entries_that_changed_places_are_named(store: SqlStore) -> None:
    filled(store)
    tampered(
        store, "UPDATE audit SET sequence = 99 WHERE sequence = 2", "UPDATE audit SET sequence = 2 WHERE sequence = 3",
        "UPDATE audit SET sequence = 3 WHERE sequence = 99",
    )  # fmt: skip
    broken = verified(store)
    assert broken is not None
    assert broken.sequence == 2


def test_the_end_that_was_cut_off_is_noticed_where_the_last_entry_is_known(store: SqlStore) -> None:
    head = filled(store)
    tampered(store, "DELETE FROM audit WHERE sequence > 3")
    assert verified(store) is None
    assert verified(store, head) == Broken(4, "The entries 4 to 5 were written and are not there.")
    filled(store, 2)
    assert verified(store) is None
    again = verified(store, AuditHead(5, head.hash[::-1]))
    assert again == Broken(5, "Entry 5 is another one than was noted when it was written.")


def test_a_trail_longer_than_what_is_read_at_once_is_read_to_its_end(store: SqlStore) -> None:
    with store.unit() as work:
        for number in range(2_100):
            work.audit.note("jo", "value.set", str(number), at=NOW)
        work.commit()
    assert verified(store) is None
    tampered(store, "UPDATE audit SET subject = 'x' WHERE sequence = 2050")
    assert verified(store) == Broken(2050, "Entry 2050 is not as it was written.")


def test_what_the_site_knows_of_itself_is_kept_by_name(store: SqlStore) -> None:
    with store.unit() as work:
        assert work.site.get("generation") is None
        assert work.site.put("generation", "1")
        assert not work.site.put("generation", "1")
        assert work.site.put("generation", "2")
        work.site.put("config_hash", "abc")
        work.commit()
    with store.unit() as work:
        assert work.site.all() == {"config_hash": "abc", "generation": "2"}


def test_a_note_that_the_trail_contradicts_is_not_written_over(database: str, tmp_path: Path) -> None:
    beside = Beside(tmp_path)
    store = SqlStore(database, beside)
    head = filled(store, 5)
    assert beside.head() == head
    tampered(store, "DELETE FROM audit WHERE sequence > 3")
    for number in range(4):
        with store.unit() as work:
            work.audit.note("eve", "order.hold", f"{number}", at=NOW)
            work.commit()
    assert beside.head() == head
    assert verified(store) is None
    assert verified(store, beside.head()) == Broken(5, "Entry 5 is another one than was noted when it was written.")


def test_a_note_that_lags_behind_is_brought_on(database: str, tmp_path: Path) -> None:
    beside = Beside(tmp_path)
    filled(SqlStore(database, beside), 2)
    filled(SqlStore(database), 2)  # committed by somebody who was killed before it was noted
    head = filled(SqlStore(database, beside), 1)
    assert beside.head() == head == AuditHead(5, head.hash)


@pytest.mark.parametrize("most", [1, 2, 5, 6])
def test_a_trail_is_looked_through_in_pieces_of_any_size(store: SqlStore, most: int) -> None:
    head = filled(store, 5)
    last, pieces = BEGINNING, 0
    while True:
        with store.unit() as work:
            looked = work.audit.look(last, head, most)
        last, pieces = looked.last, pieces + 1
        assert looked.broken is None
        if looked.is_end:
            break
    assert last == head
    assert pieces == 5 // most + 1
