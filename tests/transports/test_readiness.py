"""A document that lacks its end is seen by its own marks, whatever separators, tags and repairs it has."""

import io

import pytest

from gateway.formats.trailer import Trailer
from gateway.transports.readiness import looks_unfinished

HEADER = "ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*0815*U*00401*{:09d}*0*P*>~"


def interchange(number: int = 1, *, element: str = "*", terminator: str = "~", after: str = "\n") -> str:
    body = f"{HEADER.format(number)}GS*PO*A*B~ST*850*0001~SE*2*0001~GE*1*1~IEA*1*{number:09d}~"
    return body.replace("*", element).replace("~", f"{terminator}{after}")


def unfinished(text: str | bytes) -> bool:
    return looks_unfinished(io.BytesIO(text.encode() if isinstance(text, str) else text))


@pytest.mark.parametrize(
    "whole",
    [
        interchange(), interchange(after=""), interchange(after="\r\n"), interchange(element="|", terminator="^"),
        interchange(terminator="\n", after=""), interchange().rstrip("~\n"), interchange() + "\n\n  \n", interchange() + "\x1a",
        "\ufeff" + interchange(), "\n" + interchange(), interchange(1) + interchange(2), interchange(1) + interchange(2, element="|"),
        interchange(1) + interchange(2, element="|").rstrip("~\n"),
        "\n".join(interchange(after="")[at : at + 80] for at in range(0, 400, 80)),
        interchange().replace("*P*>~", "*P~"), interchange().replace("IEA*1*000000001", "IEA*1*000000007"),
        interchange().replace("~\nIEA", f"~\n{'REF*AA*X~' * 900}\nIEA"),
    ],
)  # fmt: skip
def test_a_whole_interchange_is_finished(whole: str) -> None:
    assert not unfinished(whole)


@pytest.mark.parametrize("cut", [1, 5, 16, 40, 100])
def test_an_interchange_that_is_cut_anywhere_is_not(cut: int) -> None:
    assert unfinished(interchange(after="")[: -1 - cut])
    assert unfinished(interchange(1) + interchange(2, after="")[: -1 - cut])


def test_a_trailer_in_other_separators_than_those_of_its_header_is_none() -> None:
    assert unfinished(interchange().replace("IEA*1*000000001", "IEA|1|000000001"))
    assert unfinished(interchange(after="").removesuffix("IEA*1*000000001~") + "REF*IV*IEA:1:000000001~")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a></a>", False), ("<a/>", False), ('<a x="1" />\n', False), ("<a><b/>", True), ("<a><b></b>", True), ("<a>", True),
        ("<?xml version='1.0'?>\n<!-- <b> -->\n<o:a xmlns:o='u'><b/></o:a>\n<!-- end -->\n", False),
        ("<?xml version='1.0'?><o:a><b/></b>", True), ("<a>" + "<b/>" * 5000 + "</a >", False), ("<a>" + "<b/>" * 5000, True),
        ("<!DOCTYPE a SYSTEM 'x'><a></a>", False), ("\ufeff<a></a>", False), ("<?xml version='1.0'?>", True),
    ],
)  # fmt: skip
def test_xml_ends_with_the_end_tag_of_its_own_root(text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert unfinished(text) is expected


@pytest.mark.parametrize("content", [b"", b"\n", bytes(range(256)), b"a,b\n1,", b"ISA", b"ISABEL,1", b"{"])
def test_anything_else_is_never_unfinished_by_its_content(content: bytes) -> None:
    assert not unfinished(content)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("po,sku\nPO-1,A\n", True), ("po,sku\nPO-1,A\nEOF,1\n", False), ("", True), ("<a></a>", False), (interchange(), False)],
)  # fmt: skip
def test_rows_end_with_the_row_that_was_agreed_and_the_others_as_ever(text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert looks_unfinished(io.BytesIO(text.encode()), Trailer.of("EOF,*")) is expected
    assert not unfinished(text)
