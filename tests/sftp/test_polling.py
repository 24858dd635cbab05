"""Files on a real SFTP server are taken once each, whole, and let go of only when they are ours."""

import os
import stat
import threading
import time
from pathlib import Path
from typing import BinaryIO

import pytest

from gateway.exchange.remote import RemoteLook
from gateway.flows import polling
from gateway.kernel.errors import ChannelDownError
from gateway.transports.sftp.remote import SftpRemote
from tests.servers.sshd import Sshd, serving
from tests.sftp.served import IN, Served, served

BIG = 40_000_000


@pytest.fixture(autouse=True)
def _looks_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "LOOK_AGAIN", 0.05)


@pytest.fixture
def acme(tmp_path: Path, sftp_server: Sshd) -> Served:
    return served(tmp_path / "site", sftp_server)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("after", "there", "moved"),
    [
        ("delete", [], None),
        ("leave", ["one.csv", "two.csv"], None),
        ("move done/here", [], ["one.csv", "two.csv"]),
    ],
)
def test_a_file_is_taken_once_and_becomes_what_was_agreed(
    tmp_path: Path, sftp_server: Sshd, after: str, there: list[str], moved: list[str] | None
) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=f", after: {after}")
    (acme.incoming / "done").mkdir()
    bench = acme.bench()
    acme.put("one.csv", b"1\n")
    acme.put("two.csv", b"2\n")

    assert [acme.poll(bench), acme.poll(bench)] == [2, 0]

    assert acme.received(bench) == ["one.csv", "two.csv"]
    assert [name for name in names(acme.incoming) if name != "done"] == there
    if moved is not None:
        assert names(acme.incoming / "done" / "here") == moved
    assert acme.open_files(bench) == []
    assert not any((bench.site.directory / "var" / "fetching").iterdir())


def test_what_is_moved_never_writes_over_what_was_moved_before(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", after: move done")
    bench = acme.bench()
    for content in (b"1\n", b"22\n", b"333\n"):
        acme.put("one.csv", content)
        assert acme.poll(bench) == 1

    assert [(acme.incoming / "done" / name).read_bytes() for name in names(acme.incoming / "done")] == [b"1\n", b"22\n", b"333\n"]  # fmt: skip


@pytest.mark.parametrize(("after", "taken"), [("delete", 1), ("leave", 0)])
def test_a_file_that_looks_as_one_that_was_taken_is_new_unless_files_are_left_there(
    tmp_path: Path, sftp_server: Sshd, after: str, taken: int
) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=f", after: {after}")
    bench = acme.bench()
    for expected in (1, taken):
        os.utime(acme.put("one.csv", b"1\n"), (1_700_000_000, 1_700_000_000))
        assert acme.poll(bench) == expected

    acme.put("one.csv", b"other\n")
    assert acme.poll(bench) == 1


def test_a_file_that_changes_while_it_is_fetched_is_taken_as_it_is_in_the_end(acme: Served) -> None:
    path = acme.put("one.csv", b"early\n")

    def change(window: str) -> None:
        if window == "remote-claimed":
            path.write_bytes(b"later and longer\n")

    assert acme.poll(acme.bench(change)) == 0
    bench = acme.bench()
    assert acme.poll(bench) == 1
    with bench.store.unit() as work:
        (receipt,) = work.exchange.receipts()
    assert bench.archive.get(receipt.sha256) == b"later and longer\n"
    assert names(acme.incoming) == []


def test_a_file_that_is_replaced_after_it_was_taken_is_not_removed(acme: Served) -> None:
    path = acme.put("one.csv", b"1\n")

    def replace(window: str) -> None:
        if window == "remote-taken" and path.read_bytes() == b"1\n":
            acme.put("one.csv", b"another\n")

    bench = acme.bench(replace)
    assert acme.poll(bench) == 1
    assert path.read_bytes() == b"another\n"
    assert acme.poll(bench) == 1
    assert acme.received(bench) == ["one.csv", "one.csv"]


def test_a_file_that_is_gone_before_it_is_fetched_is_nobodys_fault(acme: Served) -> None:
    path = acme.put("one.csv", b"1\n")

    assert acme.poll(acme.bench(lambda window: path.unlink() if window == "remote-claimed" else None)) == 0
    bench = acme.bench()
    assert acme.poll(bench) == 0
    assert acme.holds(bench) == {}


@pytest.mark.parametrize("window", ["remote-claimed", "remote-taken"])
def test_a_file_of_a_folder_that_is_away_is_not_gone(acme: Served, window: str) -> None:
    acme.put("one.csv", b"1\n")
    aside = acme.incoming.with_name("aside")

    def away(name: str) -> None:
        if name == window:
            acme.incoming.rename(aside)

    with pytest.raises(ChannelDownError, match="No such file"):
        acme.poll(acme.bench(away))
    aside.rename(acme.incoming)
    bench = acme.bench()
    assert acme.poll(bench) == (1 if window == "remote-claimed" else 0)
    assert [acme.poll(bench), acme.received(bench), names(acme.incoming)] == [0, ["one.csv"], []]


def test_a_file_that_grows_is_not_touched(acme: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "LOOK_AGAIN", 0.5)
    acme.put("still.csv", b"1\n")
    path, ended = acme.put("grows.csv", b"1\n"), threading.Event()

    def grow() -> None:
        while not ended.wait(0.05):
            with path.open("ab") as handle:
                handle.write(b"more\n")

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        bench = acme.bench()
        assert acme.poll(bench) == 1
    finally:
        ended.set()
        thread.join()
    assert acme.received(bench) == ["still.csv"]
    assert acme.poll(bench) == 1


def test_a_file_that_must_stand_for_some_time_is_waited_for(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", ready: [stable 2s]")
    bench = acme.bench()
    acme.put("one.csv", b"1\n")
    assert acme.poll(bench) == 0
    time.sleep(2.1)
    assert acme.poll(bench) == 1


def test_a_file_that_lacks_its_end_waits_for_it(acme: Served) -> None:
    bench = acme.bench()
    whole = acme.order(1).read_bytes()
    acme.put("po-1.edi", whole[: len(whole) // 2])
    assert [acme.poll(bench), acme.poll(bench)] == [0, 0]
    assert acme.received(bench) == []

    acme.put("po-1.edi", whole)
    assert acme.poll(bench) == 1
    assert acme.holds(bench) == {}


def test_a_fetch_that_was_cut_off_goes_on_where_it_was(acme: Served) -> None:
    content = os.urandom(BIG)
    acme.put("big.bin", content)
    bench = acme.bench()
    fetching = bench.site.directory / "var" / "fetching"

    def cut() -> None:
        while not any(part.stat().st_size > 1_000_000 for part in fetching.glob("*.part")):
            time.sleep(0.005)
        acme.server.stop()

    thread = threading.Thread(target=cut)
    thread.start()
    with pytest.raises(ChannelDownError, match=r"big\.bin cannot be fetched: 127\.0\.0\.1"):
        acme.poll(bench)
    thread.join()
    (part,) = fetching.iterdir()
    had = part.stat().st_size
    assert 0 < had < BIG
    assert content.startswith(part.read_bytes())
    asked: list[int] = []
    real = SftpRemote.fetch

    def fetch(self: SftpRemote, look: RemoteLook, to: BinaryIO, *, start: int = 0) -> None:
        asked.append(start)
        real(self, look, to, start=start)

    acme.server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SftpRemote, "fetch", fetch)
        assert acme.poll(bench) == 1
    assert asked == [had]
    with bench.store.unit() as work:
        (receipt,) = work.exchange.receipts()
    assert bench.archive.get(receipt.sha256) == content
    assert names(acme.incoming) == []


def test_what_was_fetched_before_the_machine_started_anew_is_fetched_again(acme: Served) -> None:
    content = os.urandom(500_000)
    acme.put("one.bin", content)

    def die(window: str) -> None:
        if window == "remote-fetched":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        acme.poll(acme.bench(die))
    bench = acme.bench()
    (part,) = (bench.site.directory / "var" / "fetching").iterdir()
    part.write_bytes(content[:200_000] + bytes(300_000))  # a power cut kept its length, and not its end
    os.utime(part, (1_000_000_000, 1_000_000_000))

    assert acme.poll(bench) == 1
    with bench.store.unit() as work:
        (receipt,) = work.exchange.receipts()
    assert bench.archive.get(receipt.sha256) == content


ODD = (b"order\xff\n.edi", "Größe 5 €.edi".encode(), b"-rf.edi", b"a b\t'\"$(x).edi", "po\u202eide.edi".encode(), b"a\\b.edi", b"x" * 250)  # fmt: skip


def test_files_with_odd_names_are_taken_and_removed_as_all_others(acme: Served) -> None:
    bench = acme.bench()
    for each in ODD:
        acme.put(each, each)

    assert acme.poll(bench) == len(ODD)

    assert names(acme.incoming) == []
    shown = acme.received(bench)
    assert len(set(shown)) == len(ODD)
    assert all(name.isprintable() and "/" not in name for name in shown)
    assert "order\\xff\\n.edi" in shown


def test_links_folders_and_pipes_are_told_once_and_keep_nothing_back(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", patterns: ['*.edi']")
    secret = acme.server.files / "secret"
    secret.write_bytes(b"not ours")
    (acme.incoming / "link.edi").symlink_to(secret)
    (acme.incoming / "folder.edi").mkdir()
    os.mkfifo(acme.incoming / "pipe.edi")
    (acme.incoming / "archive").mkdir()
    acme.put("one.edi")
    acme.put("two.edi.part")
    acme.put("three.txt")
    bench = acme.bench()

    assert [acme.poll(bench), acme.poll(bench)] == [1, 0]

    assert acme.received(bench) == ["one.edi"]
    assert acme.holds(bench) == dict.fromkeys(("link.edi", "folder.edi", "pipe.edi"), "S-FILETYPE")
    assert secret.read_bytes() == b"not ours"
    assert stat.S_ISFIFO((acme.incoming / "pipe.edi").stat().st_mode)


def test_folders_beside_files_are_no_surprise(acme: Served) -> None:
    (acme.incoming / "archive").mkdir()
    acme.put("one.csv")
    bench = acme.bench()

    assert acme.poll(bench) == 1
    assert acme.holds(bench) == {}


def test_a_file_that_is_too_large_is_told_and_left_there(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", file_limit: 1kB")
    acme.put("large.csv", b"x" * 2000)
    acme.put("small.csv", b"x")
    bench = acme.bench()

    assert [acme.poll(bench), acme.poll(bench)] == [1, 0]
    assert acme.holds(bench) == {"large.csv": "F-TOO-LARGE"}
    assert names(acme.incoming) == ["large.csv"]


def test_what_cannot_be_removed_is_taken_once_and_told(tmp_path: Path) -> None:
    with serving(tmp_path / "sshd", " -R") as server:
        acme = served(tmp_path / "site", server)
        bench = acme.bench()
        acme.put("one.csv")
        for _ in range(2):
            with pytest.raises(ChannelDownError, match=r"one\.csv was taken, but cannot be removed") as caught:
                acme.poll(bench)
        assert "It is not taken again." in caught.value.sentence
        acme.put("two.csv")
        with pytest.raises(ChannelDownError):
            acme.poll(bench)
        server.options = ""
        server.restart()

        assert acme.poll(bench) == 0
        assert acme.received(bench) == ["one.csv", "two.csv"]
        assert names(acme.incoming) == []


def test_a_server_that_is_away_is_told_and_everything_is_taken_when_it_is_back(acme: Served) -> None:
    bench = acme.bench()
    acme.put("one.csv")
    acme.server.stop()
    for _ in range(3):
        with pytest.raises(ChannelDownError, match=r"127\.0\.0\.1:\d+ cannot be reached"):
            acme.poll(bench)
    state = acme.state(bench)
    assert (state.failures, state.code) == (3, "T-CHANNEL")
    assert state.retry_at is not None
    assert state.next_poll == state.retry_at
    with bench.store.unit() as work:
        (alert,) = work.alerts.listed()
    assert (alert.key, alert.code, alert.partner) == (f"channel:{IN}", "T-CHANNEL", "acme")

    acme.server.start()
    assert acme.poll(bench) == 1
    assert acme.state(bench).failures == 0
    with bench.store.unit() as work:
        assert work.alerts.listed() == []


def test_a_folder_that_is_not_there_is_told_with_its_name(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server)
    acme.incoming.rmdir()

    with pytest.raises(ChannelDownError, match=r"The folder .*out-to-us cannot be listed") as caught:
        acme.poll()
    assert "Compare 'path'" in caught.value.next_step


def test_many_files_are_taken_in_batches(acme: Served) -> None:
    for number in range(250):
        acme.put(f"{number:03d}.csv", str(number).encode())
    bench = acme.bench()

    assert acme.poll(bench) == 250
    assert len(set(acme.received(bench))) == 250
    assert names(acme.incoming) == []
