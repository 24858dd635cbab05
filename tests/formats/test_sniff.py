"""What a file is, is told by its content, in whatever encoding it came."""

import pytest

from gateway.formats.sniff import Kind, kind_of

ISA = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *261102*1200*U*00401*000000001*0*P*>~"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", Kind.EMPTY),
        (b"\xef\xbb\xbf \r\n", Kind.EMPTY),
        ("\n".encode("utf-16"), Kind.EMPTY),
        (ISA.encode(), Kind.X12),
        (ISA.encode("utf-16"), Kind.BINARY),
        (b"\xef\xbb\xbf\n <a/>", Kind.XML),
        ("<a/>".encode("utf-16"), Kind.XML),
        ("<a/>".encode("utf-16-le"), Kind.XML),
        ("<a/>".encode("utf-16-be"), Kind.XML),
        ('<?xml version="1.0"?><a/>'.encode("cp037"), Kind.XML),
        (b"po;sku\r\n1;2\r\n", Kind.TEXT),
        (b"po;sku\r\n1;2\r\n\x1a", Kind.TEXT),
        ("po;sku\n".encode("utf-16"), Kind.TEXT),
        ("H0001 Stra\u00dfe\x85L0001\x85".encode("cp037"), Kind.TEXT),
        (b"\x89PNG\r\n\x1a\n\x00\x00", Kind.BINARY),
        (b"PK\x03\x04\x14\x00", Kind.BINARY),
        (b"%PDF-1.4\n\x00", Kind.BINARY),
    ],
)
def test_the_first_bytes_tell(content: bytes, kind: Kind) -> None:
    assert kind_of(content) is kind
