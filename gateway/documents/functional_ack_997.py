"""The 997: AK1 to AK9 for one judged functional group, each fault at its segment and element."""

from gateway.documents import functional_ack
from gateway.documents.functional_ack import Body, Form
from gateway.exchange.acknowledgment import GroupVerdict
from gateway.formats.x12 import guide

FORM = Form(set_id="997", note="AK3", element="AK4", trailer="AK5", most_elements=99)
_FOR_OTHERS = "004010"


def answered_in(version: str) -> str:
    """The version of the answer to a group: its own with its suffix, or 004010 for one we do not ship (rulings 15).

    >>> answered_in("004030VICS"), answered_in("003060")
    ('004030VICS', '004010')
    """
    return version if guide.load(version, FORM.set_id) is not None else _FOR_OTHERS


def body(judged: GroupVerdict) -> Body:
    """The segments between ST and SE; one AK2 loop for each listed set."""
    return functional_ack.body(judged, FORM, answered_in(judged.group.version))
