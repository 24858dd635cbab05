"""The worked examples of the mapping language that write files other than X12, and the built-ins that do."""

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from gateway.canonical.base import Canonical
from gateway.canonical.registry import DOCUMENTS
from gateway.config import mapping_files
from gateway.kernel.problem import has_errors
from gateway.mapping import canonical_text, outbound
from gateway.mapping.environment import Environment
from gateway.mapping.outbound import Written
from gateway.mapping.prepare import PreparedMapping, prepare
from tests.preparing import prepared_once

HERE = Path(__file__).parent / "examples"
GOLDEN = Path(__file__).parent / "golden"
BUILT_IN = (
    "csv/dunning", "csv/file-receipt", "csv/invoices", "csv/order-receipt", "csv/replenishment", "csv/return-answer", "csv/ship-notice", "csv/transfers", "csv/warehouse-orders",
    "json/file-receipt", "json/order", "json/order-receipt", "text/dunning-letter", "xml/file-receipt", "xml/order-receipt", "xml/ubl-despatch-advice", "xml/ubl-invoice", "xml/ubl-order-response",
)  # fmt: skip
ENV = Environment(params={"vendor_number": "553311"}, today=date(2026, 11, 12))


def installed(case: str, folder: Path, name: str, tables: tuple[str, ...] = ()) -> None:
    """A printed mapping in the folder of a site; one with the name of a built-in gets another owner."""
    path = folder / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    printed = (HERE / case / "printed.yaml").read_text(encoding="utf-8")
    path.write_text(printed.replace(": xml/", ": printed-xml/"), encoding="utf-8")
    for table in tables:
        (path.parent / "tables").mkdir(exist_ok=True)
        (path.parent / "tables" / table).write_bytes((HERE / case / table).read_bytes())


def mapping(folder: Path, name: str) -> PreparedMapping:
    prepared, problems = prepare(name, site_mappings=folder)
    assert prepared is not None, [str(each) for each in problems]
    assert not has_errors(problems)
    return prepared


def document(case: str, kind: str) -> Canonical:
    path = HERE / case / "input.yaml"
    read = canonical_text.read(path.read_text(encoding="utf-8"), DOCUMENTS[kind], path.name)
    assert read.problems == ()
    (found,) = read.documents
    return found


def written(case: str, prepared: PreparedMapping) -> Written:
    result = outbound.run(prepared, [document(case, prepared.document)], ENV)
    assert result.problems == ()
    return result


def test_the_printed_accounting_file_is_written_byte_for_byte(tmp_path: Path) -> None:
    installed("accounting", tmp_path, "accounting/invoices", tables=("revenue-accounts.csv",))
    content = written("accounting", mapping(tmp_path, "accounting/invoices")).content
    expected = (HERE / "accounting/expected.csv").read_text(encoding="utf-8")
    assert content == expected.replace("\n", "\r\n").encode("cp1252")


CHILDREN = {
    "Invoice": "UBLVersionID ID IssueDate DueDate InvoiceTypeCode Note DocumentCurrencyCode BuyerReference OrderReference BillingReference DespatchDocumentReference AccountingSupplierParty AccountingCustomerParty Delivery PaymentTerms AllowanceCharge TaxTotal LegalMonetaryTotal InvoiceLine",
    "InvoiceLine": "ID Note InvoicedQuantity LineExtensionAmount AllowanceCharge Item Price",
    "OrderResponse": "UBLVersionID ID SalesOrderID IssueDate OrderResponseCode Note DocumentCurrencyCode CustomerReference OrderReference SellerSupplierParty BuyerCustomerParty Delivery OrderLine",
    "OrderLine": "LineItem OrderLineReference",
    "LineItem": "ID LineStatusCode Quantity Delivery Price Item",
    "DespatchAdvice": "UBLVersionID ID IssueDate IssueTime Note OrderReference DespatchSupplierParty DeliveryCustomerParty Shipment DespatchLine",
    "DespatchLine": "ID DeliveredQuantity OrderLineReference Item Shipment",
    "Shipment": "ID GrossWeightMeasure TotalTransportHandlingUnitQuantity Consignment Delivery TransportHandlingUnit",
    "Party": "PartyIdentification PartyName PostalAddress",
    "PostalAddress": "StreetName AdditionalStreetName CityName PostalZone CountrySubentity Country",
    "Delivery": "DeliveryLocation PromisedDeliveryPeriod EstimatedDeliveryPeriod DeliveryParty Despatch",
    "Item": "Name BuyersItemIdentification SellersItemIdentification StandardItemIdentification ItemInstance",
    "AllowanceCharge": "ChargeIndicator AllowanceChargeReasonCode AllowanceChargeReason MultiplierFactorNumeric Amount",
    "LegalMonetaryTotal": "LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount AllowanceTotalAmount ChargeTotalAmount PayableAmount",
    "TaxSubtotal": "TaxAmount Percent TaxCategory",
}  # fmt: skip
"""The elements of UBL 2.1 that we write, each parent's in the order of its schema."""


def in_order(root: etree._Element) -> None:
    """Every element has its children in the order that UBL wants."""
    for element in root.iter():
        wanted = CHILDREN.get(etree.QName(element).localname, "").split()
        if wanted:
            at = [wanted.index(etree.QName(child).localname) for child in element]
            assert at == sorted(at), etree.QName(element).localname


def test_the_printed_ubl_invoice_has_its_elements_in_the_order_that_ubl_wants(tmp_path: Path) -> None:
    installed("ubl-invoice", tmp_path, "printed-xml/ubl-invoice")
    content = written("ubl-invoice", mapping(tmp_path, "printed-xml/ubl-invoice")).content
    assert content == (HERE / "ubl-invoice/expected.xml").read_bytes()
    in_order(etree.fromstring(content))


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_that_writes_a_file_writes_its_golden_file(name: str) -> None:
    prepared, problems = prepared_once(name)
    assert prepared is not None
    assert problems == ()
    case = GOLDEN / name
    read = canonical_text.read((case / "input.yaml").read_text(encoding="utf-8"), prepared.model, f"{name}.yaml")
    assert read.problems == ()
    result = outbound.run(prepared, read.documents, ENV)
    assert result.problems == ()
    assert result.content == (case / f"expected.{prepared.format}").read_bytes()
    if prepared.format == "xml":
        in_order(etree.fromstring(result.content))


def test_every_built_in_that_writes_a_file_has_a_golden_case() -> None:
    files = {name for name in mapping_files.builtin_names() if not name.startswith("x12/")}
    writing = {name for name in files if (found := prepared_once(name)[0]) and found.direction == "out"}
    assert writing == set(BUILT_IN)
