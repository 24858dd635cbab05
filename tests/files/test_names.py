"""A name from outside can be shown and stored whatever it is made of, and no two are taken for one."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.files.names import LONGEST, escaped, visible

NAMES = st.binary(min_size=1, max_size=255).filter(lambda name: b"/" not in name and b"\0" not in name)
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def harmless(text: str) -> bool:
    return all(each in "\u200c\u200d" or unicodedata.category(each) not in HIDDEN for each in text)


@given(NAMES)
def test_every_name_becomes_a_text_that_can_be_stored_and_shown(name: bytes) -> None:
    shown = escaped(name)

    assert harmless(shown)
    assert len(shown.encode("utf-8")) <= LONGEST
    assert shown == escaped(os.fsdecode(name))


@given(NAMES, NAMES)
def test_two_names_never_look_the_same(one: bytes, other: bytes) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


@given(st.binary(min_size=1, max_size=40).filter(lambda name: b"/" not in name and b"\0" not in name))
def test_a_name_is_not_the_same_as_the_text_that_shows_it(name: bytes) -> None:
    shown = os.fsencode(escaped(name))

    assert shown == name or escaped(shown) != escaped(name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"PO-4471.edi", "PO-4471.edi"),
        ("Größe 5 €.csv", "Größe 5 €.csv"),
        (b"bad\xff.edi", r"bad\xff.edi"),
        ("bad\u0085.edi", r"bad\u0085.edi"),
        (b"bad\x85.edi", r"bad\x85.edi"),
        ("two\nlines\x1b[31m", r"two\nlines\x1b[31m"),
        ("invoice\u202efdp.exe", r"invoice\u202efdp.exe"),
        (r"bad\xff.edi", r"bad\\xff.edi"),
        ("\U000e0041", r"\U000e0041"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_a_terminal_would_obey_is_written_as_its_code(name: str | bytes, shown: str) -> None:
    assert escaped(name) == shown


def test_of_a_very_long_name_the_ends_stay() -> None:
    one, other = (f"order-{'x' * 120}{middle}{'y' * 120}.edi" for middle in "ab")

    assert escaped(one).startswith("order-xxx")
    assert escaped(one).endswith("yyy.edi")
    assert escaped(one) != escaped(other)


@given(st.text())
def test_a_text_without_anything_to_obey_is_shown_as_it_is(text: str) -> None:
    assert harmless(visible(text))
    assert not harmless(text) or visible(text) == text
