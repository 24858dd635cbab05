"""The hook of the fault tests at the database: what is counted fails as the database itself would let it, and nothing else does."""

from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from gateway.kernel.errors import ConflictError, UnavailableError
from gateway.kernel.fault_plan import plan_of
from gateway.store import faults
from gateway.store.schema import site
from gateway.store.unit_of_work import SqlStore

ASK = text("SELECT 1")


@pytest.fixture(autouse=True)
def _faultless_again() -> Iterator[None]:
    yield
    faults.begin("")


def counted(database: str) -> int:
    """How many statements it takes to connect."""
    for number in range(1, 40):
        faults.begin(f"statement:{number}:FULL")
        try:
            with SqlStore(database).engine.connect():
                pass
        except DBAPIError:
            continue
        return number
    raise AssertionError


def test_the_nth_statement_fails_once_or_from_then_on(database: str) -> None:
    first = counted(database) + (1 if database.startswith("sqlite") else 0)  # BEGIN is one of SQLite's
    for lasting in ("", "+"):
        faults.begin("")
        faults.begin(f"statement:{first + 1}:FULL{lasting}")
        with SqlStore(database).engine.connect() as connection:
            connection.execute(ASK)
            with pytest.raises(DBAPIError, match=r"full|fault of the tests"):
                connection.execute(ASK)
            connection.rollback()
            if lasting:
                with pytest.raises(DBAPIError, match=r"full|fault of the tests"):
                    connection.execute(ASK)
            else:
                connection.execute(ASK)
        assert faults.met()


@pytest.mark.parametrize("fault", [each for each in faults.FAULTS if each != "LOST_AFTER"])
def test_what_was_written_before_a_commit_that_fails_is_not_there(database: str, fault: str) -> None:
    assert not written(database, f"commit:1:{fault}")


def test_a_commit_that_is_lost_afterwards_has_happened(database: str) -> None:
    assert written(database, "commit:1:LOST_AFTER")


def written(database: str, plan: str) -> bool:
    """Whether a row is there whose commit met a fault, of which a sentence was told."""
    faults.begin(plan)
    with pytest.raises((UnavailableError, ConflictError)):
        put(database, "told")
    faults.begin("")
    put(database, "again")  # nobody has kept the lock
    with SqlStore(database).unit() as work:
        return work.site.get("told") is not None


def put(database: str, name: str) -> None:
    """Write one row."""
    with SqlStore(database).unit() as work:
        work.site.put(name, "yes")
        work.commit()


def test_without_a_plan_nothing_is_watched(database: str) -> None:
    for said in ("", "fsync:1:EIO"):
        faults.begin(said)
        with SqlStore(database).engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert type(driver).__module__.partition(".")[0] in ("sqlite3", "psycopg")
            connection.execute(insert(site).values(name=said or "x", value="1"))
            assert connection.execute(select(site.c.value)).scalar() == "1"
    assert not faults.met()


@pytest.mark.parametrize("said", ["statement:1:EIO", "commit:0:FULL", "commit:1:", "statement:FULL"])
def test_what_is_no_plan_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="is no plan of a fault"):
        faults.begin(said)


def test_a_plan_says_what_is_hit() -> None:
    plan = plan_of("commit:2:LOST+")
    assert plan is not None
    assert [plan.hits(number) for number in (1, 2, 3)] == [False, True, True]
    assert plan.of_database
    assert plan_of("") is None
