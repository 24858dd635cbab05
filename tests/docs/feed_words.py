"""Who sends each built-in feed, what becomes of it, and what its columns are where the field behind them does not say it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed: between whom, what is done with it and when, what becomes of a bad row or the same file again."""

    way: str
    does: str
    wrong: str = ""
    twin: str = ""


_AGAIN = "It may come again at any time: each row is put in the place of what was known under the same key, and what is the same changes nothing."
_ROW = (
    "A row that makes no sense is refused alone (`C-ROW`) with its number; the others are applied, in one transaction."
)
_ONCE = "The same file again changes nothing; it is listed as a duplicate."
_WHOLE = "The rows of one document are judged together: with one that is wrong none of it is taken, and the document is held with all that is wrong."
_HELD = "A document with something wrong is held with all that is wrong (`gateway holds list`); the others of the file are taken."
_AGREED = "It leaves for whoever names the mapping in `documents`."

FEEDS = {
    "csv/items": Feed("from the ERP", f"The items we sell. Several rows of one `sku` give it several pack units. {_AGAIN} An item that is not in the file stays as it is; to end it say `discontinued` or `blocked`.", f"{_ROW} The stock unit of an item cannot be changed, for its stock is counted in it.", "`x12/832`"),
    "csv/item-ids": Feed("from the ERP", f"What partners call our items. {_AGAIN}", _ROW),
    "csv/prices": Feed("from the ERP", f"Prices by price list, with quantity breaks (`min_quantity`) and validity. {_AGAIN} The key is the price list, the item, the unit, the quantity and the first day. Prices of `list` count where the customer's own list says nothing.", f"{_ROW} A price in a unit that the item does not have is refused.", "`x12/832`"),
    "csv/customers": Feed("from the ERP", f"Credit, price list and days of customers. What stands here wins over the terms of the partner file, and `gateway orders show` says so. {_AGAIN} An empty cell leaves the term of the partner file.", _ROW),
    "csv/open-items": Feed("from accounting", f"What customers owe us that was billed by another system: it counts towards the credit limit and in `gateway payments ageing`. {_AGAIN} An `open_amount` of 0 settles it.", _ROW),
    "csv/locations": Feed("from the ERP", f"Places of customers by their own codes: many orders name only a store number. An order for a code that is unknown, without an address of its own, waits (`C-ADDRESS`). {_AGAIN}", _ROW),
    "csv/warehouses": Feed("from the ERP", f"Our warehouses; cut-off and working days decide which ship date is promised. {_AGAIN}", _ROW),
    "csv/stock": Feed("from the warehouse, or the ERP", "A count. It replaces what is on hand of the items in the file; other items and all reservations stay. What was shipped before `counted_at` is in the count already and is not taken off again. Then backorders are filled. It may come again at any time.", _ROW, "`x12/846-in`"),
    "csv/incoming": Feed("from the ERP, or the warehouse", "Goods on their way: they promise dates for what is missing. A newer file replaces what earlier ones said of the references in it; what has come meanwhile stays deducted.", _ROW),
    "csv/goods-receipts": Feed("from the warehouse", f"Goods that came: more on hand, less incoming of the reference, backorders are filled, the oldest first. {_ONCE}", _ROW),
    "csv/ship-confirmations": Feed("from the warehouse", f"What left. Rows of one `shipment_number` are one shipment, a row is what of one line is in one carton; without `sscc` all rows of an order are one carton, which gets a number. Less than was released is a short pick. From it the ship notice and the invoice are made. {_ONCE}", "A shipment is judged whole: an order or line that is not known, or more than was ordered (beyond `terms.over_ship`), holds it (`C-SHIP-UNKNOWN`, `C-OVER-SHIP`) until somebody accepts it as shipped or corrects it. Nothing is said to the customer before that.", "`x12/945`"),
    "csv/tracking": Feed("from the carrier, or the warehouse", f"What happens to a carton on its way; a row names the carton (`tracking`) or the shipment. A delivery that is late or failed is told as an alert. {_ONCE}", "A row whose carton or shipment is not known is held alone."),
    "csv/deliveries": Feed("from the carrier, or the warehouse", f"Shipments that arrived; invoices that leave `when: delivered` leave then. {_ONCE}", "A row whose shipment is not known is held alone.", "`x12/861`"),
    "csv/order": Feed("from a customer", f"Purchase orders. Rows of one `po_number` are one order; what is the same for all rows is repeated in each. One of `sku`, `partner_sku`, `upc` says which item. {_ONCE}", _WHOLE, "`x12/850`"),
    "csv/order-changes": Feed("from a customer", f"Changes of orders. Rows of one `po_number` are one change. {_ONCE}", _WHOLE, "`x12/860`"),
    "csv/returns": Feed("from a customer", f"Requests to send goods back. Rows of one `po_number` are one request. {_ONCE}", _WHOLE, "`x12/180`"),
    "csv/payments": Feed("from accounting, or the bank", f"Money that came. Rows of one `payment_number` are one payment; a row with an `invoice_number` says what of it is for that invoice. {_ONCE} So does a payment number that is known.", "Money is always booked: what cannot be matched with an invoice is unapplied cash (`gateway payments list`). A payment of a partner that nobody knows is held.", "`x12/820`"),
    "csv/warehouse-orders": Feed("to the warehouse", "What to pick, as soon as an order is released; a row for each line. `replace` puts it in the place of what was told before, `cancel` calls it back.", "", "`x12/940`"),
    "csv/invoices": Feed("to accounting, or a customer without X12", "Each invoice and credit, as soon as it is made. A row for each item, allowance, charge and tax; the amounts of one invoice add up to its `total`. Credits are below zero.", "A text that a spreadsheet would take for a formula gets an apostrophe in front.", "`x12/810`"),
    "csv/ship-notice": Feed("to a customer without X12", "What left, as soon as the warehouse has said so; a row for what of a line is in one carton.", "", "`x12/856`"),
    "csv/order-receipt": Feed("to a customer without X12", "What became of an order, as soon as it is decided; a row for each part of a line. It leaves by itself where no other answer is named.", "", "`x12/855`"),
    "csv/file-receipt": Feed("to whoever sent CSV or XML", "What of a file was not taken and why, with what its sender can do; nothing where all was taken.", "", "997, 824"),
    "csv/return-answer": Feed("to a customer without X12", f"Whether goods may come back, and under which number. {_AGREED}", "", "`x12/180-out`"),
    "csv/dunning": Feed("to accounting", f"Reminders of overdue invoices, when they leave; a row for each invoice. {_AGREED}"),
    "csv/replenishment": Feed("to the ERP", "What to buy, once a day at the time of `when: daily 05:00`; a row for each item and warehouse."),
    "csv/transfers": Feed("to the warehouse, or the ERP", "What to move between warehouses, once a day at the time of `when: daily 06:00`; a row for each item."),
    "json/order": Feed("to the ERP", "The order with what was decided about it, as soon as it is decided: our number, items, prices, answers, warehouses. It is the whole [order](canonical.md#order)."),
    "json/order-receipt": Feed("to a program of a customer", "The [order receipt](canonical.md#order_receipt) as JSON, where `channels.receipts` says `format: json`."),
    "json/file-receipt": Feed("to a program of whoever sent a file", "The [file receipt](canonical.md#file_receipt) as JSON, where `channels.receipts` says `format: json`."),
    "text/dunning-letter": Feed("to a customer", f"The reminder as a letter in plain text. To write your own, extend it and name another template. {_AGREED}"),
    "xml/ubl-order": Feed("from a customer", f"Purchase orders in UBL 2, also as Peppol sends them. {_ONCE}", _HELD, "`x12/850`"),
    "xml/cxml-order": Feed("from a customer", f"Purchase orders in cXML (OrderRequest). Its DOCTYPE is skipped; nothing is fetched from anywhere. {_ONCE}", _HELD, "`x12/850`"),
    "xml/order-receipt": Feed("to a customer", "The order receipt as XML, where `channels.receipts` says `format: xml`.", "", "`x12/855`"),
    "xml/file-receipt": Feed("to whoever sent a file", "The file receipt as XML, where `channels.receipts` says `format: xml`."),
    "xml/ubl-order-response": Feed("to a customer", f"Our answer to an order as UBL 2.1, as soon as it is decided. {_AGREED}", "", "`x12/855`"),
    "xml/ubl-despatch-advice": Feed("to a customer", f"The ship notice as UBL 2.1. {_AGREED}", "", "`x12/856`"),
    "xml/ubl-invoice": Feed("to a customer, or accounting", f"The invoice as UBL 2.1, its elements in the order of the schema; a credit has the type code 381. {_AGREED}", "", "`x12/810`"),
}  # fmt: skip
COLUMNS = {
    ("csv/invoices", "amount"): "The amount of the row; of a credit below zero.",
    ("csv/invoices", "total"): "What the whole invoice comes to; the same in each of its rows.",
    (
        "csv/invoices",
        "po_number",
    ): "The customer's number of the purchase order; of the row where one invoice bills several.",
    ("csv/order", "requested_date"): "The day the buyer wants it to arrive.",
    ("csv/order-changes", "action"): "What is to happen with the line; `cancel` is another word for `delete`.",
    ("csv/order-changes", "date"): "The new day on which the buyer wants it to arrive.",
    ("csv/warehouse-orders", "store"): "The store it is for: of the line, else the place the order is marked for.",
    ("csv/warehouse-orders", "upc"): "The item's UPC, 12 digits.",
    ("csv/ship-notice", "upc"): "The item's UPC, else its EAN or GTIN.",
}
