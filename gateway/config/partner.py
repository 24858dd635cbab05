"""The partner file: who a partner is, how files travel, what was agreed."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from gateway.config.control_numbers import ControlNumbers
from gateway.config.located import Section
from gateway.config.partner_documents import Documents, FileName, MappingUse, Version, uses_of
from gateway.config.partner_terms import TermsSection
from gateway.config.settings import InterchangeId, Labels, Qualifier, Settings, Us, Zone
from gateway.exchange.interchange import ReceivedInterchange
from gateway.formats.x12.charset import Charset
from gateway.formats.x12.delimiters import Separators
from gateway.kernel.faults import Repair

TOLERANCES = (
    "SE01_COUNT", "GE01_COUNT", "IEA01_COUNT", "SE02", "GE02", "IEA02", "ISA_PADDING", "UNEXPECTED_SEGMENT",
    "UNKNOWN_CODE", "TOO_LONG", "TRAILING_SEPARATORS",
)  # fmt: skip
FILE_NAME = "{document}_{number}_{control}.{ext}"
_AFTER = {"none": "", "LF": "\n", "CRLF": "\r\n"}


def _tolerance(value: str) -> str:
    name = re.sub(r"\(\d{1,4}\)$", "", value)
    if name not in TOLERANCES or (name != value and name not in ("UNKNOWN_CODE", "TOO_LONG")):
        raise ValueError(f"'{value}' is not a tolerance; known are {', '.join(TOLERANCES)}")
    return value


def _folder(value: str) -> str:
    if value.startswith("/") or ".." in value.split("/"):
        raise ValueError(f"'{value}' must be a folder within the site")
    return value.rstrip("/")


def _channel(value: str) -> str:
    if value == "sftp":
        raise ValueError("'sftp' is not obeyed by this version yet; use 'directory'")
    if value != "directory":
        raise ValueError(f"'{value}' is not a kind of channel; use 'directory'")
    return value


Folder = Annotated[str, AfterValidator(_folder)]
ChannelKind = Annotated[str, AfterValidator(_channel)]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class Them(Section):
    """The partner's identity: ISA qualifier and id, and the GS ids they use (any, when none is listed)."""

    qualifier: Qualifier
    id: InterchangeId
    group_ids: tuple[str, ...] = ()


class SeparatorChoice(Section):
    """The separators of what we send; ``after_segment`` is decoration for human eyes."""

    element: Annotated[str, Field(min_length=1, max_length=1)] = "*"
    component: Annotated[str, Field(min_length=1, max_length=1)] = ">"
    segment: Annotated[str, Field(min_length=1, max_length=1)] = "~"
    repetition: Annotated[str, Field(min_length=1, max_length=1)] = "^"
    after_segment: Literal["none", "LF", "CRLF"] = "none"

    @cached_property
    def for_writing(self) -> Separators:
        """The separators for the writer."""
        return Separators(self.element, self.component, self.repetition, self.segment)

    def after(self) -> str:
        """What follows each segment terminator."""
        return _AFTER[self.after_segment]


class Functional(Section):
    """The functional acknowledgment we owe."""

    kind: Literal["997", "999", "none"] = "997"
    when: Literal["always", "errors"] = "always"
    accepted_sets: Literal["listed", "summarised"] = "listed"


class Acknowledge(Section):
    """What we answer to interchanges."""

    later: ClassVar[tuple[str, ...]] = ("deadline",)

    ta1: Literal["always", "on_request", "errors", "never"] = "on_request"
    functional: Functional = Functional()


class X12(Section):
    """How X12 travels between us."""

    later: ClassVar[tuple[str, ...]] = ("security",)

    them: Them
    us: Us | None = None
    version: Version = "004010"
    usage: Literal["P", "T"] = "P"
    separators: SeparatorChoice = SeparatorChoice()
    control_numbers: ControlNumbers = ControlNumbers()
    charset: Charset = "extended"
    acknowledge: Acknowledge = Acknowledge()
    tolerates: tuple[Annotated[str, AfterValidator(_tolerance)], ...] = ()
    repairs: tuple[Literal[tuple(each.value for each in Repair)], ...] | None = None  # type: ignore[valid-type]
    on_error: Literal["set", "group", "interchange"] = "set"
    partner_guide_faults: Literal["reject", "hold", "warn"] = "hold"


class ChannelIn(Section):
    """A folder the partner drops files into."""

    later: ClassVar[tuple[str, ...]] = ("host", "port", "user", "key", "host_key", "every", "after", "marker")

    kind: ChannelKind = "directory"
    path: Folder
    patterns: tuple[str, ...] = ("*",)
    ready: tuple[Literal["rename", "content"], ...] = ("rename", "content")


class ChannelOut(Section):
    """A folder the partner takes files from; by its ``name`` documents say that they leave through it."""

    later: ClassVar[tuple[str, ...]] = ("host", "port", "user", "key", "host_key", "retry")

    name: Word | None = None
    kind: ChannelKind = "directory"
    path: Folder
    file_name: FileName = FILE_NAME


RECEIPT = MappingUse("order_receipt", "out", "csv/order-receipt", ("channels", "receipts"))
"""The readable answer to an order that leaves where nothing else is agreed."""
ANSWERS = ("acknowledgment", "order_receipt")


class Receipts(Section):
    """Whoever orders without X12 gets a readable answer: to orders of which formats, and in which."""

    for_: tuple[Literal["csv", "xml"], ...] = Field(("csv", "xml"), alias="for")
    format: Literal["csv"] = "csv"


class Channels(Section):
    """Where files travel; without a section: inbox/<partner> and outbox/<partner>."""

    later: ClassVar[tuple[str, ...]] = ("expect",)

    in_: tuple[ChannelIn, ...] | None = Field(None, alias="in")
    out: tuple[ChannelOut, ...] | None = None
    receipts: Receipts | None = None


class Contacts(Section):
    """Whom to write to."""

    business: str = ""
    technical: str = ""


class Partner(Section):
    """One partner file."""

    later: ClassVar[tuple[str, ...]] = ("language", "sla")

    gateway: Literal["1"]
    partner: Word
    name: str = ""
    kind: Literal["trading_partner", "warehouse", "erp", "accounting", "carrier", "bank"] = "trading_partner"
    status: Literal["draft", "testing", "live", "suspended", "closed"] = "live"
    time_zone: Zone | None = None
    contacts: Contacts = Contacts()
    x12: X12 | None = None
    documents: Documents = Field(default_factory=dict)
    channels: Channels = Channels()
    terms: TermsSection = TermsSection()
    params: dict[str, str] = Field(default_factory=dict)
    serves: tuple[str, ...] = ()
    labels: Labels = Labels()

    def inlets(self) -> list[tuple[str, tuple[str, ...]]]:
        """The folders files come in through, with the name patterns that are taken."""
        if self.channels.in_ is None:
            return [(f"inbox/{self.partner}", ("*",))]
        return [(channel.path, channel.patterns) for channel in self.channels.in_]

    def outlet(self, channel: str = "") -> ChannelOut:
        """The folder files leave through: the one of that name, the first when none is named."""
        if not self.channels.out:
            return ChannelOut(path=f"outbox/{self.partner}")
        return next((each for each in self.channels.out if channel and each.name == channel), self.channels.out[0])

    @cached_property
    def every_use(self) -> tuple[MappingUse, ...]:
        """Each mapping that is named, in the order of the file, and that of the receipts."""
        named = tuple(uses_of(self.documents))
        return (*named, RECEIPT) if self._gets_receipts(named) else named

    @cached_property
    def written_documents(self) -> Mapping[str, tuple[MappingUse, ...]]:
        """The mappings that write each document, on any day."""
        written: dict[str, tuple[MappingUse, ...]] = {}
        for use in self.every_use:
            if use.direction == "out":
                written[use.document] = (*written.get(use.document, ()), use)
        return written

    @cached_property
    def in_json(self) -> str:
        """All that the file says, defaults included."""
        return self.model_dump_json()

    def uses(self) -> tuple[MappingUse, ...]:
        """Each mapping that is named, in the order of the file, and that of the receipts."""
        return self.every_use

    def _gets_receipts(self, named: tuple[MappingUse, ...]) -> bool:
        """Whether orders are answered by readable receipts although no document of the file says so.

        Asked for with ``receipts``; without a word of it, for whoever orders, has no X12 and names no answer.
        """
        answers = any(use.direction == "out" and use.document in ANSWERS for use in named)
        orders = any(use.direction == "in" and use.document == "order" for use in named)
        asked = self.channels.receipts
        if not orders or answers:
            return False
        return bool(asked.for_) if asked is not None else self.kind == "trading_partner" and self.x12 is None

    def inputs(self) -> list[MappingUse]:
        """The mappings that read this partner's files, in the order of the file."""
        return [use for use in self.uses() if use.direction == "in"]

    def outputs(self, document: str, on: date) -> list[MappingUse]:
        """The mappings that write a document for this partner on a day."""
        return [use for use in self.written_documents.get(document, ()) if use.counts_on(on)]

    def out_version(self, use: MappingUse) -> str:
        """The X12 version of a document we send: its own, else the partner's."""
        return use.version or self.identity().version

    def bill_when(self) -> str:
        """When goods are billed: shipped, delivered, complete or ``daily HH:MM``; as the first invoice entry says."""
        return next((use.moment for use in self.uses() if use.document == "invoice" and use.moment), "shipped")

    def identity(self) -> X12:
        """The X12 half; a partner without one is never asked."""
        if self.x12 is None:
            raise ValueError(f"{self.partner} has no x12 section")
        return self.x12

    def our_identity(self, settings: Settings) -> Us:
        """Who we are towards this partner."""
        us = self.identity().us or settings.us
        if us is None:
            raise ValueError(f"nobody says who we are towards {self.partner}")
        return us

    def sender_fault(self, received: ReceivedInterchange) -> str:
        """Why an interchange is not one from this partner to us; empty when it is."""
        x12 = self.identity()
        them, us = x12.them, x12.us
        if (received.sender_qualifier, received.sender) != (them.qualifier, them.id):
            said = f"{received.sender_qualifier} {received.sender}"
            return f"The interchange is from {said}; {self.name} sends as {them.qualifier} {them.id}."
        if us is not None and (received.receiver_qualifier, received.receiver) != (us.qualifier, us.id):
            said = f"{received.receiver_qualifier} {received.receiver}"
            return f"The interchange is for {said}; we are {us.qualifier} {us.id}."
        strange = [group.sender for group in received.groups if them.group_ids and group.sender not in them.group_ids]
        if strange:
            return f"A group is from {strange[0]}; {self.name} sends groups as {', '.join(them.group_ids)}."
        return ""
