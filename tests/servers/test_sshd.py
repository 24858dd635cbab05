"""The real SFTP server that other tests use can be logged in to, stopped, started again, and given another host key."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import paramiko
import pytest

from tests.servers.sshd import Sshd, new_key, serving


@contextmanager
def logged_in(server: Sshd, key: Path | None = None) -> Iterator[paramiko.SFTPClient]:
    connection = socket.create_connection(
        ("127.0.0.1", server.port), timeout=10
    )  # paramiko leaves its own open when refused
    transport = paramiko.Transport(connection)
    try:
        transport.start_client(timeout=10)
        shown = transport.get_remote_server_key()
        if f"{shown.get_name()} {shown.get_base64()}" != server.host_key_line:
            raise paramiko.BadHostKeyException("127.0.0.1", shown, shown)
        transport.auth_publickey(server.user, paramiko.PKey.from_path(key or server.client_key))
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        with client:
            yield client
    finally:
        transport.close()


def test_a_client_logs_in_with_its_key_and_moves_files(sftp_server: Sshd) -> None:
    with logged_in(sftp_server) as client:
        with client.open(f"{sftp_server.files}/part", "wb") as handle:
            handle.write(b"ISA*00~")
        client.posix_rename(f"{sftp_server.files}/part", f"{sftp_server.files}/order.edi")

        assert client.listdir(str(sftp_server.files)) == ["order.edi"]
    assert (sftp_server.files / "order.edi").read_bytes() == b"ISA*00~"


def test_another_key_is_refused(sftp_server: Sshd, tmp_path: Path) -> None:
    with pytest.raises(paramiko.AuthenticationException), logged_in(sftp_server, new_key(tmp_path / "stranger")):
        pass


def test_a_server_that_stops_cuts_its_connections_and_comes_back_on_its_port(sftp_server: Sshd) -> None:
    port = sftp_server.port
    with suppress(OSError, EOFError, paramiko.SSHException), logged_in(sftp_server) as client:
        sftp_server.stop()
        with pytest.raises((OSError, EOFError, paramiko.SSHException)):
            client.listdir(str(sftp_server.files))
    assert not sftp_server.is_running
    with pytest.raises((OSError, paramiko.SSHException)), logged_in(sftp_server):
        pass

    sftp_server.start()
    assert sftp_server.port == port
    with logged_in(sftp_server) as client:
        assert client.listdir(str(sftp_server.files)) == []


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
def test_a_server_can_become_another_one(sftp_server: Sshd, kind: str) -> None:
    before = sftp_server.host_key_line
    sftp_server.change_host_key(kind)

    assert sftp_server.host_key_line != before
    with logged_in(sftp_server) as client:
        assert client.listdir(str(sftp_server.files)) == []


def test_a_server_can_refuse_what_is_asked(tmp_path: Path) -> None:
    with serving(tmp_path / "sshd", " -P rename,posix-rename") as server, logged_in(server) as client:
        (server.files / "a").write_bytes(b"1")
        for rename in (client.rename, client.posix_rename):
            with pytest.raises(OSError, match=r"Permission denied|Operation unsupported"):
                rename(f"{server.files}/a", f"{server.files}/b")
    assert (server.files / "a").is_file()
