"""The documents and messages name only commands, options, targets, files and codes that exist."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from gateway.cli.main import app
from gateway.kernel.catalogue import book
from gateway.kernel.faults import ElementFault, GroupFault, InterchangeFault, Repair, SegmentFault, SetFault
from tests.architecture import codes_page
from tests.architecture.code_map import ROOT, dotted, modules, texts

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
COMMAND = re.compile(r"(?<!the )\bgateway ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)([^\n`'\"]*)")
IN_MESSAGE = re.compile(r"(?:['`]|Example: |^|: )(gateway [a-z][^'`\n]*)", re.MULTILINE)


@cache
def _known() -> dict[str, Any]:
    """Every command with its click object, by its words."""
    root: Any = get_command(app)
    found = dict(root.commands)
    for name, group in root.commands.items():
        found |= {f"{name} {inner}": command for inner, command in getattr(group, "commands", {}).items()}
    return found


def _mistakes(text: str) -> Iterator[str]:
    known = _known()
    for words, rest in COMMAND.findall(text):
        first = words.partition(" ")[0]
        command = known.get(words) or (None if hasattr(known.get(first), "commands") else known.get(first))
        if command is None:
            if words not in known:
                yield f"gateway {words}"
            continue
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        yield from (f"gateway {words} {each}" for each in re.findall(r"(--[a-z-]+)", rest) if each not in options)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_commands_that_exist(page: Path) -> None:
    code = "\n".join(CODE.findall(page.read_text(encoding="utf-8")))

    assert list(_mistakes(code)) == []


def test_a_message_names_only_commands_that_exist() -> None:
    mistakes = [
        f"{dotted(path)}: {mistake}"
        for path in modules()
        for text in texts(path)
        for snippet in IN_MESSAGE.findall(text)
        for mistake in _mistakes(snippet)
    ]

    assert mistakes == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_make_targets_that_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    code = "\n".join(CODE.findall(page.read_text(encoding="utf-8")))

    assert set(re.findall(r"(?<!to )\bmake ([a-z][a-z-]*)", code)) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_links_only_to_files_that_exist(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_shows_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert "make demo" in readme
    assert "make test" in readme


def test_the_ci_runs_what_people_run() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert lines[-1] == "make test"


def test_every_code_a_user_can_meet_is_explained() -> None:
    assert sorted(codes_page.met() - set(book.ENTRIES)) == [], "explain it in gateway/kernel/catalogue"


def test_the_page_of_codes_says_what_the_program_says() -> None:
    assert codes_page.written() == codes_page.catalogue(), "run: make pages"


def test_every_repair_is_explained() -> None:
    page = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")

    assert [repair.value for repair in Repair if f"| `{repair.value}` |" not in page] == []


def test_every_code_of_an_acknowledgment_is_explained() -> None:
    page = (ROOT / "docs" / "reference" / "acknowledgments.md").read_text(encoding="utf-8")
    kinds = (InterchangeFault, GroupFault, SetFault, SegmentFault, ElementFault)

    assert [str(fault) for kind in kinds for fault in kind if f"`{fault.value}`" not in page] == []


def test_every_command_stands_in_some_page() -> None:
    written = [page for page in PAGES if page.name != "commands.md"]  # which is made of the commands themselves
    pages = "\n".join(page.read_text(encoding="utf-8") for page in written)
    groups = {name for name, command in _known().items() if hasattr(command, "commands")}

    assert sorted(name for name in _known() if name not in groups and f"gateway {name}" not in pages) == []


@pytest.mark.parametrize(
    "wrong", ["gateway fly", "gateway orders fly", "gateway run --fly", "gateway holds release X --fly"]
)
def test_a_command_that_does_not_exist_is_found(wrong: str) -> None:
    assert list(_mistakes(wrong)) != []


@pytest.mark.parametrize("right", ["gateway run --once", "gateway orders show PO-1 --json", "gateway validate a.edi"])
def test_a_command_that_exists_is_no_mistake(right: str) -> None:
    assert list(_mistakes(right)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_modules_that_exist(page: Path) -> None:
    named = re.findall(r"`((?:gateway|tests|bench)/[\w/.]+\.\w+)`", page.read_text(encoding="utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []
