"""What a partner file promises and cannot keep: nothing leaves that would end the time."""

from collections.abc import Iterator

from gateway.config.located import Places
from gateway.config.partner import Partner
from gateway.kernel.problem import Problem

ENDED_BY = {
    "855_after_850": ("acknowledgment", "order_receipt"), "865_after_860": ("change_acknowledgment",),
    "856_after_ship": ("shipment",), "810_after_ship": ("invoice",),
}  # fmt: skip
"""The documents that keep each promise; an order is answered by one of two."""


def clock_checks(partner: Partner, places: Places) -> Iterator[Problem]:
    """Promises that nothing could ever keep, and those that stand there twice."""
    written = {use.document for use in partner.uses() if use.direction == "out"}
    seen: set[str] = set()
    for at, each in enumerate(partner.sla):
        path = ("sla", at, "measure")
        if each.measure in seen:
            yield places.problem(path, "P004", f"'{each.measure}' is promised twice", "remove one of them")
        seen.add(each.measure)
        ending = ENDED_BY.get(each.measure)
        if ending is not None and not written.intersection(ending):
            sentence = f"'{each.measure}' is never done: no mapping of this partner writes '{ending[0]}'"
            yield places.problem(
                path, "P004", sentence, f"add '{ending[0]}: {{out: MAPPING}}' to 'documents', or remove it"
            )
        if ending is None and (partner.x12 is None or partner.x12.acknowledge.functional.kind == "none"):
            sentence = f"'{each.measure}' is never done: this partner gets no 997 and no 999 from us"
            yield places.problem(
                path, "P004", sentence, "remove it, or say 'functional: {kind: \"997\"}' below 'x12.acknowledge'"
            )
