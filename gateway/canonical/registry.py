"""Which canonical documents exist, by the name that mappings and partner files use."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.canonical.acknowledgment import Acknowledgment
from gateway.canonical.advice import Advice
from gateway.canonical.base import Canonical
from gateway.canonical.catalog import Catalog
from gateway.canonical.change import ChangeAcknowledgment, OrderChange
from gateway.canonical.decided import DecidedOrder
from gateway.canonical.delivery import Delivery, Tracking
from gateway.canonical.goods import GoodsReceipt, Incoming, Inventory, Replenishment, Transfer
from gateway.canonical.house import (
    CustomerTerms,
    Item,
    ItemId,
    Location,
    Price,
    ShipConfirmation,
    Stock,
    Warehouse,
    WarehouseOrder,
)
from gateway.canonical.invoice import Invoice
from gateway.canonical.money import Claim, Dunning, OpenItem, Payment
from gateway.canonical.order import Order
from gateway.canonical.returns import ReturnAnswer, ReturnRequest
from gateway.canonical.shipment import Shipment
from gateway.canonical.status import FileReceipt, OrderReceipt, OrderStatus

DOCUMENTS: Mapping[str, type[Canonical]] = MappingProxyType(
    {
        "order": Order,
        "order_change": OrderChange,
        "acknowledgment": Acknowledgment,
        "change_acknowledgment": ChangeAcknowledgment,
        "order_receipt": OrderReceipt,
        "file_receipt": FileReceipt,
        "order_status": OrderStatus,
        "shipment": Shipment,
        "invoice": Invoice,
        "payment": Payment,
        "claim": Claim,
        "dunning": Dunning,
        "return_request": ReturnRequest,
        "return_answer": ReturnAnswer,
        "warehouse_order": WarehouseOrder,
        "ship_confirmation": ShipConfirmation,
        "delivery": Delivery,
        "tracking": Tracking,
        "item": Item,
        "item_id": ItemId,
        "price": Price,
        "catalog": Catalog,
        "customer": CustomerTerms,
        "open_item": OpenItem,
        "location": Location,
        "warehouse": Warehouse,
        "stock": Stock,
        "incoming": Incoming,
        "goods_receipt": GoodsReceipt,
        "inventory": Inventory,
        "replenishment": Replenishment,
        "transfer": Transfer,
        "advice": Advice,
    }
)

_AS_DECIDED: Mapping[str, type[Canonical]] = MappingProxyType({"order": DecidedOrder})


def model_of(document: str, direction: str) -> type[Canonical]:
    """The model of a document as a mapping of a direction sees it: an order that leaves carries what was decided."""
    return _AS_DECIDED.get(document, DOCUMENTS[document]) if direction == "out" else DOCUMENTS[document]
