"""What a killed process had begun in the archive is brought to an end, and what somebody is at is left alone."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.store.archive import CHUNK, FileArchive
from tests.nursery import AT_ONCE

CONTENT = b"ISA*00*          *00*          ~"
LONG_AGO = time.time() - 2 * 86_400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many seconds go by: a file says itself when it was changed last, and cannot be told otherwise."""

    def later(seconds: float) -> None:
        now = time.time
        monkeypatch.setattr("gateway.store.archive.time.time", lambda: now() + seconds)

    return later


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_that_was_being_written_goes_after_a_day(folder: Path, clock: Callable[[float], None]) -> None:
    archive = FileArchive(folder)
    kept = archive.put(CONTENT)
    part = folder / f".{'0123456789abcdef' * 2}"
    part.write_bytes(CONTENT[:7])
    os.utime(part, (LONG_AGO, LONG_AGO))
    assert archive.clear_unfinished() == 0
    assert part.name in names(folder)
    clock(2 * 86_400)
    assert archive.clear_unfinished() == 1
    assert names(folder) == [kept]
    assert archive.get(kept) == CONTENT


def bringing(folder: str, pipe: str) -> None:
    """A process that takes a file whose end does not come."""
    with Path(pipe).open("rb") as source:
        FileArchive(Path(folder)).keeping().take(source)


def test_what_a_process_leaves_that_is_killed_amid_a_file_goes_and_another_brings_it_again(
    folder: Path, tmp_path: Path, clock: Callable[[float], None]
) -> None:
    pipe, content = tmp_path / "pipe", CONTENT * (CHUNK // 8)
    os.mkfifo(pipe)
    process = AT_ONCE.Process(target=bringing, args=(str(folder), str(pipe)))
    process.start()
    with pipe.open("wb", buffering=0) as end:
        end.write(content[: 2 * CHUNK])
        for _ in range(400):
            if folder.is_dir() and names(folder):
                break
            time.sleep(0.05)
        process.kill()
        process.join(10)
    (part,) = names(folder)
    archive = FileArchive(folder)
    assert archive.clear_unfinished() == 0
    assert names(folder) == [part]
    kept = archive.put(content)
    clock(2 * 86_400)
    assert archive.clear_unfinished() == 1
    assert names(folder) == [kept]


def test_a_file_that_is_being_written_for_days_is_left_alone(folder: Path, clock: Callable[[float], None]) -> None:
    archive = FileArchive(folder)
    archive.put(CONTENT)
    part = folder / f".{'f' * 32}"
    part.write_bytes(b"begun")
    clock(2 * 86_400)
    os.utime(part, (time.time(), time.time()))
    assert archive.clear_unfinished() == 0
    assert part.read_bytes() == b"begun"


def test_a_file_that_was_being_removed_has_its_name_again(folder: Path, clock: Callable[[float], None]) -> None:
    archive = FileArchive(folder)
    name = archive.put(CONTENT)
    path = folder / name[:2] / name
    path.rename(folder / f".{name}")
    assert archive.clear_unfinished() == 0
    clock(2 * 86_400)
    assert archive.clear_unfinished() == 1
    assert archive.get(name) == CONTENT
    assert names(folder) == [name]


def test_a_file_that_came_again_while_it_was_being_removed_is_there_once(
    folder: Path, clock: Callable[[float], None]
) -> None:
    archive = FileArchive(folder)
    name = archive.put(CONTENT)
    (folder / name[:2] / name).rename(folder / f".{name}")
    assert archive.put(CONTENT) == name
    clock(2 * 86_400)
    assert archive.clear_unfinished() == 1
    assert names(folder) == [name]


def test_what_is_not_of_the_archive_is_left_alone(folder: Path, clock: Callable[[float], None]) -> None:
    archive = FileArchive(folder)
    archive.put(CONTENT)
    others = [".keep", "README", f"{'a' * 32}", f".{'A' * 32}", f".{'0' * 33}"]
    for each in others:
        (folder / each).write_text("mine")
    (folder / f".{'b' * 32}").mkdir()
    clock(2 * 86_400)
    assert archive.clear_unfinished() == 0
    assert {*others} <= {*names(folder)}


def test_an_archive_that_is_not_there_yet_has_nothing_unfinished(folder: Path) -> None:
    assert FileArchive(folder).clear_unfinished() == 0


def test_a_file_that_is_removed_is_gone_and_one_that_came_just_now_is_not(
    folder: Path, clock: Callable[[float], None]
) -> None:
    archive = FileArchive(folder)
    name = archive.put(CONTENT)
    assert not archive.remove(name)
    assert archive.get(name) == CONTENT
    clock(7_200)
    assert archive.remove(name)
    assert names(folder) == []
    assert archive.remove(name)
