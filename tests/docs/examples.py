r"""Examples of the pages as data: files of a site, pieces of mappings, inputs, and what must come of them.

How an example is written stands in docs/CONTRIBUTING.md ("Examples in pages").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.code_map import ROOT

PAGES = sorted((ROOT / "docs").rglob("*.md"))
FENCE = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1[ ]*$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"(?:^|\n)`([\w./-]+\.\w+)`:\n+$")
COMMENT = re.compile(r"(?:# yaml-language-server:[^\n]*\n)?# ((?:mappings|partners)/\S+\.yaml|gateway\.yaml)\n")
WORDS = ("base", "input", "options", "result", "problems", "mistake")
ANYTHING = "..."


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: ``kind`` is its language, ``word`` what it is to the test, ``path`` the file that it is."""

    kind: str
    word: str
    path: str
    text: str
    line: int

    @property
    def is_mapping(self) -> bool:
        """Whether it is a mapping file."""
        found = self.path.startswith("mappings/") and self.path.endswith(".yaml")
        return found and "/guides/" not in self.path and ".tests/" not in self.path

    @property
    def is_piece(self) -> bool:
        """Whether it is a part of a mapping that the last ``base`` completes."""
        return self.kind == "yaml" and not self.word and not self.path


def blocks(page: Path) -> tuple[Block, ...]:
    """The blocks of a page in their order."""
    return tuple(_blocks(page.read_text(encoding="utf-8")))


def _blocks(page: str) -> Iterator[Block]:
    for found in FENCE.finditer(page):
        kind, _, word = found[2].strip().partition(" ")
        text = found[3]
        before = NAMED.search(page[: found.start()])
        inside = COMMENT.match(text)
        path = before[1] if before is not None else inside[1] if inside is not None else ""
        yield Block(kind, word, path, text, page.count("\n", 0, found.start()) + 1)


def is_tested(page: Path) -> bool:
    """Whether a page has examples with inputs, results or mistakes."""
    return any(each.word in WORDS for each in blocks(page))


def is_played(page: Path) -> bool:
    """Whether a page shows commands with what they say."""
    return any(each.kind == "console" for each in blocks(page))


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, with the text that stands below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, said = part.partition("\n")
        yield command.strip(), said


def agree(shown: str, said: str) -> bool:
    """Whether a page shows what was said; ``...`` stands for anything, on a line of its own for any lines."""
    parts = []
    for line in shown.strip("\n").splitlines():
        if line.strip() == ANYTHING:
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(r".*?".join(re.escape(each) for each in line.rstrip().split(ANYTHING)) + r"[ ]*\n")
    return re.fullmatch("".join(parts), said.strip("\n") + "\n" if said.strip("\n") else "") is not None
