"""The help of every command is a page of a manual: what it does, examples that work, exit codes, and what else to read."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from gateway.cli.main import run_app, tree
from gateway.cli.manual import layout
from gateway.cli.manual.exit_codes import ALWAYS, EXIT_CODES
from gateway.cli.manual.page import Sheet
from gateway.cli.manual.pages import PAGES, sheet_of
from gateway.cli.manual.sections import SECTIONS
from gateway.cli.manual.topics import TOPICS
from gateway.config.environment import settable, variable
from gateway.files.release import release
from gateway.kernel import errors

LEAST_EXAMPLES = 1
WIDTH = 80


def _walk(context: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, context
    for key, each in getattr(context.command, "commands", {}).items():
        yield from _walk(typer.Context(each, parent=context, info_name=key), f"{name} {key}".strip())


CONTEXTS = dict(_walk(tree().make_context("gateway", [], resilient_parsing=True), ""))
ACTING = {name: each for name, each in CONTEXTS.items() if not hasattr(each.command, "commands")}


def _sheet(name: str) -> Sheet:
    return sheet_of(name, CONTEXTS[name].command.help or "")


def test_every_command_and_group_has_a_page_and_every_page_a_command() -> None:
    assert set(CONTEXTS) - set(PAGES) == set(), "write their pages in gateway/cli/manual"
    assert set(PAGES) - set(CONTEXTS) == set()


@pytest.mark.parametrize("name", CONTEXTS)
def test_a_page_says_what_the_command_does_and_shows_it_and_names_what_else_to_read(name: str) -> None:
    found = _sheet(name)

    assert found.summary.endswith("."), found.summary
    assert found.about or hasattr(CONTEXTS[name].command, "commands"), "say what it does, changes, and never does"
    assert len(found.examples) >= LEAST_EXAMPLES
    assert all(does.endswith((".", "?")) for _, does in found.examples), "each example with a sentence of what it does"
    assert set(found.see) <= set(CONTEXTS), found.see
    assert name not in found.see
    at_function = re.search(r"Example: gateway ([^\n]+)", CONTEXTS[name].command.help or "")
    assert at_function is None or at_function[1].removesuffix(".") in [line for line, _ in found.examples]


@pytest.mark.parametrize("name", CONTEXTS)
def test_the_examples_of_a_page_are_commands_that_can_be_given(name: str) -> None:
    for line, _ in _sheet(name).examples:
        words = shlex.split(re.sub(r" [<>] .*", "", line))
        assert f"{line} ".startswith(f"{name} ".lstrip()), line
        context, command = CONTEXTS[""], tree()
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
            context = typer.Context(command, parent=context)
        assert not hasattr(command, "commands"), line
        command.make_context(name, words, parent=context)  # raises where it cannot be given like this


@pytest.mark.parametrize("name", ACTING)
def test_a_page_says_what_each_exit_code_of_the_command_means(name: str) -> None:
    codes = _sheet(name).exits

    assert next(iter(codes)) == 0
    assert list(codes) == sorted(codes)
    assert set(codes) <= set(EXIT_CODES)
    assert set(codes) - set(ALWAYS) - {0}, "a command that cannot fail?"


@pytest.mark.parametrize("name", CONTEXTS)
def test_every_argument_and_option_says_what_it_is(name: str) -> None:
    command, context = CONTEXTS[name].command, CONTEXTS[name]

    for left, right in (*layout.arguments(command, context), *layout.options(command, context)):
        said = re.sub(r" ?\[(required|default: .*|\d+ or more)\]", "", right)
        assert re.fullmatch(r"[\w\"'-].*[.)]", said), f"{left}: {right}"


@pytest.mark.parametrize("name", CONTEXTS)
def test_help_is_readable_in_eighty_columns(name: str) -> None:
    told = CONTEXTS[name].get_help()

    assert [line for line in told.split("\n") if len(line) > WIDTH] == []
    assert told.startswith(f"Usage: gateway {name}".rstrip())


def test_every_command_has_its_place_in_the_overview() -> None:
    named = [name for _, names in SECTIONS for name in names]

    assert set(tree().commands) <= set(named), "name it in gateway/cli/manual/sections.py"
    assert len(named) == len(set(named))


def test_every_exit_code_of_an_error_is_explained() -> None:
    known = {each.exit_code for each in vars(errors).values() if isinstance(each, type) and hasattr(each, "exit_code")}

    assert known <= set(EXIT_CODES)
    assert {0, 1, 2, 3, 130} <= set(EXIT_CODES)


def test_the_variables_of_the_environment_are_explained_and_exist() -> None:
    explained = {name for name, _ in TOPICS["environment"][1]}
    known = {variable(section, key) for section, keys in settable().items() for key in keys}

    assert {"GATEWAY_CONFIG", "GATEWAY_SECTION__KEY", "GATEWAY_DATABASE__URL", "GATEWAY_RUN__HEALTH"} <= explained
    named = {name for name in explained if name.startswith("GATEWAY_")}
    assert named - known == {"GATEWAY_CONFIG", "GATEWAY_SECTION__KEY", "GATEWAY_KEY"}


@pytest.mark.parametrize("name", ["", "orders", "orders ship", "help"])
def test_help_before_a_command_says_the_same_as_behind_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["help", *name.split()]) == 0
    before = capsys.readouterr().out
    run_app([*name.split(), "--help"])
    assert capsys.readouterr().out == before
    run_app([*name.split(), "-h"])
    assert capsys.readouterr().out == before


@pytest.mark.parametrize("topic", TOPICS)
def test_what_belongs_to_no_command_has_a_page_too(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["help", topic]) == 0
    told = capsys.readouterr().out

    assert all(name in told for name, _ in TOPICS[topic][1])
    assert [line for line in told.split("\n") if len(line) > WIDTH] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ordres list", "orders"), ("orders shwo PO-1", "show"), ("help ordres", "orders"), ("help orders shwo", "show"),
     ("orders list --partnr acme", "--partner")],
)  # fmt: skip
def test_who_mistypes_is_asked_what_was_meant(typed: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(typed.split()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert re.search(rf"(?:Did you mean|Possible options:) .*{meant}", told.err), told.err


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_program_says_its_release(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app([option]) == 0
    assert capsys.readouterr().out == f"gateway {release()}\n"


def test_init_names_what_stands_in_the_way_and_the_command_that_moves_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    assert run_app(["init", f"{tmp_path}/file/x"]) == 8
    told = capsys.readouterr().err
    assert f"{tmp_path}/file is a file" in told
    assert f"mv {tmp_path}/file {tmp_path}/file.old" in told


@pytest.mark.parametrize("words", ["demo --keep {0}/x", "schema export --out {0}/x"])
def test_a_folder_that_cannot_be_written_is_no_mistake_of_the_program(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    assert run_app([each.format(tmp_path / "file") for each in words.split()]) == 6
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"gateway: {tmp_path}")
    assert "Not a directory" in told.err
