"""Which canonical documents exist, by the name that mappings and partner files use."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.canonical.acknowledgment import Acknowledgment
from gateway.canonical.base import Canonical
from gateway.canonical.house import Item, ItemId, Price, ShipConfirmation, Stock, Warehouse, WarehouseOrder
from gateway.canonical.invoice import Invoice
from gateway.canonical.order import Order
from gateway.canonical.shipment import Shipment

DOCUMENTS: Mapping[str, type[Canonical]] = MappingProxyType(
    {
        "order": Order,
        "acknowledgment": Acknowledgment,
        "shipment": Shipment,
        "invoice": Invoice,
        "item": Item,
        "item_id": ItemId,
        "price": Price,
        "warehouse": Warehouse,
        "stock": Stock,
        "warehouse_order": WarehouseOrder,
        "ship_confirmation": ShipConfirmation,
    }
)
