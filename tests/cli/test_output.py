"""What partners put into names and values reaches no terminal as a command."""

import json

import pytest

from gateway.cli import output
from gateway.kernel.errors import ConfigurationError, TransportError
from gateway.kernel.problem import Problem

HOSTILE = "po\x1b[31m\nDone: 0 holds\r\u202eide.\x9b2J"
SHOWN = r"po\x1b[31m\nDone: 0 holds\r\u202eide.\u009b2J"


def test_a_line_stays_one_line_and_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    output.line(HOSTILE)
    output.told(HOSTILE)
    output.table([{"file": HOSTILE, "more": [HOSTILE]}], ("file", "more"))
    output.talk(HOSTILE)

    said = capsys.readouterr()
    assert said.out.splitlines()[:2] == [SHOWN, SHOWN]
    assert said.out.splitlines()[-1] == f"{SHOWN}  {SHOWN}"
    assert said.err == f"{SHOWN}\n"


def test_an_error_stays_where_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    output.error(TransportError(f"{HOSTILE} cannot be read.", next_step=HOSTILE))
    output.error(ConfigurationError((Problem("partners/a.yaml", 1, 2, "P001", HOSTILE, HOSTILE),)))

    first, second = SHOWN.split(r"\n")
    assert capsys.readouterr().err.splitlines() == [
        f"gateway: {SHOWN} cannot be read.", f"  {SHOWN}", f"partners/a.yaml:1:2: error P001: {first}", second,
        f"    hint: {first}", second, "gateway: The configuration has 1 error; nothing was processed.",
    ]  # fmt: skip


def test_json_means_the_same_and_shows_nothing_that_is_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"file": HOSTILE, "tag": "\U000e0041", "name": "Größe"}
    output.data(value)
    whole = capsys.readouterr().out
    output.stream({"rows": iter([value])}, one_line=True)
    pieces = capsys.readouterr().out

    assert (json.loads(whole), json.loads(pieces)) == (value, {"rows": [value]})
    assert "Größe" in whole
    for said in (whole, pieces):
        assert not set("\x1b\x9b\u202e\U000e0041") & set(said)


def test_colours_of_ours_are_kept_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    output.painted("N1*ST*\x1b[1;31mBAD\x1b[0m\x1b[2J\x07")

    assert capsys.readouterr().out == "N1*ST*\x1b[1;31mBAD\x1b[0m\\x1b[2J\\x07\n"
