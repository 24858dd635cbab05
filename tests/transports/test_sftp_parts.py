"""The parts of our SFTP server by themselves: passwords, limits, the host key, requests of any bytes."""

import stat
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.files.disk import Disk
from gateway.kernel.ids import PartnerId
from gateway.transports.server import keys, login
from gateway.transports.server.faults import FullError
from gateway.transports.server.limits import Rate, Room, Seats, source
from gateway.transports.server.login import Login, Logins, hash_password, matches
from gateway.transports.server.protocol import Protocol
from gateway.transports.server.root import Root
from gateway.transports.server.talk import Talk
from gateway.transports.server.transfers import Place


def root(folder: Path, told: Any = lambda *_: None) -> Root:
    places = {"inbox": Place(folder / "in", Room(10_000, 10, 5_000)), "outbox": Place(folder / "out", None)}
    return Root(places, Disk(), told)


def test_a_password_fits_its_hash_alone_and_each_hash_is_another_one() -> None:
    hashed, again = hash_password("Größe ist alles"), hash_password("Größe ist alles")
    assert hashed != again
    assert "Größe" not in hashed
    assert matches(hashed, "Größe ist alles")
    assert matches(hashed, "Gro\u0308ße ist alles")
    assert not matches(hashed, "grösse ist alles")
    assert not matches("scrypt$99999999$8$1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAA", "")
    assert not matches("nonsense", "")


def test_who_is_not_known_or_has_no_password_costs_a_computation_too(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[str] = []
    true = login.hashlib.scrypt  # type: ignore[attr-defined]

    def counted(password: bytes, **settings: Any) -> bytes:
        computed.append(f"{settings['n']} {settings['r']} {settings['p']}")
        return bytes(true(password, **settings))

    logins = Logins(
        [
            Login("acme", PartnerId("acme"), frozenset(), hash_password("a")),
            Login("beta", PartnerId("beta"), frozenset({b"k"})),
        ]
    )
    monkeypatch.setattr(login.hashlib, "scrypt", counted)  # type: ignore[attr-defined]
    for user in ("acme", "beta", "nobody"):
        assert not logins.by_password(user, "b")
    assert len(computed) == 3
    assert len(set(computed)) == 1
    assert logins.by_key("beta", b"k")
    assert not logins.by_key("acme", b"k")
    assert not logins.by_key("nobody", b"k")


def test_a_rate_comes_back_with_time_and_counts_each_address_for_itself() -> None:
    now = [0.0]
    rate = Rate(3, 60, lambda: now[0])
    assert [rate.take("a") for _ in range(5)] == [True, True, True, False, False]
    assert rate.take("b")
    now[0] = 20.0
    assert [rate.take("a") for _ in range(2)] == [True, False]
    now[0] = 1000.0
    assert [rate.take("a") for _ in range(4)] == [True, True, True, False]


def test_a_rate_forgets_in_the_end_who_it_saw() -> None:
    now = [0.0]
    rate = Rate(3, 60, lambda: now[0])
    for number in range(30_000):
        now[0] += 0.001
        rate.take(str(number))
    assert len(rate._left) <= 10_001


def test_nobody_has_more_than_half_of_the_seats() -> None:
    seats = Seats(5)
    assert [seats.take("a") for _ in range(4)] == [True, True, True, False]
    assert [seats.take("b") for _ in range(3)] == [True, True, False]
    seats.leave("a")
    assert seats.take("b")
    assert Seats(1).take("a")


def test_nothing_is_put_on_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    room = Room(10_000, 10, 5_000, reserve=1 << 60)
    full = Root({"inbox": Place(tmp_path, room)}, Disk(), lambda *_: None)
    with pytest.raises(FullError, match="no room left"):
        full.put(b"/inbox/a")
    assert list(tmp_path.iterdir()) == []
    assert room.writing == {}


def test_addresses_of_one_customer_are_one() -> None:
    assert source("2001:db8::1") == source("2001:db8::ffff")
    assert source("2001:db8::1") != source("2001:db8:0:1::1")
    assert source("192.0.2.1") != source("192.0.2.2")


def test_all_who_make_the_host_key_at_once_have_the_same_one(tmp_path: Path) -> None:
    pytest.importorskip("asyncssh")
    with ThreadPoolExecutor(8) as pool:
        found = {each.read_bytes() for each in pool.map(keys.private_key, [tmp_path / "sftp"] * 8)}
    assert len(found) == 1
    private = tmp_path / "sftp" / keys.NAME
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert stat.S_IMODE(private.parent.stat().st_mode) == 0o700
    line = keys.public_line(private.parent)
    assert line.startswith("ssh-ed25519 ")
    assert keys.fingerprint(line).startswith("SHA256:")
    assert sorted(each.name for each in private.parent.iterdir()) == [keys.NAME, f"{keys.NAME}.pub"]


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_requests_of_any_bytes_are_answered_and_raise_nothing(requests: list[bytes]) -> None:
    nowhere = Root(
        {"inbox": Place(Path("/dev/null/in"), Room(1, 1, 1)), "outbox": Place(Path("/dev/null/out"), None)},
        Disk(),
        lambda *_: None,
    )
    protocol = Protocol(nowhere)
    for each in requests:
        answer = protocol.answer(each)
        assert int.from_bytes(answer[:4]) == len(answer) - 4
    protocol.cut()


TEXTS = st.sampled_from(
    [b"", b"/", b"inbox", b"/inbox/a", b"/inbox/b", b"/outbox/x", b"../../etc/passwd", b"/inbox/../outbox/x", b"/inbox/.upload-1", b"/inbox/a/b", b"\0"]
)  # fmt: skip
HANDLES = st.integers(0, 6).map(lambda number: struct.pack(">Q", number))


def text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


REQUESTS = st.one_of(
    st.tuples(TEXTS, st.integers(0, 63)).map(lambda each: (3, text(each[0]) + struct.pack(">II", each[1], 0))),
    HANDLES.map(lambda each: (4, text(each))),
    st.tuples(HANDLES, st.integers(0, 9000)).map(lambda each: (5, text(each[0]) + struct.pack(">QI", each[1], 100))),
    st.tuples(HANDLES, st.integers(0, 9000), st.binary(max_size=50)).map(
        lambda each: (6, text(each[0]) + struct.pack(">Q", each[1]) + text(each[2]))
    ),
    st.tuples(st.sampled_from([7, 11, 13, 14, 15, 16, 17, 19, 20]), TEXTS).map(lambda each: (each[0], text(each[1]))),
    st.tuples(st.sampled_from([9, 18, 20]), TEXTS, TEXTS).map(lambda each: (each[0], text(each[1]) + text(each[2]))),
    HANDLES.map(lambda each: (12, text(each))),
)


@given(st.lists(REQUESTS, max_size=40))
def test_whatever_is_asked_nothing_but_the_two_folders_is_touched_and_a_cut_leaves_no_rest(
    tmp_path_factory: pytest.TempPathFactory, requests: list[tuple[int, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("root")
    (folder / "out").mkdir()
    (folder / "out" / "x").write_bytes(b"for them")
    (folder / "secret").write_bytes(b"s")
    put: list[str] = []
    protocol = Protocol(
        root(folder, lambda event, name, _size: put.append(name) if event in ("put", "renamed") else None)
    )
    for number, (kind, body) in enumerate(requests):
        protocol.answer(struct.pack(">BI", kind, number) + body)
    protocol.cut()
    assert (folder / "secret").read_bytes() == b"s"
    assert {each.name for each in folder.iterdir()} <= {"in", "out", "secret"}
    lying = {each.name for each in (folder / "in").iterdir()} if (folder / "in").is_dir() else set()
    assert lying <= set(put)
    assert {each.name for each in (folder / "out").iterdir()} <= {"x"}


def test_pieces_of_requests_are_put_together_however_they_come(tmp_path: Path) -> None:
    whole = struct.pack(">IBI", 5, 1, 3) + struct.pack(">IBII", 10, 16, 7, 1) + b"." * 1
    for size in (1, 2, 3, 5, 100):
        talk = Talk(root(tmp_path))
        for at in range(0, len(whole), size):
            assert talk.feed(whole[at : at + size])
        assert talk.answer().endswith(b"\x00\x00\x00\x01/\x00\x00\x00\x01/\x00\x00\x00\x00")
        assert not talk.has_requests


def test_a_request_that_is_too_large_ends_the_session_after_what_came_before(tmp_path: Path) -> None:
    talk = Talk(root(tmp_path))
    talk.feed(struct.pack(">IBI", 5, 1, 3) + b"\xff" * 8)
    assert talk.has_requests
    assert not talk.is_broken
    talk.answer()
    assert talk.is_broken


def test_who_sends_faster_than_the_disk_writes_is_told_to_wait(tmp_path: Path) -> None:
    talk = Talk(root(tmp_path))
    request = struct.pack(">I", 200_000) + b"\xfe" * 200_000
    assert [talk.feed(request) for _ in range(6)][-1] is False
    talk.answer()
    assert talk.feed(b"")
