"""Element rules, one by one, on segments of the standard: which AK403 code each wrong value has."""

import pytest

from gateway.formats.x12 import guide
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.elements import check
from gateway.kernel.issue import Place

SEPARATORS = Separators("*", ">", "^", "~")


def codes(text: str, version: str = "004010", set_id: str = "850") -> list[str]:
    """``element[-component]:code`` for each fault of a segment."""
    layout = guide.load(version, set_id)
    assert layout is not None
    elements = text.split("*")
    separators = SEPARATORS if guide.has_repetitions(version) else Separators("*", ">", "", "~")
    found = check(elements, layout.segments[elements[0]], Place(elements[0], 2), separators)
    return [
        f"{issue.place.element}{f'-{issue.place.component}' if issue.place.component else ''}:{issue.fault.value}"
        for issue in found
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEG*00*SA*PO1**20261120", []),
        ("BEG*00*SA***20261120", ["3:1"]),
        ("BEG*0*SA*PO1**20261120", ["1:4", "1:7"]),
        ("BEG*00*SA*PO1**261120", ["5:4"]),
        ("BEG*00*SA*PO1**261301", ["5:4", "5:8"]),
        ("BEG*00*SA*PO1**20260229", ["5:8"]),
        ("BEG*00*SA*PO1**2026112O", ["5:8"]),
        ("BEG*00*SA*PO1**00000000", ["5:8"]),
        ("BEG*00*XX*PO1**20261120", ["2:7"]),
        ("BEG*00*SA*" + "P" * 23 + "**20261120", ["3:5"]),
        ("BEG*00*SA*P\x07O**20261120", ["3:6"]),
        ("BEG*00*SA*   **20261120", ["3:6"]),
        ("BEG*00*SA*A>B**20261120", ["3:3"]),
        ("BEG*00*SA*PO1**20261120*******01*1", ["13:3"]),
        ("PO1*1*2*EA*9.95", []),
        ("PO1*1*-2*EA*-9.95", []),
        ("PO1*1*2.5*EA*.5", []),
        ("PO1*1*2*EA*1E-3", []),
        ("PO1*1*1E+400000000*EA*1", ["2:6"]),
        ("PO1*1*NaN*EA*1", ["2:6"]),
        ("PO1*1*\uff11\uff12*EA*1", ["2:6"]),
        ("PO1*1*1_000*EA*1", ["2:6"]),
        ("PO1*1*--5*EA*1", ["2:6"]),
        ("PO1*1*1234567890123456*EA*1", ["2:5"]),
        ("PO1*1*-123456789012345*EA*1", []),
        ("PO1*1*12345678901234.5*EA*1", []),
        ("PO1*1*+5*EA*1", ["2:6"]),
        ("PO1*1**EA*1", ["2:2"]),
        ("PO1*1*2**1", []),
        ("PO1*1*2*EA**PE", ["4:2"]),
        ("PO1*1*2*EA*1**VP", ["7:2"]),
        ("PO1*1*2*EA*1***A", ["6:2"]),
        ("DTM*010*20261120*2460", ["3:9"]),
        ("DTM*010*20261120*12305999", []),
        ("DTM*010*20261120*12345", ["3:9"]),
        ("DTM*010", ["2:2"]),
        ("SDQ*EA*92*S1*x", ["4:6"]),
        ("CTT*1.5", ["1:6"]),
        ("MEA*PD*HT*3*>", []),
        ("MEA*PD*HT*3*EA>", []),
        ("SLN*1**O*1*>>", ["5:2"]),
        ("CTT*0001", []),
        ("MEA*PD*HT*3*EA>2>3>4", ["4-4:4", "4-4:7"]),
        ("MEA*PD*HT*3*EA>2>3>EA>1>1>EA>1>1>EA>1>1>EA>1>1>EA", ["4-16:3"]),
    ],
)  # fmt: skip
def test_each_wrong_value_has_its_code(text: str, expected: list[str]) -> None:
    assert [code for code in codes(text) if code not in expected] == []
    assert [code for code in expected if code not in codes(text)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEG*00*SA*A>B**20261120", ["3:13"]),
        ("BEG*00*SA*A^B**20261120", ["3:12"]),
        ("BEG*00*SA*^**20261120", ["3:1"]),
        ("MEA*PD*HT*3*^>", []),
        ("MEA*PD*HT*3*EA>2>3>EA>1>1>EA>1>1>EA>1>1>EA>1>1>EA", ["4-16:13"]),
    ],
)
def test_repetitions_and_components_have_codes_of_their_own_from_004020_on(text: str, expected: list[str]) -> None:
    assert codes(text, "005010") == expected


def test_a_caret_is_data_in_a_version_without_repetitions() -> None:
    assert codes("BEG*00*SA*A^B**20261120") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SAC*C", ["2:2"]),
        ("SAC*C*D240", []),
        ("SAC*C**AB*X", []),
        ("SAC*C**AB", ["4:2"]),
        ("ITD*01*3*2*20261201*10", []),
        ("N1*ST", ["2:2"]),
        ("N1*ST**92", ["4:2"]),
    ],
)
def test_syntax_notes_name_the_element_that_is_missing(text: str, expected: list[str]) -> None:
    assert sorted(codes(text)) == sorted(expected)
