"""The partner file: who a partner is, how files travel, what was agreed."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from gateway.config.alerts import PartnerAlerts
from gateway.config.channels import (
    ChannelIn,
    ChannelOut,
    Channels,
    DirectoryIn,
    DirectoryOut,
    Login,
    Receipts,
    keyed_in,
    keyed_out,
)
from gateway.config.clocks import Sla
from gateway.config.control_numbers import ControlNumbers
from gateway.config.located import Section
from gateway.config.partner_documents import Documents, MappingUse, Version, uses_of
from gateway.config.partner_terms import TermsSection
from gateway.config.security import NOTHING, Four, Security
from gateway.config.settings import Labels, Settings, Us
from gateway.config.values import Duration, InterchangeId, Qualifier, Word, Zone
from gateway.exchange.interchange import ReceivedInterchange
from gateway.formats.x12.charset import Charset
from gateway.formats.x12.delimiters import Separators
from gateway.kernel.faults import Repair

TOLERANCES = (
    "SE01_COUNT", "GE01_COUNT", "IEA01_COUNT", "SE02", "GE02", "IEA02", "ISA_PADDING", "UNEXPECTED_SEGMENT",
    "UNKNOWN_CODE", "TOO_LONG", "TRAILING_SEPARATORS",
)  # fmt: skip
_AFTER = {"none": "", "LF": "\n", "CRLF": "\r\n"}


def _tolerance(value: str) -> str:
    name = re.sub(r"\(\d{1,4}\)$", "", value)
    if name not in TOLERANCES or (name != value and name not in ("UNKNOWN_CODE", "TOO_LONG")):
        raise ValueError(f"'{value}' is not a tolerance; known are {', '.join(TOLERANCES)}")
    return value


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

    def all_of_them(self) -> str:
        """Every character that separates, line ends included."""
        return f"{self.element}{self.component}{self.segment}{self.repetition}{self.after()}"

    def after(self) -> str:
        """What follows each segment terminator."""
        return _AFTER[self.after_segment]


class Functional(Section):
    """The functional acknowledgment we owe."""

    kind: Literal["997", "999", "none"] = "997"
    when: Literal["always", "errors"] = "always"
    accepted_sets: Literal["listed", "summarised"] = "listed"


class Acknowledge(Section):
    """What we answer to interchanges, and by when a functional acknowledgment must have left; later is only reported."""

    ta1: Literal["always", "on_request", "errors", "never"] = "on_request"
    functional: Functional = Functional()
    deadline: Duration | None = None


class X12(Section):
    """How X12 travels between us."""

    them: Them
    us: Us | None = None
    version: Version = "004010"
    usage: Literal["P", "T"] = "P"
    separators: SeparatorChoice = SeparatorChoice()
    control_numbers: ControlNumbers = ControlNumbers()
    charset: Charset = "extended"
    security: Security | None = None
    acknowledge: Acknowledge = Acknowledge()
    tolerates: tuple[Annotated[str, AfterValidator(_tolerance)], ...] = ()
    repairs: tuple[Literal[tuple(each.value for each in Repair)], ...] | None = None  # type: ignore[valid-type]
    on_error: Literal["set", "group", "interchange"] = "set"
    partner_guide_faults: Literal["reject", "hold", "warn"] = "hold"

    def security_written(self, partner: str) -> Four:
        """What leaves to a partner as ISA01 to ISA04; raises TransportError where a secret cannot be read here."""
        return NOTHING if self.security is None else self.security.written(partner)


RECEIPT, FILE_RECEIPT = "order_receipt", "file_receipt"
"""The readable answers to an order and to a file; they leave where nothing else is agreed."""
ANSWERS = ("acknowledgment", RECEIPT)


def _default(document: str, form: str) -> MappingUse:
    """The built-in mapping of a receipt in a format."""
    return MappingUse(document, "out", f"{form}/{document.replace('_', '-')}", ("channels", "receipts"))


class Contacts(Section):
    """Whom to write to."""

    business: str = ""
    technical: str = ""


class Partner(Section):
    """One partner file."""

    later: ClassVar[Mapping[str, str]] = {"language": "what people are told is in English"}

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
    sftp: Login | None = None
    alerts: PartnerAlerts = PartnerAlerts()
    sla: tuple[Sla, ...] = ()
    terms: TermsSection = TermsSection()
    params: dict[str, str] = Field(default_factory=dict)
    serves: tuple[str, ...] = ()
    labels: Labels = Labels()

    @property
    def is_in_use(self) -> bool:
        """Whether its channels are used: also while it is suspended, but neither as a draft nor when it is closed."""
        return self.status not in ("draft", "closed")

    def inlets(self) -> tuple[ChannelIn, ...]:
        """The channels files come in through, each with its key."""
        return self._inlets

    def folders(self) -> tuple[DirectoryIn, ...]:
        """Those of them that are folders of the site."""
        return tuple(each for each in self._inlets if each.kind == "directory")

    def outlets(self) -> tuple[ChannelOut, ...]:
        """The channels files leave through, each with its key."""
        return self._outlets

    def folders_out(self) -> tuple[DirectoryOut, ...]:
        """Those of them that are folders of the site."""
        return tuple(each for each in self._outlets if each.kind == "directory")

    def outlet(self, channel: str = "") -> ChannelOut:
        """The channel files leave through: the one of that name, the first when none is named."""
        return next((each for each in self._outlets if channel and each.name == channel), self._outlets[0])

    def login_user(self) -> str:
        """Under which name they log in at our own SFTP server, where they may."""
        return (self.sftp.user if self.sftp is not None else None) or self.partner

    @cached_property
    def _inlets(self) -> tuple[ChannelIn, ...]:
        own = self.channels.in_
        return keyed_in(self.partner, (DirectoryIn(path=f"inbox/{self.partner}"),) if own is None else own)

    @cached_property
    def _outlets(self) -> tuple[ChannelOut, ...]:
        return keyed_out(self.partner, self.channels.out or (DirectoryOut(path=f"outbox/{self.partner}"),))

    @cached_property
    def every_use(self) -> tuple[MappingUse, ...]:
        """Each mapping that is named, in the order of the file, and that of the receipts."""
        named = tuple(uses_of(self.documents))
        asked = self.channels.receipts or Receipts()
        wanted = [RECEIPT] if self._gets_receipts(named) else []
        wanted += [FILE_RECEIPT] if self._gets_file_receipts(named) else []
        return (*named, *(_default(each, asked.format) for each in wanted))

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
        return self._is_told(asked)

    def _gets_file_receipts(self, named: tuple[MappingUse, ...]) -> bool:
        """Whether they are told what was not taken of a file although no document of the file says so."""
        own = any(use.direction == "out" and use.document == FILE_RECEIPT for use in named)
        sends = any(use.direction == "in" for use in named)
        asked = self.channels.receipts
        return sends and not own and (asked is None or asked.files) and self._is_told(asked)

    def _is_told(self, asked: Receipts | None) -> bool:
        return bool(asked.for_) if asked is not None else self.kind == "trading_partner" and self.x12 is None

    def tells_of(self, document: str, came_as: str) -> bool:
        """Whether a receipt is wanted for what came in a format; one that ``documents`` names always is."""
        asked = self.channels.receipts
        if asked is None or not came_as or any(use.document == document for use in uses_of(self.documents)):
            return True
        return came_as in asked.for_

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
