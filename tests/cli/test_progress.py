"""Long work shows how far it is to a person at a terminal, and to nobody else; Ctrl-C ends it with a sentence."""

import subprocess
import sys
from pathlib import Path

from tests.terminals import ROOT, at_terminal

WORK = """
import sys, time
from gateway.cli import output
from gateway.cli.door import guarded
from gateway.cli.terminal import drawing

drawing.PATIENCE = 0.0

def work():
    with output.progress("checking [red]po\\x1b[31m", 400, "files") as bar:
        for each in range(400):
            time.sleep(SLEEP)
            bar.step()
    output.line("all checked")

sys.exit(guarded(work))
"""


def worked(folder: Path, sleep: float) -> str:
    script = folder / "work.py"
    script.write_text(WORK.replace("SLEEP", str(sleep)))
    return str(script)


def test_a_bar_tells_count_rate_and_time_left_and_leaves_nothing_behind(tmp_path: Path) -> None:
    seen = at_terminal([worked(tmp_path, 0.004)], tmp_path)

    assert seen.code == 0
    assert "/400 files" in seen.plain
    assert "/s" in seen.plain
    assert " left" in seen.plain
    assert r"checking [red]po\x1b[31m" in seen.plain
    assert "\x1b[?25h" in seen.raw  # the cursor is there again
    assert seen.plain.endswith("\x1b[2Kall checked\n")


def test_ctrl_c_ends_with_one_sentence_that_says_what_was_done(tmp_path: Path) -> None:
    seen = at_terminal([worked(tmp_path, 0.05)], tmp_path, stop_after="/400 files")

    assert seen.code == 130
    assert "Traceback" not in seen.raw
    last = seen.plain.rstrip("\n").rpartition("\x1b[2K")[2]
    assert last.startswith(r"gateway: stopped; checking [red]po\x1b[31m: ")
    assert last.endswith(" of 400 files done.")


def test_who_is_no_terminal_or_a_dumb_one_gets_no_bar(tmp_path: Path) -> None:
    script = worked(tmp_path, 0.0)
    piped = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "TERM": "xterm"}, capture_output=True, check=True,
    )  # fmt: skip
    assert (piped.stdout, piped.stderr) == (b"all checked\n", b"")
    assert at_terminal([script], tmp_path, TERM="dumb").raw == "all checked\n"
