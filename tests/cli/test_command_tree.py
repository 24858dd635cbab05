"""Every command keeps the same laws: an example in its help, results for programs, exit codes that are told."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.cli.main import tree
from gateway.kernel import errors
from tests.site.harness import PlayedSite

ACTING = re.compile(
    r"completion|help|claims (accept|reject)|holds (accept|correct|reject|release)|import|init|demo|run|schema export|partner new|mapping new"
    r"|invoices (credit|rebill)|orders (accept|cancel|change|close|correct|hold|labels|new|packing-slip|reject|release|ship)"
    r"|payments (apply|apply-credit|move|new|refund|unapply)|returns (cancel|close|receive|request)"
)
"""What changes something and shows only that it did, writes files, or prints what is for people or a shell alone."""
TOLD = (
    "acks",
    "alerts",
    "audit",
    "channels",
    "db",
    "dispatch",
    "partner test",
    "partner scan-host-key",
    "promises",
    "sftp",
)
"""The commands whose help names each exit code."""
KNOWN_CODES = {0, 1, 2, 3, 130} | {
    each.exit_code for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.GatewayError)
}


def commands() -> dict[str, Any]:
    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        known = getattr(command, "commands", {})
        if not known:
            yield name, command
        for key, each in known.items():
            yield from walk(f"{name} {key}".strip(), each)

    return dict(walk("", tree()))


COMMANDS = commands()


def options(name: str) -> set[str]:
    return {each for param in COMMANDS[name].params for each in param.opts}


@pytest.mark.parametrize("name", [each for each in COMMANDS if not ACTING.fullmatch(each)])
def test_what_shows_something_shows_it_to_programs_too(name: str) -> None:
    assert "--json" in options(name)


def test_what_is_left_out_of_that_law_is_there_and_has_no_json() -> None:
    left_out = [each for each in COMMANDS if ACTING.fullmatch(each)]
    assert left_out
    assert [each for each in left_out if "--json" in options(each)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_has_an_example_of_it(name: str) -> None:
    told = COMMANDS[name].help or ""
    example = re.search(r"Example: gateway ([^\n]+)", told)
    assert example is not None, told
    assert example[1].startswith(name), example[1]
    for option in re.findall(r"(?<= )--[a-z-]+", re.sub(r"\"[^\"]*\"", "", example[1])):
        assert option in options(name), option


@pytest.mark.parametrize("name", [each for each in COMMANDS if each.startswith(TOLD)])
def test_the_help_says_what_each_exit_code_means(name: str) -> None:
    told = " ".join((COMMANDS[name].help or "").split())
    found = re.search(r"Exit codes: (.*?\.)( |$)", told)
    assert found is not None, told
    codes = [int(each) for each in re.findall(r"(?:^|, )(\d+) ", found[1])]
    assert codes[0] == 0
    assert codes == sorted(set(codes))
    assert set(codes) <= KNOWN_CODES


EMPTY: dict[str, list[Any]] = {
    "acks due": [], "acks overdue": [], "alerts list": [], "channels list": [], "dispatch list": [], "promises": [],
    "audit list": [], "holds list": [], "orders list": [], "files list": [], "invoices list": [], "units list": [],
}  # fmt: skip


def test_where_there_is_nothing_a_program_is_told_so_and_a_person_in_words(new: PlayedSite) -> None:
    for name, nothing in EMPTY.items():
        answer = new.gateway(*name.split(), "--json")
        assert (answer.code, json.loads(answer.out), answer.err) == (0, nothing, ""), name
        told = new.gateway(*name.split())
        assert (told.code, told.out.count("\n")) == (0, 1), name
        assert re.match(r"no |nobody |nothing ", told.out), told.out


@pytest.fixture
def new(tmp_path_factory: pytest.TempPathFactory) -> PlayedSite:
    from tests.site.harness import new_site  # noqa: PLC0415 - of this test alone

    return new_site(tmp_path_factory.mktemp("new") / "site")


WRONG = {
    ("acks", "due", "--partner", "nobody"): 5, ("acks", "overdue", "--partner", "nobody"): 5, ("alerts", "show", "A-0"): 5,
    ("alerts", "close", "A-0", "--note", "x"): 5, ("alerts", "close", "A-0", "--note", " "): 2, ("alerts", "test", "nobody"): 5,
    ("alerts", "digest", "--send"): 2, ("promises", "--partner", "nobody"): 5, ("dispatch", "show", "nothing"): 5,
    ("dispatch", "list", "--state", "lost"): 2, ("dispatch", "retry"): 2, ("dispatch", "cancel", "nothing", "--note", "x"): 5,
    ("partner", "test", "nobody"): 5, ("sftp", "unban", "192.0.2.7", "--note", "x"): 5, ("db", "partitions"): 2,
    ("db", "restore", "nothing.db", "--note", "x"): 5, ("units", "retry", "in:0"): 5, ("units", "retry"): 2,
    ("audit", "list", "--last", "0"): 2, ("partner", "test", "acme", "--channel", "nothing"): 5,
}  # fmt: skip


def test_what_cannot_be_done_is_a_sentence_with_a_next_step_and_its_exit_code(new: PlayedSite) -> None:
    for words, code in WRONG.items():
        for extra in ((), ("--json",)):
            answer = new.gateway(*words, *extra)
            assert (answer.code, answer.out) == (code, ""), (words, answer)
            assert answer.err.startswith(("gateway: ", "Usage: ")), words
            if answer.err.startswith("gateway: "):
                assert re.search(r"\n  \S", answer.err), f"{words} has no next step: {answer.err}"
