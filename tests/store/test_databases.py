"""The databases the tests run on are what they claim to be."""

from pathlib import Path

from sqlalchemy import text

from gateway.exchange.receipt import Receipt
from gateway.kernel.ids import ClaimId, PartnerId, ReceiptId, Sha256
from gateway.store.migrate import current
from gateway.store.schema import VERSION
from gateway.store.unit_of_work import SqlStore, engine_for
from tests import database as databases
from tests.orders.build import NOW


def test_each_test_gets_a_database_of_its_own_with_every_table(database: str, tmp_path: Path) -> None:
    other = databases.fresh(database.partition(":")[0], tmp_path)
    with engine_for(database).connect() as connection:
        connection.execute(text("INSERT INTO counters (name, value) VALUES ('a', 1)"))
        connection.commit()
    with engine_for(other).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM counters")).scalar() == 0
    assert current(database) == current(other) == VERSION


def test_a_copy_has_what_the_original_had(postgresql: str) -> None:
    engine = engine_for(postgresql)
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO counters (name, value) VALUES ('a', 1)"))
        connection.commit()
    engine.dispose()
    copy = databases.copied(postgresql)
    with engine_for(copy).connect() as connection:
        assert connection.execute(text("SELECT value FROM counters")).scalar() == 1


def test_an_empty_database_has_no_version(empty_database: str) -> None:
    assert current(empty_database) is None


def test_postgresql_is_of_the_version_that_we_say_we_test(postgresql: str) -> None:
    with engine_for(postgresql).connect() as connection:
        version = connection.execute(text("SHOW server_version_num")).scalar()
    assert int(version or 0) >= 180000


def test_the_size_of_a_file_of_many_gigabytes_fits(database: str) -> None:
    size = 5 << 40
    receipt = Receipt(ReceiptId("R1"), ClaimId("C1"), PartnerId("acme"), "po.edi", Sha256("a" * 64), size, NOW)
    with SqlStore(database).unit() as work:
        assert work.exchange.add_receipt(receipt)
        work.commit()
    with SqlStore(database).unit() as work:
        found = work.exchange.receipt(ReceiptId("R1"))
    assert found is not None
    assert found.size == size


def test_no_number_of_a_table_overflows_on_postgresql(postgresql: str) -> None:
    narrow = (
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND data_type IN ('integer', 'smallint')"
    )
    assert databases.tell(postgresql, narrow) == []
    wide = narrow.replace("('integer', 'smallint')", "('bigint')")
    assert ("receipts", "size") in databases.tell(postgresql, wide)
