"""The YAML loader: all scalars text, positions everywhere, the dangerous half of YAML refused."""

import pytest

from gateway.config.strict_yaml import YamlList, YamlMap, YamlText, load


def scalars(text: str) -> list[str]:
    node, problems = load(text, "x.yaml")
    assert not problems
    assert isinstance(node, YamlMap)
    return [entry.value.value for entry in node if isinstance(entry.value, YamlText)]


def test_every_scalar_stays_the_text_it_is() -> None:
    assert scalars("a: 00\nb: 0012\nc: NO\nd: 1e3\ne: 12:30\nf: 2026-01-01\ng: null") == [
        "00", "0012", "NO", "1e3", "12:30", "2026-01-01", "null"
    ]  # fmt: skip


def test_nodes_know_line_and_column() -> None:
    node, _ = load("a:\n  b: [x, y]\n", "x.yaml")
    assert isinstance(node, YamlMap)
    inner = node.get("a")
    assert isinstance(inner, YamlMap)
    key, items = inner.key("b"), inner.get("b")
    assert key is not None
    assert (key.line, key.column) == (2, 3)
    assert isinstance(items, YamlList)
    assert [(item.line, item.column) for item in items.items] == [(2, 7), (2, 10)]


def test_tilde_and_nothing_mean_remove_but_quoted_do_not() -> None:
    node, _ = load("a: ~\nb:\nc: '~'\n", "x.yaml")
    assert isinstance(node, YamlMap)
    assert [entry.value.is_removal for entry in node if isinstance(entry.value, YamlText)] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        ("a: {b: c]", 1, 9, "M001"),
        ("a: 1\n\tb: 2", 2, 1, "M001"),
        ("a: 1\na: 2", 2, 1, "M003"),
        ("a: &x 1\nb: *x", 1, 4, "M004"),
        ("a: !!python/object:os.system 1", 1, 4, "M004"),
        ("a: 1\n---\nb: 2", 2, 1, "M004"),
        ("[" * 60 + "]" * 60, 1, 41, "M002"),
        ("a: " + "x" * 1_100_000, 1, 1, "M002"),
        ("{a: 1}: b", 1, 1, "M001"),
    ],
)
def test_what_is_not_allowed_is_one_problem_at_its_place(text: str, line: int, column: int, code: str) -> None:
    _, problems = load(text, "x.yaml")
    assert [(each.file, each.line, each.column, each.code) for each in problems] == [("x.yaml", line, column, code)]


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert load("# nothing\n", "x.yaml") == (YamlMap((), 1, 1), ())


def test_the_first_of_a_key_written_twice_counts() -> None:
    node, problems = load("a: 1\na: 2\n", "x.yaml")
    assert isinstance(node, YamlMap)
    assert [entry.value.value for entry in node if isinstance(entry.value, YamlText)] == ["1"]
    assert "line 1" in problems[0].hint
