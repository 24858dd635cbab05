"""The pages as the site has them: each in its part of the index, links following them to their new places."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
INDEX = DOCS / "README.md"
INDEXES = (INDEX, DOCS / "decisions" / "README.md")
ELSEWHERE = {ROOT / "README.md": "overview.md", ROOT / "ARCHITECTURE.md": "explanation/architecture.md"}

_FENCED = re.compile(r"^([ ]*)(`{3,})[^\n`]*\n.*?^\1\2[ ]*$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[((?:[^\[\]`]|`[^`]*`)*)\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a page: its words, the page or file it leads to (none for a place of the same page), the place there."""

    words: str
    path: str
    anchor: str

    @property
    def is_ours(self) -> bool:
        """Whether it leads to one of our own files."""
        return ":" not in self.path


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the index with what stands below it, up to the next one."""

    title: str
    level: int
    text: str


def sources() -> tuple[Path, ...]:
    """Every page."""
    return (*ELSEWHERE, *sorted(DOCS.rglob("*.md")))


def place(source: Path) -> str:
    """Where a page or file stands in the site: a page called README is the index of its folder."""
    if source in ELSEWHERE:
        return ELSEWHERE[source]
    inside = source.relative_to(DOCS)
    return (inside.with_name("index.md") if inside.name == "README.md" else inside).as_posix()


def prose(text: str) -> str:
    """A page without its blocks of code, which keep their lines."""
    return _FENCED.sub(lambda found: "\n" * found[0].count("\n"), text)


def links(text: str) -> Iterator[Link]:
    """The links of a page."""
    for words, target in _LINK.findall(prose(text)):
        path, _, anchor = target.partition("#")
        yield Link(words, path, anchor)


def slug(heading: str) -> str:
    """How a heading is named in a link, here as on the hosts of code."""
    bare = re.sub(r"[`*]|\\(?=.)", "", _LINK.sub(r"\1", heading)).strip().lower()
    return re.sub(r"[^\w\- ]", "", bare).replace(" ", "-")


def anchors(text: str) -> tuple[str, ...]:
    """The places of a page that a link can lead to."""
    found: list[str] = []
    for _, heading in _HEADING.findall(prose(text)):
        name = slug(heading)
        again = sum(each == name or bool(re.fullmatch(rf"{re.escape(name)}-\d+", each)) for each in found)
        found.append(f"{name}-{again}" if again else name)
    return tuple(found)


def parts(text: str) -> tuple[Part, ...]:
    """The index by its headings, the title of the page left out."""
    found = [each for each in _HEADING.finditer(text) if len(each[1]) > 1]
    ends = [*(each.start() for each in found[1:]), len(text)]
    return tuple(Part(each[2], len(each[1]), text[each.end() : end]) for each, end in zip(found, ends, strict=True))


def moved(text: str, source: Path, new: str) -> str:
    """The text of a page with its links as they must be at its new place."""

    def follow(found: re.Match[str]) -> str:
        path, hash_, anchor = found[2].partition("#")
        if not path or ":" in path:
            return found[0]
        there = os.path.relpath(place((source.parent / path).resolve()), Path(new).parent)
        return f"[{found[1]}]({there}{hash_}{anchor})"

    return _outside(text, lambda prose: _LINK.sub(follow, prose))


def site() -> dict[str, str]:
    """Each page of the site with its text: ours, and for each part of the index a page that holds it."""
    found = {place(each): moved(each.read_text(encoding="utf-8"), each, place(each)) for each in sources()}
    for index in INDEXES[1:]:
        found[place(index)] += _contents(_entries(index.read_text(encoding="utf-8"), index, place(index)))
    return found | _divided()


def _divided() -> dict[str, str]:
    """The index, and below it a page for each of its parts and groups."""
    text = INDEX.read_text(encoding="utf-8")
    found: dict[str, str] = {}
    tops: list[str] = []
    inner: list[str] = []
    for part in reversed(parts(text)):
        name = f"{slug(part.title)}.md"
        if part.level == 2:  # noqa: PLR2004  # the parts; what is deeper are groups within one
            body = moved(part.text, INDEX, name) + "".join(found[each].partition("---\n\n")[2][1:] for each in inner)
            found[name] = _page(part.title, body, [*_entries(part.text, INDEX, name), *inner])
            tops.insert(0, name)
            inner = []
        else:
            found[name] = _page(part.title, moved(part.text, INDEX, name), _entries(part.text, INDEX, name))
            inner.insert(0, name)
    found["index.md"] = moved(text, INDEX, "index.md") + _contents(tops)
    return found


def _page(title: str, body: str, entries: list[str]) -> str:
    shown = re.sub(r"^```\{toctree\}.*?^```$", "", body, flags=re.DOTALL | re.MULTILINE)
    return f"---\nnosearch: true\n---\n\n# {title}\n\n{shown}\n{_contents(entries)}"


def _entries(text: str, source: Path, new: str) -> list[str]:
    """The pages that a text of the index names, as entries of a table of contents; each once."""
    found: dict[str, str] = {}
    for link in links(text):
        there = (source.parent / link.path).resolve()
        if link.is_ours and there.suffix == ".md" and there not in (source, INDEX):
            path = os.path.relpath(place(there), Path(new).parent)
            found.setdefault(path, path if link.words.isdigit() else f"{link.words.replace('`', '')} <{path}>")
    return list(found.values())


def _contents(entries: list[str]) -> str:
    return "\n".join(["", "```{toctree}", ":hidden:", "", *entries, "```", ""])


def _outside(text: str, change: Callable[[str], str]) -> str:
    """A text changed outside of its blocks of code."""
    pieces, end = [], 0
    for found in _FENCED.finditer(text):
        pieces += [change(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*pieces, change(text[end:])])
