"""A file that breaks off within a segment, and another interchange right behind it."""

import pytest

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging.examine import examine
from tests.acknowledgments.files import GS, ISA, a_file, a_group, a_set

FIRST = a_file(a_group(a_set()))
SECOND = a_file(
    a_group(a_set("0002"), gs=GS.replace("ACMESTORES", "BETA")), isa=ISA.replace("ACMESTORES", "BETA      ")
)
OTHER_SEPARATORS = SECOND.replace("~", "!").replace("*", "|")
BY_LINE = SECOND.replace("~", "\n")


@pytest.mark.parametrize("second", [SECOND, OTHER_SEPARATORS, BY_LINE], ids=["same", "other", "newline"])
@pytest.mark.parametrize("glue", ["", "\n"], ids=["glued", "next line"])
@pytest.mark.parametrize("cut", range(len(ISA), FIRST.index("IEA*") + 4))
def test_the_second_interchange_is_read_as_what_it_is(cut: int, glue: str, second: str) -> None:
    seen = examine((FIRST[:cut] + glue + second).encode(), AckRules())
    told = [(each.received.sender, each.verdict.verdict.value, each.verdict.code) for each in seen.interchanges]
    assert told == [("ACMESTORES", "R", "023"), ("BETA", "A", "000")]
    assert [group.accepted for group in seen.interchanges[1].verdict.groups] == [1]
    assert not seen.repairs


def test_the_fault_says_that_a_segment_was_not_finished() -> None:
    cut = FIRST.index("PO1*1*") + 8
    seen = examine((FIRST[:cut] + SECOND).encode(), AckRules())
    assert "a new ISA begins within a segment after BEG" in seen.interchanges[0].received.issues[-1].message


def test_an_id_of_words_that_end_in_isa_is_data() -> None:
    text = a_file(a_group(a_set(body="BEG*00*SA*PO1**20261120~N1*ST*VISA*92*12~PO1*1*2*EA*9.95~")))
    seen = examine(text.encode(), AckRules())
    assert [each.verdict.groups[0].accepted for each in seen.interchanges] == [1]
