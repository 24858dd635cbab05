"""The documents of a partner file: which mapping reads or writes each, for which files, from when until when."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from gateway.canonical.registry import DOCUMENTS
from gateway.config.located import Path, Section
from gateway.config.marks import KnownKey, OneOrMany, Short
from gateway.config.values import Duration
from gateway.formats.x12 import guide

MAPPING = "mapping-name"
"""Marks, in a JSON Schema, the name of a mapping."""
_ROOT = re.compile(r"(\{[^{}\s]*\})?[^\W\d][\w.-]*")
MOMENTS = ("decided", "shipped", "delivered", "complete")
"""When a document leaves: an answer when it is decided; an invoice for each shipment, each delivery, or the whole order."""
PLACEHOLDERS = ("document", "number", "control", "date", "partner", "ext")


def _day(value: Any) -> Any:
    """A date as people write it; pydantic alone would also take a number of seconds."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError(f"'{value}' is not a date; write it like 2026-12-31")
    return value


def _version(value: str) -> str:
    if guide.base_version(value) is None:
        raise ValueError(f"version '{value}' is not supported; supported are {', '.join(guide.versions())}")
    return value


def _root(value: str) -> str:
    if not _ROOT.fullmatch(value):
        raise ValueError(f"'{value}' is not the name of an element; write it like Order or {{urn:example}}Order")
    return value


def _moment(value: str) -> str:
    if value and value not in MOMENTS and not re.fullmatch(r"daily ([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f"'{value}' is not a moment; write one of {', '.join(MOMENTS)}, or daily 18:00")
    return value


def _file_name(value: str) -> str:
    unknown = [name for name in re.findall(r"\{(.*?)\}", value) if name not in PLACEHOLDERS]
    if unknown:
        raise ValueError(f"'{{{unknown[0]}}}' is not a placeholder; known are {', '.join(PLACEHOLDERS)}")
    if "{control}" not in value:
        raise ValueError("it must contain {control}, or two files could get the same name")
    return value


Day = Annotated[date, BeforeValidator(_day)]
Version = Annotated[str, AfterValidator(_version)]
Root = Annotated[str, AfterValidator(_root)]
FileName = Annotated[str, AfterValidator(_file_name)]
Moment = Annotated[str, AfterValidator(_moment)]
AtDeadline = Literal["AH", "none"]
LaterAnswer = Literal["none", "855", "870"]
Batch = Literal["document", "run"]
"""Whether a document is a file by itself, or all of one run leave in one file."""
MappingName = Annotated[str, Field(min_length=1, json_schema_extra={"format": MAPPING})]
DocumentName = Annotated[str, KnownKey(DOCUMENTS)]


class Files(Section):
    """Which files an entry is for; what is given must all hold."""

    file: str = ""
    set: str = ""
    version: Version | None = None
    root: Root | None = None
    columns: tuple[str, ...] = ()

    @property
    def are_any(self) -> bool:
        """Whether every file fits."""
        return not any((self.file, self.set, self.version, self.root, self.columns))


class When(Files):
    """Which files the entries beside it are for, or when a document leaves (a text: the moment)."""

    moment: Moment = ""


class In(Section):
    """A mapping that reads a document."""

    later: ClassVar[Mapping[str, str]] = {
        "channel": "an entry counts for every channel of the partner; 'when: {file: ...}' tells files apart"
    }

    mapping: MappingName
    when: Files | None = None
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None


class Out(Section):
    """A mapping that writes a document, the channel its files leave through, and by when their 997 is expected."""

    later: ClassVar[Mapping[str, str]] = {"style": "an answer names every line of the order"}

    mapping: MappingName
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    channel: str = ""
    version: Version | None = None
    file_name: FileName | None = None
    batch: Batch | None = None
    when: Moment = ""
    expect_997: Duration | None = None
    within: Duration | None = None
    at_deadline: AtDeadline | None = None
    later_answer: LaterAnswer | None = Field(None, alias="later")


class DocumentUse(Section):
    """Who reads or writes one document; what stands beside ``in`` and ``out`` counts where an entry says nothing."""

    later: ClassVar[Mapping[str, str]] = {"style": "an answer names every line of the order"}

    in_: Annotated[tuple[Annotated[In, Short("mapping")], ...], OneOrMany()] = Field((), alias="in")
    out: Annotated[tuple[Annotated[Out, Short("mapping")], ...], OneOrMany()] = ()
    when: Annotated[When, Short("moment")] | None = None
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    channel: str = ""
    version: Version | None = None
    file_name: FileName | None = None
    batch: Batch | None = None
    expect_997: Duration | None = None
    within: Duration | None = None
    at_deadline: AtDeadline | None = None
    later_answer: LaterAnswer | None = Field(None, alias="later")


Documents = dict[DocumentName, Annotated[tuple[DocumentUse, ...], OneOrMany()]]


@dataclass(frozen=True, slots=True)
class MappingUse:
    """One mapping of a document, in or out, with everything that counts for it; ``path`` is where it is named."""

    document: str
    direction: str
    mapping: str
    path: Path = field(compare=False)
    when: Files = field(default_factory=Files)
    since: date | None = None
    until: date | None = None
    channel: str = ""
    version: str | None = None
    file_name: str | None = None
    batch: str = "document"
    moment: str = ""
    expect_997: str | None = None
    within: str | None = None
    at_deadline: str = "AH"
    later: str = "none"

    @property
    def leaves_together(self) -> bool:
        """Whether all documents of one run leave in one file."""
        return self.batch == "run"

    @property
    def answers_on_hold(self) -> bool:
        """Whether an answer that says 'on hold' leaves when the time for an answer is over."""
        return self.within is not None and self.at_deadline == "AH"

    def counts_on(self, day: date) -> bool:
        """Whether the entry counts on a day; the first and the last day belong to it."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def _files(when: When | None) -> Files:
    """What is said about files; the moment is about what leaves."""
    return Files() if when is None else Files.model_validate(when.model_dump(exclude={"moment"}))


def uses_of(documents: Documents) -> Iterator[MappingUse]:
    """Each entry of a partner file, in its order."""
    for document, lines in documents.items():
        for at, line in enumerate(lines):
            path: Path = ("documents", document, at)
            for number, entry in enumerate(line.in_):
                yield MappingUse(
                    document, "in", entry.mapping, (*path, "in", number), when=entry.when or _files(line.when),
                    since=entry.from_ or line.from_, until=entry.until or line.until,
                )  # fmt: skip
            for number, leaving in enumerate(line.out):
                yield MappingUse(
                    document, "out", leaving.mapping, (*path, "out", number), since=leaving.from_ or line.from_,
                    until=leaving.until or line.until, channel=leaving.channel or line.channel,
                    version=leaving.version or line.version, file_name=leaving.file_name or line.file_name,
                    batch=leaving.batch or line.batch or "document",
                    moment=leaving.when or (line.when.moment if line.when else ""),
                    expect_997=leaving.expect_997 or line.expect_997, within=leaving.within or line.within,
                    at_deadline=leaving.at_deadline or line.at_deadline or "AH",
                    later=leaving.later_answer or line.later_answer or "none",
                )  # fmt: skip
