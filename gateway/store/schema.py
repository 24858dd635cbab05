"""Every table of the database; quantities, amounts and moments are text, so that both databases keep them exactly."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    true,
)

VERSION = "0011"
"""The schema this version works on: the newest migration."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

orders = Table(
    "orders", metadata,
    Column("number", String(40), primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("partner", String(80), nullable=False),
    Column("po_number", String(80), nullable=False),
    Column("release_number", String(80), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("test", Boolean, nullable=False),
    Column("status", String(30), nullable=False),
    Column("placed_at", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("waits_for_release", Boolean, nullable=False),
    Column("waits_for_invoice", Boolean, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("answer_due", String(40), nullable=True),
    Column("cancel_after", String(10), nullable=True),
    Column("open_amount", String(40), nullable=False),
    Column("shipped_amount", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "partner", "po_number"), Index(None, "status"), Index(None, "sequence", unique=True),
)  # fmt: skip
"""One row per order as it stands; its events say how it came to stand so. ``settled``: all is invoiced and no invoice is open."""

order_events = Table(
    "order_events", metadata,
    Column("order_number", String(40), ForeignKey("orders.number"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("who", String(200), nullable=False),
    Column("type", String(40), nullable=False),
    Column("reference", String(80), nullable=False),
    Column("body", Text, nullable=False),
)  # fmt: skip
"""What happened; rows are only ever added."""

invoices = Table(
    "invoices", metadata,
    Column("number", String(40), primary_key=True),
    Column("order_number", String(40), ForeignKey("orders.number"), nullable=False),
    Column("partner", String(80), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("invoice_date", String(10), nullable=False),
    Column("due_date", String(10), nullable=False),
    Column("credited_invoice", String(40), nullable=False),
    Column("total", String(40), nullable=False),
    Column("paid", String(40), nullable=False),
    Column("discountable", String(40), nullable=False),
    Column("discount", String(40), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "partner", "open"), Index(None, "order_number"),
)  # fmt: skip
"""What was billed and credited, a total always positive; ``credited_invoice`` is what a credit corrects; ``paid`` is all that settles it: payments, discounts, deductions given up, credits; ``discountable`` is what of the total the ``discount`` that was told is of."""

invoice_orders = Table(
    "invoice_orders", metadata,
    Column("invoice_number", String(40), ForeignKey("invoices.number"), primary_key=True),
    Column("order_number", String(40), ForeignKey("orders.number"), primary_key=True),
    Index(None, "order_number"),
)  # fmt: skip
"""The orders that an invoice bills; one of several days or orders has several."""

open_items = Table(
    "open_items", metadata,
    Column("partner", String(80), primary_key=True),
    Column("invoice_number", String(80), primary_key=True),
    Column("due_date", String(10), nullable=False),
    Column("open_amount", String(40), nullable=False),
    Column("body", Text, nullable=False),
)  # fmt: skip
"""Receivables billed elsewhere."""

payments = Table(
    "payments", metadata,
    Column("partner", String(80), primary_key=True),
    Column("number", String(80), primary_key=True),
    Column("payment_date", String(10), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount", String(40), nullable=False),
    Column("unapplied", String(40), nullable=False),
    Column("body", Text, nullable=False),
)  # fmt: skip

account_entries = Table(
    "account_entries", metadata,
    Column("sequence", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("who", String(200), nullable=False),
    Column("partner", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("invoice_number", String(80), nullable=False),
    Column("payment_number", String(80), nullable=False),
    Column("claim_number", String(80), nullable=False),
    Column("amount", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "partner", "invoice_number"), Index(None, "partner", "payment_number"), Index(None, "claim_number"),
)  # fmt: skip
"""What happened to what partners owe; rows are only ever added."""

claims = Table(
    "claims", metadata,
    Column("number", String(40), primary_key=True),
    Column("partner", String(80), nullable=False),
    Column("invoice_number", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("amount", String(40), nullable=False),
    Column("opened_at", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "partner", "state"), Index(None, "invoice_number"),
)  # fmt: skip
"""Deductions and debits that somebody must judge."""

reminders = Table(
    "reminders", metadata,
    Column("partner", String(80), primary_key=True),
    Column("invoice_number", String(80), primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("sent_at", String(40), nullable=False),
)  # fmt: skip
"""Which dunning level left for which invoice."""

items = Table(
    "items", metadata,
    Column("sku", String(80), primary_key=True),
    Column("uom", String(10), nullable=False),
    Column("status", String(20), nullable=False),
    Column("description", Text, nullable=False),
    Column("upc", String(20), nullable=False),
    Column("ean", String(20), nullable=False),
    Column("gtin", String(20), nullable=False),
    Column("tax_code", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "upc"), Index(None, "ean"), Index(None, "gtin"),
)  # fmt: skip

item_packs = Table(
    "item_packs", metadata,
    Column("sku", String(80), ForeignKey("items.sku"), primary_key=True),
    Column("uom", String(10), primary_key=True),
    Column("quantity", String(40), nullable=False),
    Column("gtin", String(20), nullable=False),
    Index(None, "gtin"),
)  # fmt: skip
"""How many stock units a pack unit holds."""

item_ids = Table(
    "item_ids", metadata,
    Column("partner", String(80), primary_key=True),
    Column("partner_sku", String(80), primary_key=True),
    Column("sku", String(80), nullable=False),
)  # fmt: skip

prices = Table(
    "prices", metadata,
    Column("price_list", String(80), primary_key=True),
    Column("sku", String(80), primary_key=True),
    Column("uom", String(10), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("contract_number", String(80), primary_key=True),
    Column("min_quantity", String(40), primary_key=True),
    Column("valid_from", String(10), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("valid_to", String(10), nullable=False),
    Column("unit_price", String(40), nullable=False),
    Index(None, "sku"),
)  # fmt: skip

warehouses = Table(
    "warehouses", metadata,
    Column("warehouse", String(80), primary_key=True),
    Column("body", Text, nullable=False),
)  # fmt: skip

locations = Table(
    "locations", metadata,
    Column("partner", String(80), primary_key=True),
    Column("location_id", String(80), primary_key=True),
    Column("body", Text, nullable=False),
)  # fmt: skip
"""The places of a customer, by the customer's own codes."""

customers = Table(
    "customers", metadata,
    Column("partner", String(80), primary_key=True),
    Column("credit_group", String(80), nullable=False),
    Column("origin", String(400), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "credit_group"),
)  # fmt: skip
"""What the house says of a customer; it counts before the terms of the partner file."""

stock = Table(
    "stock", metadata,
    Column("warehouse", String(80), primary_key=True),
    Column("sku", String(80), primary_key=True),
    Column("on_hand", String(40), nullable=False),
    Column("blocked", String(40), nullable=False),
    Column("reserved", String(40), nullable=False),
    Column("in_question", String(40), nullable=False),
    Column("counted_at", String(40), nullable=False),
    Column("blocked_at", String(40), nullable=False),
    Index(None, "sku"),
)  # fmt: skip

stock_moves = Table(
    "stock_moves", metadata,
    Column("sequence", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("who", String(200), nullable=False),
    Column("warehouse", String(80), nullable=False),
    Column("sku", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("quantity", String(40), nullable=False),
    Column("on_hand", String(40), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("day", String(10), nullable=False),
    Index(None, "sku", "warehouse", "at"),
)  # fmt: skip
"""Every change of on hand with its reason; rows are only ever added."""

incoming = Table(
    "incoming", metadata,
    Column("warehouse", String(80), primary_key=True),
    Column("sku", String(80), primary_key=True),
    Column("reference", String(80), primary_key=True),
    Column("expected_date", String(10), primary_key=True),
    Column("quantity", String(40), nullable=False),
    Column("received", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "sku"),
)  # fmt: skip
"""Goods on their way, in stock units; what is still to come is quantity less received."""

backorders = Table(
    "backorders", metadata,
    Column("order_number", String(40), ForeignKey("orders.number"), primary_key=True),
    Column("line", String(40), primary_key=True),
    Column("sku", String(80), nullable=False),
    Column("quantity", String(40), nullable=False),
    Column("promised_date", String(10), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("requested_date", String(10), nullable=False),
    Column("sequence", Integer, nullable=False),
    Index(None, "sku"),
)  # fmt: skip
"""What waits for goods, in stock units, kept with the order."""

demand = Table(
    "demand", metadata,
    Column("sku", String(80), primary_key=True),
    Column("warehouse", String(80), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("quantity", String(40), nullable=False),
)  # fmt: skip
"""What was asked for by item and day: served, lost, rejected, or told by partners; in stock units."""

shipments = Table(
    "shipments", metadata,
    Column("number", String(80), primary_key=True),
    Column("order_number", String(40), ForeignKey("orders.number"), primary_key=True),
    Column("partner", String(80), nullable=False),
    Column("ship_date", String(10), nullable=False),
    Column("delivery_due", String(10), nullable=False),
    Column("state", String(20), nullable=False),
    Column("bol", String(80), nullable=False),
    Index(None, "order_number"), Index(None, "state", "delivery_due"), Index(None, "bol"),
)  # fmt: skip
"""What left, and how far it is."""

tracking_numbers = Table(
    "tracking_numbers", metadata,
    Column("tracking", String(80), primary_key=True),
    Column("shipment_number", String(80), primary_key=True),
    Column("order_number", String(40), ForeignKey("orders.number"), primary_key=True),
)  # fmt: skip

cartons = Table(
    "cartons", metadata,
    Column("sscc", String(20), primary_key=True),
    Column("order_number", String(40), ForeignKey("orders.number"), primary_key=True),
    Column("shipment_number", String(80), nullable=False),
    Index(None, "shipment_number"),
)  # fmt: skip
"""The serial shipping container codes that left, of cartons and pallets."""

returns = Table(
    "returns", metadata,
    Column("rma", String(40), primary_key=True),
    Column("order_number", String(40), ForeignKey("orders.number"), nullable=False),
    Column("partner", String(80), nullable=False),
    Column("return_number", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("requested_at", String(40), nullable=False),
    Column("credit_due", Boolean, nullable=False),
    Index(None, "order_number"), Index(None, "partner", "return_number"), Index(None, "state"), Index(None, "credit_due"),
)  # fmt: skip
"""Which order a return belongs to, how far it is, and whether something of it is to be credited; the rest is in the order."""

receipts = Table(
    "receipts", metadata,
    Column("id", String(40), primary_key=True),
    Column("claim", String(40), nullable=False, unique=True),
    Column("partner", String(80), nullable=False),
    Column("file_name", String(400), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("received_at", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("summary", Text, nullable=False),
    Column("batch", String(40), nullable=False),
    Column("channel", String(400), nullable=False),
    Column("documents", String(400), nullable=False),
    Column("content_removed_at", String(40), nullable=True),
    Index(None, "sha256", "partner"), Index(None, "batch"),
)  # fmt: skip
"""Files that came in; those of one ``batch`` are interpreted together. ``documents``: what it brought, by canonical name."""

workers = Table(
    "workers", metadata,
    Column("name", String(80), primary_key=True),
    Column("host", String(200), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("version", String(40), nullable=False),
    Column("started_at", String(40), nullable=False),
)  # fmt: skip
"""The processes that began to work here and whose work nobody took over; whether one lives, its lock tells."""

sliced_files = Table(
    "sliced_files", metadata,
    Column("receipt", String(40), ForeignKey("receipts.id"), primary_key=True),
    Column("total", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("counts", Text, nullable=False),
    Column("tail", Text, nullable=False),
)  # fmt: skip
"""Large files that were judged whole and are taken in slices; how many of them are open."""

slices = Table(
    "slices", metadata,
    Column("receipt", String(40), ForeignKey("sliced_files.receipt"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("waits", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Index(None, "waits"),
)  # fmt: skip
"""The places of the sets of each slice, and what it counted once it was taken."""

received_control_numbers = Table(
    "received_control_numbers", metadata,
    Column("partner", String(80), primary_key=True),
    Column("sender", String(40), primary_key=True),
    Column("receiver", String(40), primary_key=True),
    Column("control_number", String(20), primary_key=True),
    Column("received_at", String(40), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("receipt", String(40), ForeignKey("receipts.id"), nullable=False),
)  # fmt: skip

dispatches = Table(
    "dispatches", metadata,
    Column("id", String(40), primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("partner", String(80), nullable=False),
    Column("document", String(40), nullable=False),
    Column("number", String(80), nullable=False),
    Column("control_number", String(20), nullable=False),
    Column("file_name", String(400), nullable=False),
    Column("channel", String(400), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("receipt", String(40), nullable=True),
    Column("order_number", String(40), nullable=False),
    Column("delivered_at", String(40), nullable=True),
    Column("repeats", Integer, nullable=False),
    Column("notes", Text, nullable=True),
    Column("batch", String(40), nullable=False),
    Column("documents", Integer, nullable=False),
    Column("answer_due", String(40), nullable=True),
    Column("answer_state", String(20), nullable=False),
    Column("given_up_at", String(40), nullable=True),
    Column("resends", String(40), nullable=True),
    Column("content_removed_at", String(40), nullable=True),
    Index(None, "order_number"), Index(None, "receipt"), Index(None, "partner", "control_number"),
    Index(None, "batch"),
)  # fmt: skip
"""The outbox: what leaves, with its bytes, in the transaction that decided it; those of one ``batch`` leave together.

``answer_due`` stands while an answer is awaited; ``resends`` is the dispatch that it is sent again for.
"""

owed_documents = Table(
    "owed_documents", metadata,
    Column("sequence", Integer, primary_key=True),
    Column("partner", String(80), nullable=False),
    Column("bundle", String(64), nullable=False),
    Column("name", String(40), nullable=False),
    Column("number", String(80), nullable=False),
    Column("joining", String(10), nullable=False),
    Column("head", Integer, nullable=False),
    Column("channel", String(400), nullable=False),
    Column("file_name", String(400), nullable=False),
    Column("extension", String(20), nullable=False),
    Column("content", LargeBinary, nullable=True),
    Column("created_at", String(40), nullable=False),
    Column("receipt", String(40), nullable=True),
    Column("order_number", String(40), nullable=False),
    Column("notes", Text, nullable=True),
    Column("dispatch", String(40), ForeignKey("dispatches.id"), nullable=True),
    Column("set_number", String(9), nullable=False),
    Column("answer_state", String(20), nullable=False),
    Index(None, "dispatch", "bundle"), Index(None, "order_number"), Index(None, "receipt"), Index(None, "partner", "number"),
)  # fmt: skip
"""Documents that leave together: each waits with its bytes until ``dispatch`` says in which file it left, and as which set."""

dispatch_answers = Table(
    "dispatch_answers", metadata,
    Column("dispatch", String(40), ForeignKey("dispatches.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("verdict", String(1), nullable=False),
    Column("codes", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("receipt", String(40), nullable=False),
    Column("received_at", String(40), nullable=False),
    Column("set_number", String(9), nullable=False),
    Index(None, "receipt"),
)  # fmt: skip
"""What partners answered to it: TA1, 997, 999 and 824; rows are only ever added."""

file_holds = Table(
    "file_holds", metadata,
    Column("id", String(40), primary_key=True),
    Column("type", String(20), nullable=False),
    Column("code", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", String(40), nullable=False),
    Column("partner", String(80), nullable=False),
    Column("receipt", String(40), nullable=True),
    Column("file_name", String(400), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("key", String(500), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("note", Text, nullable=True),
    Column("figures", Text, nullable=True),
    Index(None, "key"),
)  # fmt: skip

counters = Table(
    "counters", metadata,
    Column("name", String(200), primary_key=True),
    Column("value", Integer, nullable=False),
)  # fmt: skip

observations = Table(
    "observations", metadata,
    Column("channel", String(400), primary_key=True),
    Column("name", String(400), primary_key=True),
    Column("signature", String(200), nullable=False),
    Column("first_seen", String(40), nullable=False),
    Column("observed_at", String(40), nullable=True),
)  # fmt: skip
"""Files seen in a folder and not taken yet: since when they look as they do; ``observed_at`` is by the real clock."""

second_opinions = Table(
    "second_opinions", metadata,
    Column("partner", String(80), primary_key=True),
    Column("mapping", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("passed", Integer, nullable=False),
)  # fmt: skip
"""How many documents in a row the independent engine passed since mapping, partner and version are what they are."""

read_documents = Table(
    "read_documents", metadata,
    Column("receipt", String(40), ForeignKey("receipts.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("partner", String(80), nullable=False),
    Column("document", String(40), nullable=False),
    Column("name", String(400), nullable=False),
    Column("mapping", String(200), nullable=False),
    Column("spec_hash", String(64), nullable=False),
    Column("today", String(10), nullable=False),
    Column("read_at", String(40), nullable=False),
    Column("content", Text, nullable=False),
    Column("problems", Text, nullable=False),
    Column("hold", String(40), nullable=True),
    Index(None, "mapping", "read_at"), Index(None, "hold"),
)  # fmt: skip
"""Each document of each file as it was read, with the mapping that read it; not master data, which is applied as it is."""

unknown_values = Table(
    "unknown_values", metadata,
    Column("number", Integer, primary_key=True),
    Column("partner", String(80), nullable=False),
    Column("mapping", String(200), nullable=False),
    Column("document", String(40), nullable=False),
    Column("field", String(200), nullable=False),
    Column("source", String(400), nullable=False),
    Column("code", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("rule", String(400), nullable=False),
    Column("times", Integer, nullable=False),
    Column("first_seen", String(40), nullable=False),
    Column("last_seen", String(40), nullable=False),
    Column("receipt", String(40), nullable=False),
    Column("file_name", String(400), nullable=False),
    Column("status", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Index(None, "partner", "mapping", "field", "source", "code", "kind", unique=True), Index(None, "status"),
)  # fmt: skip
"""Codes that no list knew and data that no rule read, counted until somebody says what they mean."""

channel_states = Table(
    "channel_states", metadata,
    Column("key", String(400), primary_key=True),
    Column("partner", String(80), nullable=False),
    Column("direction", String(3), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("since", String(40), nullable=True),
    Column("retry_at", String(40), nullable=True),
    Column("next_poll", String(40), nullable=True),
    Column("last_ok", String(40), nullable=True),
    Column("code", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "partner"),
)  # fmt: skip
"""How each channel is that was used: well, failing ``since`` the first failure in a row, or stopped until somebody acts."""

remote_files = Table(
    "remote_files", metadata,
    Column("channel", String(400), primary_key=True),
    Column("name", String(400), primary_key=True),
    Column("signature", String(200), primary_key=True),
    Column("raw_name", Text, nullable=True),
    Column("claim", String(40), nullable=True, unique=True),
    Column("receipt", String(40), nullable=True),
    Column("state", String(20), nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", String(40), nullable=False),
    Index(None, "channel", "state"), Index(None, "at"),
)  # fmt: skip
"""Files on servers of partners, each as it looked, and how far it is taken; ``raw_name`` where the name had to be written otherwise."""

attempts = Table(
    "attempts", metadata,
    Column("dispatch", String(40), ForeignKey("dispatches.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("error", Text, nullable=False),
    Index(None, "at", "dispatch", "number"),
)  # fmt: skip
"""Tries to hand over what leaves: those that failed, and all to servers of partners."""

alerts = Table(
    "alerts", metadata,
    Column("id", String(40), primary_key=True),
    Column("key", String(500), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("code", String(40), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("partner", String(80), nullable=False),
    Column("document", String(40), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("cause", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("risk", String(40), nullable=True),
    Column("currency", String(3), nullable=False),
    Column("opened_at", String(40), nullable=False),
    Column("closed_at", String(40), nullable=True),
    Column("times", Integer, nullable=False),
    Column("note", Text, nullable=True),
    Index(None, "key"), Index(None, "cause"),
)  # fmt: skip
"""What somebody must be told; of each ``key`` one is open at most, ``times`` counts how often it was met."""

alert_notices = Table(
    "alert_notices", metadata,
    Column("id", String(40), primary_key=True),
    Column("alert", String(40), ForeignKey("alerts.id"), nullable=True),
    Column("route", String(80), nullable=False),
    Column("change", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Column("due_at", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text, nullable=True),
    Column("sent_at", String(40), nullable=True),
    UniqueConstraint("alert", "route", "change"),
)  # fmt: skip
"""Each change of an alert that goes over a route, once; without a route it waits to be shared out, a digest has no alert."""

clocks = Table(
    "clocks", metadata,
    Column("key", String(300), primary_key=True),
    Column("measure", String(40), nullable=False),
    Column("partner", String(80), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("started_at", String(40), nullable=False),
    Column("due_at", String(40), nullable=False),
    Column("stopped_at", String(40), nullable=True),
    Column("state", String(10), nullable=False),
    Column("risk", String(40), nullable=True),
    Column("currency", String(3), nullable=False),
    Index(None, "partner", "state"),
)  # fmt: skip
"""What was promised to be done by when, and what is at risk; a clock that is missed runs on until it is stopped."""

expected_files = Table(
    "expected_files", metadata,
    Column("key", String(300), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("receipt", String(40), nullable=True),
    Column("at", String(40), nullable=False),
)  # fmt: skip
"""Which file that a partner is to bring on a day came, did not, or came late."""

audit = Table(
    "audit", metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("who", String(200), nullable=False),
    Column("action", String(60), nullable=False),
    Column("partner", String(80), nullable=False),
    Column("subject", String(400), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "subject"),
)  # fmt: skip
"""Who did what, each row bound to the one before it; triggers of the database refuse to change or remove one."""

bans = Table(
    "bans", metadata,
    Column("address", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", String(40), nullable=False),
    Column("banned_until", String(40), nullable=True),
)  # fmt: skip
"""Addresses that failed to log in."""

site = Table(
    "site", metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)  # fmt: skip
"""What the site knows of itself."""

TO_RELEASE = orders.c.waits_for_release.is_(true())
TO_INVOICE = orders.c.waits_for_invoice.is_(true())
SETTLED = orders.c.settled.is_(true())
UNANSWERED = orders.c.answer_due.is_not(None)
CANCELLABLE = orders.c.cancel_after.is_not(None)
OWED = (orders.c.open_amount != literal_column("'0'")) | (orders.c.shipped_amount != literal_column("'0'"))
NAMED = order_events.c.reference != literal_column("''")
OPEN_CREDIT = invoices.c.open.is_(true()) & (invoices.c.kind == literal_column("'credit'"))
CORRECTS = invoices.c.credited_invoice != literal_column("''")
UNREAD = receipts.c.state == literal_column("'received'")
UNDELIVERED = dispatches.c.state.in_([literal_column("'ready'"), literal_column("'staged'")])
WAITING = file_holds.c.open.is_(true())
AWAITED = dispatches.c.answer_due.is_not(None)
OPEN_ALERT = alerts.c.closed_at.is_(None)
UNSENT = alert_notices.c.state == literal_column("'waiting'")
RUNNING = clocks.c.stopped_at.is_(None)
KEPT_FILE = receipts.c.content_removed_at.is_(None)
KEPT_DISPATCH = dispatches.c.content_removed_at.is_(None) & dispatches.c.state.in_(
    [literal_column("'delivered'"), literal_column("'cancelled'")]
)
SENT = alert_notices.c.state != literal_column("'waiting'")
CLOSED_ALERT = alerts.c.closed_at.is_not(None)
"""What is open, and what is kept for so long only, as SQL without parameters: a database reads a partial index only where its condition is said word for word."""

for _name, _columns, _open in (
    ("ix_orders_to_release", [orders.c.sequence], TO_RELEASE),
    ("ix_orders_to_invoice", [orders.c.sequence], TO_INVOICE),
    ("ix_orders_settled", [orders.c.sequence], SETTLED),
    ("ix_orders_unanswered", [orders.c.sequence], UNANSWERED),
    ("ix_orders_cancellable", [orders.c.cancel_after], CANCELLABLE),
    ("ix_orders_owed", [orders.c.partner], OWED),
    ("ix_order_events_named", [order_events.c.reference, order_events.c.type], NAMED),
    ("ix_invoices_open_credits", [invoices.c.number], OPEN_CREDIT),
    ("ix_invoices_corrects", [invoices.c.credited_invoice], CORRECTS),
    ("ix_receipts_unread", [receipts.c.received_at], UNREAD),
    ("ix_dispatches_undelivered", [dispatches.c.sequence], UNDELIVERED),
    ("ix_file_holds_waiting", [file_holds.c.reference], WAITING),
    ("ix_dispatches_awaited", [dispatches.c.answer_due], AWAITED),
    ("ix_alerts_open", [alerts.c.opened_at], OPEN_ALERT),
    ("ix_alert_notices_waiting", [alert_notices.c.due_at], UNSENT),
    ("ix_clocks_running", [clocks.c.due_at], RUNNING),
    ("ix_receipts_kept", [receipts.c.received_at, receipts.c.id], KEPT_FILE),
    ("ix_dispatches_kept", [dispatches.c.created_at, dispatches.c.id], KEPT_DISPATCH),
    ("ix_file_holds_of_receipt", [file_holds.c.receipt], WAITING),
    ("ix_alert_notices_done", [alert_notices.c.due_at, alert_notices.c.id], SENT),
    ("ix_alerts_closed", [alerts.c.closed_at, alerts.c.id], CLOSED_ALERT),
):
    # an index of what is open is as small as that, however long the history is; one of what is kept begins with the oldest
    Index(_name, *_columns, sqlite_where=_open, postgresql_where=_open)

for _column in (each for table in metadata.tables.values() for each in table.columns):
    # PostgreSQL counts and limits differently: its text has no length and sorts by code as SQLite's does, its numbers are long
    if isinstance(_column.type, String):
        _column.type = _column.type.with_variant(Text(collation="C"), "postgresql")
    elif isinstance(_column.type, Integer):
        _column.type = _column.type.with_variant(BigInteger(), "postgresql")
