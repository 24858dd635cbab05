"""The sections of docs/reference/codes.md, made of the program's own catalogue; ``--write`` renews them."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from gateway.kernel.catalogue import acknowledged, book
from gateway.kernel.catalogue.entry import Entry
from tests.architecture.code_map import modules, texts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "codes.md"
CODE = re.compile(r"^(?:[ACDEFMPSTX]-[A-Z][A-Z-]*[A-Z]|[EMP]\d{3})$")
BEGIN, END = "<!-- catalogue: begin -->", "<!-- catalogue: end -->"


def met() -> set[str]:
    """Every code that stands in the program outside of the catalogue itself."""
    inside = ("catalogue", "causes.py")
    found = {text for path in modules() if not set(inside) & set(path.parts) for text in texts(path)}
    return {each for each in found if CODE.match(each)}


def catalogue() -> str:
    """The sections as they should stand: one of each letter, a paragraph of each code."""
    return "\n".join(_sections()).strip("\n") + "\n"


def _sections() -> Iterator[str]:
    for letter, entries in book.by_letter().items():
        about = book.LETTERS[letter]
        yield f"## {letter}: {about[:1].lower()}{about[1:]}\n"
        if letter in ("AK", "TA"):
            yield from _of_answers(letter)
            continue
        for entry in entries:
            yield from _paragraph(entry)


def _paragraph(entry: Entry) -> Iterator[str]:
    yield f"### {entry.code}\n"
    yield f"**{entry.title}.** {entry.meaning}\n"
    if entry.example:
        yield f"> {_plain(entry.example)}\n"
    shown = ", ".join(f"`{each}`" for each in entry.shown)
    yield f"*Who acts:* {entry.who}. *What to do:* {entry.next_step} *Seen in:* {shown}.\n"


def _of_answers(letter: str) -> Iterator[str]:
    for element, (title, meaning) in acknowledged.ELEMENTS.items():
        if not element.startswith(letter):
            continue
        yield f"### {element}\n"
        yield f"**{title}.** {meaning}\n"
        yield "| code | means | what to do |\n|---|---|---|"
        for entry in book.ENTRIES.values():
            if entry.code.startswith(f"{element} "):
                value = entry.code.partition(" ")[2]
                anchor = f'<a id="{element.lower()}-{value.lower()}"></a>'
                said = entry.meaning.removesuffix(meaning).strip()
                yield f"| {anchor}`{value}` | **{entry.title}.** {said} | {entry.next_step} |"
        yield ""


def _plain(text: str) -> str:
    """A message in a page: what Markdown would take for its own signs stands as it is."""
    return re.sub(r"([<>*_\[\]|`])", r"\\\1", text)


def written() -> str:
    """The sections as they stand in the page."""
    return PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip("\n") + "\n"


def write() -> None:
    """Put the codes of now into the page."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n\n{catalogue()}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        sys.stdout.write(catalogue())
