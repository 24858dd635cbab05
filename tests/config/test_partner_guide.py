"""Partner guides: what is tighter is told apart from the standard, what is wider is no fault any more."""

from pathlib import Path

import pytest

from tests.config.guides import BODY, against, codes, guide, read, write


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FOB: required", ["FOB*4*:3"]),
        ("REF: {max: 1}", []),
        ("REF(IA): required", ["REF*4*:3"]),
        ("REF(DP): not used", ["REF*3*:2"]),
        ("N1(ST): required", []),
        ("N1(BY): required", ["N1*7*:3"]),
        ("N1(ST)/N2: required", ["N2*5*:3"]),
        ("N1/N3: {max: 1}", []),
        ("N1: not used", ["N1*4*:2"]),
        ("PO1/PID: required", []),
        ("PO1/SAC: required", ["SAC*9*:3"]),
        ("PO1: {max: 1}", []),
        ("BEG02: {only: [SA, NE]}", []),
        ("BEG02: {only: [NE]}", ["BEG*2*2:7"]),
        ("BEG03: {length: 5/10}", ["BEG*2*3:4"]),
        ("BEG03: {length: 1/2}", ["BEG*2*3:5"]),
        ("REF02: {only: [A, B]}", ["REF*3*2:7"]),
        ("REF(DP)02: {length: 4/4}", ["REF*3*2:4"]),
        ("REF(IA)02: {length: 4/4}", []),
        ("REF03: required", ["REF*3*3:1"]),
        ("BEG06: required", ["BEG*2*6:1"]),
        ("PO109: required", ["PO1*7*9:1"]),
        ("PO105: not used", []),
        ("PO104: not used", ["PO1*7*4:10"]),
        ("N1(ST)04: required", []),
        ("N1(ST)04: not used", ["N1*4*4:10"]),
        ("N1(ST)/N403: {length: 9/9}", ["N4*6*3:4"]),
        ("N1(BY)/N403: {length: 9/9}", []),
    ],
)
def test_what_is_tighter_is_a_fault_against_the_guide_only(tmp_path: Path, rule: str, expected: list[str]) -> None:
    found = against(guide(tmp_path, f"rules:\n  {rule}\n"))

    assert codes(found.guide_issues) == expected
    assert found.issues == ()


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("BEG*00*SA", "BEG*00*SX", "rules: {BEG02: {also: [SX]}}"),
        ("BEG*00*SA", "BEG*00*SX", "rules: {BEG02: {only: [SA], also: [SX]}}"),
        ("PO1**2026", f"{'P' * 30}**2026", "rules: {BEG03: {length: 1/35}}"),
        ("FORT WORTH", "X", "rules: {N1/N401: {length: 1/30}}"),
        ("FORT WORTH", "X", "rules: {N1(ST)/N401: {length: 1/30}}"),
        ("BEG*00*SA", "BEG*00*", "rules: {BEG02: optional}"),
        ("BEG*00*SA", "BEG*00*", "rules: {BEG02: not used}"),
        ("CTT*1~", "CTT*1~CTT*1~", "rules: {CTT: {max: 2}}"),
        ("N3*ROAD 1~", "N3*1~N3*2~N3*3~", "rules: {N1/N3: {max: any}}"),
        ("PO1*1*2*EA*9.95**VP*SKU-1~PID*F****A TENT~", "", "rules: {PO1: optional}"),
        ("REF*DP*45~", "REF*DP*45~NTE**HELLO~", "add: [{segment: NTE, after: REF}]"),
        ("BEG*00", "NTE**HELLO~BEG*00", "add: [{segment: NTE, after: ST}]"),
        ("PID*F", "NTE**HELLO~PID*F", "add: [{segment: NTE, in: PO1}]"),
        ("~CTT", "~NTE**ONE~NTE**TWO~CTT", "add: [{segment: NTE, after: PO1, max: 2}]"),
        ("~N4", "~DMG*D8*19800101~N4", "add: [{segment: DMG, after: N1/N3}]"),
    ],
)
def test_what_is_wider_is_no_fault_for_this_partner(tmp_path: Path, old: str, new: str, rules: str) -> None:
    body = BODY.replace(old, new, 1)
    assert body != BODY
    assert read(body).issues

    found = against(guide(tmp_path, rules + "\n"), body)

    assert codes(found.issues) == []
    assert codes(found.guide_issues) == []


def test_faults_of_the_standard_and_of_the_guide_stand_apart(tmp_path: Path) -> None:
    body = BODY.replace("*2*EA", "*two*EA").replace("N4*FORT WORTH*TX*76177~", "")
    found = against(guide(tmp_path, "rules:\n  N1(ST)/N4: required\n  PO102: {length: 1/3}\n  FOB: required\n"), body)

    assert codes(found.issues) == ["PO1*6*2:6"]
    assert codes(found.guide_issues) == ["FOB*4*:3", "N4*6*:3"]


def test_a_standard_fault_stays_one_when_the_guide_has_an_own_word_for_the_same_place(tmp_path: Path) -> None:
    body = BODY.replace("BEG*00*SA", "BEG*00*QQ").replace("~REF*DP*45", "")
    found = against(guide(tmp_path, "rules:\n  BEG02: {only: [SA]}\n  REF(DP): required\n"), body)

    assert codes(found.issues) == ["BEG*2*2:7"]
    assert codes(found.guide_issues) == ["REF*3*:3"]


def test_what_is_widened_under_a_condition_stays_a_fault_elsewhere(tmp_path: Path) -> None:
    rules = guide(tmp_path, "rules:\n  N1(ST)/N401: {length: 1/30}\n  N1(BY)/N403: {length: 3/15}\n")
    body = BODY.replace("FORT WORTH", "X") + "N1*BT*OFFICE~N4*Y~"
    body = BODY.replace("FORT WORTH", "X").replace("PO1*1", "N1*BT*OFFICE~N4*Y~PO1*1")

    assert codes(against(rules, body).issues) == ["N4*8*1:4"]


def test_a_longer_value_than_the_wider_length_is_still_a_fault_of_the_standard(tmp_path: Path) -> None:
    body = BODY.replace("PO1**2026", f"{'P' * 40}**2026")

    found = against(guide(tmp_path, "rules: {BEG03: {length: 1/35}}\n"), body)

    assert codes(found.issues) == ["BEG*2*3:5"]
    assert found.guide_issues == ()


def test_a_second_segment_above_the_maximum_and_each_further_one_is_told(tmp_path: Path) -> None:
    body = BODY.replace("REF*DP*45~", "REF*DP*45~REF*IA*7~REF*DP*46~")
    found = against(guide(tmp_path, "rules:\n  REF(DP): {max: 1}\n  N1: {max: 1}\n  REF: {max: 2}\n"), body)

    assert codes(found.guide_issues) == ["REF*5*:5", "REF*5*:5"]


def test_a_special_rule_comes_after_the_general_one_wherever_it_stands(tmp_path: Path) -> None:
    rules = "rules:\n  REF(DP)02: {length: 1/30}\n  REF02: {length: 3/4}\n"
    body = BODY.replace("REF*DP*45~", "REF*DP*45~REF*IA*7~")

    assert codes(against(guide(tmp_path, rules), body).guide_issues) == ["REF*4*2:4"]


def test_sentences_say_what_the_guide_wants(tmp_path: Path) -> None:
    rules = "rules:\n  BEG02: {only: [NE]}\n  REF03: required\n  N1(ST)/N2: required\n  PO1/PID: not used\n  PO104: not used\n"
    said = [issue.message for issue in against(guide(tmp_path, rules)).guide_issues]

    assert said == [
        "BEG02 (purchase order type code): 'SA' is not used with this partner; allowed in BEG02: NE.",
        "REF03 (description) is missing; the partner guide requires REF03.",
        "N1(ST)/N2: the partner guide requires this segment in the loop N1 that begins in segment 4; it is missing.",
        "PO104 (unit price): '9.95' stands here; the partner guide says that PO104 is not used.",
        "PO1/PID: this loop stands here; the partner guide says that it is not used.",
    ]


def test_a_guide_may_extend_another_and_take_its_rules_back(tmp_path: Path) -> None:
    write(tmp_path, "rules:\n  FOB: required\n  REF(IA): required\n  BEG03: {length: 5/10}\n", name="bigmart/base")
    child = "rules:\n  FOB: ~\n  REF(IA): optional\n  BEG03: required\nadd:\n  - {segment: NTE, after: REF}\n"

    found = against(guide(tmp_path, child, extends="bigmart/base"), BODY.replace("~N1*ST", "~NTE**X~N1*ST"))

    assert found.issues == ()
    assert codes(found.guide_issues) == ["BEG*2*3:4"]


def test_an_added_segment_may_be_required(tmp_path: Path) -> None:
    found = against(guide(tmp_path, "add:\n  - {segment: NTE, after: REF, use: required}\n"))

    assert codes(found.issues) == ["NTE*4*:3"]


def test_what_an_added_segment_holds_can_be_narrowed_as_well(tmp_path: Path) -> None:
    rules = "rules:\n  NTE02: {length: 1/3}\nadd:\n  - {segment: NTE, after: REF}\n"

    found = against(guide(tmp_path, rules), BODY.replace("~N1*ST", "~NTE**HELLO~N1*ST"))

    assert (codes(found.issues), codes(found.guide_issues)) == ([], ["NTE*4*2:5"])


def test_repetitions_and_components_have_rules_of_their_own(tmp_path: Path) -> None:
    rules = "rules:\n  PO1/SLN05-1: {only: [CA]}\n  PO1/SLN05-2: not used\n"
    body = BODY.replace("~CTT", "~SLN*1**I*2*EA>1~CTT")

    found = against(guide(tmp_path, rules), body)

    assert found.issues == ()
    assert [(i.place.component, i.fault.value) for i in found.guide_issues] == [(1, "7"), (2, "10")]


def test_hierarchical_levels_are_told_by_their_level_code(tmp_path: Path) -> None:
    rules = "rules:\n  HL(S)/TD5: required\n  HL(O)/PRF: required\n  HL(P): required\n"
    body = "BSN*00*S1*20261120*0815~HL*1**S~TD1*CTN*1~HL*2*1*O~PRF*PO1~HL*3*2*I~LIN**VP*X~SN1**1*EA~"
    partner = guide(tmp_path, rules, extends="004010/856")

    found = against(partner, body)

    assert found.issues == ()
    assert codes(found.guide_issues) == ["TD5*5*:3", "HL*10*:3"]


def test_the_same_content_is_the_same_guide_and_is_compiled_once(tmp_path: Path) -> None:
    text = "rules:\n  N1/N3: {max: 5}\n"

    assert guide(tmp_path, text) is guide(tmp_path, text)


def test_a_guide_without_anything_wider_is_read_with_the_standards_own_states(tmp_path: Path) -> None:
    tight = guide(tmp_path, "rules:\n  FOB: required\n  BEG02: {only: [SA]}\n  BEG03: {length: 1/40}\n")

    assert tight.agreed is tight.standard
