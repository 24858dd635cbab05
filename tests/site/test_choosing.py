"""The partner file chooses: for which files a mapping counts, from when, and through which channel a file leaves."""

import pytest

from tests.site.harness import FRIDAY, PlayedSite, order, purchase_order

MAPPING = "gateway: 1\nmapping: acme/{name}\nextends: {extends}\nfields: {{{fields}}}\n"


def mapping(site: PlayedSite, name: str, extends: str, fields: str = "", more: str = "") -> None:
    folder = site.folder / "mappings" / "acme"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(MAPPING.format(name=name, extends=extends, fields=fields) + more)


def change(site: PlayedSite, partner: str, *changes: tuple[str, str]) -> None:
    path = site.folder / "partners" / f"{partner}.yaml"
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def test_a_planned_switch_takes_place_on_its_day_in_the_zone_of_the_partner(site: PlayedSite) -> None:
    mapping(site, "new", "x12/850", "po_number: ='NEW-1'")
    change(
        site,
        "acme",
        ("order: {in: x12/850}", "order: {in: [{mapping: x12/850, until: 2026-11-20}, {mapping: acme/new, from: 2026-11-21}]}"),
        ("status: live", "status: live\ntime_zone: America/Chicago"),
    )  # fmt: skip
    site.drop("acme", "a.edi", purchase_order(order("PO-1")))
    site.run(now="2026-11-21T05:30:00Z")  # still Friday in Chicago
    site.drop("acme", "b.edi", purchase_order(order("PO-2"), control=2))
    site.run(now="2026-11-21T06:30:00Z")

    assert [each["po_number"] for each in site.json("orders", "list")] == ["PO-1", "NEW-1"]


def test_a_set_that_no_entry_fits_is_held_with_everything_that_was_tried(site: PlayedSite) -> None:
    change(
        site,
        "acme",
        ("order: {in: x12/850}", 'order: {in: [{mapping: x12/850, when: {file: "ORD*", version: 005010}}]}'),
    )
    site.drop("acme", "ORD1.edi", purchase_order(order("PO-1")))
    site.run()

    (hold,) = site.json("holds", "list")

    assert hold["code"] == "P-NO-MAPPING"
    assert "x12/850: it is for version 005010, the file has 004010" in hold["reason"]


def test_an_x12_partner_may_send_rows_as_well(site: PlayedSite) -> None:
    change(site, "acme", ("order: {in: x12/850}", "order: {in: x12/850}\n  ship_confirmation: {in: csv/ship-confirmations}"))  # fmt: skip
    site.drop(
        "acme",
        "s.csv",
        "shipment_number,order_number,line,sku,quantity,uom,ship_date,warehouse\nS-1,SO-99,1,TENT-2P,1,EA,2026-11-20,DAL\n",
    )
    site.run()

    (hold,) = site.json("holds", "list")

    assert (hold["partner"], hold["code"]) == ("acme", "C-SHIP-UNKNOWN")


def test_several_outputs_leave_through_their_channels_under_their_names(site: PlayedSite) -> None:
    (site.folder / "mappings" / "acme").mkdir()
    (site.folder / "mappings/acme/ack-csv.yaml").write_text(
        "gateway: 1\nmapping: acme/ack-csv\ndirection: out\ndocument: acknowledgment\nformat: csv\nfields: {po: po_number}\n"
    )
    change(
        site,
        "acme",
        ("acknowledgment: {out: x12/855}", "acknowledgment: {out: [x12/855, {mapping: acme/ack-csv, channel: copies, file_name: '{number}-{control}.{ext}'}]}"),
        ("terms:", "channels:\n  out:\n    - {path: outbox/acme}\n    - {name: copies, path: outbox/copies}\nterms:"),
    )  # fmt: skip
    site.drop("acme", "a.edi", purchase_order(order("PO-1")))
    site.run()

    assert [name for name in site.outbox("acme") if name.startswith("855")] == ["855_PO-1_000000002.edi"]
    assert site.outbox("copies") == {"PO-1-000000001.csv": b"po\r\nPO-1\r\n"}


def test_a_parameter_that_a_partner_does_not_give_is_told_where_the_mapping_is_named(site: PlayedSite) -> None:
    mapping(site, "850", "x12/850", more="params: [vendor_number]\n")
    change(site, "acme", ("order: {in: x12/850}", "order: {in: acme/850}"))

    answer = site.gateway("config", "check")

    assert answer.code == 1
    assert answer.out.splitlines()[:2] == [
        "partners/acme.yaml:11:15: error P031: the mapping 'acme/850' needs the parameter 'vendor_number', which this partner does not give",
        "    hint: write 'params: {vendor_number: ...}' in partners/acme.yaml",
    ]
    change(site, "acme", ("terms:", "params: {vendor_number: 77812}\nterms:"))
    assert site.gateway("config", "check").code == 0


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ("{in: [x12/850, acme/850]}", "'acme/850' fits the same files as 'x12/850' on line 11; the first one is used"),
        ("{in: [x12/850, {mapping: acme/850, when: {version: 005010}}]}", ""),
        ("{in: [{mapping: x12/850, until: 2026-11-30}, {mapping: acme/850, from: 2026-12-01}]}", ""),
    ],
)
def test_entries_that_fit_equally_are_a_warning(site: PlayedSite, entries: str, words: str) -> None:
    mapping(site, "850", "x12/850")
    change(site, "acme", ("order: {in: x12/850}", f"order: {entries}"))

    answer = site.gateway("config", "check")

    assert answer.code == 0
    assert ("warning P032: " + words in answer.out) == bool(words)
    assert site.run(now=FRIDAY).code == 0


def test_days_on_which_nothing_counts_are_a_warning(site: PlayedSite) -> None:
    entries = "[{mapping: x12/855, until: 2026-11-24}, {mapping: x12/855, from: 2026-11-30}]"
    change(site, "acme", ("acknowledgment: {out: x12/855}", f"acknowledgment: {{out: {entries}}}"))

    answer = site.gateway("config", "check")

    assert answer.code == 0
    assert "warning P035: no 'acknowledgment' is sent after 2026-11-24 and before 2026-11-30" in answer.out


def test_an_x12_mapping_needs_a_partner_with_x12(site: PlayedSite) -> None:
    change(site, "accounting", ("csv/invoices", "x12/810"))

    answer = site.gateway("config", "check")

    assert answer.code == 1
    assert "error P033: 'x12/810' is X12, but this partner has no 'x12' section" in answer.out


def test_a_version_that_a_mapping_was_not_checked_for_is_a_warning(site: PlayedSite) -> None:
    folder = site.folder / "mappings" / "acme"
    folder.mkdir(parents=True)
    text = "gateway: 1\nmapping: acme/855\nextends: x12/855\nx12: {versions: [004010]}\nfields: {}\n"
    (folder / "855.yaml").write_text(text)
    change(site, "acme", ("out: x12/855", "out: acme/855"), ("version: 004010", "version: 005010"))

    answer = site.gateway("config", "check")

    assert answer.code == 0
    assert "warning P034: 'acme/855' is written in 005010, but is checked for 004010 only" in answer.out


def test_a_warning_of_a_mapping_is_told_once_however_many_extend_it(site: PlayedSite) -> None:
    mapping(site, "base", "x12/850", "order_type: {from: BEG02, map: {SA: standalone}}")
    mapping(site, "one", "acme/base")
    mapping(site, "two", "acme/base")
    entries = "{in: [{mapping: acme/one, until: 2026-11-30}, {mapping: acme/two, from: 2026-12-01}]}"
    change(site, "acme", ("order: {in: x12/850}", f"order: {entries}"))
    told = site.gateway("config", "check").out
    assert told.count("warning M092: 'map' of 'order_type'") == 1, told


@pytest.mark.parametrize(
    ("who", "entry", "words"),
    [
        ("acme", "inventory: {in: x12/846-in}", "the stock that a partner of kind trading_partner tells is not ours"),
        ("acme", "warehouse_order: {out: x12/940}", "a 'warehouse_order' goes to a partner of kind warehouse only"),
        ("acme", "claim: {in: x12/812}", ""),
    ],
)
def test_a_document_that_nothing_is_done_with_is_a_warning(site: PlayedSite, who: str, entry: str, words: str) -> None:
    change(site, who, ("order: {in: x12/850}", f"order: {{in: x12/850}}\n  {entry}"))

    answer = site.gateway("config", "check")

    assert answer.code == 0
    assert ("warning P036: " + words in answer.out) == bool(words)
