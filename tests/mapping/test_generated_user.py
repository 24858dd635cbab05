"""Mappings of a site that use every step: generated source and interpreter agree on random files and damaged ones."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from gateway.formats import delimited
from gateway.kernel.problem import has_errors
from gateway.mapping.environment import Environment
from gateway.mapping.generated import inbound as generated
from gateway.mapping.prepare import PreparedMapping, prepare
from tests.formats.x12.generate import Size
from tests.mapping.agreement import accepted
from tests.mapping.test_generated_inbound import ODD, random_record

ENV = Environment(
    params={"id": "acme", "dock": "12"}, today=date(2026, 11, 20), envelope={"usage": "P"}, file_name="po.edi"
)
TABLE = "theirs,ours,uom\nEA,each,EA\nCA,case,CA\nBX,box,BX\nA1,one,P1\nA2,two,CA\n"
X12 = """\
gateway: 1
mapping: acme/850
direction: in
document: order
format: x12
x12: {set: 850, versions: [004010, 005010]}
settings: {unmapped: ignore, validate: [gln, upc]}
params: [dock]
tables: {units: {file: tables/units.csv}}
vars:
  first: {from: "/REF(#*)02", join: "+"}
  all: "/DTM(#*)02"
  digits: {from: BEG03, match: '(\\d+)', on_error: empty, default: "0"}
  twice: {calc: "length(first) * 2"}
fields:
  po_number: {from: BEG03, slice: 1-20, max_length: 12, pad: {width: 6, with: "0"}}
  po_date: {from: [BEG05, DTM(002)02], format: YYYYMMDD, on_error: empty, default: "20200101"}
  purpose: {from: BEG01, map: {00: original, "*": change}}
  order_type: {from: BEG02, map: {SA: standalone, NE: standalone}, on_error: empty}
  release_number: {from: BEG04, split: {by: "-", part: -1}, trim: right}
  contract_number: {calc: "'N' & digits & '/' & count(all)"}
  currency: {from: CUR02, default: USD}
  department: {from: $partner.dock, when: not (purpose == 'change')}
  promotion: {const: SPRING, when: po_date is not empty}
  vendor_number: {from: REF(IA|VR)02, lookup: {table: units, key: theirs, value: ours, also: {uom: currency}, missing: keep}}
  customer_order_number: {calc: "first is empty ? $file.name : first"}
  payment_terms: {calc: "format_date($today, 'YYYYMMDD') & twice"}
  fob: {from: FOB01, lookup: {table: units, key: theirs, value: uom, missing: empty}}
  buyer.id: N1(BY)04
  buyer.id_type: N1(BY)03
  buyer.name: {from: "N1(BY)/N301", trim: none}
  ship_to.id: "N1(ST&#2)04"
  ship_to:
    fields: {name: N1(ST)02, city: N1(ST)/N401}
  references:
    each: REF
    when: kind in ('IA', 'DP') or length(value) < 9
    limit: 40
    fields: {kind: REF01, value: {from: [REF02, REF03], default: none}}
  lines:
    each: PO1
    vars:
      price: {from: PO104, type: decimal, default: "1"}
    fields:
      number: {calc: "$index & '-' & $row"}
      quantity: {from: PO102, round: {to: 2, mode: even}}
      uom: {from: PO103, default: EA}
      unit_price: {calc: "price + 0.005", round: 2}
      extended_price: {calc: "quantity * unit_price"}
      pack: {from: PO401, type: decimal, round: 0, on_error: empty}
      ids.upc: {from: [PO1.UP, PO1.UI], on_error: empty}
      ids.vendor_sku: {from: PO1.VN|VP, when: outer.purpose == 'original'}
      ids.buyer_sku: PO1.IN|BP
      description: {from: "PID(F&#*)05", join: " ", max_length: 30}
      allocations:
        each: SDQ.*
        fields: {location: $key, quantity: $value, uom: {calc: "outer.uom"}}
    checks:
      - {that: quantity > 0 or unit_price is empty, say: The quantity must not be negative.}
  totals.lines: {calc: count(lines)}
  totals.amount: {calc: sum(lines.extended_price), round: 2}
checks:
  - {that: "totals.amount is empty or totals.amount >= 0", say: The amount is negative.}
  - {that: "order.totals.lines == count(lines.uom)", say: Some line has no unit.}
"""
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


def site(folder: Path, name: str, text: str) -> PreparedMapping:
    path = folder / "mappings" / f"{name}.yaml"
    (path.parent / "tables").mkdir(parents=True, exist_ok=True)
    (path.parent / "tables" / "units.csv").write_text(TABLE)
    path.write_text(text)
    found, problems = prepare(name, site_mappings=folder / "mappings")
    assert found is not None, [str(each) for each in problems]
    assert not has_errors(problems)
    return found


def test_every_step_of_an_x12_mapping(tmp_path: Path) -> None:
    prepared = site(tmp_path, "acme/850", X12)
    rng = Random(850)
    made = 0
    for round_ in range(120):
        record = random_record(prepared, rng.choice(prepared.versions), rng, Size(40, 0.4, 3))
        for _ in range(round_ % 4):
            segment = rng.choice(record.flat[1:-1])
            if len(segment) > 1:
                segment[rng.randrange(1, len(segment))] = rng.choice(ODD)
        made += accepted(prepared, record, ENV)
    assert made
    assert "acme/850.yaml:" in generated.of(prepared).source


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
