"""The Tab key: what may be typed next, in real shells, and never a word when something is wrong."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.cli import completing
from gateway.cli.main import run_app, tree
from gateway.orders.lifecycle import Status
from gateway.store import glance
from gateway.store.schema import metadata
from tests.site.harness import FRIDAY, ROOT, PlayedSite, new_site, order, purchase_order


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> PlayedSite:
    """A site in which one order came, on SQLite."""
    made = new_site(tmp_path_factory.mktemp("tab") / "site", on="sqlite")
    made.drop_master()
    made.run()
    made.drop("acme", "one.edi", purchase_order(order("PO-1")))
    made.run(FRIDAY)
    return made


def _offered(*words: str) -> list[str]:
    return [name for name, _ in completing.candidates(tree(), words)]


def test_commands_and_groups_complete() -> None:
    assert _offered("ord") == ["orders"]
    assert _offered("orders", "sh") == ["show", "ship"]
    assert set(_offered("")) == set(tree().commands)
    assert {"orders", "exit-codes"} <= set(_offered("help", ""))
    assert _offered("help", "orders", "shi") == ["ship"]


def test_options_complete_and_so_do_the_words_that_their_help_lists() -> None:
    assert _offered("run", "--o") == ["--once"]
    assert "--help" in _offered("run", "--")
    assert _offered("orders", "release", "PO-1", "--accept", "") == ["ours", "theirs"]
    assert _offered("returns", "receive", "RMA-1", "--disposition", "re") == ["restock", "refurbish"]
    assert _offered("completion", "") == ["bash", "zsh", "fish"]
    assert {"items", "stock", "deliveries"} <= set(_offered("import", ""))
    assert _offered("orders", "list", "--status", "") == [each.value for each in Status]
    assert _offered("orders", "hold", "PO-1", "--reason", "") == []


def test_names_of_the_site_complete(site: PlayedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.folder)

    assert _offered("orders", "list", "--partner", "ac") == ["accounting", "acme"]
    assert _offered("partner", "show", "acm") == ["acme"]
    assert _offered("mapping", "show", "x12/855") == ["x12/855"]
    assert _offered("orders", "show", "PO") == ["PO-1"]
    assert _offered("orders", "hold", "SO") == site_orders(site)
    assert _offered("trace", "PO-") == ["PO-1"]
    assert any(each.startswith("997") for each in _offered("dispatch", "show", ""))


def site_orders(site: PlayedSite) -> list[str]:
    return [number for (number,) in site.rows("SELECT number FROM orders")]


def test_a_site_that_is_named_on_the_line_counts(site: PlayedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    words = ["orders", "show", "--site", str(site.folder), "PO"]
    monkeypatch.setattr(sys, "argv", ["gateway", *words])

    assert _offered(*words) == ["PO-1"]


def test_without_a_site_or_with_a_broken_one_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    completing.answer(tree(), ["orders", "show", ""], "bash")
    (tmp_path / "gateway.yaml").write_text("gateway: 1\n")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "gateway.db").write_bytes(b"no database at all, and longer than its head would be" * 9)
    completing.answer(tree(), ["orders", "show", ""], "bash")
    completing.answer(tree(), ["no-such-command", ""], "bash")

    told = capsys.readouterr()
    assert "PO" not in told.out
    assert told.err == ""


def test_what_a_shell_would_obey_is_never_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "names", lambda *_: ["PO-1", "$(reboot)", "a b", "x;y", "`id`", "PO\n-2", "*"])
    monkeypatch.setenv("GATEWAY_CONFIG", str(ROOT))

    assert _offered("orders", "show", "") == ["PO-1"]


def test_what_is_asked_of_a_database_is_in_its_schema() -> None:
    for asked in glance.NAMES.values():
        column, name = asked.split()[1], asked.split()[3]
        assert column in metadata.tables[name].columns


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Where ``gateway`` is a command, as after an installation."""
    program = tmp_path / "bin" / "gateway"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m gateway "$@"\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}


BASH = """
source ./script
COMP_WORDS=(gateway orders show PO); COMP_CWORD=3; _gateway gateway; echo "${COMPREPLY[*]}"
COMP_WORDS=(gateway orders l); COMP_CWORD=2; _gateway gateway; echo "${COMPREPLY[*]}"
complete -p gateway
"""
ZSH = """
compdef() { bound=$* }
_describe() { print -l "${found[@]}" }
_files() { print files }
source ./script
print "$bound"
words=(gateway orders show PO); CURRENT=4; _gateway
words=(gateway orders lis); CURRENT=3; _gateway
words=(gateway validate ''); CURRENT=3; _gateway
"""
FISH = """
source ./script
complete -C 'gateway orders show PO'
complete -C 'gateway orders lis'
"""
SAID = {
    "bash": (BASH, ["PO-1", "list labels", "complete -o default -F _gateway gateway"]),
    "zsh": (ZSH, ["_gateway gateway", "PO-1", "list:List orders.", "files"]),
    "fish": (FISH, ["PO-1", "list\tList orders."]),
}
START = {"bash": ["bash", "--norc"], "zsh": ["zsh", "-f"], "fish": ["fish", "--no-config"]}


@pytest.mark.parametrize("shell", SAID)
def test_the_script_completes_in_the_real_shell(
    shell: str, site: PlayedSite, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    assert run_app(["completion", shell]) == 0
    typed, expected = SAID[shell]
    (site.folder / "script").write_text(capsys.readouterr().out)

    done = subprocess.run(
        [*START[shell], "-c", typed], cwd=site.folder, env=environ, capture_output=True, text=True, check=False
    )

    assert (done.stdout.splitlines(), done.stderr) == (expected, "")


def test_another_shell_is_told_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["completion", "tcsh"]) == 2
    assert "bash, zsh, fish" in capsys.readouterr().err
