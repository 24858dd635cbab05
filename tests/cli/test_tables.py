"""Tables fit every terminal, cut nothing, obey nothing of what partners sent, and never say anything by colour alone."""

import subprocess
import sys
import unicodedata
from datetime import UTC
from enum import Enum
from pathlib import Path

import pytest

from gateway.cli import output
from gateway.cli.terminal.cells import cells
from gateway.cli.terminal.meanings import MARK, MEANINGS, Meaning
from gateway.cli.terminal.moments import ZONE
from gateway.exchange.alerts import NoticeState, Severity
from gateway.exchange.channels import ChannelHealth
from gateway.exchange.dispatch import AttemptOutcome, DispatchState
from gateway.exchange.expected import AnswerState
from gateway.exchange.promises import ExpectedState, PromiseState
from gateway.exchange.receipt import ReceiptState
from gateway.flows.showing.dispatch_views import STATES
from gateway.orders.lifecycle import Status

HOSTILE = "[red]po[/red]\x1b[31m\x1b[2J\r\u202egpj.exe :boom: \x9b2J"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
ROWS: list[dict[str, object]] = [
    {"id": "H-15c2834d", "file": HOSTILE, "state": "held", "since": "2026-11-20T20:00:00+00:00", "lines": 12345,
     "reason": "line 1: their price 139.00, ours 149.00 per EA (list: 149.00 per EA), and so it waits for somebody"},
    {"id": "H-2", "file": "注文書-大阪.csv", "state": "processed", "since": None, "lines": 2, "reason": "Größe Ǻngström"},
    {"id": "H-3", "file": HASH, "state": "no such word", "since": "no time agreed", "lines": 3, "reason": None},
]  # fmt: skip
COLUMNS = ["id", "since", "file", "state", "lines", "reason"]
STATE_WORDS: tuple[type[Enum], ...] = (
    Status, ReceiptState, DispatchState, AttemptOutcome, AnswerState, PromiseState, ExpectedState, ChannelHealth, Severity,
    NoticeState,
)  # fmt: skip


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    ZONE.set(UTC)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return monkeypatch


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    output.table(ROWS, COLUMNS, may_go=["lines", "since"])
    return capsys.readouterr().out


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 100, 160, 400])
def test_a_table_fits_the_terminal_and_cuts_no_word(
    watched: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int
) -> None:
    watched.setenv("NO_COLOR", "1")

    text = shown(watched, capsys, columns)

    assert max(cells(line) for line in text.splitlines()) <= columns
    joined = "".join(text.split())
    assert "H-15c2834d" in text
    assert "…" not in text
    for said in ("their price 139.00", "waits for somebody"):
        assert all(word in text for word in said.split()), said
    for piece in (HASH[at : at + 4] for at in range(0, 64, 16)):
        assert piece in joined


def test_what_a_partner_sent_is_neither_markup_nor_obeyed(
    watched: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = shown(watched, capsys, 400)

    assert r"[red]po[/red]\x1b[31m\x1b[2J\r\u202egpj.exe :boom: \u009b2J" in text
    assert not set("\r\x9b\u202e") & set(text)
    watched.setenv("NO_COLOR", "1")
    assert "\x1b" not in shown(watched, capsys, 400)
    watched.delenv("NO_COLOR")
    watched.setenv("TERM", "dumb")
    assert "\x1b" not in shown(watched, capsys, 60)


def test_wide_characters_and_accents_leave_the_columns_aligned(
    watched: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.setenv("NO_COLOR", "1")
    for said in (shown(watched, capsys, 400), piped(watched, capsys)):
        _, rule, *rows = said.splitlines()
        begins = [at for at, (one, two) in enumerate(zip(" " + rule, rule, strict=False)) if (one, two) == (" ", "-")]
        for row in rows:
            wide = "".join(
                each * cells(each) if cells(each) == 2 else each for each in unicodedata.normalize("NFC", row)
            )
            wide = "".join(each for each in wide if cells(each))
            assert all(wide[at - 2 : at].strip() == "" for at in begins[1:4] if at < len(wide)), row


def piped(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    output.table(ROWS, COLUMNS, may_go=["lines", "since"])
    monkeypatch.setenv("FORCE_COLOR", "1")
    return capsys.readouterr().out


def test_what_is_piped_has_all_columns_each_row_a_line_without_colour_marks_or_grouping(
    watched: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.setenv("COLUMNS", "40")
    text = piped(watched, capsys)

    assert len(text.splitlines()) == 2 + len(ROWS)
    assert text.splitlines()[2].split("  ")[0] == "H-15c2834d"
    for said in ("2026-11-20 20:00", "held", "12345", ROWS[0]["reason"]):
        assert str(said) in text
    assert "! held" not in text


def test_columns_that_went_are_told_and_the_least_important_went_first(
    watched: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.setenv("COLUMNS", "104")
    output.table(ROWS, COLUMNS, may_go=["lines", "since"])
    assert capsys.readouterr().err == ""
    watched.setenv("COLUMNS", "82")
    output.table(ROWS, COLUMNS, may_go=["lines", "since"])
    assert capsys.readouterr().err == "(lines, since: not shown at this width; --json has everything)\n"


def test_numbers_stand_right_and_long_ones_are_grouped(
    watched: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.setenv("NO_COLOR", "1")
    lines = shown(watched, capsys, 400).splitlines()

    at = lines[2].index("12,345") + len("12,345")
    assert lines[4][at - 2 : at] == " 3"


def test_every_state_of_ours_has_a_meaning_and_what_is_bad_a_mark() -> None:
    words = {each.value for one in STATE_WORDS for each in one} | set(STATES)

    assert words - set(MEANINGS) == set()
    assert MARK[Meaning.BAD].strip()


def test_no_program_waits_for_what_only_terminals_need() -> None:
    code = "import sys; import gateway.cli.main, gateway.cli.lists; print([each for each in sys.modules if each.startswith('rich')])"
    said = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, check=True)

    assert said.stdout.strip() == b"[]"
