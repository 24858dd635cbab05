"""JSON that is written piece by piece is the JSON that would have been written whole."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.cli import output
from gateway.files.names import visible

leaves = st.none() | st.booleans() | st.integers() | st.text(st.characters(blacklist_categories=["Cs"]))
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab\n\"'", max_size=3), inner), max_leaves=9
)  # fmt: skip
reports = st.dictionaries(st.sampled_from("abcd"), values)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("indent", [None, 2])
@given(rows=st.lists(reports, max_size=3))
def test_pieces_make_the_same_text(capsys: pytest.CaptureFixture[str], rows: list[Any], indent: int | None) -> None:
    capsys.readouterr()

    output.stream({"first": 1, "rows": (dict(row) for row in rows), "last": iter([])}, one_line=indent is None)

    said = capsys.readouterr().out
    whole = {"first": 1, "rows": rows, "last": []}
    assert json.loads(said) == whole
    plain = json.dumps(whole, ensure_ascii=False)
    assert said == f"{plain}\n" or indent or visible(plain) != plain


def test_a_list_within_a_list_is_written_while_it_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    output.stream({"rows": ({"sets": iter(["x", 2])} for _ in range(2))}, one_line=True)

    assert capsys.readouterr().out == '{"rows": [{"sets": ["x", 2]}, {"sets": ["x", 2]}]}\n'


def test_what_holds_lists_is_indented_and_the_rest_takes_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    output.stream({"file": "x", "rows": ({"at": at} for at in range(2)), "none": iter([])}, one_line=False)

    assert (
        capsys.readouterr().out
        == '{\n  "file": "x",\n  "rows": [\n    {"at": 0},\n    {"at": 1}\n  ],\n  "none": []\n}\n'
    )
