"""Partner XML is read without document types, entities or network, within limits, each fault at its place."""

import socket
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.formats.markup import Markup, own_text, parse, root_of
from gateway.kernel.issue import FileIssue

CXML = b'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd">'
CANARY = "a secret that must stay where it is"


def read(content: bytes | str) -> Markup:
    found = parse(content.encode() if isinstance(content, str) else content)
    assert isinstance(found, Markup), found
    return found


def fault(content: bytes | str) -> FileIssue:
    found = parse(content.encode() if isinstance(content, str) else content)
    assert isinstance(found, FileIssue)
    return found


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a SYSTEM "{url}">',
        '<!DOCTYPE a PUBLIC "-//x//y" "{url}">',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "{file}">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "{url}">]>',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "{url}"> %p;]>',
        '<!DOCTYPE a [<!ENTITY b "PO-1">]>',
        '<!DOCTYPE a [<!ATTLIST a b CDATA "c">]>',
        "<!DOCTYPE a>",
        '<!DOCTYPE cXML SYSTEM "{url}">',
        '<!DOCTYPE cXML SYSTEM "file://{file}">',
        '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/a.dtd" [<!ENTITY b SYSTEM "{file}">]>',
        '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/a.dtd"><!DOCTYPE a [<!ENTITY b "c">]>',
        '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org.evil.example/a.dtd">',
        '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org@127.0.0.1/a.dtd">',
        '<!-- c --><?pi x?>\n<!DOCTYPE a SYSTEM "{url}">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_and_nothing_is_opened(doctype: str, encoding: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text(CANARY)
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.dtd"
        head = doctype.replace("{url}", url).replace("{file}", str(canary))
        before = canary.stat().st_atime_ns

        issue = fault(f"{head}<a>&b;</a>".encode(encoding))

        with pytest.raises(TimeoutError):
            calls.append(server.accept())
    assert issue.code == "S-XML-DTD"
    assert CANARY not in issue.message
    assert (calls, canary.stat().st_atime_ns) == ([], before)


@pytest.mark.parametrize(
    "doctype",
    [
        CXML,
        b'<?xml version="1.0"?>\n<!-- c -->\n' + CXML,
        CXML.replace(b"cxml.org", b"cXML.org").replace(b'"', b"'"),
        b'<!DOCTYPE cXML PUBLIC "-//cXML//1.2" "https://xml.cxml.org/schemas/cXML/1.2.050/Fulfill.dtd">',
    ],
)
def test_the_bare_declaration_of_cxml_is_skipped_and_never_reaches_the_parser(doctype: bytes) -> None:
    root = read(doctype + b"<cXML><PO>1</PO></cXML>").root

    assert root[0].text == "1"
    assert root.getroottree().docinfo.doctype == ""
    assert fault(doctype + b"<cXML>&nbsp;</cXML>").code == "F-XML"


@pytest.mark.parametrize(
    "content",
    [
        "<!DOCTYPE a [" + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)) + "]><a>&l9;</a>",
        '<!DOCTYPE a [<!ENTITY l "' + "x" * 50_000 + '">]><a>' + "&l;" * 50_000 + "</a>",
        "<a>" * 1000 + "</a>" * 1000,
        "<a>" * 100_000,
        "<a " + " ".join(f'b{n}="1"' for n in range(300_000)) + "/>",
        "<a>" + "<b/>" * 2_100_000 + "</a>",
        "<a>" + "<b c='' d=''/>" * 1_100_000 + "</a>",
        "<a>" + "x" * 11_000_000 + "</a>",
        "<a>" + " " * (51 << 20) + "</a>",
    ],
    ids=["laughs", "quadratic", "deep", "deeper", "attributes", "elements", "all-attributes", "text", "file"],
)
def test_a_document_made_to_hurt_is_refused_at_once(content: str) -> None:
    began = time.process_time()
    assert fault(content).code in ("F-XML", "S-XML-DTD")
    assert time.process_time() - began < 2


def test_large_but_honest_values_are_read() -> None:
    assert len(read('<a b="' + "x" * 2_000_000 + '"/>').root.get("b")) == 2_000_000
    # beyond line 65,535 the library tells the line by the text that follows
    assert read("<a>" + "<b/>\n" * 100_000 + "</a>").root[-1].sourceline in (100_000, 100_001)
    assert read("<a>" * 255 + "</a>" * 255).root.tag == "a"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "Line 1, column 1: no element begins here"),
        ("PO;1\n", "no element begins here; the file is not XML"),
        ("<a>\n <b>1\n", "the file ends before the element <b> of line 2 is closed; it looks cut off"),
        ("<a>\n<b></c></a>", "Line 2, column 8: the element <b> of line 2 is closed by </c>."),
        ("<a/>\n<a/>", "Line 2, column 1: something follows after the end"),
        ("<a>Smith & Sons</a>", "a bare & stands in the data; the sender must write &amp;."),
        ("<a>&uuml;</a>", "&uuml; is not defined"),
        ("<c:a/>", "the prefix 'c' of 'a' is not declared"),
        ("<a><b c:d=''/></a>", "the prefix 'c' of 'b' is not declared"),
        ('<a b="1" b="2"/>', "the attribute 'b' is written twice"),
        ("<a>\x0b</a>", "a control character stands in the data"),
        ("<a>\x00</a>", "a control character stands in the data"),
        ("<a>&#0;</a>", "F-XML"),
        ('\n<?xml version="1.0"?><a/>', "must be the very first thing in the file"),
    ],
)
def test_what_is_not_well_formed_is_told_with_line_and_column(content: str, message: str) -> None:
    issue = fault(content)
    assert issue.code == "F-XML"
    assert message in f"{issue.code} {issue.message}"


UMLAUT = '<?xml version="1.0" encoding="{}"?><a>\u00e4</a>'


@pytest.mark.parametrize(
    ("declared", "actual"),
    [
        ("UTF-8", "utf-8"), ("utf-8", "utf-8-sig"), ("UTF-16", "utf-16"), ("utf-16", "utf-16-be"), ("utf-16", "utf-16-le"),
        ("ISO-8859-1", "latin-1"), ("windows-1252", "cp1252"), ("iso-8859-15", "iso-8859-15"),
    ],
)  # fmt: skip
def test_the_encodings_of_the_list_are_read(declared: str, actual: str) -> None:
    content = UMLAUT.format(declared).encode(actual)
    assert read(content).root.text == "\u00e4"
    assert root_of(content) == "a"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (UMLAUT.format("UTF-8").encode("latin-1"), "byte 41 of the file is not utf-8"),
        (UMLAUT.format("UTF-16").encode(), "says it is in UTF-16, but it is not"),
        (UMLAUT.format("UTF-8").encode("utf-16"), "says it is in UTF-8, but it is in UTF-16"),
        (UMLAUT.format("ISO-8859-1").encode("utf-8-sig"), "but it is UTF-8, as its byte order mark says"),
        (UMLAUT.format("UTF-7").encode(), "'UTF-7'; UTF-8, UTF-16"),
        (UMLAUT.format("cp037").encode("cp037"), "EBCDIC"),
        (UMLAUT.format("UTF-32").encode("utf-32"), "UTF-32"),
        (UMLAUT.format("us-ascii").encode(), "is not ascii"),
        (UMLAUT.format("windows-1252").encode("latin-1").replace(b"\xe4", b"\x81"), "is not cp1252"),
        ("\u00e4<a/>".encode("utf-16")[:-1], "F-XML"),
    ],
)
def test_an_encoding_that_is_not_what_is_declared_is_refused(content: bytes, words: str) -> None:
    issue = fault(content)
    assert issue.code == "F-XML"
    assert words in f"{issue.code} {issue.message}"


def test_comments_and_cdata_never_split_a_value() -> None:
    root = read("<a>12<!-- 99 -->34<?x?>5<![CDATA[6<]]></a>").root
    assert own_text(root) == "123456<"
    assert own_text(read("<a>x<b>y</b>z<c/></a>").root) == "xz"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<Order/>", "Order"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><!-- <x/> -->\n<Order xmlns="urn:a&amp;b" c=\'1\'>', "{urn:a&b}Order"),
        (b'<p:Order xmlns="urn:a" xmlns:p="urn:b"><x', "{urn:b}Order"),
        (CXML + b"\n<cXML version='1'>", "cXML"),
        (b"<a", ""),
        (b"PO1*1*2", ""),
        (b"", ""),
    ],
)
def test_the_root_is_told_from_the_first_bytes(content: bytes, name: str) -> None:
    assert root_of(content) == name


@given(st.binary(max_size=300) | st.text("<>/ab=\"'&;!-[]? \nDOCTYPE", max_size=60).map(str.encode))
def test_no_bytes_raise(content: bytes) -> None:
    assert isinstance(parse(content), Markup | FileIssue)
    assert isinstance(root_of(content), str)


def test_several_threads_read_at_once() -> None:
    seen: list[str] = []
    content = ("<a>" + "<b>1</b>" * 2000 + "</a>").encode()

    def work() -> None:
        seen.extend(child.text for child in read(content).root)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["1"] * 8000
