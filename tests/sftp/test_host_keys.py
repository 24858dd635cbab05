"""Whose server it is, is proven before we say who we are; what cannot be proven stops the channel until a person acts."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.exchange.channels import ChannelHealth
from gateway.flows import polling
from gateway.kernel.errors import ChannelDownError, ChannelStoppedError
from gateway.transports.sftp import connection
from gateway.transports.sftp.connection import connect
from gateway.transports.sftp.server import Server, fingerprint
from tests.servers.sshd import Sshd, new_key
from tests.sftp.served import IN, Served, served

WORD, PHRASE, CANARY = "hunter2", "a long phrase", "canary"


@pytest.fixture(autouse=True)
def _looks_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "LOOK_AGAIN", 0.05)


@pytest.fixture
def acme(tmp_path: Path, sftp_server: Sshd) -> Served:
    return served(tmp_path / "site", sftp_server)


def server_of(sshd: Sshd, **other: str) -> Server:
    said = {"key": sshd.client_key.read_text(), "user": sshd.user, "host": "127.0.0.1", **other}
    return Server(
        said["host"], sshd.port, said["user"], (other.get("pinned", sshd.host_key_line),), str(sshd.files), 5.0,
        said["key"], said.get("passphrase", ""), said.get("password", ""),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_another_host_key_stops_the_channel_and_nobody_logs_in(acme: Served, kind: str) -> None:
    acme.put("one.csv")
    pinned = fingerprint(acme.server.host_key_line)
    acme.server.change_host_key(kind)
    said = len(acme.server.said)
    bench = acme.bench()

    with pytest.raises(ChannelStoppedError) as caught:
        acme.poll(bench)

    assert caught.value.code == "S-HOST-KEY"
    assert pinned in caught.value.sentence
    log = acme.server.said[said:]
    assert "Accepted" not in log
    assert "Failed" not in log
    assert "userauth" not in log
    assert acme.server.user not in log.partition("preauth")[0].rpartition("Connection closed by")[2]
    assert acme.state(bench).health is ChannelHealth.STOPPED
    with bench.store.unit() as work:
        (alert,) = work.alerts.listed()
        (entry,) = work.audit.listed()
    assert (alert.code, alert.severity.value, entry.action, entry.subject) == ("S-HOST-KEY", "critical", "channel.host_key", IN)  # fmt: skip


def test_a_stopped_channel_is_not_tried_until_a_person_says_that_it_is_mended(acme: Served) -> None:
    right = acme.server.host_key
    acme.put("one.csv")
    acme.server.change_host_key()
    bench = acme.bench()
    with pytest.raises(ChannelStoppedError):
        acme.poll(bench)
    acme.server.host_key = right
    acme.server.restart()
    said = acme.server.said

    with pytest.raises(ChannelStoppedError, match="is stopped"):
        acme.poll(bench)
    assert acme.server.said == said

    tried = acme.site.gateway("partner", "test", "acme", "--channel", IN)
    assert tried.code == 0, tried
    assert "It is used again." in tried.out
    assert acme.poll(bench) == 1
    with bench.store.unit() as work:
        assert work.alerts.listed() == []


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_a_pinned_key_of_another_kind_is_asked_for(acme: Served, kind: str) -> None:
    acme.server.change_host_key(kind)

    with_it = connect(server_of(acme.server))
    with_it.close()


def test_of_several_pinned_keys_each_is_theirs(sftp_server: Sshd) -> None:
    old = sftp_server.host_key_line
    sftp_server.change_host_key()
    said = server_of(sftp_server)
    connect(Server(said.host, said.port, said.user, (old, sftp_server.host_key_line), said.path, 5.0, said.key)).close()


def test_a_refused_login_stops_the_channel_so_that_no_account_is_locked(sftp_server: Sshd, tmp_path: Path) -> None:
    stranger = new_key(tmp_path / "stranger").read_text()

    with pytest.raises(ChannelStoppedError, match=r"does not let '.*' in with the private key") as caught:
        connect(server_of(sftp_server, key=stranger))
    assert caught.value.code == "S-LOGIN"
    with pytest.raises(ChannelStoppedError, match=r"in with the password\. It takes: publickey"):
        connect(server_of(sftp_server, key="", password=WORD))


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_key_with_a_passphrase_opens_with_it(sftp_server: Sshd, tmp_path: Path, kind: str) -> None:
    key = new_key(tmp_path / "own", kind, PHRASE)
    sftp_server.authorize(key)

    connect(server_of(sftp_server, key=key.read_text(), passphrase=PHRASE)).close()
    with pytest.raises(ChannelStoppedError, match="has a passphrase, and 'passphrase' does not name it"):
        connect(server_of(sftp_server, key=key.read_text()))
    with pytest.raises(ChannelStoppedError, match="or its passphrase is another one"):
        connect(server_of(sftp_server, key=key.read_text(), passphrase=WORD))
    with pytest.raises(ChannelStoppedError, match="does not name a private key that can be read"):
        connect(server_of(sftp_server, key="no key"))


@contextmanager
def answering(*said: bytes) -> Iterator[int]:
    """Somebody who takes one connection, says something and nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()

        def answer() -> None:
            connected, _ = listening.accept()
            with connected:
                for each in said:
                    connected.sendall(each)
                if not said:
                    ended.wait(10)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()
            thread.join()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [((b"220 mail.example.com ESMTP\r\n",), "does not speak SSH with us"), ((), "does not speak SSH with us")],
)
def test_what_is_no_ssh_server_is_told_in_words_and_in_time(said: tuple[bytes, ...], sentence: str) -> None:
    began = time.monotonic()
    with answering(*said) as port, pytest.raises(ChannelDownError, match=sentence):
        connect(Server("127.0.0.1", port, "u", ("ssh-ed25519 AAAA",), "/o", 1.0, password=WORD))
    assert time.monotonic() - began < 8


def test_a_name_that_is_not_known_is_told() -> None:
    with pytest.raises(ChannelDownError, match=r"The name sftp\.acme\.invalid is not known"):
        connect(Server("sftp.acme.invalid", 22, "u", (), "/o", 1.0, password=WORD))


def test_no_secret_is_shown_by_what_is_said_of_a_server(sftp_server: Sshd) -> None:
    said = server_of(sftp_server, passphrase=CANARY, password=CANARY)

    assert CANARY not in repr(said)
    assert "PRIVATE" not in repr(said)
    assert connection.KEEP_ALIVE == 15


def test_the_host_key_is_shown_with_the_fingerprint_to_compare(acme: Served) -> None:
    port = str(acme.server.port)
    said = acme.site.gateway("partner", "scan-host-key", "127.0.0.1", "--port", port)
    assert said.code == 0
    line = acme.server.host_key_line
    assert said.out.splitlines() == [f"host_key: {line}", f"fingerprint: {fingerprint(line)}"]
    assert acme.site.json("partner", "scan-host-key", "127.0.0.1", "--port", port)["host_key"] == line

    acme.server.stop()
    gone = acme.site.gateway("partner", "scan-host-key", "127.0.0.1", "--port", port)
    assert (gone.code, gone.out) == (6, "")
    assert "cannot be reached" in gone.err


def test_a_test_of_a_partner_says_how_far_each_channel_comes(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server, sent_by_folder=False)
    well = acme.site.json("partner", "test", "acme", "--write")
    assert [(each["ok"], each["passed"]) for each in well] == [
        (True, ["name", "connection", "host key", "login", "folder", "writing"])
    ] * 2
    assert list(acme.incoming.iterdir()) == list(acme.outgoing.iterdir()) == []

    acme.outgoing.rmdir()
    ill = acme.site.gateway("partner", "test", "acme", "--json")
    assert ill.code == 6
    one, other = json.loads(ill.out)
    assert (one["ok"], other["ok"], other["code"], other["passed"][-1]) == (True, False, "T-CHANNEL", "login")

    shown = acme.site.gateway("partner", "test", "acme", "--channel", "sftp:acme:out1")
    assert "Before that: name, connection, host key, login." in shown.out
    assert acme.site.gateway("partner", "test", "acme", "--channel", "x").code == 5
    assert acme.site.gateway("partner", "test", "nobody").code == 5


def test_a_test_of_folders_says_what_is_missing(acme: Served) -> None:
    (acme.site.folder / "outbox" / "acme").mkdir()
    assert acme.site.gateway("partner", "test", "acme").code == 0
    (acme.site.folder / "outbox" / "acme").rmdir()
    missing = acme.site.gateway("partner", "test", "acme")
    assert missing.code == 6
    assert "There is no folder" in missing.out


def test_a_secret_that_is_not_there_is_told_at_the_channel(acme: Served) -> None:
    acme.server.client_key.unlink()

    with pytest.raises(ChannelDownError, match=r"We cannot log in at 127\.0\.0\.1: .* cannot be read"):
        acme.poll()
