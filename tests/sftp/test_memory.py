"""What is kept of a server between two polls: holds that end with their cause, files that are forgotten when long gone, our own disk."""

import errno
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from gateway.app import servers, units
from gateway.app.health import Finding
from gateway.exchange.channels import ChannelHealth
from gateway.flows import polling, remote_memory
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import fixed_clock, system_clock
from gateway.kernel.errors import ChannelDownError, DiskError
from gateway.kernel.ids import PartnerId
from gateway.store.schema import observations, remote_files
from gateway.store.unit_of_work import SqlStore
from gateway.transports.sftp import client, remote
from gateway.transports.sftp.remote import SftpRemote
from tests.servers.sshd import Sshd
from tests.sftp.served import IN, served

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _looks_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "LOOK_AGAIN", 0.05)


def at(bench: Workbench, moment: datetime) -> Workbench:
    """The site at another moment, by both its clocks."""
    return replace(bench, clock=fixed_clock(moment), wall=fixed_clock(moment))


def rows(bench: Workbench, table: object = remote_files) -> int:
    assert isinstance(bench.store, SqlStore)
    with bench.store.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_holds_of_a_server_end_by_themselves_when_their_cause_is_gone(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", file_limit: 1kB, patterns: ['*.csv']")
    acme.put("large.csv", b"x" * 2000)
    acme.put("still.csv", b"x" * 2000)
    (acme.incoming / "link.csv").symlink_to("large.csv")
    (acme.incoming / "folder.csv").mkdir()
    bench = acme.bench()
    assert acme.poll(bench) == 0
    assert acme.holds(bench) == {
        "large.csv": "F-TOO-LARGE", "still.csv": "F-TOO-LARGE", "link.csv": "S-FILETYPE", "folder.csv": "S-FILETYPE",
    }  # fmt: skip

    acme.put("large.csv", b"good\n")
    (acme.incoming / "link.csv").unlink()
    (acme.incoming / "folder.csv").rmdir()
    acme.put("folder.csv", b"a file now\n")
    assert acme.poll(bench) == 2
    assert acme.holds(bench) == {"still.csv": "F-TOO-LARGE"}
    (acme.incoming / "still.csv").unlink()
    assert acme.poll(bench) == 0
    assert acme.holds(bench) == {}


def test_a_file_that_could_not_be_read_is_held_until_it_is_taken_or_gone(
    tmp_path: Path, sftp_server: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = served(tmp_path / "site", sftp_server)
    acme.put("one.csv", b"1\n")
    acme.put("two.csv", b"2\n")
    bench = acme.bench()
    real = SftpRemote.fetch

    def refuses(self: SftpRemote, *_: object, **__: object) -> None:
        with self.connection.asking("It cannot be read"):
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(SftpRemote, "fetch", refuses)
    assert [acme.poll(bench), acme.poll(bench)] == [0, 0]
    assert acme.holds(bench) == {"one.csv": "F-UNREADABLE", "two.csv": "F-UNREADABLE"}
    monkeypatch.setattr(SftpRemote, "fetch", real)
    (acme.incoming / "two.csv").unlink()

    assert acme.poll(bench) == 1
    assert acme.holds(bench) == {}


def test_of_many_things_twenty_are_named_and_the_others_counted(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server)
    for number in range(25):
        (acme.incoming / f"{number:02d}.csv").symlink_to("x")
    bench = acme.bench()
    acme.poll(bench)
    acme.poll(bench)
    held = acme.holds(bench)
    assert len(held) == 21
    assert "(5 more)" in held

    for number in range(4):
        (acme.incoming / f"{number:02d}.csv").unlink()
    acme.poll(bench)
    assert len(acme.holds(bench)) == 21
    assert "(1 more)" in acme.holds(bench)
    for path in acme.incoming.iterdir():
        path.unlink()
    acme.poll(bench)
    assert acme.holds(bench) == {}


def test_a_file_that_was_left_there_is_never_forgotten_while_it_is_listed(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", after: leave")
    site, now = acme.bench(), system_clock()
    acme.put("stays.csv", b"1\n")
    acme.put("goes.csv", b"2\n")
    assert acme.poll(at(site, now)) == 2
    gone = (acme.incoming / "goes.csv").rename(acme.server.files / "aside")

    for day in (0, 399, 401, 402, 404):
        bench = at(site, now + day * DAY)
        assert acme.poll(bench) == 0
        assert rows(bench) == 2, "it is gone for some days only, the folder may be another one by mistake"
    gone.rename(acme.incoming / "goes.csv")
    assert acme.poll(at(site, now + 405 * DAY)) == 0, "it is there again, and known"
    (acme.incoming / "goes.csv").unlink()
    for day in (406, 410, 414):
        bench = at(site, now + day * DAY)
        assert acme.poll(bench) == 0
    assert rows(bench) == 1
    assert acme.poll(at(site, now + 2000 * DAY)) == 0
    assert sorted(acme.received(bench)) == ["goes.csv", "stays.csv"]
    assert rows(bench, observations) == 0


def test_what_was_removed_there_is_forgotten_when_the_agreement_does_not_look_so_far_back(
    tmp_path: Path, sftp_server: Sshd
) -> None:
    acme = served(tmp_path / "site", sftp_server)
    site, now = acme.bench(), system_clock()
    acme.put("one.csv", b"1\n")
    assert acme.poll(at(site, now)) == 1
    acme.put("two.csv", b"2\n")
    assert acme.poll(at(site, now + 300 * DAY)) == 1

    bench = at(site, now + remote_memory.REMEMBERED + DAY)
    assert acme.poll(bench) == 0
    assert rows(bench) == 1


def test_an_agreement_that_looks_further_back_is_remembered_for_so_long(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server)
    path = acme.site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text().replace("terms:\n", "terms:\n  duplicates: {window: 900d}\n"))
    bench = acme.bench()
    assert servers.asking(bench, acme.partner(bench), acme.inlet(bench)).remembered == timedelta(days=900)


def test_nothing_is_forgotten_where_not_all_could_be_listed_and_that_is_told(
    tmp_path: Path, sftp_server: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", after: leave")
    site, now = acme.bench(), system_clock()
    acme.put("one.csv", b"1\n")
    assert acme.poll(at(site, now)) == 1
    (acme.incoming / "one.csv").unlink()
    for module in (client, remote):
        monkeypatch.setattr(module, "MOST_NAMES", 3)
    for number in range(5):
        acme.put(f"{number}.csv", str(number).encode())

    for day in (500, 520):
        with pytest.raises(ChannelDownError, match="More than 3 names are in the folder"):
            acme.poll(at(site, now + day * DAY))
    assert rows(site) == 4


def test_what_must_stand_still_is_looked_at_in_one_transaction_and_waits_together(
    tmp_path: Path, sftp_server: Sshd
) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", ready: [stable 30s]")
    site, now = acme.bench(), system_clock()
    for number in range(60):
        acme.put(f"{number:03d}.csv", str(number).encode())
    bench = at(site, now)
    assert isinstance(bench.store, SqlStore)
    commits: list[object] = []
    event.listen(bench.store.engine, "commit", commits.append)

    assert acme.poll(bench) == 0
    assert len(commits) < 10
    assert acme.poll(at(site, now + timedelta(seconds=29))) == 0
    assert acme.poll(at(site, now + timedelta(seconds=30))) == 60
    bench = at(site, now + timedelta(seconds=31))
    assert acme.poll(bench) == 0
    assert rows(bench, observations) == 0, "what was taken is not watched any more"


@pytest.mark.parametrize("where", ["fetching", "archive", "reserve"])
def test_our_own_disk_is_no_fault_of_the_channel(
    tmp_path: Path, sftp_server: Sshd, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    acme = served(tmp_path / "site", sftp_server)
    acme.put("one.csv", b"1\n")
    bench = acme.bench()
    with monkeypatch.context() as patch:
        if where == "fetching":

            def full(_handle: int) -> None:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

            patch.setattr(os, "fsync", full)
        elif where == "archive":
            bench = replace(bench, archive=FullArchive())  # type: ignore[arg-type]
        else:
            patch.setattr(servers, "no_room", lambda _site, more: f"{more} bytes are too many" if more else "")
        for _ in range(4):
            with pytest.raises(DiskError):
                acme.poll(bench)

    state = acme.state(bench)
    assert (state.health, state.failures, state.code) == (ChannelHealth.OK, 0, "")
    assert state.next_poll is not None
    assert state.next_poll > system_clock()
    with bench.store.unit() as work:
        alerts = {each.key: (each.kind, each.code, each.partner) for each in work.alerts.listed()}
    assert alerts == {f"disk-of:{IN}": ("disk", "T-DISK", "")}
    assert (acme.incoming / "one.csv").is_file()

    bench = acme.bench()
    assert acme.poll(bench) == 1
    assert acme.received(bench) == ["one.csv"]
    with bench.store.unit() as work:
        assert work.alerts.listed() == []
        assert [each.partner for each in work.exchange.receipts()] == [PartnerId("acme")]


def test_with_less_than_the_reserve_no_server_is_asked_until_its_next_time(
    tmp_path: Path, sftp_server: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = served(tmp_path / "site", sftp_server)
    bench = acme.bench()
    monkeypatch.setattr(servers, "room", lambda _site: Finding("disk", "It is full.", "Make room."))
    (unit,) = [each for each in units.found(bench, by_clock=False) if each.kind == "poll"]
    units.act(bench, "poll", unit.key)
    assert "Accepted" not in sftp_server.said
    assert [each for each in units.found(bench, by_clock=False) if each.kind == "poll"] == []
    assert acme.state(bench).health is ChannelHealth.OK


class FullArchive:
    """An archive on a disk that is full."""

    def keeping(self) -> "FullArchive":
        return self

    def take(self, _source: object) -> tuple[str, int]:
        raise DiskError("The archive cannot be written.", code="T-DISK")

    def secure(self) -> None:
        """Nothing is to be secured."""
