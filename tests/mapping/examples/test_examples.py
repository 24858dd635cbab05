"""The worked examples of the mapping language that write: the printed mapping gives the printed bytes."""

from datetime import UTC, date, datetime
from pathlib import Path

from lxml import etree

from gateway.canonical.base import Canonical
from gateway.canonical.registry import DOCUMENTS
from gateway.formats.x12 import emit, guide, verify
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import Envelope
from gateway.kernel.problem import has_errors
from gateway.mapping import canonical_text, outbound
from gateway.mapping.environment import Environment
from gateway.mapping.outbound import Written
from gateway.mapping.prepare import PreparedMapping, prepare

HERE = Path(__file__).parent
ENV = Environment(params={"vendor_number": "553311"}, today=date(2026, 11, 12))
ENVELOPE = Envelope(
    "ZZ", "MYDISTRIB", "ZZ", "PARTNER", "MYDISTRIB", "PARTNER", "004010", "P", Separators("*", ">", "", "~"), "\n"
)


def installed(case: str, folder: Path, name: str, text: str = "printed.yaml", tables: tuple[str, ...] = ()) -> None:
    """A printed mapping in the folder of a site; one with the name of a built-in gets another owner."""
    path = folder / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    printed = (HERE / case / text).read_text(encoding="utf-8")
    for owner in ("x12", "xml"):
        printed = printed.replace(f": {owner}/", f": printed-{owner}/")
    path.write_text(printed, encoding="utf-8")
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


def as_set(case: str, prepared: PreparedMapping) -> str:
    """The set from ST to SE as it would leave, one segment a line; it is read again without a fault."""
    layout = guide.load("004010", prepared.set_id)
    assert layout is not None
    bodies = written(case, prepared).bodies
    emitted = emit.interchange(
        ENVELOPE, functional_id=layout.functional_group, set_id=prepared.set_id, sets=bodies, isa13=1, gs06=1,
        now=datetime(2026, 11, 12, tzinfo=UTC),
    )  # fmt: skip
    assert emitted.faults == ()
    assert verify.faults(emitted.content, bodies, emitted.changes) == []
    lines = emitted.content.decode().splitlines(keepends=True)
    return "".join(lines[2:-2])


def test_the_printed_855_writes_the_printed_set(tmp_path: Path) -> None:
    installed("acknowledgment", tmp_path, "printed-x12/855")
    found = as_set("acknowledgment", mapping(tmp_path, "printed-x12/855"))
    assert found == (HERE / "acknowledgment/expected.edi").read_text()


def test_the_printed_810_writes_the_printed_set(tmp_path: Path) -> None:
    installed("invoice", tmp_path, "printed-x12/810")
    found = as_set("invoice", mapping(tmp_path, "printed-x12/810"))
    assert found == (HERE / "invoice/expected.edi").read_text()


def test_the_printed_856_with_the_differences_of_a_partner_writes_the_printed_set(tmp_path: Path) -> None:
    installed("ship-notice", tmp_path, "printed-x12/856")
    installed("ship-notice", tmp_path, "bigmart/856", "bigmart.yaml", ("bigmart-stores.csv",))
    found = as_set("ship-notice", mapping(tmp_path, "bigmart/856"))
    assert found == (HERE / "ship-notice/expected.edi").read_text()


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
