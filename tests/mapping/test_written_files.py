"""The worked examples of the mapping language that write files other than X12, and the built-ins that do."""

from datetime import date
from pathlib import Path

from lxml import etree

from gateway.canonical.base import Canonical
from gateway.canonical.registry import DOCUMENTS
from gateway.kernel.problem import has_errors
from gateway.mapping import canonical_text, outbound
from gateway.mapping.environment import Environment
from gateway.mapping.outbound import Written
from gateway.mapping.prepare import PreparedMapping, prepare

HERE = Path(__file__).parent / "examples"
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


ORDER = (
    "ID", "IssueDate", "DueDate", "InvoiceTypeCode", "DocumentCurrencyCode", "OrderReference",
    "AccountingCustomerParty", "LegalMonetaryTotal", "InvoiceLine", "InvoiceLine",
)  # fmt: skip


def test_the_printed_ubl_invoice_has_its_elements_in_the_order_that_ubl_wants(tmp_path: Path) -> None:
    installed("ubl-invoice", tmp_path, "printed-xml/ubl-invoice")
    content = written("ubl-invoice", mapping(tmp_path, "printed-xml/ubl-invoice")).content
    assert content == (HERE / "ubl-invoice/expected.xml").read_bytes()
    root = etree.fromstring(content)
    assert tuple(etree.QName(each).localname for each in root) == ORDER
