"""Mistakes in partner guides: every one at once, each with its place, a sentence for a clerk and a hint."""

from pathlib import Path

import pytest

from gateway.config.problems import Located
from tests.config.guides import HERE, load, write


@pytest.mark.parametrize(
    ("text", "code", "sentence", "hint"),
    [
        ("rules: {BGE03: required}", "M040", "segment BGE does not occur here in 850", "did you mean 'BEG'?"),
        ("rules: {PID: required}", "", "", ""),
        ("rules: {MSG: required}", "M040", "segment MSG does not occur here", "did you mean 'N9/MSG'?"),
        ("rules: {BEG13: required}", "M040", "BEG has only 12 elements", ""),
        ("rules: {beg03: required}", "M040", "'beg03' is not a segment", "BEG03"),
        ("rules: {N1/N4/REF: required}", "M040", "N4 is a single segment", ""),
        ("rules: {PO1/PO1: required}", "M040", "PO1 opens its loop", "write 'PO1'"),
        ("rules: {PO1.UP: required}", "M040", "names segments and elements", ""),
        ("rules: {REF(#2): required}", "M040", "names segments and elements", ""),
        ("rules: {ST02: required}", "M040", "belongs to the envelope", ""),
        ("rules: {BEG03-1: required}", "M040", "has no components", ""),
        ("rules: {BEG03: mandatory}", "M101", "'use' is one of required, optional, not used", "did you mean 'required'?"),
        ("rules: {BEG03: optionl}", "M101", "not 'optionl'", "did you mean 'optional'?"),
        ("rules: {BEG03: [SA]}", "M101", "what differs is a word", "{only: [...]}"),
        ("rules: {BEG03: {lenght: 1/2}}", "M101", "'lenght' is not a key here", "did you mean 'length'?"),
        ("rules: {BEG03: {max: 5}}", "M101", "'max' is not a key here", "'length: 1/22'"),
        ("rules: {BEG: {length: 1/2}}", "M101", "'length' is not a key here", "like 'BEG03'"),
        ("rules: {N1: {only: [ST]}}", "M101", "'only' is not a key here", "like 'N101'"),
        ("rules: {BEG03: {length: 10}}", "M101", "'length' is the least and the most", "length: 1/22"),
        ("rules: {BEG03: {length: 9/2}}", "M101", "'length' is the least and the most", ""),
        ("rules: {REF: {max: 0}}", "M101", "'max' is a number from 1 on", "write 'not used'"),
        ("rules: {REF: {max: many}}", "M101", "'max' is a number from 1 on", "max: any"),
        ("rules: {REF: {use: not used, max: 3}}", "M103", "has no 'max'", ""),
        ("rules: {N1(ST): {max: 300}}", "M103", "maximum of 200 counts all N1 together", "'N1'"),
        ("rules: {BEG02: {only: [SA, QQ]}}", "M102", "'QQ' is not in the standard's list of BEG02", "also: [QQ]"),
        ("rules: {BEG02: {only: SA}}", "M101", "'only' is a list of codes", ""),
        ("rules: {BEG02: {only: []}}", "M101", "'only' names no code", "not used"),
        ("rules: {BEG02: {also: [TOOLONG]}}", "M102", "'TOOLONG' cannot stand in BEG02", "length"),
        ("rules: {BEG03: {also: [X]}}", "M103", "BEG03 has no list of codes", "'only'"),
        ("rules: {N1(@@): required}", "M102", "'@@' is not in the standard's list of N101", "N101: {also: [@@]}"),
        ("rules: {N1(ZQX): required, N101: {also: [ZQX]}}", "", "", ""),
        ("rules: {BEG03: {repeat: 2}}", "M103", "no repeated elements", ""),
        ("rules: {SLN05: {length: 1/2}}", "M040", "segment SLN does not occur here", "did you mean 'PO1/SLN05'?"),
        ("rules: {PO1/SLN05: {length: 1/2}}", "M103", "a composite has no length", "SLN05-1"),
        ("rules: {PO1/SLN05-1: {only: [EA]}}", "", "", ""),
        ("rules: {PO1/SLN05-99: required}", "M040", "is not a segment", ""),
        ("rules: {BEG03: ~}", "M103", "none is inherited here", ""),
        ("rules: [BEG03]", "M101", "'rules' are", "BEG03: required"),
        ("add: {segment: NTE}", "M101", "'add' is a list", "after: PER"),
        ("add: [NTE]", "M101", "an addition has 'segment'", "after: PER"),
        ("add: [{segment: NTE}]", "M101", "either 'after' or 'in'", ""),
        ("add: [{segment: NTE, after: BEG, in: PO1}]", "M101", "either 'after' or 'in'", ""),
        ("add: [{segment: NTEX, after: BEG}]", "M040", "there is no segment 'NTEX' in version 004010", "NTE"),
        ("add: [{segment: NTE, after: BGE}]", "M040", "segment BGE does not occur", "'BEG'"),
        ("add: [{segment: NTE, after: BEG03}]", "M101", "'after' names a segment or loop", ""),
        ("add: [{segment: NTE, in: BEG}]", "M101", "'in' names a loop", "use 'after'"),
        ("add: [{segment: REF, after: CUR}]", "M103", "REF stands at this place already", "'REF: {max: ...}'"),
        ("add: [{segment: PO1, in: PO1}]", "M103", "PO1 opens this loop", ""),
        ("add: [{segment: REF, after: N1}]", "M103", "belongs to that loop", ""),
        ("add: [{segment: NTE, after: BEG, use: not used}]", "M103", "is added is used", ""),
        ("add: [{segment: NTE, after: BEG, maxx: 2}]", "M101", "'maxx' is not a key here", "'max'"),
        ("rule: {}", "M101", "'rule' is not a key at the top", "'rules'"),
        ("rules: {BEG03: required, BEG03: optional}", "M003", "written twice", ""),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_a_sentence_and_a_hint(
    tmp_path: Path, text: str, code: str, sentence: str, hint: str
) -> None:
    write(tmp_path, text + "\n")

    found, problems = load(tmp_path)

    if not code:
        assert problems == ()
        assert found is not None
        return
    (problem,) = problems
    assert found is None
    assert problem.code == code, problem
    assert sentence in problem.sentence
    assert hint in problem.hint
    assert problem.file == "mappings/bigmart/guides/850.yaml"
    assert problem.line == 4


def test_every_mistake_is_told_at_once_each_at_its_own_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        "rules:\n  BGE: required\n  BEG02: {only: [SA, QQ]}\n  N1(ST)/N4: need\nadd:\n  - {segment: NTX, after: BEG}\n",
    )

    _, problems = load(tmp_path)

    places = sorted((each.line, each.column, each.code) for each in problems)
    assert places == [(5, 3, "M040"), (6, 22, "M102"), (7, 14, "M101"), (9, 15, "M040")]


@pytest.mark.parametrize(
    ("extends", "code", "sentence", "hint"),
    [
        ("004010/899", "M100", "no set '899' of version 004010", "850"),
        ("003060/850", "M100", "version '003060' is not supported", "004010"),
        ("bigmart/base", "M100", "there is no partner guide 'bigmart/base'", ""),
        ("850", "M100", "there is no partner guide '850'", ""),
        ("~", "M101", "'extends' must say", "004010/850"),
        ("bigmart/850", "M010", "extends itself in a circle", ""),
    ],
)
def test_what_is_extended_must_exist(tmp_path: Path, extends: str, code: str, sentence: str, hint: str) -> None:
    write(tmp_path, "", extends=extends)

    _, (problem,) = load(tmp_path)

    assert (problem.code, problem.line, problem.column) == (code, 3, 10)
    assert sentence in problem.sentence
    assert hint in problem.hint


def test_a_guide_that_is_not_there_is_told_where_the_mapping_names_it(tmp_path: Path) -> None:
    write(tmp_path, "", name="bigmart/855", extends="004010/855")

    _, (problem,) = load(tmp_path)

    assert (problem.file, problem.line, problem.column) == ("mappings/bigmart/850.yaml", 3, 13)
    assert "mappings/bigmart/guides/850.yaml" in problem.sentence
    assert problem.hint == "did you mean 'bigmart/855'?"


def test_a_guide_has_the_name_of_its_file(tmp_path: Path) -> None:
    write(tmp_path, "")
    path = tmp_path / "mappings" / "bigmart" / "guides" / "850.yaml"
    path.write_text("guide: bigmart/860\nextends: 004010/850\n")

    _, problems = load(tmp_path)

    assert [each.sentence for each in problems] == [
        "the key 'gateway' is missing", "'guide' must be 'bigmart/850' here",
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"\xff\xfe", b"- a\n", b"rules: {BEG03: [}\n", b"x: &a b\n"])
def test_a_file_that_is_no_guide_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, "")
    (tmp_path / "mappings" / "bigmart" / "guides" / "850.yaml").write_bytes(content)

    found, problems = load(tmp_path)

    assert found is None
    assert problems[0].code in ("M001", "M004")


def test_a_name_cannot_lead_out_of_the_site(tmp_path: Path) -> None:
    for name in ("../x", "a/../b", "/etc/passwd", "a/b/c"):
        found, problems = load(tmp_path, Located(name, HERE.origin))
        assert found is None
        assert problems[0].code == "M100"
