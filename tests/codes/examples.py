"""The messages that the catalogue quotes, made of what the scenes show; ``--write`` renews them."""

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from gateway.kernel.catalogue import book
from tests.architecture.code_map import PACKAGE
from tests.codes import scenes
from tests.codes.seen import Scene, Seen, plain

PAGE = PACKAGE / "kernel" / "catalogue" / "examples.py"
HEAD = '''"""A message of each code as it is really given; made of what the tests produce (``python -m tests.codes.examples --write``)."""

from collections.abc import Mapping
from types import MappingProxyType

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
'''


def owner(code: str) -> Scene | None:
    """The scene whose message is quoted: the first one that must show the code; None where a golden case has it alone."""
    return next((scene for scene in scenes.SCENES if code in scenes.codes_of(scene)), None)


def messages(seen: Iterable[Seen], code: str) -> list[str]:
    """What was said with a code, those of lists of holds first, the shorter ones before the longer ones."""
    found = {each.message: each for each in seen if each.code == code and each.message}
    known = book.ENTRIES[code].shown
    return [plain(text) for text in sorted(found, key=lambda text: (known.index(found[text].shown), len(text), text))]


def made() -> dict[str, str]:
    """A message of each code that has one."""
    played: dict[Scene, list[Seen]] = {}
    for scene in scenes.SCENES:
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            played[scene] = list(scene(Path(folder), patch))
    golden = scenes.of_golden_cases()
    found = {}
    for code in book.ENTRIES:
        first = owner(code)
        said = messages(played[first], code) if first is not None else [plain(golden[code].message)]
        if said:
            found[code] = said[0]
    return found


def write() -> None:
    """Put the messages of now into the catalogue."""
    lines = [f"        {code!r}: {text!r},\n" for code, text in made().items()]
    PAGE.write_text(HEAD + "".join(lines) + "    }\n)  # fmt: skip\n", encoding="utf-8")


if __name__ == "__main__" and "--write" in sys.argv:
    write()
