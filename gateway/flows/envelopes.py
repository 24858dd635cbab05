"""The ISA and GS of what leaves: to a partner by the agreement, or mirrored; and what mappings see of a received one."""

from gateway.config.partner import Partner
from gateway.config.settings import Settings
from gateway.exchange.interchange import ReceivedGroup, ReceivedInterchange
from gateway.formats.x12.charset import WritingOptions
from gateway.formats.x12.emit import Envelope

_SHORTEST, _LONGEST = 2, 15
AS_AGREED = WritingOptions()
"""Characters as the partner file says."""


def to_partner(
    settings: Settings, partner: Partner, *, version: str, test: bool, writing: WritingOptions = AS_AGREED
) -> Envelope:
    """The envelope of a document of ours; ``T`` for a test order, a partner in testing, or by agreement."""
    x12 = partner.identity()
    us = partner.our_identity(settings)
    return Envelope(
        sender_qualifier=us.qualifier, sender=us.id, receiver_qualifier=x12.them.qualifier, receiver=x12.them.id,
        group_sender=us.group_id or us.id, group_receiver=x12.them.group_ids[0] if x12.them.group_ids else x12.them.id,
        version=version, usage="T" if test or partner.status == "testing" else x12.usage,
        separators=x12.separators.for_writing, after_segment=x12.separators.after(),
        characters=writing.characters(x12.charset), security=x12.security_written(partner.name),
    )  # fmt: skip


def mirrored(
    settings: Settings, partner: Partner, received: ReceivedInterchange, group: ReceivedGroup | None, *,
    version: str | None, test: bool,
) -> Envelope:  # fmt: skip
    """The envelope of an answer: the ids of the received interchange and group, turned round."""
    base = to_partner(settings, partner, version=version or partner.identity().version, test=test)
    return Envelope(
        sender_qualifier=received.receiver_qualifier, sender=received.receiver,
        receiver_qualifier=received.sender_qualifier, receiver=received.sender,
        group_sender=group_id(group.receiver, received.receiver) if group else base.group_sender,
        group_receiver=group_id(group.sender, received.sender) if group else base.group_receiver, version=base.version, usage=base.usage,
        separators=base.separators, after_segment=base.after_segment, characters=base.characters,
        security=base.security,
    )  # fmt: skip


def of_received(received: ReceivedInterchange, group: ReceivedGroup, set_control_number: str) -> dict[str, str]:
    """What mappings see as ``$envelope``: the envelope of one received set."""
    return {
        "sender_id": received.sender, "sender_qualifier": received.sender_qualifier,
        "receiver_id": received.receiver, "receiver_qualifier": received.receiver_qualifier,
        "control_number": received.control_number, "usage": received.usage,
        "group_control_number": group.control_number, "set_control_number": set_control_number,
        "version": group.version, "date": received.date, "time": received.time,
    }  # fmt: skip


def group_id(as_sent: str, otherwise: str) -> str:
    """A GS02 or GS03 as it was sent where it fits into a header (2 to 15 characters), else the interchange's id.

    An interchange id of one character is doubled: GS02 and GS03 have at least two.

    >>> group_id("ACME", "ZZ1"), group_id("", "ZZ1"), group_id(" ", "0")
    ('ACME', 'ZZ1', '00')
    """
    shown = "".join(character for character in as_sent if character.isprintable() and character.isascii()).strip()
    if shown == as_sent and _SHORTEST <= len(as_sent) <= _LONGEST:
        return as_sent
    return otherwise if len(otherwise.strip()) >= _SHORTEST else otherwise.strip() * _SHORTEST
