"""What who runs the site reads when the database cannot be used: a sentence, the next step, and never a password."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from gateway.kernel.errors import StoreError
from gateway.store import migrate
from gateway.store.migrate import current, upgrade
from gateway.store.unit_of_work import SqlStore, engine_for
from tests import database as databases
from tests.torture.server import own_server

SECRET = "s3cr3t-w0rd"  # noqa: S105 - it must appear nowhere


def said(url: str) -> str:
    with pytest.raises(StoreError) as met:
        upgrade(url)
    told = f"{met.value.sentence} {met.value.next_step}"
    assert SECRET not in told
    return told


def test_a_server_that_is_not_reachable_is_named() -> None:
    told = said(f"postgresql://gw:{SECRET}@127.0.0.1:1/gateway")
    assert told.startswith("The database gateway at 127.0.0.1:1 cannot be reached: ")
    assert "See that the server runs" in told


def test_a_database_that_does_not_exist_is_to_be_made(postgresql: str) -> None:
    told = said(postgresql.replace(databases.name_of(postgresql), "nothere"))
    assert "has no database of this name. Make it: CREATE DATABASE nothere" in told


def test_a_server_that_goes_down_is_not_said_to_lack_the_database() -> None:
    with own_server() as server, psycopg.connect(server.url):
        server.end()
        told = said(server.url)
    assert "ended the connection, or takes none yet" in told
    assert "CREATE DATABASE" not in told


def test_an_unknown_user_is_told_to_look_at_the_address(postgresql: str) -> None:
    told = said(postgresql.replace("gateway@", f"nobody:{SECRET}@"))
    assert "refuses the name or the password. Look at the user and the password" in told


def test_a_wrong_password_is_told_and_not_shown(postgresql: str) -> None:
    with engine_for(postgresql).connect() as connection:
        connection.execute(text("DROP ROLE IF EXISTS keen"))
        connection.execute(text("CREATE ROLE keen LOGIN PASSWORD 'another'"))
        connection.commit()
    hba = databases.server() / "data" / "pg_hba.conf"
    before = hba.read_text()
    hba.write_text(f"local all keen scram-sha-256\n{before}")
    try:
        databases.tell(postgresql, "SELECT pg_reload_conf()")
        told = said(postgresql.replace("gateway@", f"keen:{SECRET}@"))
    finally:
        hba.write_text(before)
        databases.tell(postgresql, "SELECT pg_reload_conf()")
    assert "refuses the name or the password" in told


def test_a_server_that_is_too_old_is_refused(postgresql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "OLDEST", 990000)
    assert "is PostgreSQL 18, which is too old. Use PostgreSQL 99 or newer." in said(postgresql)


def test_a_database_that_lacks_characters_is_refused(postgresql: str) -> None:
    databases.tell_alone("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    url = postgresql.replace(databases.name_of(postgresql), "latin")
    assert "keeps text as LATIN1, which has not every character" in said(url)
    databases.drop(url)


def test_another_kind_of_database_is_refused() -> None:
    assert "of the kind 'mysql'" in said("mysql://u@h/d")
    assert "not the address of a database" in said("nonsense")


def test_a_server_that_went_away_and_came_back_is_used_again(postgresql: str) -> None:
    store = SqlStore(postgresql)
    with store.unit() as work:
        work.commit()
    databases.tell(
        postgresql,
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    with store.unit() as work:
        assert work.exchange.receipts() == []


@pytest.mark.parametrize("version", ["0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010"])
def test_a_database_of_each_version_becomes_one_of_this(empty_database: str, version: str, tmp_path: Path) -> None:
    migrate.upgrade(empty_database, to=version)
    assert current(empty_database) == version
    row = "INSERT INTO counters (name, value) VALUES ('invoice', 41)"
    engine = engine_for(empty_database)
    with engine.connect() as connection:
        connection.execute(text(row))
        connection.commit()
    engine.dispose()
    upgrade(empty_database)
    fresh = databases.fresh(empty_database.partition(":")[0], tmp_path)
    assert databases.shape(empty_database) == databases.shape(fresh)
    with SqlStore(empty_database).unit() as work:
        assert work.exchange.next_number("invoice") == 42


def test_every_text_sorts_by_code_and_every_number_is_long(postgresql: str) -> None:
    odd = databases.tell(
        postgresql,
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name <> 'alembic_version' AND (data_type IN ('integer', 'character varying')"
        " OR data_type = 'text' AND collation_name IS DISTINCT FROM 'C')",
    )
    assert odd == []
