"""Every invoice that ever left says the same in every format, adds up, and bills what the ship notice told."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from tests.golden.reading import Told, documents, order_of, prices, shipped, told_by
from tests.golden.test_golden import CASES, HERE, files_of, play


def documents_of(files: dict[str, bytes]) -> list[tuple[str, bytes]]:
    """Every document by the name of its file."""
    return [(name, each) for name, content in files.items() for each in documents(name, content)]


def bills_of(files: dict[str, bytes]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    for name, content in documents_of(files):
        told = told_by(name, content)
        if told is not None:
            found[told.number].append(told)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_every_file_of_an_invoice_says_the_same_and_adds_up(case: Path) -> None:
    for number, files in bills_of(files_of(case / "expected")).items():
        assert all(each.adds_up() for each in files), number
        first, *others = files
        for each in others:
            assert (each.total, each.goods, each.allowances, each.charges, each.tax, each.is_credit) == (
                first.total, first.goods, first.allowances, first.charges, first.tax, first.is_credit
            ), number  # fmt: skip
            assert each.quantities == first.quantities, number


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_what_is_invoiced_of_a_shipment_is_what_its_notice_told(case: Path) -> None:
    files = documents_of(files_of(case / "expected"))
    notices = dict(shipped(content) for name, content in files if name.rpartition("/")[2].startswith("856_"))
    billed: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for told in (told_by(name, content) for name, content in files if "/810_" in name):
        if told is not None and told.shipment in notices and not told.is_credit:
            for item, quantity in told.quantities.items():
                billed[told.shipment][item] = max(billed[told.shipment][item], quantity)
    for shipment, quantities in billed.items():
        assert all(quantity <= notices[shipment][item] for item, quantity in quantities.items()), shipment


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_goods_are_billed_at_the_price_that_was_answered(case: Path) -> None:
    files = sorted(documents_of(files_of(case / "expected")), key=lambda each: each[0].rpartition("_")[2])
    answered: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for name, content in files:
        kind = name.rpartition("/")[2][:4]
        # a line of an 865 that is refused says the price that was asked for
        if kind in ("855_", "865_") and b"*IR*" not in content:
            answered[order_of(content)].update(prices(content))
        if kind == "810_" and b"REF*OI*" not in content and b"REF*PO*" not in content:
            assert prices(content).items() <= answered[order_of(content)].items(), name


@pytest.mark.parametrize("name", ["every-format-tells-the-same", "one-invoice-a-day", "credit-and-rebill-of-freight"])
def test_the_ledger_has_what_the_files_say(name: str, tmp_path: Path) -> None:
    site = play(HERE / "billing" / name, tmp_path / "site")
    rows = site.rows("select number, kind, total from invoices")
    told = bills_of(site.outbox())
    assert {number for number, _, _ in rows} == set(told)
    for number, kind, total in rows:
        assert {(each.is_credit, each.total) for each in told[number]} == {(kind == "credit", Decimal(total))}
