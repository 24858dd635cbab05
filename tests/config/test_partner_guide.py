"""Partner guides: what is tighter is told apart from the standard, what is wider is no fault any more."""

from pathlib import Path

import pytest

from tests.config.guides import BODY, against, codes, guide, read


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
