"""The canonical documents: their names, the fields that mappings may rely on, and the fields of a site's own."""

import inspect
from collections.abc import Iterator
from datetime import date

import pytest

from gateway.canonical.base import Canonical, Extensible, attribute, build
from gateway.canonical.house import ConfirmedCarton, Item, ShipConfirmation, ShipConfirmationRow
from gateway.canonical.order import Order
from gateway.canonical.registry import DOCUMENTS
from gateway.mapping import catalogue

NAMES = """
order order_change acknowledgment change_acknowledgment order_receipt order_status shipment invoice payment
return_request return_answer warehouse_order ship_confirmation delivery item item_id price warehouse stock incoming
goods_receipt inventory advice file_receipt
customer open_item location tracking replenishment transfer catalog claim dunning
"""

IDS = "vendor_sku buyer_sku upc ean gtin case_code isbn style color size"
PARTY = "id id_type name name2 address1 address2 city state postal_code country contact phone email"
ALLOWANCE = "kind code amount percent rate quantity uom method description"
LINE = (
    "number quantity* uom* unit_price price_basis extended_price description ids pack dates.ship_requested "
    "dates.delivery_requested allowances allocations notes references"
)

PROMISED = {
    "order": "po_number* po_date purpose order_type release_number contract_number acknowledgment_type currency department "
    "vendor_number promotion customer_order_number fob payment_terms dates.ship_requested dates.ship_not_before "
    "dates.ship_no_later dates.delivery_requested dates.deliver_not_before dates.deliver_no_later dates.cancel_after "
    "routing.carrier_scac routing.carrier_name routing.method instructions.backorder instructions.substitution buyer seller "
    "ship_to bill_to mark_for references notes allowances taxes lines totals.lines totals.amount",
    "order.lines": f"{LINE} ship_to schedule components",
    "order.lines.allocations": "location* quantity* uom",
    "acknowledgment": "po_number po_date ack_date status department vendor_number currency ship_to seller lines",
    "acknowledgment.lines": f"{LINE} statuses",
    "acknowledgment.lines.statuses": "code* quantity uom ship_date",
    "shipment": "shipment_number* ship_date ship_time delivery_date bol pro_number carrier_scac carrier_name carton_count "
    "weight weight_uom ship_from ship_to orders",
    "shipment.orders": "po_number po_date department vendor_number carton_count weight buyer packs pallets items",
    "shipment.orders.packs": "sscc pallet_sscc weight store tracking items",
    "shipment.orders.pallets": "sscc packs",
    "shipment.orders.items": "line_number ids quantity uom ordered description lot expiry",
    "invoice": "invoice_number* invoice_date due_date po_number po_date currency kind customer.account customer.name department "
    "vendor_number bill_to ship_to remit_to bol carrier carrier_scac ship_date terms.discount_percent terms.discount_days "
    "terms.net_days terms.description allowances taxes lines totals.goods totals.allowances totals.charges totals.tax "
    "totals.amount",
    "invoice.lines": f"{LINE} invoiced amount tax_code gl_account discount_percent taxes",
    "invoice.taxes": "kind rate amount",
    "item": "sku* description uom* status upc ean gtin pack_uom pack_quantity weight weight_uom substitute_sku tax_code "
    "reorder_point order_up_to lead_time_days",
    "item_id": "partner* partner_sku* sku*",
    "price": "price_list* sku* uom* unit_price* kind contract_number currency min_quantity valid_from valid_to",
    "customer": "partner* credit_limit credit_status credit_group price_list net_days",
    "open_item": "partner* invoice_number* due_date* open_amount*",
    "location": "partner* location_id* name address1 city state postal_code country warehouse tax_region status",
    "warehouse": "warehouse* name address1 city state postal_code country cutoff working_days",
    "stock": "warehouse* sku* on_hand* counted_at quality",
    "incoming": "warehouse* sku* quantity* expected_date* reference supplier ordered_date",
    "goods_receipt": "warehouse* sku* quantity* reference received_date supplier",
    "ship_confirmation": "shipment_number* ship_date* carrier_scac service bol pro freight_charge warehouse rows",
    "ship_confirmation.rows": "order_number partner po_number line* sku quantity* uom sscc pallet_sscc store tracking weight "
    "weight_uom",
    "delivery": "shipment_number* delivered_date*",
    "tracking": "tracking shipment_number event* at* eta signed_by quantity reason",
    "order_change": "po_number* lines",
    "order_change.lines": "number action* quantity unit_price dates.delivery_requested",
    "return_request": "po_number* lines",
    "return_request.lines": "line quantity* reason*",
    "payment": "payment_number* payment_date* partner* amount* currency remittances",
    "payment.remittances": "invoice_number paid discount deduction reason",
    "warehouse_order": "action priority service freight_terms cancel_after notes packing_instructions label_format order_number* "
    "warehouse* partner* po_number* ship_to ship_not_before ship_no_later carrier_scac lines*",
    "warehouse_order.lines": "line* store upc lot sku* description quantity* uom*",
    "order_receipt": "po_number* lines",
    "order_receipt.lines": "line* sku status* quantity unit_price promised_date reason",
    "file_receipt": "file_name* status* lines",
    "file_receipt.lines": "position status* code* reason* next_step*",
}
"""What the language's catalogue and the feeds name; ``*`` is required."""


def model_of(place: str) -> type[Canonical]:
    document, *lists = place.split(".")
    model = DOCUMENTS[document]
    for name in lists:
        inner = catalogue.fields_of(model)[name].model
        assert inner is not None
        model = inner
    return model


def every_model(model: type[Canonical]) -> Iterator[type[Canonical]]:
    yield model
    for each in catalogue.fields_of(model).values():
        if each.model is not None:
            yield from every_model(each.model)


def test_every_document_has_its_name() -> None:
    assert set(DOCUMENTS) == set(NAMES.split())


@pytest.mark.parametrize("place", PROMISED)
def test_a_mapping_can_name_what_the_language_promises(place: str) -> None:
    model = model_of(place)

    for word in PROMISED[place].split():
        found = catalogue.find(model, word.removesuffix("*"))
        assert found is not None, f"{place}.{word}"
        assert found.required == word.endswith("*"), f"{place}.{word}"


@pytest.mark.parametrize(
    ("place", "words"), [("order.ship_to", PARTY), ("order.lines.ids", IDS), ("order.allowances", ALLOWANCE)]
)
def test_parts_are_the_same_everywhere(place: str, words: str) -> None:
    assert set(words.split()) <= set(catalogue.fields_of(model_of(place)))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_and_their_lines_take_fields_of_the_site(document: str) -> None:
    model = DOCUMENTS[document]
    lines = [each.model for name, each in catalogue.fields_of(model).items() if name == "lines"]

    for each in (model, *lines):
        assert each is not None
        assert issubclass(each, Extensible)
        assert catalogue.find(each, "custom.season", ("season",)) == catalogue.CatalogueField(
            "custom.season", "text", required=False
        )
        assert catalogue.reaches(each, "custom.season", ("season",))
        assert "custom.season" in catalogue.dotted_names(each, ("season",))


@pytest.mark.parametrize("name", ["custom", "custom.saeson", "custom.season.x"])
def test_a_field_of_the_site_must_be_declared(name: str) -> None:
    assert catalogue.find(Order, name, ("season",)) is None
    assert not catalogue.reaches(Order, name, ("season",))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_model_is_frozen_closed_and_documented(document: str) -> None:
    for each in every_model(DOCUMENTS[document]):
        assert each.model_config["frozen"]
        assert each.model_config["extra"] == "forbid"
        assert inspect.cleandoc(each.__doc__ or "") != inspect.cleandoc(Canonical.__doc__ or "")


def test_a_field_of_the_site_is_kept_with_the_document_and_read_by_its_name() -> None:
    item = build(Item, {"sku": "A", "uom": "EA", "custom": {"season": "FALL"}})

    assert isinstance(item, Item)
    assert attribute(item, "custom.season") == "FALL"
    assert attribute(item, "custom.colour") is None


def test_a_row_of_a_carton_takes_what_its_carton_and_its_file_say() -> None:
    confirmed = ShipConfirmation(
        shipment_number="S-1", ship_date=date(2026, 11, 20), order_number="SO-1",
        rows=(ShipConfirmationRow(line="1", quantity="2"),),
        cartons=(
            ConfirmedCarton(
                sscc="00106141411234567897", tracking="1Z1",
                rows=(ShipConfirmationRow(line="2", quantity="3", tracking="1Z2"),),
            ),
        ),
    )  # fmt: skip

    loose, packed = confirmed.every_row()

    assert (loose.order_number, loose.sscc) == ("SO-1", None)
    assert (packed.order_number, packed.sscc, packed.tracking) == ("SO-1", "00106141411234567897", "1Z2")
