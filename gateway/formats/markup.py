"""Partner XML read securely: no document type, no entity, no network, limits, each fault with its line and column."""

import codecs
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from gateway.kernel.issue import FileIssue

Node = Any
"""An element of the library; only the modules about markup look into it."""

LARGEST_FILE = 50 * 1024 * 1024
MOST_ELEMENTS = 2_000_000
MOST_ATTRIBUTES = 2_000_000
MOST_ATTRIBUTES_OF_ONE = 200
LOOK = 64 * 1024
_PIECE = 1 << 18

_ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1",
    "iso-8859-15": "iso-8859-15", "windows-1252": "cp1252", "cp1252": "cp1252", "utf-16": "utf-16",
    "utf-16le": "utf-16", "utf-16be": "utf-16",
}  # fmt: skip
_READ = "UTF-8, UTF-16, ISO-8859-1, ISO-8859-15, Windows-1252 and US-ASCII are read"
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_OTHER_STARTS = (
    (b"\xff\xfe\x00\x00", "UTF-32"), (b"\x00\x00\xfe\xff", "UTF-32"), (b"<\x00\x00\x00", "UTF-32"),
    (b"\x00\x00\x00<", "UTF-32"), (b"\x4c\x6f\xa7\x94", "EBCDIC"), (b"+/v", "UTF-7"),
)  # fmt: skip
_UTF_16_STARTS = (
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"),
)  # fmt: skip
_BLANKS = b" \t\r\n"
_DOCTYPE = b"<!DOCTYPE"
# The name, an external identifier of cXML's own site and nothing else: no internal subset, so no entity
_CXML = re.compile(
    rb"""<!DOCTYPE\s+cXML\s+(?:SYSTEM|PUBLIC\s+(?:"[^"<>\[\]]{0,200}"|'[^'<>\[\]]{0,200}'))\s+"""
    rb"""(?P<quote>["'])https?://(?i:xml\.cxml\.org)/[\w./-]{1,200}\.dtd(?P=quote)\s*>"""
)
_START_TAG = re.compile(r"""<(?:([\w.-]+):)?([\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*/?>""")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")

_WORDS = (
    (r"^Document is empty|Start tag expected", "no element begins here; the file is not XML"),
    (r"Premature end of data in tag (\S+) line (\d+)", "the file ends before the element <{0}> of line {1} is closed; it looks cut off"),
    (r"Extra content at the end", "something follows after the end of the document; several documents must come as several files"),
    (r"tag mismatch: (\S+) line (\d+) and (\S+)", "the element <{0}> of line {1} is closed by </{2}>"),
    (r"Entity '(.*)' not defined", "&{0}; is not defined; without a document type only &amp; &lt; &gt; &quot; and &apos; are"),
    (r"EntityRef: no name|EntityRef: expecting", "a bare & stands in the data; the sender must write &amp;"),
    (r"Unescaped '<' not allowed", "a bare < stands in an attribute; the sender must write &lt;"),
    (r"Namespace prefix (\S+) (?:for \S+ )?on (\S+) is not defined", "the prefix '{0}' of '{1}' is not declared"),
    (r"Attribute (\S+) redefined", "the attribute '{0}' is written twice"),
    (r"invalid Char value (\d+)|Char (0x[0-9A-Fa-f]+) out of allowed", "a control character stands in the data, which XML does not allow"),
    (r"Excessive depth", "the elements are nested more than 256 deep"),
    (r"huge|too long|Buffer size|XML_PARSE_HUGE", "a single text, name or attribute is larger than what is read (10 MB)"),
    (r"XML declaration allowed only", "the XML declaration (<?xml ...?>) must be the very first thing in the file"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Markup:
    """A document that was read: its root element, and the encoding it came in."""

    root: Node
    encoding: str


def parse(content: bytes) -> Markup | FileIssue:
    """The document of a file; ``S-XML-DTD`` when it has a document type, ``F-XML`` when it is not well-formed.

    The bare declaration that cXML prescribes is accepted always: it is blanked out before the parser sees
    the file, so nothing can be fetched, declared or defaulted through it.
    """
    large = too_large(len(content))
    if large is not None:
        return large
    decoded = _as_utf8(content)
    if isinstance(decoded, FileIssue):
        return decoded
    body, encoding = decoded
    plain = _without_cxml_doctype(body)
    if isinstance(plain, FileIssue):
        return plain
    too_much = _too_much(plain)
    if too_much:
        return FileIssue("F-XML", 0, too_much)
    try:
        root = etree.fromstring(plain, _parser())
    except etree.XMLSyntaxError as error:
        return _not_well_formed(error, plain)
    if root.getroottree().docinfo.doctype:
        return _refused(plain, 0)
    crowded = root.xpath("//*[count(@*) > $most]", most=MOST_ATTRIBUTES_OF_ONE)
    if crowded:
        sentence = f"an element has more than {MOST_ATTRIBUTES_OF_ONE} attributes"
        return FileIssue("F-XML", 0, f"Line {crowded[0].sourceline}: {sentence}.")
    return Markup(root, encoding)


def too_large(size: int) -> FileIssue | None:
    """Why a file of so many bytes is not even read; None when it is."""
    if size <= LARGEST_FILE:
        return None
    return FileIssue("F-XML", 0, f"The file is larger than {LARGEST_FILE >> 20} MB; have it sent in parts.")


def root_of(content: bytes) -> str:
    """The root of a document in Clark notation, from its first bytes only; empty when it cannot be told.

    >>> root_of(b'<?xml version="1.0"?><o:Order xmlns:o="urn:x"/>')
    '{urn:x}Order'
    """
    decoded = _as_utf8(content[:LOOK], strict=False)
    if isinstance(decoded, FileIssue):
        return ""
    body = decoded[0]
    at = _after_prolog(body)
    while body[at : at + len(_DOCTYPE)].upper() == _DOCTYPE:
        end = body.find(b">", at)
        if end < 0 or b"[" in body[at:end]:
            return ""
        at = _after_prolog(body, end + 1)
    tag = _START_TAG.match(body[at:].decode("utf-8", "ignore"))
    if tag is None:
        return ""
    prefix, name, attributes = tag.groups()
    wanted = f"xmlns:{prefix}" if prefix else "xmlns"
    found = {name: first or second for name, first, second in _ATTRIBUTE.findall(attributes)}
    space = found.get(wanted, "").replace("&amp;", "&")
    return f"{{{space}}}{name}" if space else str(name)


def document_type(content: bytes) -> FileIssue | None:
    """Why a document is refused for its document type, from its first bytes only."""
    decoded = _as_utf8(content[:LOOK], strict=False)
    plain = b"" if isinstance(decoded, FileIssue) else _without_cxml_doctype(decoded[0])
    return plain if isinstance(plain, FileIssue) else None


def own_text(node: Node) -> str:
    """The text of an element without that of the elements in it."""
    if not len(node):
        return str(node.text or "")
    return (node.text or "") + "".join(child.tail or "" for child in node)


def _parser() -> Node:
    """A parser that resolves, fetches and forgives nothing; comments go, so that they never split a value."""
    return etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        attribute_defaults=False, huge_tree=False, recover=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _as_utf8(content: bytes, *, strict: bool = True) -> tuple[bytes, str] | FileIssue:
    """The file in UTF-8 and the encoding it had, by its first bytes and its declaration, which must agree."""
    for start, name in _OTHER_STARTS:
        if content.startswith(start):
            return FileIssue("F-XML", 0, f"The file is in {name}; {_READ}.")
    actual = next((name for start, name in _UTF_16_STARTS if content.startswith(start)), "")
    marked = content.startswith(codecs.BOM_UTF8)
    body = content[3:] if marked else content
    if not actual:
        match = _DECLARED.match(body[:1024])
        declared = match.group(1).decode("latin-1") if match else "utf-8"
        actual = _ENCODINGS.get(declared.lower(), "")
        if not actual:
            return FileIssue("F-XML", 0, f"The file says it is in '{declared[:40]}'; {_READ}.")
        if actual == "utf-16" or (marked and actual != "utf-8"):
            really = "UTF-8, as its byte order mark says" if marked else "not"
            return FileIssue("F-XML", 0, f"The file says it is in {declared}, but it is {really}.")
        if actual == "utf-8" and not strict:
            return body, actual
    return _recoded(body, actual, strict=strict)


def _recoded(body: bytes, encoding: str, *, strict: bool) -> tuple[bytes, str] | FileIssue:
    if encoding in ("utf-8", "ascii"):
        wrong = _undecodable(body, encoding) if strict else None
        return (body, encoding) if wrong is None else _foreign(body, encoding, wrong)
    try:
        text = body.decode(encoding, "strict" if strict else "ignore")
    except UnicodeDecodeError as error:
        return _foreign(body, encoding, error.start)
    text = text.removeprefix("\ufeff")
    match = _DECLARED.match(text[:1024].encode("utf-8", "replace"))
    if match and encoding.startswith("utf-16") and _ENCODINGS.get(match.group(1).decode().lower()) != "utf-16":
        return FileIssue("F-XML", 0, f"The file says it is in {match.group(1).decode()}, but it is in UTF-16.")
    return text.encode("utf-8", "replace"), encoding


def _foreign(body: bytes, encoding: str, at: int) -> FileIssue:
    line = body[:at].decode(encoding, "replace").count("\n") + 1
    sentence = f"Line {line}: byte {at} of the file is not {encoding}"
    return FileIssue("F-XML", at, f"{sentence}, the encoding it is declared to be in.")


def _undecodable(body: bytes, encoding: str) -> int | None:
    """The first byte that is not of an encoding, found piece by piece, so that no second copy of the file is made."""
    decoder = codecs.getincrementaldecoder(encoding)()
    whole = memoryview(body)
    for at in range(0, len(body) + 1, _PIECE):
        piece = whole[at : at + _PIECE]
        kept = len(decoder.getstate()[0])
        try:
            decoder.decode(piece, final=at + _PIECE > len(body))
        except UnicodeDecodeError as error:
            return at - kept + error.start
    return None


def _after_prolog(body: bytes, at: int = 0) -> int:
    """Where the first thing stands that is no blank, comment or processing instruction."""
    while True:
        while body[at : at + 1] and body[at : at + 1] in _BLANKS:
            at += 1
        closing = b"?>" if body.startswith(b"<?", at) else b"-->" if body.startswith(b"<!--", at) else b""
        end = body.find(closing, at) if closing else -1
        if end < 0:
            return at
        at = end + len(closing)


def _without_cxml_doctype(body: bytes) -> bytes | FileIssue:
    """The file without the declaration of cXML; any other document type refuses it."""
    at = _after_prolog(body)
    if body[at : at + len(_DOCTYPE)].upper() != _DOCTYPE:
        return body
    own = _CXML.match(body, at)
    if own is None:
        return _refused(body, at)
    blank = re.sub(rb"[^\n]", b" ", own.group())
    plain = body[:at] + blank + body[own.end() :]
    again = _after_prolog(plain, at)
    return _refused(plain, again) if plain[again : again + len(_DOCTYPE)].upper() == _DOCTYPE else plain


def _refused(body: bytes, at: int) -> FileIssue:
    line = body.count(b"\n", 0, at) + 1
    sentence = (
        "the file has a document type (<!DOCTYPE); it could define what its data is replaced by, so it is refused"
    )
    return FileIssue("S-XML-DTD", at, f"Line {line}: {sentence}. Ask the sender for the file without it.")


def _too_much(body: bytes) -> str:
    """Why a document is larger than what is read, before the parser takes memory for it."""
    if body.count(b"<") - body.count(b"</") > MOST_ELEMENTS:
        return f"The file has more than {MOST_ELEMENTS} elements; have it sent in parts."
    if body.count(b"=") > MOST_ATTRIBUTES:
        return f"The file has more than {MOST_ATTRIBUTES} attributes; have it sent in parts."
    return ""


def _not_well_formed(error: etree.XMLSyntaxError, body: bytes) -> FileIssue:
    """What the parser stumbled over, in words, at its line and column."""
    line, column = error.position
    starts = [0, *(match.end() for match in re.finditer(b"\n", body))]
    offset = starts[min(line, len(starts)) - 1] + column - 1
    said = re.sub(r", line \d+, column \d+$", "", str(error.msg or ""))
    sentence = next(
        (words.format(*match.groups()) for pattern, words in _WORDS if (match := re.search(pattern, said))), ""
    )
    return FileIssue(
        "F-XML", max(offset, 0), f"Line {line}, column {column}: {sentence or f'this is not XML: {said}'}."
    )
