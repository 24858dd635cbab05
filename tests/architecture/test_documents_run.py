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

import pytest

from tests.architecture.code_map import ROOT
from tests.docs import examples
from tests.docs.examples import Block
from tests.nursery import nursery

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND = [sys.executable, "-c", "from gateway.cli import main; main()"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PICTURE = 90
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


class Readme:
    """Follows the README: each block is a command, a file, a line of a file, what a command said, or the picture."""

    def __init__(self, folder: Path) -> None:
        """Begin in a folder like the clone of the repository."""
        self.folder = folder
        self.environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
        self.said = ""

    def follow(self, block: Block) -> None:
        """Do what a block says; a block of a kind that nothing checks fails."""
        match block.kind, block.word:
            case "", "":
                self.said = "".join(self.typed(line) for line in block.text.splitlines())
            case "text", "":
                assert examples.agree(block.text, self.said), f"line {block.line} shows otherwise than\n{self.said}"
            case "text", "picture":
                _is_a_picture(block.text)
            case "yaml", "" if block.path:
                (self.folder / block.path).write_text(block.text, encoding="utf-8")
            case "yaml", "line" if block.path:
                self.change(self.folder / block.path, block.text)
            case _:
                pytest.fail(f"Nothing checks the block in line {block.line} of the README.")

    def change(self, path: Path, line: str) -> None:
        """Write a line in place of the one of the same key, which is there once."""
        key = line.partition(":")[0]
        text, changed = re.subn(rf"^{key}:.*\n", line, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert changed == 1, f"{path.name} has {changed} lines of '{key}'"
        path.write_text(text, encoding="utf-8")

    def typed(self, line: str) -> str:
        """What a command says; all but 'validate' end well."""
        words = shlex.split(line)
        match words:
            case ["make", target]:
                assert re.search(rf"^{target}: \$\(VENV\)/installed", MAKEFILE, re.MULTILINE)
                return ""
            case [".", ".venv/bin/activate"]:
                assert "VENV := .venv" in MAKEFILE
                return ""
            case ["cd", folder]:
                self.folder = self.folder / folder
                return ""
            case _:
                code, said = (_said if words[0] == "gateway" else _really)(words, self.folder, self.environ)
                assert code == (1 if words[1] == REJECTS else 0), f"{line}\n{said}"
                return said


def _is_a_picture(text: str) -> None:
    """It fits where people read it, and each X12 set in it is one that the gateway has a mapping or an answer for."""
    known = {path.stem[:3] for path in (ROOT / "gateway" / "mapping" / "builtin" / "x12").iterdir()} | {"997"}

    assert max(len(line) for line in text.splitlines()) <= PICTURE
    assert text.isascii()
    assert set(re.findall(r"\b\d{3}\b", text)) <= known


def test_every_block_of_the_readme_is_true(tmp_path: Path) -> None:
    readme = Readme(tmp_path)

    for block in examples.blocks(ROOT / "README.md"):
        readme.follow(block)

    answers = {path.name.partition("_")[0] for path in (readme.folder / "outbox" / "acme").iterdir()}
    assert {"TA1", "997", "855"} <= answers
    assert list((readme.folder / "outbox" / "warehouse").glob("*.csv"))
    assert "???: PLZ Ort" in readme.said


def test_a_block_of_the_readme_that_nothing_checks_fails(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="line 7"):
        Readme(tmp_path).follow(Block("python", "", "", "import gateway", 7))


def test_make_demo_plays_the_demo() -> None:
    assert "demo: $(VENV)/installed\n\t$(BIN)/gateway demo\n" in MAKEFILE


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
