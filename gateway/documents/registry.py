"""Which event owes which documents: the one place to add one."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway.orders.events import Event, OrderDecided, OrderInvoiced, OrderReleased, OrderShipped


@dataclass(frozen=True, slots=True)
class Owed:
    """A canonical document that an event owes, and to which kinds of partner besides the customer.

    Each is written for whoever names a mapping for it in ``documents``, and for nobody else.
    """

    document: str
    to_customer: bool
    to_kinds: tuple[str, ...] = ()
    x12_set: str = ""


OWED: Mapping[type[Event], tuple[Owed, ...]] = MappingProxyType(
    {
        OrderDecided: (
            Owed("acknowledgment", to_customer=True, x12_set="855"),
            Owed("order_receipt", to_customer=True),
            Owed("order", to_customer=False, to_kinds=("erp",)),
        ),
        OrderReleased: (Owed("warehouse_order", to_customer=False, to_kinds=("warehouse",), x12_set="940"),),
        OrderShipped: (Owed("shipment", to_customer=True, x12_set="856"),),
        OrderInvoiced: (Owed("invoice", to_customer=True, to_kinds=("accounting",), x12_set="810"),),
    }
)  # fmt: skip

ANSWERS = frozenset({"855", "acknowledgment", "order_receipt"})
"""What answers an order, as a dispatch names it; it leaves again when the same order comes again."""
