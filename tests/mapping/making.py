"""Mappings and documents for tests, made of short texts."""

from datetime import UTC, date
from pathlib import Path
from typing import Any

from gateway.canonical.base import Canonical
from gateway.formats.record import Record
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read
from gateway.kernel.problem import Problem, has_errors
from gateway.mapping import documents, inbound
from gateway.mapping.environment import Environment
from gateway.mapping.inbound import Mapped
from gateway.mapping.notations.notation import Node
from gateway.mapping.prepare import PreparedMapping, prepare
from gateway.mapping.reading.trace import Trace

ENV = Environment(
    params={"dock": "12", "id": "acme"}, today=date(2026, 11, 20), envelope={"usage": "P"}, file_name="po.edi", zone=UTC
)
ISA = "ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*0815*U*00401*000000007*0*P*>~"
BEG = "BEG*00*SA*PO1**20261101"
PO1 = "PO1*1*12*EA*19.99**UP*012345678905*VN*SKU-1"
X12 = "gateway: 1\nmapping: acme/850\nextends: x12/850\n"


def x12_set(*segments: str, set_id: str = "850", version: str = "004010", kind: str = "PO") -> Record:
    """The tree of a set."""
    body = "".join(f"{each}~" for each in segments)
    text = (
        f"{ISA}GS*{kind}*A*B*20261120*0815*1*X*{version}~ST*{set_id}*0001~{body}SE*{len(segments) + 2}*0001~"
        "GE*1*1~IEA*1*000000007~"
    )
    (found,) = [part.record for part in read(text.encode()) if isinstance(part, SetRead)]
    return found


def write(folder: Path, name: str, text: str) -> Path:
    """A mapping of a site; returns the folder of its mappings."""
    path = folder / "mappings" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder / "mappings"


def checked(folder: Path, text: str, name: str = "acme/850") -> tuple[PreparedMapping | None, tuple[Problem, ...]]:
    """A mapping with everything that is found in it."""
    return prepare(name, site_mappings=write(folder, name, text))


def ready(folder: Path, text: str, name: str = "acme/850") -> PreparedMapping:
    """A mapping without an error."""
    found, problems = checked(folder, text, name)
    assert not has_errors(problems), [str(each) for each in problems]
    assert found is not None
    return found


def fields_850(folder: Path, fields: str) -> PreparedMapping:
    """The built-in 850 with other rules."""
    return ready(folder, f"{X12}fields:\n{fields}")


def mapped(prepared: PreparedMapping, node: Node) -> Mapped:
    """One document mapped."""
    return inbound.run(prepared, node, ENV)


def traced(prepared: PreparedMapping, node: Node) -> tuple[Mapped, Trace]:
    """One document mapped, and what was done."""
    trace = Trace()
    return inbound.run(prepared, node, ENV, trace), trace


def only(prepared: PreparedMapping, content: bytes | str) -> Node:
    """The one document of a file."""
    found = documents.read(prepared, content.encode() if isinstance(content, str) else content)
    assert found.issues == ()
    (document,) = found.documents
    return document.node


def value(result: Mapped, field: str) -> object:
    """A field of a document that was mapped without a problem."""
    assert result.problems == (), result.problems
    document: object = result.document
    assert isinstance(document, Canonical)
    for part in field.split("."):
        document = getattr(document, part)
    return document


def many(result: Mapped, field: str) -> tuple[Any, ...]:
    """The items of a list of a document that was mapped without a problem."""
    found = value(result, field)
    assert isinstance(found, tuple)
    return found


def codes(problems: tuple[Problem, ...]) -> list[str]:
    """The codes of problems in their order."""
    return [each.code for each in problems]
