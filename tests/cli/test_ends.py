"""However a command ends - Ctrl-C, nobody reads, the disk is full, a terminal without Unicode - it ends with its code, no traceback."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.cli import door, output
from tests.site.harness import ROOT, order, purchase_order
from tests.terminals import at_terminal

COMMAND = [sys.executable, "-m", "gateway"]


def environ(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files that take a while to be checked."""
    folder = tmp_path_factory.mktemp("many")
    bad = purchase_order(*(order(f"Größe-{each}", "PO1*1**EA*89.95**VP*TENT-2P") for each in range(150)))
    for each in range(60):
        (folder / f"po{each:02}.edi").write_text(bad, encoding="utf-8")
    return folder


def test_ctrl_c_while_files_are_checked_is_told_in_one_sentence(folder: Path) -> None:
    seen = at_terminal(["-m", "gateway", "validate", "."], folder, stop_after="po01.edi")

    assert seen.code == 130
    assert "Traceback" not in seen.raw
    last = seen.plain.rstrip("\n").splitlines()[-1]
    assert last.startswith("gateway: stopped; checking: ")
    assert last.endswith("of 60 files done.")


def interrupted() -> int:
    raise KeyboardInterrupt


def interrupted_at_long_work() -> int:
    with output.progress("counting", 3) as progress:
        progress.step()
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (interrupted, "gateway: stopped before it was done.\n"),
        (interrupted_at_long_work, "gateway: stopped; counting: 1 of 3 done.\n"),
    ],
)
def test_ctrl_c_is_answered_once_wherever_it_comes(
    work: Callable[[], int], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert door.guarded(work) == door.INTERRUPTED
    assert capsys.readouterr().err == said


def test_who_stops_reading_ends_the_command_quietly(folder: Path) -> None:
    command = " ".join(COMMAND)
    said = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} validate . | head -1; {command} explain-code X-ISA --json | true"],
        cwd=folder, env=environ(), capture_output=True, check=False,
    )  # fmt: skip

    assert said.stdout.count(b"\n") == 1
    assert said.stderr == b""


def test_a_full_disk_is_told_and_is_not_a_success(folder: Path) -> None:
    for words in (["validate", "."], ["explain-code", "X-ISA"]):
        with Path("/dev/full").open("wb") as full:
            said = subprocess.run(
                [*COMMAND, *words], cwd=folder, env=environ(), stdout=full, stderr=subprocess.PIPE, check=False
            )
        assert said.returncode == 6, words
        assert said.stderr.decode().splitlines() == [
            "gateway: The result cannot be written: No space left on device.",
            "  Make room there, or write it somewhere else.",
        ]


def test_a_terminal_without_unicode_gets_codes_instead_of_failures(folder: Path) -> None:
    narrow = environ(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii")
    said = subprocess.run([*COMMAND, "validate", "po00.edi"], cwd=folder, env=narrow, capture_output=True, check=False)
    assert said.returncode == 1
    assert b"Gr" in said.stdout
    assert said.stderr == b""

    seen = at_terminal(
        ["-m", "gateway", "explain-code", "Größe"], folder, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C"
    )
    assert "Traceback" not in seen.raw
    assert seen.code in (2, 5)
