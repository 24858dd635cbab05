"""Patterns are RE2: nothing that could be slow is accepted, and what is refused is explained (S-10)."""

import time

import pytest

from gateway.mapping.language import patterns
from gateway.mapping.language.patterns import Pattern


def found(pattern: str, value: str) -> str | None:
    usable = patterns.usable(pattern)
    assert isinstance(usable, Pattern), usable
    return usable.find(value)


@pytest.mark.parametrize(
    ("pattern", "value", "wanted"),
    [
        (r"\d+", "PO 123 of 456", "123"),
        (r"^PO-(\d+)", "PO-77", "77"),
        (r"^(\d+)$", "77x", None),
        (r"ß (é+)", "Größß éé-1", "éé"),
        (r"(日本)", "漢字日本語", "日本"),
        (r"(a)|b", "b", ""),
        (r"x*", "", ""),
        (r"(?i)store (\w+)", "STORE 4711", "4711"),
    ],
)
def test_group_one_or_the_whole_match_is_found(pattern: str, value: str, wanted: str | None) -> None:
    assert found(pattern, value) == wanted


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"(a)\1", r"it goes back to an earlier group (\1), which is not possible here"),
        ("(?P<a>x)(?P=a)", "it goes back to an earlier group, which is not possible here"),
        ("a(?=b)", "it looks ahead or behind ((?=...), which is not possible here"),
        ("(?<!a)b", "it looks ahead or behind ((?<!...), which is not possible here"),
        ("(?>a)", "it uses (?>...), which is not possible here"),
        ("(a{100}){100}", "it repeats too much; a repetition goes up to 1000, also where repetitions are nested"),
        (r"(\pL{30}){30}[\pL]{999}", "it repeats too much and becomes too large"),
        ("(a", r"a ( is not closed; an ordinary parenthesis is written \( or \)"),
        ("*a", r"a repetition (* + ? {}) has nothing before it; an ordinary one is written \*"),
        (r"a\Z", r"\Z means nothing here; the end of the text is written $"),
        ("a" * 1001, "it is longer than 1000 characters"),
        ("\ud800", "it contains a character that is none"),
    ],
)
def test_what_is_refused_is_explained(pattern: str, reason: str) -> None:
    assert patterns.usable(pattern) == reason


def test_a_pattern_that_others_choke_on_is_quick() -> None:
    began = time.perf_counter()

    assert found(r"^(a+)+$", "a" * 100_000 + "b") is None
    assert time.perf_counter() - began < 2
