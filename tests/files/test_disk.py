"""Files are opened, written and renamed in folders held open; nothing is followed, half written or written over."""

import errno
import io
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.files.disk import BLOCK, OPERATIONS, Disk, Folder, SyncError, UnfitFileError

LIMIT = 1000


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with Disk().folder(tmp_path / "in", make=True) as found:
        yield found


def failing(operation: str, number: int = errno.EIO, nth: int = 1) -> Callable[[str, str], None]:
    """A watch that lets the nth operation of a kind fail."""
    left = [nth]

    def watch(asked: str, _path: str) -> None:
        if asked == operation:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(number, os.strerror(number))

    return watch


def test_what_was_written_is_read_and_can_be_moved_and_removed(tmp_path: Path, folder: Folder) -> None:
    with Disk().folder(tmp_path / "out", make=True) as other:
        assert folder.write_new("a.edi", b"ISA") == 3
        folder.rename("a.edi", other, b"b\xff.edi")
        folder.sync()
        other.sync()

        assert list(folder.entries()) == []
        with other.open_regular(b"b\xff.edi", LIMIT) as handle:
            assert handle.read() == b"ISA"
        (seen,) = other.entries()
        assert (seen.name, seen.shown, seen.kind, seen.size, seen.links) == (b"b\xff.edi", r"b\xff.edi", "file", 3, 1)
        assert (tmp_path / "out" / os.fsdecode(b"b\xff.edi")).stat().st_mode & 0o777 == 0o640 & ~umask()
        assert (other.unlink(seen.name), other.unlink(seen.name)) == (True, False)
        assert other.look(seen.name) is None


def umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def test_a_stream_is_written_whole_however_long_it_is(folder: Folder) -> None:
    content = os.urandom(2 * BLOCK + 17)

    assert folder.write_new("long", io.BytesIO(content)) == len(content)
    assert (Path(folder.path) / "long").read_bytes() == content


@given(name=st.sampled_from(["", ".", "..", "a/b", "../x", "/etc/passwd", "a\0b", b"x/y"]))
def test_a_path_is_no_name(tmp_path_factory: pytest.TempPathFactory, name: str | bytes) -> None:
    with Disk().folder(tmp_path_factory.mktemp("in")) as folder:
        for act in (folder.look, folder.unlink, folder.inner, lambda each: folder.open_regular(each, LIMIT)):
            with pytest.raises(ValueError, match="is not the name of a file"):
                act(name)


def test_only_an_ordinary_file_with_one_name_is_opened(tmp_path: Path, folder: Folder) -> None:
    inbox, secret = tmp_path / "in", tmp_path / "secret"
    secret.write_text("never")
    (inbox / "link").symlink_to(secret)
    (inbox / "hard").hardlink_to(secret)
    (inbox / "folder").mkdir()
    (inbox / "large").write_bytes(b"x" * (LIMIT + 1))
    os.mkfifo(inbox / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(inbox / "socket"))

    reasons = {}
    for look in folder.entries():
        with pytest.raises(UnfitFileError) as caught:
            folder.open_regular(look.name, LIMIT)
        reasons[look.shown] = caught.value.sentence
        assert look.fault(LIMIT) in caught.value.sentence
    assert reasons == {
        "link": "link is a link; only ordinary files are taken.",
        "hard": "hard has 2 names (hard links); only a file with one name is taken.",
        "folder": "folder is a folder; only ordinary files are taken.",
        "large": "large has 1001 bytes; at most 1000 are taken.",
        "pipe": "pipe is no ordinary file; only ordinary files are taken.",
        "socket": "socket is no ordinary file; only ordinary files are taken.",
    }


@pytest.mark.parametrize("kind", ["link", "pipe", "hard link", "gone"])
def test_what_is_put_in_the_place_of_a_file_after_the_look_is_not_read(tmp_path: Path, kind: str) -> None:
    """The swap happens at the last moment: between the look and the opening."""
    inbox, secret = tmp_path / "in", tmp_path / "secret"
    inbox.mkdir()
    (inbox / "a").write_text("fine")
    secret.write_text("never")

    def swap(operation: str, _path: str) -> None:
        if operation == "open":
            (inbox / "a").unlink()
            if kind == "link":
                (inbox / "a").symlink_to(secret)
            elif kind == "pipe":
                os.mkfifo(inbox / "a")
            elif kind == "hard link":
                (inbox / "a").hardlink_to(secret)

    with Disk(swap).folder(inbox) as folder, pytest.raises((UnfitFileError, FileNotFoundError)):
        folder.open_regular("a", LIMIT)


def test_a_folder_stays_the_same_one_whatever_its_path_leads_to(tmp_path: Path, folder: Folder) -> None:
    (tmp_path / "in").rename(tmp_path / "moved")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "in").symlink_to(tmp_path / "elsewhere")
    folder.write_new("a", b"1")

    assert [each.name for each in (tmp_path / "moved").iterdir()] == ["a"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_in_the_place_of_a_folder_is_refused_unless_it_is_meant(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(OSError, match="link"):
        Disk().folder(tmp_path / "link")
    with Disk().folder(tmp_path) as above, pytest.raises(OSError, match="link"):
        above.inner("link")
    with Disk().folder(tmp_path / "link", follow=True) as found:
        found.write_new("a", b"1")
    assert (tmp_path / "real" / "a").is_file()


def test_nothing_is_written_over_and_no_planted_link_is_followed(tmp_path: Path, folder: Folder) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mine")
    (tmp_path / "in" / "planted").symlink_to(secret)
    (tmp_path / "in" / "dangling").symlink_to(tmp_path / "nowhere")
    folder.write_new("there", b"1")

    for name in ("planted", "dangling", "there"):
        with pytest.raises(FileExistsError):
            folder.write_new(name, b"2")
    assert secret.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert (tmp_path / "in" / "there").read_bytes() == b"1"


@pytest.mark.parametrize("operation", ["create", "write", "fsync"])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_write_that_fails_leaves_nothing_under_the_name(tmp_path: Path, operation: str, number: int) -> None:
    with Disk(failing(operation, number)).folder(tmp_path) as folder:
        with pytest.raises(OSError, match=os.strerror(number)) as caught:
            folder.write_new("a", b"x" * 10)
        assert isinstance(caught.value, SyncError) == (operation == "fsync")
        assert caught.value.errno == number
        assert list(tmp_path.iterdir()) == []
        assert folder.write_new("b", b"x") == 1


def test_a_disk_that_is_full_in_the_middle_of_a_long_file_leaves_nothing(tmp_path: Path) -> None:
    with Disk(failing("write", errno.ENOSPC, nth=3)).folder(tmp_path) as folder:
        with pytest.raises(OSError, match="No space"):
            folder.write_new("a", io.BytesIO(b"x" * (4 * BLOCK)))
        assert list(tmp_path.iterdir()) == []


def test_a_failed_sync_of_a_folder_is_told_as_what_it_is(tmp_path: Path) -> None:
    with Disk(failing("fsync")).folder(tmp_path) as folder, pytest.raises(SyncError):
        folder.sync()


def test_every_operation_is_seen_before_it_is_done_with_its_path(tmp_path: Path) -> None:
    seen: list[tuple[str, str]] = []
    with Disk(lambda *each: seen.append(each)).folder(tmp_path / "a", make=True) as folder:
        folder.inner("b", make=True).close()
        folder.write_new("n", b"1")
        folder.rename("n", folder, "m")
        folder.open_regular("m", LIMIT).close()
        list(folder.entries())
        folder.unlink("m")

    here = f"{tmp_path}/a"
    assert {operation for operation, _ in seen} == set(OPERATIONS)
    assert ("rename", f"{here}/n\0{here}/m") in seen
    assert ("write", f"{here}/n") in seen


def test_two_may_list_one_folder_at_the_same_time(folder: Folder) -> None:
    for number in range(20):
        folder.write_new(f"f{number}", b"")
    first, second = folder.entries(), folder.entries()
    pairs = list(zip(first, second, strict=True))

    assert len(pairs) == 20
