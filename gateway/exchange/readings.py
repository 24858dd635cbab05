"""What was read of received files: each document with the mapping that read it, and the codes nobody knew yet."""

from dataclasses import dataclass
from datetime import date, datetime

from gateway.kernel.ids import HoldId, PartnerId, ReceiptId


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One document of a received file as a mapping read it.

    ``key`` finds it in its file again; ``mapping`` and ``spec_hash`` say which mapping in which state read it on which
    business date. ``content`` is the canonical document as JSON, empty when it could not be built; ``hold`` is what it
    waits for, empty when it was taken.
    """

    receipt: ReceiptId
    key: str
    partner: PartnerId
    document: str
    name: str
    mapping: str
    spec_hash: str
    today: date
    read_at: datetime
    content: str = ""
    problems: tuple[str, ...] = ()
    hold: HoldId | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something in a document that its mapping does not know.

    ``kind``: ``map`` and ``lookup`` for a code that is in no list, ``unmapped`` for data that no rule reads. ``code`` is
    what was sent, ``source`` where (``PO103``, a column title), ``rule`` the place of the rule that met it.
    """

    partner: PartnerId
    mapping: str
    document: str
    field: str
    source: str
    code: str
    kind: str
    rule: str


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """An unknown with its history: how often it came, when, and in which file first; ``status`` open, set or ignored."""

    id: str
    what: Unknown
    count: int
    first_seen: datetime
    last_seen: datetime
    receipt: ReceiptId
    file_name: str
    status: str = "open"
    note: str = ""


def document_key(envelope_numbers: tuple[str, str, str] | None, position: int) -> str:
    """Where a document stands in its file: the control numbers of its envelope, else its first row.

    >>> document_key(("000000101", "101", "0001"), 0), document_key(None, 5)
    ('000000101/101/0001', 'row 5')
    """
    return "/".join(envelope_numbers) if envelope_numbers is not None else f"row {position}"
