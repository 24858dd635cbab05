"""Identifiers as distinct types, so that one kind of text is never taken for another."""

from typing import NewType

PartnerId = NewType("PartnerId", str)
ClaimId = NewType("ClaimId", str)
ReceiptId = NewType("ReceiptId", str)
BatchId = NewType("BatchId", str)
DispatchId = NewType("DispatchId", str)
HoldId = NewType("HoldId", str)
OrderNumber = NewType("OrderNumber", str)
Sku = NewType("Sku", str)
WarehouseId = NewType("WarehouseId", str)
Sha256 = NewType("Sha256", str)
ChannelKey = NewType("ChannelKey", str)
AlertId = NewType("AlertId", str)
NoticeId = NewType("NoticeId", str)
