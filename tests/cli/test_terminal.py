"""On a terminal the report fits its width and has colour; NO_COLOR and pipes take the colour away, never the marks."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

from tests.site.harness import ROOT, order, purchase_order

COLUMNS = 64
LONG = "N1*ST*" + "A" * 70 + "*92*0003"


def on_terminal(folder: Path, **environ: str) -> str:
    """What the command writes to a terminal of 64 columns."""
    (folder / "bad.edi").write_text(purchase_order(order("V-1").replace("N1*ST*ACME DC 3*92*0003", LONG)))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    usual = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "validate", "bad.edi"],
        cwd=folder, env={**usual, "PYTHONPATH": str(ROOT), "TERM": "xterm", **environ}, stdout=theirs, check=False,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 65536):
            said += piece
    except OSError:
        pass  # the other end is closed: everything was read
    os.close(ours)
    assert done.returncode == 1
    return said.decode().replace("\r\n", "\n")


def quoted(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(" " * 10)]


def test_quotes_fit_the_terminal_and_the_fault_has_colour(tmp_path: Path) -> None:
    text = on_terminal(tmp_path)

    assert "\x1b[1;31m" in text
    plain = text.replace("\x1b[1;31m", "").replace("\x1b[0m", "")
    assert quoted(plain)
    assert all(len(line) <= COLUMNS for line in quoted(plain))
    assert "^^^^" in plain


def test_who_refuses_colour_gets_the_marks_alone(tmp_path: Path) -> None:
    for refused in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        text = on_terminal(tmp_path, **refused)
        assert "\x1b" not in text
        assert "^^^^" in text
