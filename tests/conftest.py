"""What all tests share: property tests take the time they need on a slow machine; a database of either kind; a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import database as databases
from tests.servers import sshd

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

WAITING = ("torture", "engine")
"""The folders whose tests wait for processes of their own most of the time."""


def pytest_configure() -> None:
    """Name the folder of the run before its workers start, so that all share one PostgreSQL."""
    databases.begin_run()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits, in one worker, so that the others have work for the cores meanwhile and none waits at the end."""
    folder = Path(__file__).parent
    items.sort(key=lambda item: not any(item.path.is_relative_to(folder / each) for each in WAITING))


@pytest.fixture(autouse=True)
def _databases_go_with_their_test() -> Iterator[None]:
    before = len(databases.MADE)
    yield
    while len(databases.MADE) > before:
        databases.drop(databases.MADE.pop())


@pytest.fixture(params=databases.DIALECTS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with every table and no row: a test that asks for it runs on both."""
    return databases.fresh(request.param, tmp_path)


@pytest.fixture(params=databases.DIALECTS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table, of both kinds."""
    return databases.fresh(request.param, tmp_path, migrated=False)


@pytest.fixture
def postgresql(tmp_path: Path) -> str:
    """The URL of a PostgreSQL database with every table and no row."""
    return databases.fresh(databases.POSTGRESQL, tmp_path)


@pytest.fixture
def sftp_server(tmp_path: Path) -> Iterator[sshd.Sshd]:
    """A real OpenSSH server of this test alone."""
    with sshd.serving(tmp_path / "sshd") as found:
        yield found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it so that nobody overlooks it when PostgreSQL or a real SFTP server could not be tested."""
    if any(sshd.NOT_TESTED in str(each.longrepr) for each in terminalreporter.stats.get("skipped", [])):
        terminalreporter.section("NOTHING WAS TESTED AGAINST A REAL SFTP SERVER", red=True, bold=True)
        terminalreporter.write_line(sshd.why_unavailable())
    if why := databases.why_unavailable():
        terminalreporter.section("NOTHING WAS TESTED ON POSTGRESQL", red=True, bold=True)
        terminalreporter.write_line(why)
