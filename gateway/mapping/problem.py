"""What went wrong while a document was mapped: a value, collected, never raised."""

from dataclasses import dataclass

from gateway.kernel.issue import Place


@dataclass(frozen=True, slots=True)
class MappingProblem:
    """One thing that went wrong, with the rule's place (``file:line``) and a sentence for people.

    Inbound ``field`` is the canonical field and ``source`` the path that was read; outbound ``field`` is the target
    that was to be written and ``source`` the canonical field. ``level`` is hold, reject or warn. ``message`` is the whole
    sentence; ``label`` (``line 2``), ``sentence``, ``where`` (``segment 13``) and ``hint`` are its parts for a table.
    ``place`` is where an acknowledgment of an X12 set points to. ``path`` is the field from the document on
    (``lines.uom``); where a step refused a value, ``step`` is its key and ``given`` what it got.
    """

    code: str
    field: str
    source: str
    value: str
    rule: str
    message: str
    level: str = "hold"
    label: str = ""
    sentence: str = ""
    where: str = ""
    hint: str = ""
    place: Place | None = None
    path: str = ""
    step: str = ""
    given: str = ""
