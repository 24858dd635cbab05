"""What our SFTP server keeps to when it is pressed: many at once, disks that fail, requests that are small and many, or large."""

import itertools
import struct
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from gateway.files.disk import Disk
from gateway.files.faults import watch_of
from gateway.transports.server.faults import FullError, SftpError
from gateway.transports.server.limits import Handles, Room, Seats
from gateway.transports.server.protocol import Protocol
from gateway.transports.server.root import Root
from gateway.transports.server.talk import Talk
from gateway.transports.server.transfers import Place, put_here

SIZE = 1000
AT_ONCE = 8


def nobody(_event: str, _name: str, _size: int) -> None:
    """Nobody is told."""


def a_root(folder: Path, *, quota: int = 1 << 20, disk: Disk | None = None, handles: Handles | None = None) -> Root:
    places = {"inbox": Place(folder / "in", Room(quota, 1000, quota)), "outbox": Place(folder / "out", None)}
    return Root(places, disk or Disk(), nobody, handles)


def put(root: Root, name: str, content: bytes) -> None:
    path = b"/inbox/" + name.encode()
    upload = root.put(path)
    try:
        for at in range(0, len(content), SIZE):
            upload.write(at, content[at : at + SIZE])
    except (OSError, SftpError):
        with suppress(SftpError):  # as a client does that is told no
            root.finish(path, upload)
        raise
    root.finish(path, upload)


def lying(folder: Path) -> dict[str, int]:
    return {each.name: each.stat().st_size for each in (folder / "in").iterdir()}


def opened() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def at_once(act: Callable[[int], object], count: int = AT_ONCE) -> None:
    start = threading.Barrier(count)

    def begin(number: int) -> None:
        start.wait()
        act(number)

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(begin, range(count)))


def test_what_is_put_at_once_fits_where_it_fits_one_after_the_other(tmp_path: Path) -> None:
    root = a_root(tmp_path, quota=AT_ONCE * SIZE)

    def puts(number: int) -> None:
        for turn in range(20):
            name = f"{number}-{turn}"
            put(root, name, b"x" * SIZE)
            (tmp_path / "in" / name).unlink()  # as when it is read

    at_once(puts)
    assert lying(tmp_path) == {}


@pytest.mark.parametrize("turn", range(10))
def test_all_who_put_at_once_together_get_no_more_than_the_quota(tmp_path: Path, turn: int) -> None:
    root, refused = a_root(tmp_path, quota=5 * SIZE), []

    def puts(number: int) -> None:
        try:
            put(root, f"{turn}-{number}.part", b"x" * SIZE)
            root.rename(f"/inbox/{turn}-{number}.part".encode(), f"/inbox/{number}".encode())
        except FullError:
            refused.append(number)

    at_once(puts, 16)
    assert len(refused) == 11
    assert sum(lying(tmp_path).values()) == 5 * SIZE


def test_of_those_who_put_the_same_name_at_once_one_is_first_and_nobody_is_mixed_with_another(tmp_path: Path) -> None:
    root, done = a_root(tmp_path), []

    def puts(number: int) -> None:
        with suppress(SftpError):
            put(root, "po.edi", bytes([number]) * SIZE * 3)
            done.append(number)

    at_once(puts)
    (first,) = done
    assert lying(tmp_path) == {"po.edi": 3 * SIZE}
    assert (tmp_path / "in" / "po.edi").read_bytes() == bytes([first]) * SIZE * 3


def test_of_those_who_rename_to_one_name_at_once_one_is_first_and_the_others_keep_their_file(tmp_path: Path) -> None:
    root, done = a_root(tmp_path), []
    for number in range(AT_ONCE):
        put(root, f"{number}.part", bytes([number]))

    def renames(number: int) -> None:
        with suppress(SftpError):
            root.rename(f"/inbox/{number}.part".encode(), b"/inbox/po.edi")
            done.append(number)

    at_once(renames)
    (first,) = done
    assert (tmp_path / "in" / "po.edi").read_bytes() == bytes([first])
    assert len(lying(tmp_path)) == AT_ONCE


@pytest.mark.parametrize("operation", ["folder", "create", "write", "fsync", "rename", "unlink", "list", "look"])
@pytest.mark.parametrize("fault", ["ENOSPC", "EIO"])
def test_a_disk_that_fails_once_leaves_nothing_half_and_the_file_is_put_again(
    tmp_path: Path, operation: str, fault: str
) -> None:
    put(a_root(tmp_path), "first", b"1")
    for nth in range(1, 4):
        root = a_root(tmp_path, disk=Disk(watch_of(f"{operation}:{nth}:{fault}")))
        name, content = f"{nth}", bytes([nth]) * SIZE * 3
        before = opened()
        with suppress(OSError, SftpError):
            put(root, name, content)
        assert opened() == before
        visible = {name: size for name, size in lying(tmp_path).items() if not name.startswith(".upload-")}
        assert visible.get(name, len(content)) == len(content)
        put(a_root(tmp_path), name, content)
        assert (tmp_path / "in" / name).read_bytes() == content


def test_whatever_was_done_last_before_a_kill_a_file_is_there_whole_or_not_and_is_put_again(tmp_path: Path) -> None:
    content = b"x" * SIZE * 3
    for last in itertools.count(1):
        folder = tmp_path / str(last)
        killed = a_root(folder, disk=Disk(watch_of(f"change:{last}:EIO+")))  # nothing is done any more, as when dead
        try:
            put(killed, "po.edi", content)
        except (OSError, SftpError):
            pass
        else:
            break
        there = lying(folder)
        assert there.pop("po.edi", len(content)) == len(content)
        assert all(name.startswith(put_here()) for name in there)
        for name in there:
            (folder / "in" / name).unlink()
        put(a_root(folder), "po.edi", content)
        assert lying(folder) == {"po.edi": len(content)}
    assert last > 6


def test_a_full_disk_refuses_what_is_put_and_takes_it_when_there_is_room_again(tmp_path: Path) -> None:
    full = a_root(tmp_path, disk=Disk(watch_of("write:1:ENOSPC+")))
    with pytest.raises(OSError, match="No space left"):
        put(full, "po.edi", b"x" * SIZE)
    assert lying(tmp_path) == {}
    put(a_root(tmp_path), "po.edi", b"x" * SIZE)


def test_a_piece_of_no_bytes_makes_no_file_longer(tmp_path: Path) -> None:
    root = a_root(tmp_path)
    upload = root.put(b"/inbox/po.edi")
    upload.write(0, b"abc")
    upload.write(9, b"")
    with pytest.raises(SftpError, match="never sent"):
        root.finish(b"/inbox/po.edi", upload)
    assert lying(tmp_path) == {}
    empty = root.put(b"/inbox/empty")
    empty.write(0, b"")
    root.finish(b"/inbox/empty", empty)
    assert lying(tmp_path) == {"empty": 0}


def test_who_sends_very_many_small_requests_is_told_to_wait_too(tmp_path: Path) -> None:
    talk = Talk(a_root(tmp_path))
    fed = 0
    while talk.feed(b"\0\0\0\0" * 1000):
        fed += 1000
        assert fed < 20_000
    while talk.has_requests:
        talk.answer()
    assert talk.feed(b"")


def test_answers_are_sent_before_they_fill_the_memory(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "large").write_bytes(b"x" * (1 << 20))
    talk = Talk(a_root(tmp_path))
    path = b"/outbox/large"
    talk.feed(_request(3, struct.pack(">I", len(path)) + path + struct.pack(">II", 1, 0)))
    talk.answer()
    for _ in range(32):
        talk.feed(_request(5, struct.pack(">I", 8) + bytes(8) + struct.pack(">QI", 0, 1 << 18)))
    assert len(talk.answer()) < 3 << 19
    talk.cut()


def _request(kind: int, body: bytes) -> bytes:
    return struct.pack(">IBI", len(body) + 5, kind, 1) + body


def test_what_one_partner_has_open_in_all_its_sessions_is_counted_and_given_back(tmp_path: Path) -> None:
    seats = Seats(20)
    sessions = [Protocol(a_root(tmp_path, handles=Handles(seats, "acme"))) for _ in range(3)]
    path = b"/inbox/%d"
    answers = [
        _answered(session, 3, _text(path % number) + struct.pack(">II", 2 | 8 | 16, 0))
        for number, session in enumerate(sessions * 5)
    ]
    assert [kind for kind, _ in answers] == [102] * 10 + [101] * 5
    assert "too many files are open already" in answers[-1][1].decode(errors="replace")
    beta = Protocol(a_root(tmp_path, handles=Handles(seats, "beta")))
    assert _answered(beta, 3, _text(path % 99) + struct.pack(">II", 2 | 8 | 16, 0))[0] == 102
    assert _answered(sessions[0], 4, answers[0][1][4:])[0] == 101
    assert _answered(sessions[0], 3, _text(b"/outbox/none") + struct.pack(">II", 1, 0))[0] == 101, "and takes no place"
    assert _answered(sessions[0], 3, _text(path % 50) + struct.pack(">II", 2 | 8 | 16, 0))[0] == 102
    for each in (*sessions, beta):
        each.cut()
    assert all(seats.take("acme") for _ in range(10))


def test_few_folders_are_read_at_a_time_in_a_session(tmp_path: Path) -> None:
    protocol = Protocol(a_root(tmp_path))
    assert [_answered(protocol, 11, _text(b"/inbox"))[0] for _ in range(6)] == [102] * 4 + [101] * 2
    protocol.cut()
    assert _answered(protocol, 11, _text(b"/inbox"))[0] == 102
    protocol.cut()


def _text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _answered(protocol: Protocol, kind: int, body: bytes) -> tuple[int, bytes]:
    answer = protocol.answer(struct.pack(">BI", kind, 1) + body)
    return answer[4], answer[5:]
