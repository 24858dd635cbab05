"""Everything between the order and the cash: goods coming, shipments, invoices, payments, claims, returns, master data."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables and complete those of orders and invoices."""
    _orders_and_invoices()
    _what_waits()
    _money()
    _goods()
    _on_the_way()


def _orders_and_invoices() -> None:
    op.add_column("orders", sa.Column("answer_due", sa.String(40), nullable=True))
    op.add_column("orders", sa.Column("cancel_after", sa.String(10), nullable=True))
    op.create_index(op.f("ix_orders_sequence"), "orders", ["sequence"], unique=True)
    op.drop_index(op.f("ix_invoices_partner"), "invoices")
    op.add_column("invoices", sa.Column("kind", sa.String(10), nullable=False, server_default="invoice"))
    op.add_column("invoices", sa.Column("invoice_date", sa.String(10), nullable=False, server_default=""))
    op.add_column("invoices", sa.Column("due_date", sa.String(10), nullable=False, server_default=""))
    op.add_column("invoices", sa.Column("credited_invoice", sa.String(40), nullable=False, server_default=""))
    op.add_column("invoices", sa.Column("discountable", sa.String(40), nullable=False, server_default="0"))
    op.add_column("invoices", sa.Column("discount", sa.String(40), nullable=False, server_default="0"))
    op.add_column("invoices", sa.Column("open", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("invoices", sa.Column("body", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_invoices_partner_open"), "invoices", ["partner", "open"], unique=False)
    op.create_index(op.f("ix_invoices_credited_invoice"), "invoices", ["credited_invoice"], unique=False)
    op.create_index(op.f("ix_invoices_order_number"), "invoices", ["order_number"], unique=False)


def _money() -> None:
    op.create_table(
        "invoice_orders",
        sa.Column("invoice_number", sa.String(40), nullable=False),
        sa.Column("order_number", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["invoice_number"], ["invoices.number"], name=op.f("fk_invoice_orders_invoice_number")),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name=op.f("fk_invoice_orders_order_number")),
        sa.PrimaryKeyConstraint("invoice_number", "order_number", name=op.f("pk_invoice_orders")),
    )
    op.create_index(op.f("ix_invoice_orders_order_number"), "invoice_orders", ["order_number"], unique=False)
    op.create_table(
        "open_items",
        sa.Column("partner", sa.String(80), nullable=False),
        sa.Column("invoice_number", sa.String(80), nullable=False),
        sa.Column("due_date", sa.String(10), nullable=False),
        sa.Column("open_amount", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "invoice_number", name=op.f("pk_open_items")),
    )
    op.create_table(
        "payments",
        sa.Column("partner", sa.String(80), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("payment_date", sa.String(10), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", sa.String(40), nullable=False),
        sa.Column("unapplied", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "number", name=op.f("pk_payments")),
    )
    op.create_table(
        "account_entries",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("partner", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("invoice_number", sa.String(80), nullable=False),
        sa.Column("payment_number", sa.String(80), nullable=False),
        sa.Column("claim_number", sa.String(80), nullable=False),
        sa.Column("amount", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_account_entries")),
    )
    op.create_index(op.f("ix_account_entries_claim_number"), "account_entries", ["claim_number"], unique=False)
    op.create_index(
        op.f("ix_account_entries_partner_invoice_number"),
        "account_entries",
        ["partner", "invoice_number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_account_entries_partner_payment_number"),
        "account_entries",
        ["partner", "payment_number"],
        unique=False,
    )
    op.create_table(
        "claims",
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("partner", sa.String(80), nullable=False),
        sa.Column("invoice_number", sa.String(80), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("amount", sa.String(40), nullable=False),
        sa.Column("opened_at", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_invoice_number"), "claims", ["invoice_number"], unique=False)
    op.create_index(op.f("ix_claims_partner_state"), "claims", ["partner", "state"], unique=False)
    op.create_table(
        "reminders",
        sa.Column("partner", sa.String(80), nullable=False),
        sa.Column("invoice_number", sa.String(80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("partner", "invoice_number", "level", name=op.f("pk_reminders")),
    )


def _goods() -> None:
    op.add_column("stock", sa.Column("blocked_at", sa.String(40), nullable=False, server_default=""))
    op.create_table(
        "locations",
        sa.Column("partner", sa.String(80), nullable=False),
        sa.Column("location_id", sa.String(80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "location_id", name=op.f("pk_locations")),
    )
    op.create_table(
        "customers",
        sa.Column("partner", sa.String(80), nullable=False),
        sa.Column("credit_group", sa.String(80), nullable=False),
        sa.Column("origin", sa.String(400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("partner", name=op.f("pk_customers")),
    )
    op.create_index(op.f("ix_customers_credit_group"), "customers", ["credit_group"], unique=False)
    op.create_table(
        "stock_moves",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("warehouse", sa.String(80), nullable=False),
        sa.Column("sku", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("quantity", sa.String(40), nullable=False),
        sa.Column("on_hand", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_stock_moves")),
    )
    op.create_index(op.f("ix_stock_moves_sku_warehouse"), "stock_moves", ["sku", "warehouse"], unique=False)
    op.create_table(
        "incoming",
        sa.Column("warehouse", sa.String(80), nullable=False),
        sa.Column("sku", sa.String(80), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("expected_date", sa.String(10), nullable=False),
        sa.Column("quantity", sa.String(40), nullable=False),
        sa.Column("received", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("warehouse", "sku", "reference", "expected_date", name=op.f("pk_incoming")),
    )
    op.create_index(op.f("ix_incoming_sku"), "incoming", ["sku"], unique=False)
    op.create_table(
        "backorders",
        sa.Column("order_number", sa.String(40), nullable=False),
        sa.Column("line", sa.String(40), nullable=False),
        sa.Column("sku", sa.String(80), nullable=False),
        sa.Column("quantity", sa.String(40), nullable=False),
        sa.Column("promised_date", sa.String(10), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("requested_date", sa.String(10), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name=op.f("fk_backorders_order_number")),
        sa.PrimaryKeyConstraint("order_number", "line", name=op.f("pk_backorders")),
    )
    op.create_index(op.f("ix_backorders_sku"), "backorders", ["sku"], unique=False)
    op.create_table(
        "demand",
        sa.Column("sku", sa.String(80), nullable=False),
        sa.Column("warehouse", sa.String(80), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("quantity", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("sku", "warehouse", "day", "kind", name=op.f("pk_demand")),
    )


def _on_the_way() -> None:
    op.create_table(
        "shipments",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("order_number", sa.String(40), nullable=False),
        sa.Column("partner", sa.String(80), nullable=False),
        sa.Column("ship_date", sa.String(10), nullable=False),
        sa.Column("delivery_due", sa.String(10), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("bol", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name=op.f("fk_shipments_order_number")),
        sa.PrimaryKeyConstraint("number", "order_number", name=op.f("pk_shipments")),
    )
    op.create_index(op.f("ix_shipments_order_number"), "shipments", ["order_number"], unique=False)
    op.create_index(op.f("ix_shipments_state_delivery_due"), "shipments", ["state", "delivery_due"], unique=False)
    op.create_table(
        "tracking_numbers",
        sa.Column("tracking", sa.String(80), nullable=False),
        sa.Column("shipment_number", sa.String(80), nullable=False),
        sa.Column("order_number", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name=op.f("fk_tracking_numbers_order_number")),
        sa.PrimaryKeyConstraint("tracking", "shipment_number", "order_number", name=op.f("pk_tracking_numbers")),
    )
    op.create_table(
        "cartons",
        sa.Column("sscc", sa.String(20), nullable=False),
        sa.Column("order_number", sa.String(40), nullable=False),
        sa.Column("shipment_number", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name=op.f("fk_cartons_order_number")),
        sa.PrimaryKeyConstraint("sscc", "order_number", name=op.f("pk_cartons")),
    )
    op.create_index(op.f("ix_cartons_shipment_number"), "cartons", ["shipment_number"], unique=False)
    op.create_table(
        "returns",
        sa.Column("rma", sa.String(40), nullable=False),
        sa.Column("order_number", sa.String(40), nullable=False),
        sa.Column("partner", sa.String(80), nullable=False),
        sa.Column("return_number", sa.String(80), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("requested_at", sa.String(40), nullable=False),
        sa.Column("credit_due", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name=op.f("fk_returns_order_number")),
        sa.PrimaryKeyConstraint("rma", name=op.f("pk_returns")),
    )
    op.create_index(op.f("ix_returns_order_number"), "returns", ["order_number"], unique=False)
    op.create_index(op.f("ix_returns_partner_return_number"), "returns", ["partner", "return_number"], unique=False)
    op.create_index(op.f("ix_returns_state"), "returns", ["state"], unique=False)
    op.create_index(op.f("ix_returns_credit_due"), "returns", ["credit_due"], unique=False)


def _what_waits() -> None:
    """What waits is looked for in every run, however many orders there are."""
    for columns in (
        ["waits_for_release", "sequence"],
        ["waits_for_invoice", "sequence"],
        ["answer_due"],
        ["cancel_after"],
    ):
        op.create_index(op.f(f"ix_orders_{'_'.join(columns)}"), "orders", columns, unique=False)
    op.create_index(op.f("ix_file_holds_key"), "file_holds", ["key"], unique=False)
