"""Mistakes of configuration: those of the tables of other tests by import, and a site that has all the others at once."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.kernel.catalogue.entry import CONFIG, MAPPING
from gateway.mapping.prepare import prepare
from tests.codes.seen import Seen, checked, looked
from tests.config import guides, test_bad_guides, test_load
from tests.mapping.test_mistakes import MARK, MISTAKES, written
from tests.site.harness import PlayedSite, new_site, order, purchase_order

READS = "gateway: 1\nmapping: acme/{}\nextends: x12/850\n"
WRITES = "gateway: 1\nmapping: acme/{}\nextends: x12/855\n"
OWN = {
    "codes": READS + "fields:\n  fob: {{from: FOB01, map: {{PP: a, CC: b}}}}\nvars:\n  spare: FOB01\n",
    "early": READS + "fields: {{}}\nparams: [vendor_number]\n",
    "guided": READS + "x12: {{guide: bigmart/850}}\nfields: {{}}\n",
    "large": "a: " + "[" * 60 + "]" * 60,
    "markup": "gateway: 1\nmapping: acme/{}\ndirection: out\ndocument: invoice\nformat: xml\nxml: {{root: Doc}}\nfields:\n  a//b: currency\n",
    "numbered": WRITES + "fields: {{}}\nx12: {{versions: [004010]}}\n",
    "pattern": READS + "fields:\n  department: {{from: REF(DP)02, match: '(?=x)'}}\n",
    "table": READS
    + "tables: {{stores: {{file: tables/stores.csv, unique: [theirs]}}}}\nfields:\n  department: {{from: REF(DP)02, lookup: {{table: stores, key: theirs, value: ours}}}}\n",
    "thin": "gateway: 1\nmapping: acme/{}\ndirection: out\ndocument: acknowledgment\nformat: x12\nx12: {{set: 855, version: 004010}}\nfields:\n  BAK03: po_number\n",
    "unguided": READS + "x12: {{guide: bigmart/999}}\nfields: {{}}\n",
    "unwritten": WRITES + "fields:\n  REF(DP)02: {{const: X}}\n",
}
PARTNERS = {
    "anna": "documents:\n  order: {in: [acme/codes, acme/large, acme/pattern, acme/table, acme/guided, acme/unguided]}\n"
    "  change_acknowledgment: {out: x12/865}\n"
    "  invoice: {out: acme/markup}\n  acknowledgment: {out: acme/thin}\n",
    "beate": "documents:\n  order: {in: x12/855}\n  acknowledgment: {out: [{mapping: acme/numbered, until: 2026-11-24}, {mapping: acme/numbered, from: 2026-11-30}]}\n"
    "  warehouse_order: {out: csv/warehouse-orders}\nx12: {them: {qualifier: ZZ, id: BEATE}, version: 005010}\n",
    "carla": "documents:\n  order: {in: [x12/850, acme/early]}\n  invoice: {out: {mapping: xml/ubl-invoice, batch: run}}\n"
    "x12: {them: {qualifier: ZZ, id: CARLA}}\n",
    "dora": "documents: {order: {in: x12/850}}\nterms: {routing: {file: routes.csv}}\n",
}


def rows_of(test: Any) -> Iterator[tuple[Any, ...]]:
    """The rows a test is parametrized with."""
    for mark in test.pytestmark:
        yield from (tuple(each) for each in mark.args[1])


def shared(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """The first row of each code in the tables about mappings, partner guides and partner files, produced anew."""
    yield from _mappings(folder / "mapping")
    told: set[str] = set()
    for at, (text, code, _, _) in enumerate(rows_of(test_bad_guides.test_a_mistake_is_told_with_a_sentence_and_a_hint)):
        if code and code not in told:
            told.add(code)
            guides.write(folder / f"guide-{at}", text + "\n")
            yield from (Seen(each.code, each.sentence, MAPPING) for each in guides.load(folder / f"guide-{at}")[1])
    for text, expected in rows_of(test_load.test_a_mistake_of_a_partner_file_is_told_at_its_place_in_words):
        code = expected.partition("error ")[2][:4]
        if code not in told:
            told.add(code)
            with tempfile.TemporaryDirectory(dir=folder) as own:
                (line,) = test_load.shown(Path(own), acme=text)
            yield Seen(code, line.partition(f"{code}: ")[2].replace("\n    hint: ", "; "), CONFIG)


def _mappings(folder: Path) -> Iterator[Seen]:
    told: set[str] = set()
    for at, (_, text, code, _, _) in enumerate(MISTAKES):
        if code in told:
            continue
        told.add(code)
        written(folder / str(at), text.replace(MARK, ""))
        _, problems = prepare("acme/m", site_mappings=folder / str(at) / "mappings")
        first = next(each for each in problems if each.level == "error")
        yield Seen(first.code, f"{first.sentence}; {first.hint}" if first.hint else first.sentence, MAPPING)


def own(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """Partner files and mappings that are right each by itself and not together, as 'gateway config check' tells them."""
    site = new_site(folder / "site")
    mappings = site.folder / "mappings"
    (mappings / "acme" / "tables").mkdir(parents=True)
    (mappings / "acme" / "tables" / "stores.csv").write_text("theirs,ours\nA,1\nA,2\n")
    (mappings / "x12").mkdir()
    (mappings / "x12" / "865.yaml").write_text("gateway: 1\nmapping: x12/865\nextends: x12/855\nfields: {}\n")
    for name, text in OWN.items():
        (mappings / "acme" / f"{name}.yaml").write_text(text.format(name))
    guides.write(site.folder, "", extends="004010/855")
    for name, text in PARTNERS.items():
        (site.folder / "partners" / f"{name}.yaml").write_text(f"gateway: 1\npartner: {name}\n{text}")
    (site.folder / "partners" / "routes.csv").write_text("carrier,region\n,TX\n")
    yield from checked(site)
    (site.folder / "partners" / "dora.yaml").unlink()
    yield from checked(site)
    settings = site.folder / "gateway.yaml"
    settings.write_text(settings.read_text() + "settings: {require_tests: true}\n")
    (mappings / "x12" / "865.yaml").unlink()
    yield from checked(site)


def unwritten(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """A document of ours that its mapping cannot write: the code of the mapping stands in the hold."""
    site: PlayedSite = new_site(folder / "site")
    site.drop_master()
    (site.folder / "mappings" / "acme").mkdir(exist_ok=True)
    acme = site.folder / "partners" / "acme.yaml"
    acme.write_text(acme.read_text().replace("out: x12/855", "out: acme/855"))
    no_date = WRITES.format("855") + "fields:\n  DTM(998)02: ='20261399'\n"
    no_head = OWN["thin"].format("855").replace("BAK03: po_number", "REF(DP)02: ='X'")
    for number, text in enumerate((no_date, no_head), start=1):
        (site.folder / "mappings" / "acme" / "855.yaml").write_text(text)
        site.drop("acme", f"po-{number}.edi", purchase_order(order(f"W-{number}"), control=number))
        site.run()
    for each in looked(site):
        yield each
        inner = each.message.partition("could not be written: ")[2].partition(": ")
        if inner[0].startswith("M0"):
            yield Seen(inner[0], inner[2], each.shown)
