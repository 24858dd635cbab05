"""What partners did not take of ours, as plain data: beside the orders and invoices that it is about."""

from collections.abc import Iterable
from typing import Any

from gateway.exchange.answers import Refused
from gateway.exchange.expected import OF_VERDICT
from gateway.kernel.causes import CAUSES
from gateway.kernel.ids import OrderNumber

View = dict[str, Any]
CODE = "A-REJECTED"


def of_order(refused: Iterable[Refused], order: OrderNumber) -> list[View]:
    """Those of one order, also what it shares with others."""
    return [_view(each) for each in refused if each.is_about(order)]


def of_bill(refused: Iterable[Refused], partner: str, number: str) -> list[View]:
    """Those of one invoice or credit memo."""
    return [_view(each) for each in refused if (each.document, each.partner, each.number) == ("810", partner, number)]


def next_step() -> str:
    """What to do about one."""
    return CAUSES[CODE].next_step


def _view(each: Refused) -> View:
    said = each.answer
    return {
        "document": each.document, "number": each.number, "control_number": each.control_number, "dispatch": said.dispatch,
        "state": OF_VERDICT[said.verdict].value, "kind": said.kind, "codes": list(said.codes), "reason": said.reason,
        "received_at": said.received_at.isoformat(),
    }  # fmt: skip
