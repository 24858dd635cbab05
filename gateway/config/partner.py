"""The partner file: who a partner is, how files travel, what was agreed."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from gateway.config.control_numbers import ControlNumbers
from gateway.config.located import Section
from gateway.config.settings import Currency, InterchangeId, Qualifier, Settings, Us, Zone
from gateway.exchange.interchange import ReceivedInterchange
from gateway.formats.x12 import guide
from gateway.formats.x12.charset import Charset
from gateway.formats.x12.delimiters import Separators
from gateway.kernel.faults import Repair

DOCUMENTS_LATER = (
    "order_change", "change_acknowledgment", "order_receipt", "order_status", "payment", "return_request",
    "return_answer", "delivery", "incoming", "goods_receipt", "inventory", "advice",
)  # fmt: skip
TOLERANCES = (
    "SE01_COUNT", "GE01_COUNT", "IEA01_COUNT", "SE02", "GE02", "IEA02", "ISA_PADDING", "UNEXPECTED_SEGMENT",
    "UNKNOWN_CODE", "TOO_LONG", "TRAILING_SEPARATORS",
)  # fmt: skip
FILE_NAME = "{document}_{number}_{control}.{ext}"
_PLACEHOLDERS = ("document", "number", "control", "date", "partner", "ext")
_AFTER = {"none": "", "LF": "\n", "CRLF": "\r\n"}


def _one_or_many(value: Any) -> Any:
    """A single entry stands for a list of one."""
    return value if isinstance(value, list) else [value]


def _tolerance(value: str) -> str:
    name = re.sub(r"\(\d{1,4}\)$", "", value)
    if name not in TOLERANCES or (name != value and name not in ("UNKNOWN_CODE", "TOO_LONG")):
        raise ValueError(f"'{value}' is not a tolerance; known are {', '.join(TOLERANCES)}")
    return value


def _file_name(value: str) -> str:
    unknown = [name for name in re.findall(r"\{(.*?)\}", value) if name not in _PLACEHOLDERS]
    if unknown:
        raise ValueError(f"'{{{unknown[0]}}}' is not a placeholder; known are {', '.join(_PLACEHOLDERS)}")
    if "{control}" not in value:
        raise ValueError("it must contain {control}, or two files could get the same name")
    return value


def _folder(value: str) -> str:
    if value.startswith("/") or ".." in value.split("/"):
        raise ValueError(f"'{value}' must be a folder within the site")
    return value.rstrip("/")


def _version(value: str) -> str:
    if guide.base_version(value) is None:
        raise ValueError(f"version '{value}' is not supported; supported are {', '.join(guide.versions())}")
    return value


def _sourcing(value: str) -> str:
    if not re.fullmatch(r"preferred \S+", value):
        raise ValueError(f"'{value}' is not obeyed by this version yet; write 'preferred' and a warehouse")
    return value


def _channel(value: str) -> str:
    if value == "sftp":
        raise ValueError("'sftp' is not obeyed by this version yet; use 'directory'")
    if value != "directory":
        raise ValueError(f"'{value}' is not a kind of channel; use 'directory'")
    return value


Folder = Annotated[str, AfterValidator(_folder)]
Version = Annotated[str, AfterValidator(_version)]
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

    def as_separators(self) -> Separators:
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


class When(Section):
    """Which files of a folder an entry is for: by name pattern, or by the columns they have."""

    file: str = ""
    columns: tuple[str, ...] = ()


class MappingUse(Section):
    """One mapping of a document, in or out."""

    later: ClassVar[tuple[str, ...]] = (
        "within", "at_deadline", "later", "style", "expect_997", "batch", "file_name", "channel"
    )  # fmt: skip

    in_: str = Field("", alias="in")
    out: str = ""
    version: Version | None = None
    when: When = When()

    @property
    def mapping(self) -> str:
        """The name of the mapping."""
        return self.in_ or self.out

    @property
    def when_file(self) -> str:
        """The file name pattern, empty for any."""
        return self.when.file

    @property
    def when_columns(self) -> tuple[str, ...]:
        """The columns a file must have, empty for those the mapping requires."""
        return self.when.columns


Uses = Annotated[tuple[MappingUse, ...], BeforeValidator(_one_or_many)]


class Documents(Section):
    """Which mapping reads or writes each canonical document."""

    later: ClassVar[tuple[str, ...]] = DOCUMENTS_LATER

    order: Uses = ()
    acknowledgment: Uses = ()
    shipment: Uses = ()
    invoice: Uses = ()
    warehouse_order: Uses = ()
    ship_confirmation: Uses = ()
    item: Uses = ()
    item_id: Uses = ()
    price: Uses = ()
    warehouse: Uses = ()
    stock: Uses = ()

    def uses(self) -> Iterator[tuple[str, int, MappingUse]]:
        """Each entry with its document and its place in the document's list."""
        for name in type(self).model_fields:
            for at, use in enumerate(getattr(self, name)):
                yield name, at, use


class ChannelIn(Section):
    """A folder the partner drops files into."""

    later: ClassVar[tuple[str, ...]] = ("host", "port", "user", "key", "host_key", "every", "after", "marker")

    kind: ChannelKind = "directory"
    path: Folder
    patterns: tuple[str, ...] = ("*",)
    ready: tuple[Literal["rename", "content"], ...] = ("rename", "content")


class ChannelOut(Section):
    """A folder the partner takes files from."""

    later: ClassVar[tuple[str, ...]] = ("host", "port", "user", "key", "host_key", "retry")

    kind: ChannelKind = "directory"
    path: Folder
    file_name: Annotated[str, AfterValidator(_file_name)] = FILE_NAME


class Channels(Section):
    """Where files travel; without a section: inbox/<partner> and outbox/<partner>."""

    later: ClassVar[tuple[str, ...]] = ("expect", "receipts")

    in_: tuple[ChannelIn, ...] | None = Field(None, alias="in")
    out: Annotated[tuple[ChannelOut, ...] | None, Field(max_length=1)] = None


class PriceTolerance(Section):
    """How far their price may be below ours; both limits must hold."""

    percent: Decimal | None = None
    amount: Decimal | None = None
    outside: Literal["hold", "accept_ours", "accept_theirs", "reject"] = "hold"


class AgreedAllowance(Section):
    """An allowance on each invoice, in percent of the goods."""

    code: str
    percent: Annotated[Decimal, Field(ge=0, le=100)]


class Credit(Section):
    """How much the partner may owe us."""

    later: ClassVar[tuple[str, ...]] = ("overdue_days", "group")

    limit: Annotated[Decimal, Field(ge=0)]


class Payment(Section):
    """When they pay."""

    discount_percent: Decimal | None = None
    discount_days: int | None = None
    net_days: int | None = None


class TermsSection(Section):
    """The commercial half of the agreement."""

    later: ClassVar[tuple[str, ...]] = (
        "tax", "substitution", "over_ship", "header_charges", "transit_days", "routing", "reserve_while_held",
        "returns", "dunning", "discount_grace_days", "duplicates",
    )  # fmt: skip

    account: str | None = None
    currency: Currency | None = None
    price_list: str = "list"
    price_tolerance: PriceTolerance = PriceTolerance()
    contracts: tuple[str, ...] = ()
    allowances: tuple[AgreedAllowance, ...] = ()
    unknown_item: Literal["reject_line", "hold_until_deadline"] = "reject_line"
    credit: Credit | None = None
    payment: Payment = Payment()
    backorder: Literal["from_order", "always", "never"] = "from_order"
    partial_shipments: bool = True
    minimum_order: Decimal | None = None
    lead_days: Annotated[int, Field(ge=0)] = 0
    sourcing: tuple[Annotated[str, AfterValidator(_sourcing)], ...] = ()
    on_line_error: Literal["accept_good_lines", "reject_order"] = "accept_good_lines"


class Contacts(Section):
    """Whom to write to."""

    business: str = ""
    technical: str = ""


class Partner(Section):
    """One partner file."""

    later: ClassVar[tuple[str, ...]] = ("language", "sla", "labels")

    gateway: Literal["1"]
    partner: Word
    name: str = ""
    kind: Literal["trading_partner", "warehouse", "erp", "accounting", "carrier", "bank"] = "trading_partner"
    status: Literal["draft", "testing", "live", "suspended", "closed"] = "live"
    time_zone: Zone | None = None
    contacts: Contacts = Contacts()
    x12: X12 | None = None
    documents: Documents = Documents()
    channels: Channels = Channels()
    terms: TermsSection = TermsSection()
    params: dict[str, str] = Field(default_factory=dict)
    serves: tuple[str, ...] = ()

    def inlets(self) -> list[tuple[str, tuple[str, ...]]]:
        """The folders files come in through, with the name patterns that are taken."""
        if self.channels.in_ is None:
            return [(f"inbox/{self.partner}", ("*",))]
        return [(channel.path, channel.patterns) for channel in self.channels.in_]

    def outlet(self) -> ChannelOut:
        """The folder files leave through."""
        if not self.channels.out:
            return ChannelOut(path=f"outbox/{self.partner}")
        return self.channels.out[0]

    def inputs(self) -> list[MappingUse]:
        """The mappings that read this partner's files, in the order of the file."""
        return [use for _, _, use in self.documents.uses() if use.in_]

    def outputs(self, document: str) -> list[MappingUse]:
        """The mappings that write a document for this partner."""
        return [use for name, _, use in self.documents.uses() if name == document and use.out]

    def out_version(self, document: str) -> str:
        """The X12 version of a document we send: its own, else the partner's."""
        found = next((use.version for use in self.outputs(document) if use.version), None)
        return found or self.identity().version

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
