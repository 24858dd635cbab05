"""What a code means is written where its rule stands; a built-in mapping and a broken result are never touched."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gateway.config.load import load_site
from gateway.exchange.readings import Unknown, UnknownValue
from gateway.flows.tools import deciding, unknowns
from gateway.flows.tools.desk import Desk
from gateway.kernel.errors import ConfigurationError, RefusedError
from gateway.kernel.ids import PartnerId, ReceiptId

PARTNER = """# our biggest customer
gateway: 1
partner: bigmart
x12: {us: {qualifier: ZZ, id: US}, them: {qualifier: ZZ, id: BIGMART}}
documents:
  order: {in: MAPPING}  # since 2019
"""
OWN = """gateway: 1
mapping: bigmart/850
extends: x12/850
tables:
  stores: {file: tables/stores.csv}
fields:
  # stores as they write them
  mark_for.id: {from: N1(Z7)04, lookup: {table: stores, key: theirs, value: ours}}
"""
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def desk_with(folder: Path, mapping: str, **files: str) -> Desk:
    (folder / "mappings").mkdir()
    (folder / "partners").mkdir()
    (folder / "gateway.yaml").write_text("gateway: 1\n")
    (folder / "partners" / "bigmart.yaml").write_text(PARTNER.replace("MAPPING", mapping))
    for name, text in files.items():
        path = folder / "mappings" / "bigmart" / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    site, problems = load_site(folder, dict(os.environ))
    assert site is not None, problems
    return Desk(folder / "mappings", date(2026, 11, 20), site)


def unknown(kind: str, field: str, source: str, code: str, mapping: str = "x12/850") -> UnknownValue:
    what = Unknown(PartnerId("bigmart"), mapping, "order", field, source, code, kind, "rule:1")
    return UnknownValue("V-1", what, 3, NOW, NOW, ReceiptId("r"), "a.edi")


def test_a_code_for_a_built_in_rule_gives_the_partner_its_own_mapping(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, "x12/850")

    done = deciding.decide(desk, unknown("map", "order_type", "BEG02", "XX"), "rush")

    assert done == deciding.Done("bigmart/850", ("wrote mappings/bigmart/850.yaml", "changed partners/bigmart.yaml"))
    own = (tmp_path / "mappings" / "bigmart" / "850.yaml").read_text()
    assert own.startswith("gateway: 1\nmapping: bigmart/850\nextends: x12/850\n")
    assert "XX: rush" in own
    assert "DS: dropship" in own
    assert (tmp_path / "partners" / "bigmart.yaml").read_text() == PARTNER.replace("MAPPING", "bigmart/850")
    assert not any(each.level == "error" for each in desk.looked_at("bigmart/850")[1])


@pytest.mark.parametrize("written", ["[x12/850]", "{mapping: x12/850, until: 2027-01-01}", "[{mapping: x12/850}]"])
def test_a_partner_file_is_switched_however_it_names_its_mapping(tmp_path: Path, written: str) -> None:
    desk = desk_with(tmp_path, written)

    deciding.decide(desk, unknown("map", "order_type", "BEG02", "XX"), "rush")

    after = (tmp_path / "partners" / "bigmart.yaml").read_text()
    assert after == PARTNER.replace("MAPPING", written.replace("x12/850", "bigmart/850"))


def test_a_code_of_a_table_becomes_a_row_of_it(tmp_path: Path) -> None:
    table = "theirs,name,ours\n0012,Dallas,ST-12\n"
    desk = desk_with(tmp_path, "bigmart/850", **{"850_yaml": OWN, "tables__stores_csv": table})
    value = unknown("lookup", "mark_for.id", "N104", "0034", "bigmart/850")
    assert unknowns.known_targets(desk, value) == ["ST-12"]

    deciding.decide(desk, value, "ST-34")

    assert (tmp_path / "mappings" / "bigmart" / "tables" / "stores.csv").read_text() == f"{table}0034,,ST-34\n"
    assert (tmp_path / "mappings" / "bigmart" / "850.yaml").read_text() == OWN


def test_data_that_is_not_needed_goes_under_ignore_and_comments_stay(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, "bigmart/850", **{"850_yaml": OWN, "tables__stores_csv": "theirs,ours\n"})

    deciding.ignore(desk, unknown("unmapped", "", "CTP03", "", "bigmart/850"))

    assert (tmp_path / "mappings" / "bigmart" / "850.yaml").read_text() == f"{OWN}ignore: [CTP03]\n"


def test_what_would_break_the_mapping_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, "x12/850")

    with pytest.raises(ConfigurationError) as broken:
        deciding.decide(desk, unknown("map", "order_type", "BEG02", "XX"), "rushh")

    assert [each.code for each in broken.value.problems if each.level == "error"] == ["M052"]
    assert list((tmp_path / "mappings").iterdir()) == []
    assert (tmp_path / "partners" / "bigmart.yaml").read_text() == PARTNER.replace("MAPPING", "x12/850")
    assert not list(tmp_path.glob(".gateway-try-*"))


def test_a_rule_that_has_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="any more"):
        deciding.decide(desk_with(tmp_path, "x12/850"), unknown("map", "po_number", "BEG03", "1"), "2")
