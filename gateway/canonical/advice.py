"""The application advice (824): what became of documents after the acknowledgment of their form."""

from datetime import date
from typing import Literal

from gateway.canonical.base import Canonical, Extensible, Text
from gateway.canonical.parts import Note, Party, Reference


class AdvisedFault(Canonical):
    """One thing wrong with a document, where it stands and in words."""

    code: Text | None = None
    text: Text | None = None
    segment: Text | None = None
    position: int | None = None
    element: int | None = None
    component: int | None = None
    reference: Text | None = None
    value: Text | None = None
    notes: tuple[Note, ...] = ()


class AdvisedDocument(Extensible):
    """What became of one document; ``code`` as the partner said it (OTI01)."""

    status: Literal["accepted", "changed", "errors", "partial", "rejected", "on_hold"]
    code: Text | None = None
    reference_kind: Text | None = None
    reference: Text | None = None
    document_date: date | None = None
    group_control_number: Text | None = None
    set_control_number: Text | None = None
    set_id: Text | None = None
    references: tuple[Reference, ...] = ()
    faults: tuple[AdvisedFault, ...] = ()


class Advice(Extensible):
    """An application advice about one or several documents (824)."""

    advice_number: Text
    advice_date: date
    reference: Text | None = None
    sender: Party | None = None
    receiver: Party | None = None
    documents: tuple[AdvisedDocument, ...] = ()
