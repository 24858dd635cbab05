"""A code is explained however it is written down, and whoever holds it: a hold, an alert, a 997, a check of one's own."""

import json
import time
from pathlib import Path

import pytest

from gateway.kernel.catalogue import book
from tests.site.harness import PlayedSite, new_site, order, purchase_order


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> PlayedSite:
    """A site with one file on hold and a mapping whose check has a code of its own."""
    played = new_site(tmp_path_factory.mktemp("explained") / "site")
    folder = played.folder / "mappings" / "acme"
    folder.mkdir(exist_ok=True)
    (folder / "850.yaml").write_text(
        "gateway: 1\nmapping: acme/850\nextends: x12/850\n"
        "checks:\n  - {that: count(lines) < 900, say: too many lines for the dock, code: C-DOCK}\n"
        "fields:\n  lines: {checks: [{that: quantity < 900, say: no truck holds that, code: C-TRUCK}]}\n"
    )
    played.drop("acme", "po.edi", purchase_order(order("PO-1"), sender="STRANGER"))
    played.run()
    return played


def test_every_entry_says_in_words_what_happened_who_acts_and_what_to_do() -> None:
    for entry in book.ENTRIES.values():
        assert len(entry.title.split()) > 2, entry.code
        assert len(entry.meaning.split()) > 12, entry.code
        assert entry.meaning.endswith("."), entry.code
        assert entry.next_step.endswith("."), entry.code
        assert entry.who, entry.code
        assert entry.shown, entry.code
        assert entry.commands, entry.code
        assert book.letter_of(entry.code) in book.LETTERS


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["X-STRUCTURE"], "X-STRUCTURE"), (["x-structure"], "X-STRUCTURE"), (["x_structure"], "X-STRUCTURE"),
        (["AK403", "7"], "AK403 7"), (["ak403=7"], "AK403 7"), (["997", "AK403", "7"], "AK403 7"), (["IK304 i6"], "AK304 I6"),
        (["TA1", "R", "025"], "TA105 025"), (["TA105:025"], "TA105 025"), (["AK5 R"], "AK501 R"), (["AK9 R 4"], "AK905 4"),
        (["AK3*BEG*2**3~"], "AK304 3"), (["IK4*2*587*I12*AC"], "AK403 I12"), (["AK9*P*3*3*2"], "AK901 P"),
        (["TA1*000000001*261120*0815*R*006"], "TA105 006"),
    ],
)  # fmt: skip
def test_a_code_is_found_however_it_is_written(site: PlayedSite, words: list[str], code: str) -> None:
    told = site.gateway("explain-code", *words)

    assert (told.code, told.err) == (0, "")
    assert told.out.startswith(f"{code}  {book.ENTRIES[code].title}.\n")
    for part in ("Who acts: ", "What to do: ", "Where it is seen: ", "What helps: "):
        assert part in told.out
    assert max(map(len, told.out.splitlines()[1:])) <= 100
    assert site.json("explain-code", *words)["code"] == code


def test_without_a_code_all_are_listed_by_letter_and_with_a_letter_those_of_it(site: PlayedSite) -> None:
    every = site.gateway("explain-code").out
    assert all(f"  {code} " in every for code in book.ENTRIES)
    assert [each["code"] for each in site.json("explain-code")] == [
        each.code for entries in book.by_letter().values() for each in entries
    ]

    assert {each["code"][0] for each in site.json("explain-code", "d")} == {"D"}
    assert {each["code"].split()[0] for each in site.json("explain-code", "AK403")} == {"AK403"}
    assert {each["code"].split()[0] for each in site.json("explain-code", "ak5")} == {"AK501", "AK502"}


def test_a_hold_and_an_alert_are_explained_by_their_id(site: PlayedSite) -> None:
    (hold,) = site.json("holds", "list")
    (alert,) = site.json("alerts", "list")

    assert site.json("explain-code", hold["id"])["code"] == "S-SENDER"
    assert site.json("explain-code", alert["id"])["code"] == "S-SENDER"


@pytest.mark.parametrize(
    ("code", "said"), [("C-DOCK", "too many lines for the dock"), ("c-truck", "no truck holds that")]
)
def test_the_code_of_a_check_is_explained_with_what_the_mapping_says(site: PlayedSite, code: str, said: str) -> None:
    told = site.json("explain-code", code)

    assert (told["code"], said in told["meaning"], "acme/850" in told["title"]) == (code.upper(), True, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("X-STRUKTURE", "There is no code 'X-STRUKTURE'.\n  Did you mean 'X-STRUCTURE'?"), ("AK403 77", "There is no code"),
        ("H-00000000", "There is no open hold 'H-00000000'."), ("A-00000000", "There is no alert 'A-00000000'."), ("A", ""), ("AK", ""),
    ],
)  # fmt: skip
def test_a_code_that_does_not_exist_is_told_with_the_nearest_one(site: PlayedSite, words: str, said: str) -> None:
    told = site.gateway("explain-code", words)

    assert (told.code, said in told.err) == (5 if said else 0, True)


def test_it_needs_no_site_and_no_time(tmp_path: Path) -> None:
    begun = time.process_time()
    told = PlayedSite(tmp_path).gateway("explain-code", "X-ISA", "--json")

    assert json.loads(told.out)["code"] == "X-ISA"
    assert time.process_time() - begun < 0.5
    assert PlayedSite(tmp_path).gateway("explain-code", "C-DOCK").code == 5


def test_how_a_line_was_judged_is_no_code_and_it_is_said_where_it_is_told(site: PlayedSite) -> None:
    answer = site.gateway("explain-code", "invalid_item")

    assert answer.code == 5
    assert "gateway orders show NUMBER" in answer.err
