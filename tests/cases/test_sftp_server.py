"""Reliability S-08: our own SFTP server, driven by OpenSSH's client and by one that does what no client should."""

import asyncio
import io
import os
import re
import signal
import socket
import stat
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest
import structlog

from gateway.app import sftp_host
from gateway.app.build import load
from gateway.app.pulse import Pulse
from gateway.app.sftp_host import SftpHost
from gateway.cli.main import run_app
from gateway.config import sftp_server
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import ConfigurationError
from gateway.transports.server.login import matches
from tests.nursery import nursery
from tests.servers.own import PASSWORD, Client, Own, answers, free_port, host_key, serving, wait_until
from tests.servers.sshd import new_key
from tests.site.harness import FRIDAY, new_site, order, purchase_order

DENIED, MISSING = "Permission denied", "not found|No such file"
ORDER = b"ISA*00*          *00*          *ZZ*ACME           *ZZ*NORTHWIND      *261120*2000*U*00401*000000001*0*P*>~"


@pytest.fixture(autouse=True)
def _logs_are_those_of_the_test() -> Iterator[None]:
    """A command that runs here logs to what stood for the terminal then."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    with serving(tmp_path_factory.mktemp("shared") / "site", rate="9999/m", ban={"after": 1000}) as found:
        yield found


@pytest.fixture
def own(shared: Own) -> Own:
    """One server for many tests, with nothing in its folders."""
    shared.clear()
    return shared


def local(own: Own, name: str, content: bytes = ORDER) -> str:
    path = own.folder / name
    path.write_bytes(content)
    return str(path)


def test_s_08_a_partner_puts_lists_fetches_and_removes(own: Own, tmp_path: Path) -> None:
    own.lay_out("acme", "855_1.edi", b"ISA*855~")
    said = own.sftp(
        "pwd", "ls -l /", f"put {local(own, 'po.edi')} inbox/po.edi", "ls -l inbox", "ls outbox",
        f"get outbox/855_1.edi {tmp_path}/fetched.edi", "rm outbox/855_1.edi",
    )  # fmt: skip
    assert (said.code, said.err) == (0, "")
    assert "Remote working directory: /" in said.out
    assert "inbox/po.edi" in said.out
    assert "outbox/855_1.edi" in said.out
    assert (own.folder / "inbox/acme/po.edi").read_bytes() == ORDER
    assert stat.S_IMODE((own.folder / "inbox/acme/po.edi").stat().st_mode) & 0o137 == 0
    assert (tmp_path / "fetched.edi").read_bytes() == b"ISA*855~"
    assert own.outbox() == []
    assert own.arrived.is_set()
    assert ("acme", "sftp.login") in own.audit()


def test_s_08_large_files_go_both_ways(own: Own, tmp_path: Path) -> None:
    content = os.urandom(5_000_017)
    own.lay_out("acme", "large.bin", content)
    said = own.sftp(f"put {local(own, 'large', content)} /inbox/large", f"get /outbox/large.bin {tmp_path}/back")
    assert (said.code, said.err) == (0, "")
    assert (own.folder / "inbox/acme/large").read_bytes() == content
    assert (tmp_path / "back").read_bytes() == content


def test_s_08_times_and_rights_that_a_client_keeps_are_heard_and_not_kept(own: Own) -> None:
    path = local(own, "po.edi")
    Path(path).chmod(0o777)
    os.utime(path, (1, 1))
    said = own.sftp(f"put -p {path} inbox/po.edi")
    assert (said.code, said.err) == (0, "")
    status = (own.folder / "inbox/acme/po.edi").stat()
    assert stat.S_IMODE(status.st_mode) & 0o111 == 0
    assert time.time() - status.st_mtime < 3600


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("chmod 777 inbox/lies.edi", DENIED), ("chown 0 inbox/lies.edi", "ownership"), ("mkdir inbox/new", DENIED), ("rmdir inbox", DENIED),
        ("ln -s /etc/passwd inbox/link", DENIED), ("ln inbox/lies.edi inbox/link", "does not support"),
        ("rename inbox/lies.edi outbox/x", DENIED), ("rename outbox/855.edi inbox/x", DENIED), ("get inbox/lies.edi /dev/null", DENIED),
        ("put {local} outbox/x", DENIED), ("put {local} x", "No such file"), ("put {local} inbox/.x", DENIED),
        ("reput {local} inbox/lies.edi", DENIED), ("get /etc/passwd /dev/null", MISSING), ("df", "does not support"),
        ("get outbox/../../../etc/passwd /dev/null", MISSING), ("ls inbox/../../../../etc", MISSING),
        ("rm outbox/.gateway-staged", MISSING), ("get outbox/link /dev/null", MISSING), ("get outbox/hard /dev/null", MISSING),
    ],
)  # fmt: skip
def test_s_08_what_is_not_for_partners_is_refused_with_a_sentence(own: Own, command: str, why: str) -> None:
    inbox = own.folder / "inbox/acme"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "lies.edi").write_bytes(b"ISA*1~")
    out = own.lay_out("acme", "855.edi", b"x")
    own.lay_out("acme", ".gateway-staged", b"x")
    (out.parent / "link").symlink_to("/etc/passwd")
    secret = own.folder / "secret"
    secret.write_bytes(b"s")
    (out.parent / "hard").hardlink_to(secret)
    before = {each.name: each.lstat().st_mode for each in inbox.iterdir()}
    said = own.sftp(command.replace("{local}", local(own, "po.edi")))
    assert said.code != 0, said
    assert re.search(why, said.err + said.out), said
    assert {each.name: each.lstat().st_mode for each in inbox.iterdir()} == before
    assert (inbox / "lies.edi").read_bytes() == b"ISA*1~"
    assert own.outbox() == [".gateway-staged", "855.edi", "hard", "link"]


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda sftp: sftp.chmod("/inbox/a", 0o777), "size, owner and rights of files are not changed here"),
        (lambda sftp: sftp.truncate("/inbox/a", 0), "size, owner and rights of files are not changed here"),
        (lambda sftp: sftp.mkdir("/inbox/x"), "no folders are made here"), (lambda sftp: sftp.rmdir("/inbox"), "no folders are removed here"),
        (lambda sftp: sftp.symlink("/etc/passwd", "/inbox/x"), "links are not made or followed here"),
        (lambda sftp: sftp.readlink("/inbox/a"), "links are not made or followed here"),
        (lambda sftp: sftp.open("/inbox/a", "ab"), "a file is put whole; nothing is added to one that lies there"),
        (lambda sftp: sftp.open("/inbox/a", "rb+"), "a file is put or fetched, not both"),
        (lambda sftp: sftp.open("/inbox/a", "rb"), "what was put into the inbox is not given back"),
        (lambda sftp: sftp.open("/inbox/a", "xb"), "a file of that name lies there already"),
        (lambda sftp: sftp.open("/outbox/a", "wb"), "files are put into the inbox only"),
        (lambda sftp: sftp.rename("/inbox/a", "/inbox/b"), "b lies there already; use another name"),
        (lambda sftp: sftp.rename("/inbox/a", "/outbox/b"), "files are renamed within the inbox only"),
        (lambda sftp: sftp.open("/inbox/sub/a", "wb"), "there are no folders in this one"),
        (lambda sftp: sftp.open("/inbox", "wb"), "this is a folder"),
    ],
)  # fmt: skip
def test_s_08_what_is_refused_is_told_in_words(own: Own, act: Any, why: str) -> None:
    async def asks() -> str:
        async with own.connect() as client, client.start_sftp_client() as sftp:
            for name in ("a", "b"):
                async with sftp.open(f"/inbox/{name}", "wb") as file:
                    await file.write(b"1")
            with pytest.raises(asyncssh.SFTPError) as refused:
                await act(sftp)
            return refused.value.reason

    assert asyncio.run(asks()) == why
    assert own.inbox() == ["a", "b"]


def test_s_08_cd_above_the_root_stays_at_the_root(own: Own) -> None:
    said = own.sftp("cd ..", "pwd", "cd inbox/../../..", "pwd", "ls -1")
    assert said.code == 0
    assert said.out.count("Remote working directory: /\n") == 2
    assert said.out.splitlines()[-2:] == ["inbox", "outbox"]


def test_s_08_two_partners_do_not_see_each_other(own: Own) -> None:
    own.lay_out("beta", "secret.edi", b"for beta")
    assert own.sftp(f"put {local(own, 'po.edi')} inbox/po.edi").code == 0
    of_beta = own.sftp("ls -1 inbox", "ls -1 outbox", partner="beta")
    assert "po.edi" not in of_beta.out
    assert "secret.edi" in of_beta.out
    assert "secret.edi" not in own.sftp("ls -1 outbox").out
    assert own.sftp("get ../beta/secret.edi /dev/null").code != 0
    stranger = own.client("acme").run("sftp", ["-b", "-", "beta@127.0.0.1"], "ls")
    assert stranger.code != 0
    assert "Permission denied" in stranger.err


@pytest.mark.parametrize(
    "arguments", [["acme@127.0.0.1", "sh"], ["acme@127.0.0.1", "cat", "/etc/passwd"], ["-tt", "acme@127.0.0.1"]]
)
def test_s_08_there_is_no_shell(own: Own, arguments: list[str]) -> None:
    said = own.client().run("ssh", arguments)
    assert said.code != 0
    assert "root:" not in said.out


def test_s_08_there_is_no_scp_in_the_old_manner(own: Own) -> None:
    assert own.client().run("scp", ["-O", local(own, "po.edi"), "acme@127.0.0.1:/inbox/po.edi"]).code != 0
    assert own.inbox() == []


def test_s_08_nothing_is_forwarded(own: Own) -> None:
    async def forwards() -> None:
        async with own.connect() as client:
            with pytest.raises(asyncssh.ChannelOpenError):
                await client.open_connection("127.0.0.1", own.port)
            with pytest.raises(asyncssh.ChannelListenError):
                await client.forward_remote_port("127.0.0.1", 0, "127.0.0.1", own.port)
            with pytest.raises(asyncssh.ChannelOpenError):
                await client.open_unix_connection("/run/x")

    asyncio.run(forwards())


def test_s_08_names_with_odd_bytes_are_refused_and_others_kept(own: Own) -> None:
    async def puts() -> dict[bytes, str]:
        found: dict[bytes, str] = {}
        async with own.connect() as client, client.start_sftp_client(path_encoding=None) as sftp:
            for name in (
                b"\xff.edi", b"a\nb", b"a\x1b[31mb", "a\u202eb".encode(), b"x" * 256, b"a\0b", "Größe 5 €.edi".encode(),
                b"-rf", b"a\\b", b"CON", b"'; rm -rf .", b"{x}",
            ):  # fmt: skip
                try:
                    async with sftp.open(b"/inbox/" + name, "wb") as file:
                        await file.write(b"1")
                    found[name] = ""
                except asyncssh.SFTPError as error:
                    found[name] = error.reason
        return found

    found = asyncio.run(puts())
    kept = [name for name, why in found.items() if not why]
    assert kept == ["Größe 5 €.edi".encode(), b"-rf", b"a\\b", b"CON", b"'; rm -rf .", b"{x}"]
    assert sorted(os.fsencode(each.name) for each in (own.folder / "inbox/acme").iterdir()) == sorted(kept)
    assert all(why.isprintable() for why in found.values())


def test_s_08_a_file_is_not_seen_before_its_client_closed_it(own: Own) -> None:
    async def puts() -> None:
        async with own.connect() as client, client.start_sftp_client() as sftp:
            file = await sftp.open("/inbox/po.edi", "wb")
            await file.write(ORDER)
            assert [name for name in own.inbox() if not name.startswith(".upload-")] == []
            assert await sftp.listdir("/inbox") == []
            await file.close()
            assert own.inbox() == ["po.edi"]
            (own.folder / "inbox/acme/po.edi").unlink()  # as when it is read at once
            assert (await sftp.stat("/inbox/po.edi")).size == len(ORDER)
            await sftp.utime("/inbox/po.edi", (1, 1))

    asyncio.run(puts())


@pytest.mark.parametrize("how", ["aborted", "channel closed", "nonsense", "huge"])
def test_s_08_an_upload_that_is_cut_leaves_nothing(own: Own, how: str) -> None:
    async def puts() -> None:
        async with own.connect() as client:
            if how in ("nonsense", "huge"):
                writer, reader, _ = await client.open_session(subsystem="sftp", encoding=None)
                writer.write(struct.pack(">IBI", 5, 1, 3))
                await reader.readexactly(9)
                name = b"/inbox/po.edi"
                body = struct.pack(">BII", 3, 1, len(name)) + name + struct.pack(">II", 2 | 8 | 16, 0)
                writer.write(struct.pack(">I", len(body)) + body)
                await reader.read(100)
                writer.write(b"\xff" * 100 if how == "huge" else struct.pack(">IBI", 5, 6, 2) + b"\x7f\xff\xff\xff")
            else:
                sftp = await client.start_sftp_client()
                file = await sftp.open("/inbox/po.edi", "wb")
                await file.write(ORDER * 1000)
                assert len(own.inbox()) == 1
                if how == "aborted":
                    client.abort()
                else:
                    sftp.exit()
                    await sftp.wait_closed()

    asyncio.run(puts())
    wait_until(lambda: own.inbox() == [])
    assert not own.arrived.is_set()
    assert own.sftp("ls").code == 0


def test_s_08_a_name_that_lies_there_is_not_written_over_and_the_same_file_again_is_fine(own: Own) -> None:
    first, other = local(own, "first", b"one"), local(own, "other", b"two")
    assert own.sftp(f"put {first} inbox/po.edi").code == 0
    again = own.sftp(f"put {other} inbox/po.edi")
    assert again.code != 0
    assert "Failure" in again.err
    assert own.sftp(f"put {first} inbox/po.edi").code == 0
    assert own.sftp(f"put {other} inbox/po.edi.part", "rename inbox/po.edi.part inbox/po2.edi").code == 0
    taken = own.sftp(f"put {other} inbox/x.part", "rename inbox/x.part inbox/po.edi")
    assert "Failure" in taken.err
    assert own.inbox() == ["po.edi", "po2.edi", "x.part"]
    assert (own.folder / "inbox/acme/po.edi").read_bytes() == b"one"
    assert (own.folder / "inbox/acme/po2.edi").read_bytes() == b"two"


def test_s_08_pieces_may_come_in_any_order_but_none_may_be_missing(own: Own) -> None:
    async def puts() -> None:
        async with own.connect() as client, client.start_sftp_client() as sftp:
            file = await sftp.open("/inbox/a", "wb")
            for offset in (4, 2, 0):
                await file.write(b"ab", offset)
            await file.close()
            gap = await sftp.open("/inbox/b", "wb")
            await gap.write(b"ab", 4)
            with pytest.raises(asyncssh.SFTPError, match="never sent"):
                await gap.close()

    asyncio.run(puts())
    assert own.inbox() == ["a"]
    assert (own.folder / "inbox/acme/a").read_bytes() == b"ababab"


def test_s_08_more_than_the_quota_is_refused_and_others_are_not_hindered(tmp_path: Path) -> None:
    with serving(tmp_path / "site", quota="100kB", files=3) as own:
        small, large = local(own, "small", b"x" * 1000), local(own, "large", b"x" * 99_900)
        assert own.sftp(f"put {small} inbox/1").code == 0
        full = own.sftp(f"put {large} inbox/2")
        assert full.code != 0
        assert "Failure" in full.err
        assert own.inbox() == ["1"]
        assert own.sftp(f"put {small} inbox/2", f"put {small} inbox/3").code == 0
        many = own.sftp(f"put {small} inbox/4")
        assert "Failure" in many.err
        assert own.sftp(f"put {large} inbox/1", partner="beta").code == 0
        for name in own.inbox():
            (own.folder / "inbox/acme" / name).unlink()
        assert own.sftp(f"put {large} inbox/2").code == 0

        async def far() -> None:
            async with own.connect("beta") as client, client.start_sftp_client() as sftp:
                file = await sftp.open("/inbox/far", "wb")
                with pytest.raises(asyncssh.SFTPError):
                    await file.write(b"x", 1 << 50)
                with pytest.raises(asyncssh.SFTPError):
                    await file.close()

        asyncio.run(far())
        assert own.inbox("beta") == ["1"]


async def tries(own: Own, user: str, password: str) -> str:
    try:
        async with own.connect(user, client_keys=None, password=password, preferred_auth="password"):
            return "in"
    except (asyncssh.Error, OSError) as error:
        return type(error).__name__


def test_s_08_a_password_lets_in_and_who_fails_too_often_is_turned_away(tmp_path: Path, capsys: Any) -> None:
    with serving(tmp_path / "site", ban={"after": 4, "for": "1h"}) as own:
        assert asyncio.run(tries(own, "acme", PASSWORD)) == "in"
        assert [asyncio.run(tries(own, name, "wrong")) for name in ("acme", "nobody", "beta", "root")] != []
        wait_until(lambda: ("sftp", "sftp.banned") in own.audit())
        assert asyncio.run(tries(own, "acme", PASSWORD)) != "in"
        assert own.sftp("ls").code != 0
        with own.bench.store.unit() as work:
            assert [each.address for each in work.bans.banned(system_clock())] == ["127.0.0.1"]
            assert [(each.kind, each.reference) for each in work.alerts.listed()] == [("sftp.banned", "127.0.0.1")]
        who = {who for who, action in own.audit() if action == "sftp.refused"}
        assert who == {"acme", "beta", "a user that is not known"}
        capsys.readouterr()
        assert run_app(["sftp", "show", "--site", str(own.folder)]) == 0
        assert "127.0.0.1" in capsys.readouterr().out
        assert run_app(["sftp", "unban", "127.0.0.1", "--note", "asked", "--site", str(own.folder)]) == 0
        assert run_app(["sftp", "unban", "127.0.0.1", "--note", "asked", "--site", str(own.folder)]) == 5
        assert asyncio.run(tries(own, "acme", PASSWORD)) == "in"
        wait_until(lambda: own.audit()[-2:] == [("operator", "sftp.unbanned"), ("acme", "sftp.login")])


def test_s_08_a_ban_outlives_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path / "site", ban={"after": 2, "for": "1h"}) as own:
        for _ in range(2):
            assert asyncio.run(tries(own, "acme", "wrong")) != "in"
        own.host.stop()
        own.host = type(own.host)(own.bench, own.host.pulse, own.arrived.set)
        own.host.start()
        wait_until(lambda: not _is_refused(own.port))
        assert asyncio.run(tries(own, "acme", PASSWORD)) != "in"
        own.host.stop()


def _is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return True
    return False


def test_s_08_a_thousand_logins_a_minute_do_not_get_far(tmp_path: Path) -> None:
    with serving(tmp_path / "site", rate="20/m", ban={"after": 5, "for": "1h"}) as own:
        greeted = 0
        for _ in range(1000):
            with socket.create_connection(("127.0.0.1", own.port), timeout=5) as connection:
                connection.settimeout(5)
                try:
                    greeted += connection.recv(4) == b"SSH-"
                except OSError:
                    continue
        assert greeted < 25
        assert own.host.thread.is_alive()
        assert own.host.fault() == ""


def test_s_08_one_partner_cannot_take_all_places(tmp_path: Path) -> None:
    async def crowd(own: Own) -> tuple[int, int]:
        inside = []
        for name in ["acme"] * 4 + ["beta"] * 2:
            try:
                client = await own.connect(name)
                await client.start_sftp_client()
                inside.append((name, client))
            except (asyncssh.Error, OSError):
                continue
        for _, client in inside:
            client.close()
            await client.wait_closed()
        names = [name for name, _ in inside]
        return names.count("acme"), names.count("beta")

    with serving(tmp_path / "site", sessions=4) as own:
        assert asyncio.run(crowd(own)) == (2, 2)
        wait_until(lambda: own.sftp("ls").code == 0)


def test_s_08_who_says_nothing_leaves(tmp_path: Path) -> None:
    async def waits(own: Own) -> None:
        client = await own.connect()
        sftp = await client.start_sftp_client()
        file = await sftp.open("/inbox/po.edi", "wb")
        await file.write(ORDER)
        await asyncio.wait_for(client.wait_closed(), 10)

    with serving(tmp_path / "site", idle="2s") as own:
        asyncio.run(waits(own))
        wait_until(lambda: own.inbox() == [])


def test_s_08_a_server_that_ends_cuts_what_is_open_and_the_host_key_stays(tmp_path: Path) -> None:
    async def waits(own: Own) -> None:
        client = await own.connect()
        sftp = await client.start_sftp_client()
        file = await sftp.open("/inbox/po.edi", "wb")
        await file.write(ORDER)
        await asyncio.get_running_loop().run_in_executor(None, own.host.stop)
        await asyncio.wait_for(client.wait_closed(), 10)

    with serving(tmp_path / "site") as own:
        key = host_key(own.folder)
        private = own.folder / "var/sftp/ssh_host_ed25519_key"
        assert stat.S_IMODE(private.stat().st_mode) == 0o600
        assert private.stat().st_nlink == 1
        asyncio.run(waits(own))
        assert own.inbox() == []
        assert _is_refused(own.port)
        own.host = type(own.host)(own.bench, own.host.pulse, own.arrived.set)
        own.host.start()
        wait_until(lambda: not _is_refused(own.port))
        assert host_key(own.folder) == key
        assert own.sftp("ls").code == 0
        own.host.stop()


def test_s_08_of_several_processes_one_listens_and_another_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp_host, "AGAIN", 0.2)
    with serving(tmp_path / "site") as own:
        other = SftpHost(own.bench, Pulse("other"), own.arrived.set)
        other.start()
        time.sleep(0.5)
        assert other.thread.is_alive()
        assert other.fault() == ""
        own.host.stop()
        wait_until(lambda: not _is_refused(own.port))
        assert own.sftp("ls").code == 0
        other.stop()


def test_s_08_a_port_that_somebody_else_has_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sftp_host, "AGAIN", 0.2)
    with serving(tmp_path / "site") as own:
        own.host.stop()
        with socket.socket() as stranger:
            stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stranger.bind(("127.0.0.1", own.port))
            stranger.listen()
            own.host = SftpHost(own.bench, own.host.pulse, own.arrived.set)
            own.host.start()
            wait_until(lambda: own.host.fault() != "")
            assert f"cannot listen on 127.0.0.1:{own.port}" in own.host.fault()
        wait_until(lambda: own.host.fault() == "")


def test_s_08_a_server_that_is_not_installed_is_refused_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gateway.yaml").write_text(
        "gateway: 1\nus: {qualifier: ZZ, id: US}\nsftp_server: {listen: '127.0.0.1:2222'}\n"
    )
    load(tmp_path, {})
    monkeypatch.setattr(sftp_server, "LIBRARY", "no_such_library")
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, {})
    (said,) = map(str, refused.value.problems)
    assert "gateway.yaml:3:23: error P004: the SFTP server is not part of this installation" in said
    assert "pip install 'gateway-edi[sftp-server]'" in said


def test_s_08_a_password_is_hashed_from_standard_input_and_never_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run_app(["sftp", "hash-password"]) == 0
    said = capsys.readouterr()
    assert matches(said.out.strip(), PASSWORD)
    assert PASSWORD not in said.out + said.err
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert run_app(["sftp", "hash-password"]) == 2
    assert "short\n" not in capsys.readouterr().err


def test_s_08_openssh_logs_in_with_a_password_of_which_the_partner_file_has_the_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    password = "grün mit Salz & 'Pfeffer'"  # noqa: S105 - of a test
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    assert run_app(["sftp", "hash-password"]) == 0
    with serving(tmp_path / "site", hashed=capsys.readouterr().out.strip()) as own:
        said = own.client(password=password).sftp(f"put {local(own, 'po.edi')} inbox/po.edi", "ls -1 inbox")
        assert (said.code, said.out.splitlines()[-1:]) == (0, ["inbox/po.edi"]), said
        assert (own.folder / "inbox/acme/po.edi").read_bytes() == ORDER
        assert ("acme", "sftp.login") in own.audit()
        wrong = own.client(password=f"{password}.").sftp("ls")
        assert wrong.code != 0
        assert "Permission denied" in wrong.err
        strangers = own.client("beta", password=password).sftp("ls")
        assert "Permission denied" in strangers.err, "the password is that of ACME"
        wait_until(lambda: own.audit().count(("beta", "sftp.refused")) == 1)
        assert own.audit().count(("acme", "sftp.refused")) == 1


def test_s_08_an_order_is_put_and_its_answers_are_fetched(tmp_path: Path) -> None:
    site, port, key = new_site(tmp_path / "site"), free_port(), new_key(tmp_path / "acme")
    site.drop_master()
    acme = site.folder / "partners" / "acme.yaml"
    acme.write_text(f"{acme.read_text()}sftp: {{keys: {key.with_name('acme.pub').read_text().strip()}}}\n")
    environ = {
        **os.environ, **site.environ(), "PYTHONPATH": str(Path(__file__).parents[2]),
        "GATEWAY_SFTP_SERVER__LISTEN": f"127.0.0.1:{port}",
    }  # fmt: skip
    run = nursery().start(["run", "--every", "1", "--now", FRIDAY], site.folder, environ, tmp_path / "said")
    try:
        wait_until(lambda: (site.folder / "var/sftp/ssh_host_ed25519_key.pub").exists() and answers(port), 30)
        partner = Client(site.folder, port, key)
        (tmp_path / "po.edi").write_text(purchase_order(order("R-1")))
        put = partner.sftp(f"put {tmp_path}/po.edi inbox/po.edi")
        assert (put.code, put.err) == (0, "")
        wait_until(lambda: "855" in partner.sftp("ls -1 outbox").out and "997" in partner.sftp("ls -1 outbox").out, 30)
        (tmp_path / "fetched").mkdir()
        got = partner.sftp(f"get outbox/* {tmp_path}/fetched/", "rm outbox/*")
        assert got.code == 0, got.err
        fetched = b"".join(each.read_bytes() for each in sorted((tmp_path / "fetched").iterdir()))
        assert b"ST*855*" in fetched
        assert b"ST*997*" in fetched
        assert b"AK5*A" in fetched
        assert b"R-1" in fetched
        assert not site.outbox("acme")
    finally:
        run.send_signal(signal.SIGTERM)
        assert run.wait(40) == 0, (tmp_path / "said").read_text()
    assert site.gateway("run", "--once", "--now", FRIDAY).code == 0
    assert not site.outbox("acme")
