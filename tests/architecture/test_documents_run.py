"""The commands of the README and the how-to pages do what they say, in the order in which they stand there."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from tests.architecture.code_map import ROOT
from tests.nursery import nursery

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND = [sys.executable, "-c", "from gateway.cli import main; main()"]
SITE = ("gateway.yaml", "partners", "mappings")
REJECTS = "validate"  # the file of the demo has a broken set, and the command says so


def _lines(page: Path) -> Iterator[list[str]]:
    for kind, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if not kind and line.startswith(("gateway ", "cd ", "cp ")):
                yield shlex.split(line)


def _block(page: Path, kind: str) -> str:
    (found,) = [block for each, block in BLOCK.findall(page.read_text(encoding="utf-8")) if each == kind]
    return str(found)


def _play(page: Path, folder: Path, prepare: dict[str, bytes], *, really: bool = False) -> str:
    """Type the commands of a page one by one; files of ``prepare`` appear in each folder that is entered."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
    said = ""
    for words in _lines(page):
        if words[0] == "cd":
            folder = folder / words[1]
            for name, content in prepare.items():
                (folder / name).write_bytes(content)
            continue
        code, told = (_said if words[0] == "gateway" and not really else _really)(words, folder, environ)
        expected = 1 if words[1] == REJECTS else 0
        assert code == expected, f"{shlex.join(words)}\n{told}"
        said += told
    return said


def _really(words: list[str], folder: Path, environ: dict[str, str]) -> tuple[int, str]:
    """A process that begins as it does for people."""
    command = [*COMMAND, *words[1:]] if words[0] == "gateway" else words
    result = subprocess.run(
        command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return result.returncode, result.stdout


def _said(words: list[str], folder: Path, environ: dict[str, str]) -> tuple[int, str]:
    """A process that is born of one that has read the program."""
    with NamedTemporaryFile(suffix=".log") as log:
        code = nursery().start(words[1:], folder, environ, Path(log.name)).wait(120)
        return code, log.read().decode()


def test_the_commands_of_the_readme_work(tmp_path: Path) -> None:
    demo = ROOT / "gateway" / "demo"
    files = {"items.csv": "items.csv", "order.edi": "acme-orders-1.edi"}

    said = _play(
        ROOT / "README.md",
        tmp_path,
        {name: (demo / source).read_bytes() for name, source in files.items()},
        really=True,
    )

    assert "The configuration is in order." in said
    assert "8 new" in said
    assert "order.edi: partly accepted." in said


def test_the_commands_of_checking_a_file_work_and_say_what_the_page_shows(tmp_path: Path) -> None:
    page = ROOT / "docs" / "how-to" / "check-a-file.md"
    orders = (ROOT / "gateway" / "demo" / "acme-orders-1.edi").read_bytes()
    (tmp_path / "incoming").mkdir()
    for name in ("order.edi", "more.edi", "incoming/order.edi"):
        (tmp_path / name).write_bytes(orders)

    said = _play(page, tmp_path, {})

    shown = page.read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
    assert said.startswith(shown)
    assert b"AK9*P" in (tmp_path / "answer.edi").read_bytes()
    assert [path.name for path in (tmp_path / "answers").iterdir()] == ["order.edi.ack"]


def test_the_commands_of_reading_an_answer_work_and_say_what_the_page_shows(tmp_path: Path) -> None:
    page = ROOT / "docs" / "how-to" / "read-an-answer.md"
    answer = _block(page, "edi").encode()

    said = _play(page, _clone(tmp_path), {"their-answer.edi": answer})

    assert _block(page, "text").strip() in said
    assert "we sent '0003'" in said
    assert re.search(r"^ +810 +INV0000001 .* rejected ", said, re.MULTILINE)


def _clone(folder: Path) -> Path:
    """What a site and its demo need of the repository."""
    site = folder / "clone"
    for name in SITE:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else _copy)(source, site / name)
    shutil.copytree(ROOT / "gateway" / "demo", site / "gateway" / "demo")
    return site


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
