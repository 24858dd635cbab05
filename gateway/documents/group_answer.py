"""Which acknowledgment answers a functional group, and in which version: a 997, or a 999 where that was agreed."""

from dataclasses import dataclass

from gateway.documents import functional_ack_997, implementation_ack_999
from gateway.documents.functional_ack import Body
from gateway.exchange.acknowledgment import GroupVerdict


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """The set that answers a group: its id, GS08, and the segments between ST and SE."""

    set_id: str
    version: str
    segments: Body


def answer(judged: GroupVerdict) -> GroupAnswer:
    """A 999 by agreement where the version of the group has one, else a 997."""
    version = judged.group.version
    if judged.form == "999" and implementation_ack_999.exists_in(version):
        return GroupAnswer("999", version, implementation_ack_999.body(judged))
    return GroupAnswer("997", functional_ack_997.answered_in(version), functional_ack_997.body(judged))
