"""Sample documents for the built-in mappings: canonical YAML in, a set from ST to SE out, and back."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gateway.canonical.base import Canonical, build
from gateway.formats.record import Record
from gateway.formats.x12 import emit, guide, reader, verify
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import Emitted, Envelope
from gateway.formats.x12.parts import SetRead
from gateway.kernel.problem import has_errors
from gateway.mapping import inbound, outbound
from gateway.mapping.environment import Environment
from gateway.mapping.inbound import Mapped
from gateway.mapping.prepare import PreparedMapping
from tests.preparing import prepared_once

HERE = Path(__file__).parent
GOLDEN, EXAMPLES = HERE / "golden", HERE / "examples"
ENV = Environment(params={"id": "acme", "vendor_number": "553311"}, today=date(2026, 11, 20))
NOW = datetime(2026, 11, 20, 8, 15)  # noqa: DTZ001 - the local time of an envelope has no zone


@cache
def mapping(name: str, site_mappings: Path | None = None) -> PreparedMapping:
    """A mapping that has no problem; a printed one may have warnings."""
    found, problems = prepared_once(name, site_mappings=site_mappings)
    assert not has_errors(problems), [str(each) for each in problems]
    assert problems == () or site_mappings is not None, [str(each) for each in problems]
    assert found is not None
    return found


def texts(path: Path) -> Any:
    """A YAML file with every scalar as text."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - the base loader makes text only


def document(name: str, path: Path, site_mappings: Path | None = None) -> Canonical:
    """The canonical document of a YAML file, of the kind that the mapping takes."""
    found = build(mapping(name, site_mappings).model, texts(path))
    assert isinstance(found, Canonical), found
    return found


def as_texts(value: object) -> Any:
    """What was set in a document, as nested text: what the YAML of the language's pages shows."""
    if isinstance(value, Canonical):
        return {
            name: shown
            for name in value.model_fields_set
            if (shown := as_texts(getattr(value, name))) not in (None, {}, [], ())
        }
    if isinstance(value, tuple):
        return [as_texts(each) for each in value]
    if isinstance(value, Mapping):
        return dict(value)
    return None if value is None else str(value)


def body(name: str, meant: Canonical, site_mappings: Path | None = None) -> tuple[tuple[str, ...], ...]:
    """The segments that an outbound mapping gives, without a problem."""
    written = outbound.run(mapping(name, site_mappings), [meant], ENV)
    assert [each.message for each in written.problems] == []
    return written.segments


def interchange(prepared: PreparedMapping, segments: tuple[tuple[str, ...], ...], version: str) -> Emitted:
    """A whole file around one set, one segment a line."""
    layout = guide.load(version, prepared.set_id)
    assert layout is not None
    envelope = Envelope(
        "ZZ", "NORTHWIND", "ZZ", "ACMESTORES", "NORTHWIND", "ACMESTORES", version, "P", SEPARATORS, "\n"
    )
    return emit.interchange(
        envelope, functional_id=layout.functional_group, set_id=prepared.set_id, sets=[segments], isa13=1, gs06=1, now=NOW
    )  # fmt: skip


SEPARATORS = Separators(element="*", component=">", terminator="~", repetition="^")


def faults(prepared: PreparedMapping, segments: tuple[tuple[str, ...], ...], version: str) -> list[str]:
    """What our own check says against a written set."""
    emitted = interchange(prepared, segments, version)
    return [*emitted.faults, *verify.faults(emitted.content, [segments], emitted.changes)]


def set_of(content: bytes) -> str:
    """The one set of a file, ST to SE, one segment a line."""
    lines = content.decode().splitlines()
    return "\n".join(lines[2:-2]) + "\n"


def read_set(text: str, version: str = "004010") -> Record:
    """The record of one set, ST to SE, in an envelope of its own; without a fault."""
    set_id = text.split("*")[1]
    layout = guide.load(version, set_id)
    assert layout is not None
    content = (
        "ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*0815*"
        f"{'U' if version == '004010' else '^'}*00{version[:3]}*000000007*0*P*>~\n"
        f"GS*{layout.functional_group}*ACMESTORES*NORTHWIND*20261120*0815*7*X*{version}~\n{text}GE*1*7~\nIEA*1*000000007~\n"
    )
    (found,) = [part for part in reader.read(content.encode()) if isinstance(part, SetRead)]
    assert found.issues == (), [issue.message for issue in found.issues]
    return found.record


def mapped(name: str, record: Record, site_mappings: Path | None = None) -> Mapped:
    """What an inbound mapping makes of a record."""
    return inbound.run(mapping(name, site_mappings), record, ENV)
