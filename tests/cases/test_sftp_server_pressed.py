"""Reliability S-08 under pressure: cut connections, crowds, squatters, kills, and both sides at work on one folder."""

import asyncio
import os
import random
import select
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import asyncssh
import pytest

from gateway.app.sftp_host import SftpHost
from gateway.kernel.errors import UnavailableError
from gateway.kernel.ids import DispatchId
from gateway.store.unit_of_work import SqlStore
from gateway.transports.directory_out import DirectoryOutlet
from gateway.transports.server import listen
from gateway.transports.server.login import Logins
from tests.nursery import nursery
from tests.servers.own import PASSWORD, Client, Own, answers, free_port, serving, wait_until
from tests.servers.sshd import new_key
from tests.site.harness import FRIDAY, ROOT, new_site, order, purchase_order

LOST = (asyncssh.Error, OSError)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    with serving(tmp_path_factory.mktemp("shared") / "site", rate="9999/m", ban={"after": 1000}) as found:
        yield found


@pytest.fixture
def own(shared: Own) -> Own:
    """One server for many tests, with nothing in its folders."""
    shared.clear()
    return shared


@contextmanager
def cutting(port: int, after: int) -> Iterator[int]:
    """A port that leads to another one, and cuts the connection when so many bytes of the client went through."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        leading = threading.Thread(target=_lead, args=(door, port, after))
        leading.start()
        yield door.getsockname()[1]
        leading.join()


def _lead(door: socket.socket, port: int, most: int) -> None:
    client, _ = door.accept()
    with client, socket.create_connection(("127.0.0.1", port)) as server, suppress(OSError):
        while most > 0:
            ready, _, _ = select.select([client, server], [], [], 30)
            for each in ready:
                piece = each.recv(min(most, 4096) if each is client else 4096)
                if not piece:
                    return
                (server if each is client else client).sendall(piece)
                most -= len(piece) if each is client else 0


def test_s_08_a_connection_that_is_cut_at_any_byte_leaves_a_whole_file_or_none(own: Own) -> None:
    chance = random.Random(20261126)

    def puts(number: int, content: bytes) -> bool:
        local = own.folder / "to-be-put"
        local.write_bytes(content)
        with cutting(own.port, chance.randint(1_000, 42_000)) as port:
            put = f"put {local} inbox/{number}.part"
            return Client(own.folder, port, own.key()).sftp(put, f"rename inbox/{number}.part inbox/{number}").code == 0

    sent = {number: os.urandom(30_000) for number in range(25)}
    heard = {number: puts(number, content) for number, content in sent.items()}
    wait_until(lambda: not [name for name in own.inbox() if name.startswith(".")])
    assert 0 < sum(heard.values()) < len(sent)
    for name in own.inbox():
        assert (own.folder / "inbox/acme" / name).read_bytes() == sent[int(name.partition(".")[0])]
    assert {str(number) for number, was_told in heard.items() if was_told} <= set(own.inbox())


def test_s_08_thousands_of_files_in_a_folder_are_listed_and_others_are_served_meanwhile(own: Own) -> None:
    names = {f"855_{number:05d}.edi" for number in range(8000)}
    folder = own.lay_out("acme", "one", b"").parent
    (folder / "one").unlink()
    for name in names:
        (folder / name).touch()

    async def lists() -> tuple[set[Any], float]:
        async with (
            own.connect() as client, own.connect("beta") as other,
            client.start_sftp_client() as sftp, other.start_sftp_client() as beside,
        ):  # fmt: skip
            listing = asyncio.create_task(sftp.listdir("/outbox"))
            longest = 0.0
            while not listing.done():
                began = time.monotonic()
                await beside.stat("/inbox")
                longest = max(longest, time.monotonic() - began)
            return set(await listing), longest

    found, longest = asyncio.run(lists())
    assert found - {".", ".."} == names
    assert longest < 5


def test_s_08_what_is_renamed_while_it_is_read_is_read_once_and_whole(own: Own) -> None:
    inbox, taken = own.folder / "inbox/acme", own.folder / "taken"
    taken.mkdir(exist_ok=True)
    ended = threading.Event()

    def reads() -> None:
        """What a sweep does: claims what has its name by renaming it."""
        while not ended.is_set():
            for each in list(inbox.iterdir()):
                if not each.name.startswith(".") and each.suffix != ".part":
                    each.rename(taken / f"{time.monotonic_ns()}-{each.name}")

    async def puts() -> None:
        async with own.connect() as client, client.start_sftp_client() as sftp:
            for number in range(40):
                async with sftp.open(f"/inbox/{number}.part", "wb") as file:
                    await file.write(b"%d" % number * 5000)
                await sftp.rename(f"/inbox/{number}.part", f"/inbox/{number}.edi")
                assert (await sftp.stat(f"/inbox/{number}.edi")).size == len(b"%d" % number * 5000)

    inbox.mkdir(parents=True, exist_ok=True)
    reader = threading.Thread(target=reads)
    reader.start()
    try:
        asyncio.run(puts())
        wait_until(lambda: own.inbox() == [])
    finally:
        ended.set()
        reader.join()
    found = {each.name.partition("-")[2]: each.read_bytes() for each in taken.iterdir()}
    assert found == {f"{number}.edi": b"%d" % number * 5000 for number in range(40)}
    assert len(list(taken.iterdir())) == 40


def test_s_08_a_partner_that_fetches_while_we_deliver_gets_each_file_once_and_whole(own: Own) -> None:
    outlet = DirectoryOutlet(own.folder / "outbox/acme", own.folder / "var/work")
    content = {f"855_{number}.edi": b"%d~" % number * 40_000 for number in range(30)}

    def delivers() -> None:
        for name, each in content.items():
            outlet.stage(DispatchId(name), name, each)
            outlet.publish(DispatchId(name), name)

    async def fetches() -> dict[Any, bytes]:
        found: dict[Any, bytes] = {}
        async with own.connect() as client, client.start_sftp_client() as sftp, asyncio.timeout(60):
            while len(found) < len(content):
                for name in set(await sftp.listdir("/outbox")) - {".", ".."}:
                    assert name not in found
                    async with sftp.open(f"/outbox/{name}", "rb") as file:
                        found[name] = await file.read()
                    await sftp.remove(f"/outbox/{name}")
        return found

    delivering = threading.Thread(target=delivers)
    (own.folder / "outbox/acme").mkdir(parents=True, exist_ok=True)
    delivering.start()
    try:
        assert asyncio.run(fetches()) == content
    finally:
        delivering.join()
    assert own.outbox() == []


def test_s_08_links_that_lie_in_the_folders_lead_nowhere(own: Own, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"s")
    inbox, outbox = own.folder / "inbox/acme", own.lay_out("acme", "855.edi", b"x").parent
    inbox.mkdir(parents=True, exist_ok=True)
    for each in (inbox, outbox):
        (each / "link").symlink_to(secret)
        (each / "folder").symlink_to(tmp_path)
    os.mkfifo(outbox / "pipe")

    async def tries() -> set[str]:
        async with own.connect() as client, client.start_sftp_client() as sftp:
            acts: list[Callable[[], Any]] = [
                lambda: sftp.open("/outbox/link", "rb"), lambda: sftp.open("/outbox/folder/secret", "rb"),
                lambda: sftp.open("/outbox/pipe", "rb"), lambda: sftp.listdir("/outbox/folder"),
                lambda: sftp.remove("/inbox/link"), lambda: sftp.rename("/inbox/link", "/inbox/x"),
                lambda: sftp.stat("/inbox/link"), lambda: sftp.open("/inbox/folder/new", "wb"),
            ]  # fmt: skip
            for act in acts:
                with pytest.raises(asyncssh.SFTPError):
                    await act()
            for name in ("link", "folder"):
                file = await sftp.open(f"/inbox/{name}", "wb")
                await file.write(b"mine")
                with pytest.raises(asyncssh.SFTPError, match="lies there with other content"):
                    await file.close()
            return set(map(str, await sftp.listdir("/outbox"))) - {".", ".."}

    assert asyncio.run(tries()) == {"855.edi"}
    assert secret.read_bytes() == b"s"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["secret"]
    for each in (inbox, outbox):
        for name in ("link", "folder"):
            assert (each / name).is_symlink()
            (each / name).unlink()


def test_s_08_hundreds_that_come_and_go_in_the_middle_of_a_word_leave_nothing_open(own: Own) -> None:
    assert own.sftp("ls").code == 0
    before = _opened()
    for number in range(300):
        with socket.create_connection(("127.0.0.1", own.port), timeout=5) as connection:
            connection.sendall((b"SSH-2.0-x\r\n" + os.urandom(200))[: number % 150])
    wait_until(lambda: _opened() <= before, 30)
    assert own.sftp("ls").code == 0


def _opened() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_s_08_a_partner_that_finds_no_place_has_not_failed_to_log_in(tmp_path: Path) -> None:
    async def crowds(own: Own) -> list[bool]:
        inside = [await own.connect() for _ in range(2)]
        found = []
        for _ in range(6):
            try:
                inside.append(await own.connect())
                await inside[-1].start_sftp_client()
                found.append(True)
            except LOST:
                found.append(False)
        for each in inside:
            each.close()
            await each.wait_closed()
        return found

    with serving(tmp_path / "site", sessions=4, ban={"after": 3, "for": "1h"}) as own:
        assert asyncio.run(crowds(own)) == [False] * 6
        wait_until(lambda: own.sftp("ls").code == 0)
        assert ("acme", "sftp.refused") not in own.audit()


def test_s_08_who_sits_at_the_door_and_says_nothing_is_turned_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listen, "LOGIN_SECONDS", 1.0)
    monkeypatch.setattr(listen, "SAT", 0.5)
    with serving(tmp_path / "site", rate="9999/m", ban={"after": 4, "for": "1h"}) as own:
        with _sitting(own, 4) as sitting:
            for each in sitting:
                _read_to_the_end(each)
        wait_until(lambda: ("sftp", "sftp.banned") in own.audit())
        assert own.sftp("ls").code != 0


def test_s_08_a_partner_that_logs_in_makes_good_for_who_was_silent_at_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listen, "SAT", 0.5)
    with serving(tmp_path / "site", rate="9999/m", ban={"after": 4, "for": "1h"}) as own:
        for turn in range(1, 4):
            with _sitting(own, 2):
                time.sleep(1)
            wait_until(lambda: own.audit().count(("somebody who did not log in", "sftp.refused")) == 2 * turn)  # noqa: B023
            assert own.sftp("ls").code == 0
            wait_until(lambda: own.audit().count(("acme", "sftp.login")) == turn)  # noqa: B023
        assert ("sftp", "sftp.banned") not in own.audit()


def test_s_08_who_looks_whether_we_live_is_not_turned_away(tmp_path: Path) -> None:
    with serving(tmp_path / "site", rate="9999/m", ban={"after": 2, "for": "1h"}) as own:
        assert all(answers(own.port) for _ in range(10))
        assert own.sftp("ls").code == 0


def test_s_08_a_ban_ends_what_the_address_began_before(tmp_path: Path) -> None:
    async def fails(own: Own) -> None:
        for _ in range(2):
            with suppress(*LOST):
                await own.connect(client_keys=None, password="wrong", preferred_auth="password")  # noqa: S106 - of a test

    with serving(tmp_path / "site", ban={"after": 2, "for": "1h"}) as own, _sitting(own, 3) as sitting:
        asyncio.run(fails(own))
        began = time.monotonic()
        for each in sitting:
            _read_to_the_end(each)
        assert time.monotonic() - began < listen.LOGIN_SECONDS / 2


def test_s_08_who_does_not_wait_for_the_answer_to_a_password_has_tried_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = Logins.by_password

    def slowly(logins: Logins, user: str, password: str) -> bool:
        time.sleep(1.5)
        return true(logins, user, password)

    async def hurries(own: Own, password: str) -> None:
        with suppress(TimeoutError, *LOST):
            await asyncio.wait_for(own.connect(client_keys=None, password=password, preferred_auth="password"), 1)

    monkeypatch.setattr(Logins, "by_password", slowly)
    with serving(tmp_path / "site", ban={"after": 2, "for": "1h"}) as own:
        for _ in range(2):
            asyncio.run(hurries(own, "wrong"))
        wait_until(lambda: ("sftp", "sftp.banned") in own.audit())
        asyncio.run(hurries(own, PASSWORD))
        assert ("acme", "sftp.login") not in own.audit()


def test_s_08_a_database_that_does_not_answer_stops_neither_the_server_nor_a_ban(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, ended = threading.Event(), threading.Event()

    def away(_store: SqlStore) -> NoReturn:
        waits.set()
        ended.wait(30)
        raise UnavailableError("The database does not answer.")

    with serving(tmp_path / "site", ban={"after": 2, "for": "1h"}) as own:
        for _ in range(2):
            with suppress(*LOST):
                asyncio.run(_comes(own, "wrong"))
        wait_until(lambda: ("sftp", "sftp.banned") in own.audit())
        with monkeypatch.context() as patch:
            patch.setattr(SqlStore, "unit", away)
            tidying = threading.Thread(target=own.host.tidy)
            tidying.start()
            assert waits.wait(10)
            sitting = socket.create_connection(("127.0.0.1", own.port), timeout=20)
            time.sleep(3)
            assert own.host.pulse.beat().turned["SFTP server"] < 2.5
            ended.set()
            _read_to_the_end(sitting)
            sitting.close()
            with pytest.raises(LOST):
                asyncio.run(_comes(own, PASSWORD))
            tidying.join()
        assert own.host.thread.is_alive()
        assert own.host.fault() == ""


async def _comes(own: Own, password: str) -> None:
    async with own.connect(client_keys=None, password=password, preferred_auth="password"):
        return


def test_s_08_tidying_that_takes_long_keeps_nothing_from_coming_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()
    monkeypatch.setattr(SftpHost, "tidy", lambda _host: ended.wait(30))
    with serving(tmp_path / "site") as own:
        time.sleep(4)
        assert own.host.pulse.beat().turned["SFTP server"] < 3
        assert own.sftp("ls").code == 0
        ended.set()


def test_s_08_a_session_is_for_sftp_once(own: Own) -> None:
    async def asks() -> None:
        async with own.connect() as client:
            writer, reader, _ = await client.open_session(subsystem="sftp", encoding=None)
            assert not await writer.channel._make_request(b"subsystem", struct.pack(">I", 4) + b"sftp")
            writer.write(struct.pack(">IBI", 5, 1, 3))
            assert await reader.readexactly(9) == struct.pack(">IBI", 5, 2, 3)

    asyncio.run(asks())


@contextmanager
def _sitting(own: Own, count: int) -> Iterator[list[socket.socket]]:
    """So many connections that heard our greeting and say nothing."""
    found = [socket.create_connection(("127.0.0.1", own.port), timeout=20) for _ in range(count)]
    try:
        for each in found:
            assert each.recv(4) == b"SSH-"
        yield found
    finally:
        for each in found:
            each.close()


def _read_to_the_end(connection: socket.socket) -> None:
    with suppress(ConnectionError):
        while connection.recv(4096):
            pass


def test_s_08_an_upload_in_a_process_that_is_killed_is_gone_with_it_and_is_put_again(tmp_path: Path) -> None:
    site, port, key = new_site(tmp_path / "site"), free_port(), new_key(tmp_path / "acme")
    site.drop_master()
    acme = site.folder / "partners" / "acme.yaml"
    acme.write_text(f"{acme.read_text()}sftp: {{keys: {key.with_name('acme.pub').read_text().strip()}}}\n")
    settings = site.folder / "gateway.yaml"
    settings.write_text(f'{settings.read_text()}sftp_server: {{listen: "127.0.0.1:{port}", quota: 4kB}}\n')
    environ = {**os.environ, **site.environ(), "PYTHONPATH": str(ROOT)}
    inbox, content = site.folder / "inbox/acme", purchase_order(order("R-1")).encode().ljust(3000, b"\n")

    async def begins(run: Any) -> None:
        async with asyncssh.connect(
            "127.0.0.1", port, username="acme", client_keys=[str(key)], known_hosts=None, agent_path=None, config=None
        ) as client, client.start_sftp_client() as sftp:  # fmt: skip
            file = await sftp.open("/inbox/po.edi", "wb")
            await file.write(content[:-1])
            run.send_signal(signal.SIGKILL)
            with pytest.raises(LOST):
                await file.close()

    first = nursery().start(["run", "--every", "1", "--now", FRIDAY], site.folder, environ, tmp_path / "first")
    wait_until(lambda: answers(port), 60)
    with suppress(*LOST):
        asyncio.run(begins(first))
    first.wait(40)
    assert [each.name[:8] for each in inbox.iterdir() if each.name != ".gitkeep"] == [".upload-"]
    second = nursery().start(["run", "--every", "1", "--now", FRIDAY], site.folder, environ, tmp_path / "second")
    try:
        wait_until(lambda: answers(port), 60)
        assert [each.name for each in inbox.iterdir() if each.name != ".gitkeep"] == []
        (tmp_path / "po.edi").write_bytes(content)
        put = Client(site.folder, port, key).sftp(f"put {tmp_path}/po.edi inbox/po.edi")
        assert (put.code, put.err) == (0, ""), "and there is room for it"
        wait_until(lambda: len(site.outbox("acme")) == 2, 60)
    finally:
        second.send_signal(signal.SIGTERM)
        assert second.wait(60) == 0, (tmp_path / "second").read_text()
    assert sorted(name.partition("_")[0] for name in site.outbox("acme")) == ["855", "997"]
