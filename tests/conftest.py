"""What all tests share: property tests take the time they need on a slow machine; a database of either kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import database as databases

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_configure() -> None:
    """Name the folder of the run before its workers start, so that all share one PostgreSQL."""
    databases.begin_run()


@pytest.fixture(params=databases.DIALECTS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with every table and no row: a test that asks for it runs on both."""
    url = databases.fresh(request.param, tmp_path)
    yield url
    databases.drop(url)


@pytest.fixture(params=databases.DIALECTS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, of both kinds."""
    url = databases.fresh(request.param, tmp_path, migrated=False)
    yield url
    databases.drop(url)


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[str]:
    """The URL of a PostgreSQL database with every table and no row."""
    url = databases.fresh(databases.POSTGRESQL, tmp_path)
    yield url
    databases.drop(url)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it so that nobody overlooks it when PostgreSQL could not be tested."""
    if why := databases.why_unavailable():
        terminalreporter.section("NOTHING WAS TESTED ON POSTGRESQL", red=True, bold=True)
        terminalreporter.write_line(why)
