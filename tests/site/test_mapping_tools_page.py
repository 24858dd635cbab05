"""The worked example of docs/reference/mapping-tools.md says what the page shows; --write renews what it shows."""

import re
import shlex
import sys
import tempfile
from pathlib import Path

from tests.site.harness import ROOT, PlayedSite, new_site

PAGE = ROOT / "docs" / "reference" / "mapping-tools.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
PROMPT = "$ "


def play(site: PlayedSite, page: str) -> str:
    """The page as it should stand: each block written or typed in turn, what was said below each command."""

    def block(found: re.Match[str]) -> str:
        kind, text = found[1], found[2]
        if kind == "yaml":
            write(site.folder / text.partition("\n")[0].removeprefix("# "), text)
        elif kind == "edi":
            write(site.folder / "order.edi", text)
        elif kind == "console":
            lines = [line for line in text.splitlines() if line.startswith(PROMPT)]
            text = "".join(f"{line}\n{said(site, shlex.split(line.removeprefix(PROMPT)))}" for line in lines)
        return f"```{kind}\n{text}```"

    return BLOCK.sub(block, page)


def said(site: PlayedSite, words: list[str]) -> str:
    if words[0] == "gateway":
        answer = site.gateway(*words[1:])
        return answer.err + answer.out
    if words[0] == "cat":
        return (site.folder / words[1]).read_text()
    if words[0] == "mkdir":
        (site.folder / words[-1]).mkdir(parents=True, exist_ok=True)
    elif words[0] == "cp":
        target = site.folder / words[2]
        target = target / words[1] if target.is_dir() else target
        target.write_bytes((site.folder / words[1]).read_bytes())
    return ""


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_worked_example_says_what_the_page_shows(site: PlayedSite) -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert play(site, page) == page, (
        "run: python -m tests.site.test_mapping_tools_page --write, and read the difference"
    )


if __name__ == "__main__" and "--write" in sys.argv:
    with tempfile.TemporaryDirectory() as folder:
        played = new_site(Path(folder) / "site")
        played.drop_master()
        PAGE.write_text(play(played, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
