"""Mappings of a site that use every step: generated source and interpreter agree on random files and damaged ones."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from bench.measure import ROOT
from gateway.formats import delimited
from gateway.kernel.problem import has_errors
from gateway.mapping.environment import Environment
from gateway.mapping.generated import inbound as generated
from gateway.mapping.prepare import PreparedMapping, prepare
from tests.formats.x12.generate import Size
from tests.mapping.agreement import accepted
from tests.mapping.test_generated_inbound import ODD, damaged, random_record

ENV = Environment(
    params={"id": "acme", "dock": "12"}, today=date(2026, 11, 20), envelope={"usage": "P"}, file_name="po.edi"
)
CSV = """\
gateway: 1
mapping: acme/rows
direction: in
document: order
format: csv
csv: {delimiter: ";", decimal: ",", thousands: ".", dates: DD.MM.YYYY, group_by: [Nr]%s}
settings: {unmapped: ignore}
fields:
  po_number: Nr
  po_date: Datum
  department: {from: Abteilung, map: {A: 1, B: 2, "*": "="}}
  references:
    each: row
    when: value is not empty
    fields: {kind: {const: XX}, value: Ref}
  lines:
    each: row
    fields:
      number: {calc: "$row"}
      quantity: Menge
      uom: {from: [Einheit, Ref], default: EA}
      unit_price: {from: Preis, on_error: empty}
      pack: {from: Pack, type: integer}
      description: {from: Text, trim: left}
      extended_price: {calc: "quantity * unit_price", round: 2}
"""


EVERY_STEP = ROOT / "bench" / "site" / "mappings"


def site(folder: Path, name: str, text: str) -> PreparedMapping:
    path = folder / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return ready(folder, name)


def ready(folder: Path, name: str) -> PreparedMapping:
    found, problems = prepare(name, site_mappings=folder)
    assert found is not None, [str(each) for each in problems]
    assert not has_errors(problems)
    return found


def test_every_step_of_an_x12_mapping() -> None:
    prepared = ready(EVERY_STEP, "bench/850")
    rng = Random(850)
    made = 0
    for round_ in range(120):
        record = random_record(prepared, rng.choice(prepared.versions), rng, Size(40, 0.4, 3))
        made += accepted(prepared, damaged(record, rng, round_ % 4), ENV)
    assert made
    assert "bench/850.yaml:" in generated.of(prepared).source


@pytest.mark.parametrize("conflict", ["", ", on_conflict: first", ", on_conflict: warn"])
def test_every_row_of_a_csv_mapping(tmp_path: Path, conflict: str) -> None:
    prepared = site(tmp_path, "acme/rows", CSV % conflict)
    rng = Random(f"rows{conflict}")
    titles = ["Nr", "Datum", "Abteilung", "Ref", "Menge", "Einheit", "Preis", "Pack", "Text"]
    made = 0
    for round_ in range(120):
        row = ["7", "20.11.2026", rng.choice("AB"), rng.choice(("", "r")), "1.250,5", "EA", "2,50", "12", "x "]
        rows = [titles, *(list(row) for _ in range(rng.randrange(1, 4)))]
        for _ in range(round_ % 4):
            rng.choice(rows[1:])[rng.randrange(1, len(titles))] = rng.choice(ODD)
        content = "".join(";".join(each) + "\n" for each in rows).encode()
        read = delimited.documents(delimited.read(content, prepared.delimited), prepared.delimited)
        for document in read:
            made += accepted(prepared, document, ENV)
    assert made > 20
