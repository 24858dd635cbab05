"""Schemas come from the mapping's folder alone, and a document's faults are told by line."""

import socket
from pathlib import Path

import pytest

from gateway.formats import markup_schema
from gateway.formats.markup import Markup, parse

XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
ORDER = f"""<xs:schema {XS} xmlns:c="urn:c" targetNamespace="urn:a" elementFormDefault="qualified">
<xs:import namespace="urn:c" schemaLocation="common/c.xsd"/>
<xs:element name="Order"><xs:complexType><xs:sequence><xs:element ref="c:Qty"/></xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
COMMON = f"""<xs:schema {XS} targetNamespace="urn:c"><xs:include schemaLocation="d.xsd"/>
<xs:element name="Qty" type="xs:integer"/></xs:schema>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mappings" / "common").mkdir(parents=True)
    (tmp_path / "mappings" / "order.xsd").write_text(ORDER)
    (tmp_path / "mappings" / "common" / "c.xsd").write_text(COMMON)
    (tmp_path / "mappings" / "common" / "d.xsd").write_text(f'<xs:schema {XS} targetNamespace="urn:c"/>')
    return tmp_path / "mappings"


def faults(folder: Path, content: str) -> list[tuple[int, str]]:
    schema = markup_schema.load(folder / "order.xsd", folder)
    assert isinstance(schema, markup_schema.Schema), schema
    document = parse(content.encode())
    assert isinstance(document, Markup)
    return [(fault.line, fault.sentence) for fault in schema.faults(document.root)]


def test_a_valid_document_has_no_fault(folder: Path) -> None:
    assert faults(folder, '<Order xmlns="urn:a"><Qty xmlns="urn:c">5</Qty></Order>') == []


def test_faults_are_told_with_their_line(folder: Path) -> None:
    content = '<Order xmlns="urn:a">\n<Qty xmlns="urn:c">five</Qty>\n<Price/></Order>'
    assert faults(folder, content) == [
        (2, "Element 'Qty': 'five' is not a valid value of the atomic type 'xs:integer'"),
        (3, "Element 'Price': This element is not expected"),
    ]


def test_a_document_cannot_bring_a_schema_of_its_own(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        where = f"http://127.0.0.1:{server.getsockname()[1]}/x.xsd"
        instance = f'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="urn:x {where} urn:a {where}"'

        faults(folder, f'<Order xmlns="urn:a" {instance}><x:Z xmlns:x="urn:x"/></Order>')

        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("element", ["import", "include", "redefine"])
@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://127.0.0.1:{port}/x.xsd", "put that file into the mapping's folder"),
        ("file:///etc/passwd", "put that file into the mapping's folder"),
        ("/etc/passwd", "put that file into the mapping's folder"),
        ("../../outside.xsd", "outside.xsd is outside of the mapping's folder"),
        ("link.xsd", "link.xsd is outside of the mapping's folder"),
        ("missing.xsd", "there is no file missing.xsd"),
        ("entity.xsd", "document type"),
    ],
)
def test_a_schema_reaches_nothing_outside_of_its_folder(folder: Path, element: str, location: str, words: str) -> None:
    (folder.parent / "outside.xsd").write_text(COMMON)
    (folder / "common" / "link.xsd").symlink_to(folder.parent / "outside.xsd")
    (folder / "common" / "entity.xsd").write_text('<!DOCTYPE a [<!ENTITY b "c">]>' + COMMON)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        reference = f'<xs:{element} schemaLocation="{location.replace("{port}", str(server.getsockname()[1]))}"/>'
        (folder / "common" / "c.xsd").write_text(COMMON.replace("<xs:include", f"{reference}<xs:include", 1))

        found = markup_schema.load(folder / "order.xsd", folder)

        with pytest.raises(TimeoutError):
            server.accept()
    assert isinstance(found, str)
    assert words in found


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<a/>", "order.xsd is not a usable schema"),
        ("<a", "order.xsd: Line 1"),
        (ORDER.replace("c:Qty", "c:No"), "not a usable"),
    ],
)
def test_a_schema_that_is_none_is_told(folder: Path, content: str, words: str) -> None:
    (folder / "order.xsd").write_text(content)
    found = markup_schema.load(folder / "order.xsd", folder)
    assert isinstance(found, str)
    assert words in found
