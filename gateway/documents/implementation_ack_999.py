"""The 999: the acknowledgment of 005010 and later, IK3 to IK5 in the place of AK3 to AK5."""

from gateway.documents import functional_ack
from gateway.documents.functional_ack import Body, Form
from gateway.exchange.acknowledgment import GroupVerdict
from gateway.formats.x12 import guide

FORM = Form(set_id="999", note="IK3", element="IK4", trailer="IK5", most_elements=None)


def exists_in(version: str) -> bool:
    """Whether a group of this version can be answered with a 999."""
    return guide.load(version, FORM.set_id) is not None


def body(judged: GroupVerdict) -> Body:
    """The segments between ST and SE; raises ValueError for a group of a version that has no 999."""
    return functional_ack.body(judged, FORM, judged.group.version)
