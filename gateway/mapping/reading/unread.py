"""Which data of a document no rule of its mapping reads."""

from collections.abc import Hashable, Iterator

from gateway.mapping.notations.notation import Found, Node
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.reading.trace import Trace


def data(prepared: PreparedMapping, record: Node, trace: Trace) -> Iterator[Found]:
    """Every datum that no rule, condition or entry of ``ignore`` reads, in the order of the file."""
    notation = prepared.notation
    if notation is None:
        return
    known = trace.used | ignored(prepared, record)
    yield from (each for each in notation.data(record) if each.key not in known)


def ignored(prepared: PreparedMapping, record: Node) -> set[Hashable]:
    """What is knowingly not used."""
    return {key for each in prepared.ignored for key in each.keys(record)}
