"""The TA1 and 997 that would answer a file, without a partner, a store or any effect."""

from datetime import datetime

from gateway.documents import group_answer, ta1
from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.interchange import ReceivedGroup, ReceivedInterchange
from gateway.flows.examine import Examination
from gateway.formats.x12 import emit
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import Envelope

TA1_IN = "004010"
"""ISA12 of a TA1 to nobody in particular; every version reads it."""
SEPARATORS = Separators(element="*", component=">", repetition="^", terminator="~")


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
    """The ids turned round, with the usual separators."""
    return Envelope(
        sender_qualifier=received.receiver_qualifier, sender=received.receiver,
        receiver_qualifier=received.sender_qualifier, receiver=received.sender,
        group_sender=group.receiver if group else "", group_receiver=group.sender if group else "",
        version=version, usage=received.usage if received.usage in ("P", "T") else "P", separators=SEPARATORS,
        after_segment="",
    )  # fmt: skip
