"""The TA1 and 997 that would answer a file, without a partner, a store or any effect."""

from datetime import datetime

from gateway.documents import group_answer, ta1
from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.interchange import ReceivedGroup, ReceivedInterchange
from gateway.flows.envelopes import group_id
from gateway.flows.judging.examine import Examination
from gateway.formats.x12 import emit, guide
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import Envelope

TA1_IN = "004010"
"""ISA12 of a TA1 to nobody in particular; every version reads it."""
SEPARATORS = Separators(element="*", component=">", repetition="^", terminator="~")
_SEPARATING = "*>^~"
_LONGEST_ID = 15


def acknowledgment(seen: Examination, now: datetime) -> bytes:
    """The answers to every interchange of a file, one after the other; control numbers from 1."""
    parts: list[bytes] = []
    control = 0
    for interchange in seen.interchanges:
        received = interchange.received
        verdict = interchange.verdict
        if verdict.ta1_due:
            control += 1
            envelope = _envelope(received, None, TA1_IN)
            parts.append(emit.standalone_ta1(envelope, ta1.segment(verdict), isa13=control, now=now))
        if verdict.verdict is Verdict.REJECTED:
            continue
        for group in verdict.groups:
            if not group.ack_due:
                continue
            control += 1
            body = group_answer.answer(group)
            envelope = _envelope(received, group.group, body.version)
            emitted = emit.interchange(
                envelope, functional_id="FA", set_id=body.set_id, sets=[body.segments], isa13=control, gs06=control,
                now=now,
            )  # fmt: skip
            parts.append(emitted.content)
    return b"".join(parts)


def _envelope(received: ReceivedInterchange, group: ReceivedGroup | None, version: str) -> Envelope:
    """The ids turned round, with the usual separators; what cannot stand in a header is replaced."""
    us, them = _id(received.receiver), _id(received.sender)
    return Envelope(
        sender_qualifier=_qualifier(received.receiver_qualifier), sender=us,
        receiver_qualifier=_qualifier(received.sender_qualifier), receiver=them,
        group_sender=group_id(_bare(group.receiver), us) if group else "",
        group_receiver=group_id(_bare(group.sender), them) if group else "",
        version=version, usage=received.usage if received.usage in ("P", "T") else "P", separators=SEPARATORS,
        after_segment="",
    )  # fmt: skip


def _qualifier(as_sent: str) -> str:
    """A qualifier of the standard's list, else ``ZZ``: mutually defined."""
    known = guide.envelope(guide.versions()[-1])["ISA"].elements[4].codes or frozenset()
    return as_sent if as_sent in known else "ZZ"


def _id(as_sent: str) -> str:
    return _bare(as_sent)[:_LONGEST_ID].strip() or "UNKNOWN"


def _bare(text: str) -> str:
    """Text without what separates in our answer, or would take more than one byte in a header of fixed width."""
    kept = (" " if each in _SEPARATING or not each.isprintable() or not each.isascii() else each for each in text)
    return "".join(kept).strip()
