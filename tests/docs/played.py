"""Type the commands of a page as somebody would who follows it; ``--write PAGE...`` puts what they say into the page."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from typer.main import get_command

from gateway.cli.main import app
from tests.architecture.code_map import ROOT
from tests.docs import examples
from tests.docs.examples import Block
from tests.nursery import nursery

NOW = "2026-11-02T18:00:00Z"
SITE = """gateway: 1
us: {qualifier: ZZ, id: MYCOMPANY, name: My Company}
time_zone: America/Chicago
second_opinion: {first: 0, sample: 0}
"""
FOLDERS = ("partners", "mappings", "inbox", "outbox")


@dataclass(slots=True)
class Player:
    """The folder in which a page is followed, and what it shows that was not said."""

    folder: Path
    mistakes: list[str] = field(default_factory=list)
    given: dict[int, str] = field(default_factory=dict)

    def play(self, blocks: tuple[Block, ...]) -> None:
        """Every file and every command in the order of the page."""
        if not any("gateway init" in each.text for each in blocks if each.kind == "console"):
            self.site()
        for block in blocks:
            if block.kind == "console":
                self.console(block)
            elif block.path:
                path = self.folder / block.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")

    def site(self) -> None:
        """An empty site."""
        (self.folder / "gateway.yaml").write_text(SITE, encoding="utf-8")
        for name in FOLDERS:
            (self.folder / name).mkdir()

    def console(self, block: Block) -> None:
        """The commands of a block."""
        found = [(command, shown, self.typed(command)) for command, shown in examples.commands(block.text)]
        for command, shown, said in found:
            if not examples.agree(shown, said):
                self.mistakes.append(
                    f"line {block.line}: {command}\nthe page shows\n{shown}\nand this was said\n{said}"
                )
                self.given[block.line] = "".join(_kept(*each) for each in found)

    def typed(self, command: str) -> str:
        """What a command says."""
        words = shlex.split(command)
        if words[0] == "cd":
            self.folder = self.folder / words[1]
            return ""
        if words[0] == "cp":
            shutil.copy(self.folder / words[1], self.folder / words[2])
            return ""
        if words[0] == "mkdir":
            (self.folder / words[-1]).mkdir(parents=True, exist_ok=True)
            return ""
        if words[0] == "cat":
            return "".join(path.read_text(encoding="utf-8") for path in self.named(words[1]))
        if words[0] == "ls":
            return "".join(f"{path.name}\n" for path in self.named(f"{words[1]}/*"))
        assert words[0] == "gateway", f"'{command}' is not a command of a page"
        return self.gateway(words[1:])

    def named(self, pattern: str) -> Iterator[Path]:
        """Files by a pattern."""
        yield from sorted(path for path in self.folder.glob(pattern) if not path.name.startswith("."))

    def gateway(self, words: list[str]) -> str:
        """A command of ours, on the day of the page."""
        if _knows_now(" ".join(words)) and "--now" not in words:
            words = [*words, "--now", NOW]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        environ.pop("GATEWAY_SITE", None)
        with NamedTemporaryFile(suffix=".log") as log:
            nursery().start(words, self.folder, environ, Path(log.name)).wait(120)
            said = log.read().decode("utf-8", "replace").replace("\r\n", "\n")
        assert "Traceback" not in said, said
        return said


def _kept(command: str, shown: str, said: str) -> str:
    return f"$ {command}\n{shown if examples.agree(shown, said) else said.rstrip(chr(10)) + chr(10)}"


@cache
def _takers() -> tuple[str, ...]:
    """The commands that take ``--now``."""
    root = get_command(app)
    found = []
    for name, command in getattr(root, "commands", {}).items():
        inner = getattr(command, "commands", {"": command})
        found += [f"{name} {each}".strip() for each, one in inner.items() if any("--now" in p.opts for p in one.params)]
    return tuple(found)


def _knows_now(words: str) -> bool:
    return any(f"{words} ".startswith(f"{each} ") for each in _takers())


def write(page: Path) -> None:
    """Put what the commands of a page say into the page; then read the difference as a reviewer."""
    with TemporaryDirectory() as folder:
        player = Player(Path(folder))
        player.play(examples.blocks(page))
    text = page.read_text(encoding="utf-8")
    for found in reversed(list(examples.FENCE.finditer(text))):
        said = player.given.get(text.count("\n", 0, found.start()) + 1)
        if said is not None:
            text = text[: found.start(3)] + said + text[found.end(3) :]
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[2:] if sys.argv[1:2] == ["--write"] else ():
        write(Path(name).resolve())
