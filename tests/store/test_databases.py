"""The databases the tests run on are what they claim to be."""

from pathlib import Path

from sqlalchemy import text

from gateway.store.migrate import current
from gateway.store.schema import VERSION
from gateway.store.unit_of_work import engine_for
from tests import database as databases


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
