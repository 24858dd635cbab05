"""Generated source of outbound mappings and the interpreter write the same, and what is a problem is never written."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from gateway.canonical.base import Canonical
from gateway.mapping import catalogue, outbound
from gateway.mapping.catalogue import CatalogueField
from gateway.mapping.environment import Environment
from gateway.mapping.generated import outbound as generated
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.writing import columns, x12
from gateway.mapping.writing.plans import ColumnsPlan, OutPlan, SegmentsPlan
from gateway.mapping.writing.scope import Run, Scope
from tests.mapping.test_generated_user import EVERY_STEP, ready, site
from tests.preparing import built_in

ENV = Environment(
    params={"id": "acme", "vendor_number": "553311", "dock": "12"}, today=date(2026, 11, 20), envelope={"usage": "P"},
    control={"isa13": "000000007"},
)  # fmt: skip
TEXTS = ("A1", "0012", "EA", "BLUE WIDGET", "012345678905", "X" * 90, " ", "x ", "é", "a\x07b", "=1+1", "92", "UPSN")
NUMBERS = ("0", "1", "12", "12.50", "-3", "0.005", "19.99", "1234567890123456", "1E+2")
OTHER: dict[str, Callable[[Random], object]] = {
    "text": lambda rng: rng.choice(TEXTS[: rng.choice((6, len(TEXTS)))]),
    "decimal": lambda rng: Decimal(rng.choice(NUMBERS[: rng.choice((4, len(NUMBERS)))])),
    "integer": lambda rng: rng.choice((0, 1, 12, 100000)),
    "date": lambda rng: date(2026, rng.randrange(1, 13), 7),
    "datetime": lambda rng: datetime(2026, rng.randrange(1, 13), 7, 8, 15, tzinfo=UTC),
    "time": lambda rng: time(rng.randrange(24), 30),
    "bool": lambda rng: rng.random() < 0.5,
    "custom": lambda rng: {"color": rng.choice(TEXTS)},
}


def random_value(field: CatalogueField, rng: Random, much: float) -> object:
    if field.model is not None:
        count = rng.choice((0, 1, 1, 3)) if field.is_list else 1
        made = [random_fields(field.model, rng, much) for _ in range(count)]
        return made if field.is_list else made[0]
    value = rng.choice(field.codes) if field.kind == "code" else OTHER[field.kind](rng)
    return [value] if field.is_list else value


def random_fields(model: type[Canonical], rng: Random, much: float) -> dict[str, object]:
    fields = catalogue.fields_of(model).items()
    return {name: random_value(each, rng, much) for name, each in fields if each.required or rng.random() < much}


def agreed(prepared: PreparedMapping, plan: OutPlan, document: Canonical) -> bool:
    """Whether the generated source wrote the document, as the interpreter does, which found no problem."""
    quick = generated.of(prepared, plan, "test")
    assert quick.why == ""
    run = Run(ENV, prepared.document)
    lines = quick.lines(document, ENV)
    if isinstance(plan, SegmentsPlan):
        judged = x12.body(plan, document, run)
    else:
        assert isinstance(plan, ColumnsPlan)
        judged = columns.rows(plan, prepared.delimited, Scope(run, document))
    if lines is None:
        assert run.problems, "a document in order was given up"
        return False
    assert run.problems == []
    assert lines == judged
    written = outbound.run(prepared, [document], ENV)
    assert written.problems == ()
    return True


def outbound_mappings() -> list[PreparedMapping]:
    return [each for each in built_in("out") if isinstance(each.out, SegmentsPlan | ColumnsPlan)]


@pytest.mark.parametrize("prepared", outbound_mappings(), ids=lambda each: each.name)
def test_random_documents_are_written_alike(prepared: PreparedMapping) -> None:
    rng = Random(prepared.name)
    assert prepared.out is not None
    made = 0
    for _ in range(150):
        values = random_fields(prepared.model, rng, rng.choice((0.05, 0.3, 0.7)))
        made += agreed(prepared, prepared.out, prepared.model.model_validate(values))
    assert made > 0


CSV = """\
gateway: 1
mapping: acme/rows
direction: out
document: invoice
format: csv
csv: {delimiter: ";", decimal: ",", dates: DD.MM.YYYY, formula_guard: prefix}
rows: {each: lines, when: quantity is not empty}
fields:
  Nr: invoice.invoice_number
  Datum: invoice.invoice_date
  Menge: quantity
  Preis: {from: unit_price, pad: {width: 9, with: "0"}}
  Text: {from: [description, ids.vendor_sku], default: "-"}
  Zeile: $index
"""


def test_every_step_of_an_x12_mapping() -> None:
    agree(ready(EVERY_STEP, "bench/810"))


def test_every_row_of_a_csv_mapping(tmp_path: Path) -> None:
    agree(site(tmp_path, "acme/rows", CSV))


CUT = """\
gateway: 1
mapping: acme/cut
direction: out
document: invoice
format: csv
rows: {each: lines}
fields:
  Padded: {from: description, trim: right, max_length: 1, pad: {width: 4, with: "*"}}
  Default: {from: description, trim: right, max_length: 1, pad: {width: 4, with: "*"}, default: none}
  Fixed: {const: " x", max_length: 1, pad: {width: 4, with: "*"}, default: none}
"""


def test_what_is_cut_to_nothing_is_empty_in_both(tmp_path: Path) -> None:
    prepared = site(tmp_path, "acme/cut", CUT)
    texts = (" A", "A", "AB ", "  B")
    for text in texts:
        lines = [{"number": "1", "quantity": 1, "uom": "EA", "description": text}]
        values = {"invoice_number": "1", "invoice_date": "2026-11-20", "lines": lines}
        assert prepared.out is not None
        assert agreed(prepared, prepared.out, prepared.model.model_validate(values))


def agree(prepared: PreparedMapping) -> None:
    rng = Random(prepared.name)
    assert prepared.out is not None
    made = 0
    for _ in range(300):
        values = random_fields(prepared.model, rng, rng.choice((0.1, 0.4)))
        made += agreed(prepared, prepared.out, prepared.model.model_validate(values))
    assert made > 10
    assert f"{prepared.name}.yaml:" in generated.of(prepared, prepared.out, "test").source
