"""Only characters that were agreed leave, what takes their place is told, and separators can separate."""

# ruff: noqa: RUF001 - signs that look like others are the subject here

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.formats.x12 import emit, verify
from gateway.formats.x12.charset import CHARSETS, ON_BAD_CHARACTER, Characters, Cleaner, separators_fault
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import Emitted, Envelope

NOW = datetime(2026, 11, 20, 8, 15)  # noqa: DTZ001 - ISA09 and GS04 carry no zone
PLAIN = Separators("*", ">", "^", "~")


def sent(text: str, characters: Characters, version: str = "004010") -> tuple[bytes, Emitted, list[list[str]]]:
    """What stands in AK102's neighbour MSG01-like element AK401's copy AK404, and all of the file."""
    body = [["AK1", "PO", "1"], ["AK2", "850", "0001"], ["AK3", "REF", "3", "", "8"], ["AK4", "2", "127", "7", text],
            ["AK5", "R", "5"], ["AK9", "R", "1", "1", "0"]]  # fmt: skip
    envelope = Envelope("ZZ", "US", "ZZ", "THEM", "US", "THEM", version, "P", PLAIN, "", characters)
    emitted = emit.interchange(envelope, functional_id="FA", set_id="997", sets=[body], isa13=1, gs06=1, now=NOW)
    line = next(each for each in emitted.content.split(b"~") if each.startswith(b"AK4"))
    return line.removeprefix(b"AK4*2*127*7").removeprefix(b"*"), emitted, body


BASIC, EXTENDED, UTF8 = (Characters(charset=name) for name in CHARSETS)


@pytest.mark.parametrize(
    ("text", "characters", "leaves"),
    [
        ("Café Zürich", EXTENDED, b"Cafe Zurich"),
        ("Café Zürich", BASIC, b"CAFE ZURICH"),
        ("Café Zürich", UTF8, "Café Zürich".encode()),
        ("Straße – “5” ½ €", EXTENDED, b'Strasse - "5"  1/2 EUR'),
        ("10% @ [a_b]", EXTENDED, b"10% @ [a_b]"),
        ("10% @ [a_b]", BASIC, b"10    (A-B)"),
        ("a*b>c~d^e", EXTENDED, b"a b c d^e"),
        ("line 1\r\nline\t2\x00", EXTENDED, b"line 1  line 2"),
        ("line 1\nline 2", UTF8, b"line 1 line 2"),
        ("漢字 tent", EXTENDED, b"tent"),
        ("漢字 tent", UTF8, "漢字 tent".encode()),
        ("Café", Characters(on_bad="replace"), b"Caf"),
        ("a*Café!", Characters(on_bad="replace", instead="-"), b"a-Caf-!"),
    ],
)
def test_what_leaves_instead_of_a_character_that_may_not(text: str, characters: Characters, leaves: bytes) -> None:
    found, emitted, body = sent(text, characters)
    assert found == leaves
    assert emitted.faults == ()
    assert verify.faults(emitted.content, [body], emitted.changes) == []


def test_a_repetition_separator_is_kept_out_of_data_where_the_version_has_one() -> None:
    assert sent("a^b", EXTENDED, "005010")[0] == b"a b"
    assert sent("a^b", EXTENDED, "004010")[0] == b"a^b"


def test_a_changed_value_is_told_with_its_element_and_both_texts() -> None:
    assert sent("Café", EXTENDED)[1].warnings == (
        "AK404 (segment 5 of set 0001): 'Cafe' was written instead of 'Café'; 'é' is not in the character set 'extended'.",
    )


def test_small_letters_become_capitals_in_the_basic_set_without_a_word() -> None:
    found, emitted, _ = sent("small", BASIC)
    assert (found, emitted.warnings, emitted.faults) == (b"SMALL", (), ())


def test_an_error_is_a_fault_that_names_element_and_value() -> None:
    _, emitted, _ = sent("Café", Characters(on_bad="error"))
    assert emitted.faults == (
        "AK404 (segment 5 of set 0001): 'Café' cannot be written; 'é' is not in the character set 'extended'.",
    )
    assert sent("small", Characters("basic", "error"))[1].faults


def test_a_value_of_which_nothing_is_left_is_a_fault() -> None:
    _, emitted, _ = sent("漢字", EXTENDED)
    assert emitted.faults == ("AK404 (segment 5 of set 0001): '漢字' cannot be written; nothing of it would be left.",)


def test_blanks_at_the_end_are_no_data() -> None:
    assert sent("tent   ", EXTENDED)[0] == b"tent"
    assert sent("   ", EXTENDED)[0] == b""


CHARACTERS = st.builds(
    Characters, st.sampled_from(CHARSETS), st.sampled_from(ON_BAD_CHARACTER), st.sampled_from(" -?*")
)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), CHARACTERS)
def test_no_control_character_no_separator_and_nothing_outside_the_set_ever_leaves(
    text: str, characters: Characters
) -> None:
    found, emitted, body = sent(text.replace(emit.COMPONENT, "").replace(emit.REPETITION, ""), characters)
    shown = found.decode()
    assert not set(shown) & set("*>~")
    assert shown.isprintable()
    assert characters.charset == "utf8" or shown.isascii()
    assert characters.charset != "basic" or shown == shown.upper()
    differences = [each for each in verify.faults(emitted.content, [body], emitted.changes) if "meant" in each]
    assert differences == []


def test_what_is_clean_stays_clean() -> None:
    for characters in (BASIC, EXTENDED, UTF8):
        cleaner = Cleaner(characters, "*>~^")
        once = cleaner.clean("ça coûte 5 € * 3 ~ ½")
        assert once is not None
        assert cleaner.clean(once.text) is None


@pytest.mark.parametrize(
    ("separators", "after", "word"),
    [
        (Separators("A", ">", "^", "~"), "", "'A' cannot be the element separator"),
        (Separators("*", "7", "^", "~"), "", "'7' cannot be the component separator"),
        (Separators("*", " ", "^", "~"), "", "' ' cannot be the component separator"),
        (Separators("-", ">", "^", "~"), "", "'-' cannot be the element separator"),
        (Separators("*", ".", "^", "~"), "", "'.' cannot be the component separator"),
        (Separators("*", ">", "^", "é"), "", "'é' cannot be the segment separator"),
        (Separators("*", "\n", "^", "~"), "", "cannot be the component separator"),
        (Separators("*", "*", "^", "~"), "", "'*' cannot be both the element and the component separator"),
        (Separators("*", ">", "~", "~"), "", "'~' cannot be both the repetition and the segment separator"),
        (Separators("*", ">", "^", "\n"), "\n", "a line end is the segment separator already"),
        (Separators("**", ">", "^", "~"), "", "the element separator is one character"),
    ],
)
def test_separators_that_cannot_separate_are_refused(separators: Separators, after: str, word: str) -> None:
    assert word in separators_fault(separators, after)


def test_usual_separators_are_taken() -> None:
    for separators in (PLAIN, Separators("\x1d", "\x1f", "\x1e", "\x1c"), Separators("|", "<", "^", "\n")):
        assert separators_fault(separators, "") == ""
    assert separators_fault(Separators("*", ">", "*", "~"), "", repeats=False) == ""
