"""The schemas for editors take every file of ours and refuse what the gateway refuses."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gateway.canonical.registry import DOCUMENTS
from gateway.cli import schema as command
from gateway.cli import site
from gateway.config.load import load_site
from gateway.config.mapping_files import builtin_folder
from gateway.config.partner import Partner
from gateway.config.schema import partner_schema, settings_schema
from gateway.config.settings import Settings
from gateway.mapping.schema import guide_schema, mapping_schema
from tests.architecture.code_map import ROOT
from tests.schema.editor import seen

BUILTINS = sorted(builtin_folder().rglob("*.yaml"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
US = "gateway: 1\nus: {qualifier: ZZ, id: NORTHWIND}\n"
ACME = "gateway: 1\npartner: acme\nx12: {them: {qualifier: 08, id: 6112390000}}\n"
SERVER = "kind: sftp, host: h, user: u, password: {env: PW}, host_key: ssh-ed25519 AAAA, path: /o"
ORDER = "gateway: 1\nmapping: a/b\ndirection: in\ndocument: order\nformat: x12\nx12: {set: 850, version: 004010}\n"
INVOICE = "gateway: 1\nmapping: a/b\ndirection: out\ndocument: invoice\nformat: csv\n"
CHILD = "gateway: 1\nmapping: a/b\nextends: x12/850\n"
GUIDE = "gateway: 1\nguide: a/850\nextends: 004010/850\n"


@cache
def schema(kind: str) -> dict[str, Any]:
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "gateway": settings_schema, "partner": partner_schema, "guide": guide_schema,
        "mapping": lambda: mapping_schema(None, {"order": ("route",)}),
    }  # fmt: skip
    return made[kind]()


def complaints(kind: str, text: str) -> list[str]:
    validator = Draft202012Validator(schema(kind))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(seen(text))]


def kind_of(text: str) -> str:
    """Which kind of file an example is; empty for a part of one."""
    found = re.search(r"^(partner|mapping|guide): ", text, re.MULTILINE)
    if found:
        return found[1]
    return "gateway" if re.search(r"^(us|database|currency|allow_plugins): ?", text, re.MULTILINE) else ""


def examples() -> list[Any]:
    return [
        pytest.param(kind, block, id=f"{page.name}-{number}")
        for page in PAGES
        for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
        if (kind := kind_of(block)) and block.startswith(("gateway: 1", "#"))
    ]


@pytest.mark.parametrize("kind", ["gateway", "partner", "mapping", "guide"])
def test_a_schema_keeps_to_its_dialect(kind: str) -> None:
    Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("path", BUILTINS, ids=lambda path: path.stem)
def test_every_built_in_mapping_fits_its_schema(path: Path) -> None:
    assert complaints("mapping", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted((ROOT / "partners").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_partner_of_the_demo_fits_its_schema(path: Path) -> None:
    assert complaints("partner", path.read_text(encoding="utf-8")) == []


def test_the_settings_and_the_new_site_fit_their_schemas() -> None:
    assert complaints("gateway", (ROOT / "gateway.yaml").read_text(encoding="utf-8")) == []
    assert complaints("gateway", site.GATEWAY_YAML) == []
    assert complaints("partner", site.EXAMPLE_YAML) == []


@pytest.mark.parametrize(("kind", "text"), examples())
def test_every_whole_file_in_the_documents_fits_its_schema(kind: str, text: str) -> None:
    assert complaints(kind, text) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("gateway", "gateway: '1'\nlabels: {gs1_prefix: 0614141, extension_digit: 0}\ncustom_fields: [route]\n"),
        ("gateway", US + "second_opinion: {first: 0, sample: 1}\ncustom_fields: {order: [a]}\nsettings: {require_tests: true}\n"),
        ("partner", ACME + "terms: {lead_days: '1', credit: {limit: 250000.00}, contracts: [26]}\nparams: {vendor: 77812}\n"),
        ("partner", ACME + "documents: {order: {in: [a, {mapping: b, when: {set: 850, version: 004010}, from: 2026-12-01}]}}\n"),
        ("partner", ACME + "documents: {order: [{in: a, when: {columns: [po]}}, {in: b}], invoice: {out: [c, {mapping: d, channel: e}]}}\n"),
        ("partner", "gateway: 1\npartner: acme\nx12: {them: {qualifier: ZZ, id: A}, acknowledge: {functional: {kind: 997}}}\n"),
        ("gateway", US + "mail: {host: m, from: a@b.c}\nalerts: {routes: [{name: a, to: x@y.z}], digest: {route: a}}\nretention: {archive: 30d}\n"),
        ("gateway", US + "sftp_server: {listen: '0.0.0.0:2222', quota: 5GB, files: 10, rate: 9/s, ban: {after: 3, for: 1h}}\n"),
        ("partner", ACME + f"channels: {{in: [{{path: x, trailer: EOF*, ready: [stable 20s], marker: '{{name}}.ok'}}, {{{SERVER}, after: leave}}], out: [{{{SERVER}, retry: {{factor: 1.5}}}}]}}\n"),
        ("partner", ACME + "channels: {expect: [{document: order, by: '08:00', days: [mon, wed-fri]}]}\n"),
        ("partner", ACME + "sftp: {keys: ssh-ed25519 AAAA}\nalerts: {to: a@b.c}\nsla: [{measure: 855_after_850, limit: 24h, fine: 3% of goods}]\n"),
        ("partner", ACME + "documents: {invoice: {out: {mapping: a, expect_997: 4h}}}\n"),
        ("mapping", ORDER + "fields: {po_number: BEG03, custom.route: REF(RT)02, department: ~, purpose: {const: original}}\n"),
        ("mapping", ORDER + "fields: {ship_to: {fields: {city: N1(ST)/N401}}, lines: {each: PO1, fields: {ids.upc: PO1.UP, custom.route: X}}}\n"),
        ("mapping", CHILD + "fields: {po_number: [BEG03, BEG04], lines: {fields: {uom: {from: PO103, map: {00: EA, '*': '='}}}}}\nchecks: ~\n"),
        ("mapping", INVOICE + "rows: {each: lines}\nfields: {'Netto Betrag': {from: amount, round: {to: 2, mode: even}}, N: 5}\n"),
        ("mapping", INVOICE + "fields: {A: {each: lines, fields: {B: ids.upc, C: {each: allowances, fields: {D: code}}}}}\n"),
        ("guide", GUIDE + "rules: {BEG03: required, BEG04: {use: not used}, PO1: {max: 100}}\nadd: [{segment: NTE, after: REF}]\n"),
    ],
)  # fmt: skip
def test_what_the_gateway_takes_fits(kind: str, text: str) -> None:
    assert complaints(kind, text) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("gateway", US + "timezone: UTC\n"),
        ("gateway", "gateway: 2\n"),
        ("gateway", US + "custom_fields: {ordr: [a]}\n"),
        ("gateway", US + "settings: {require_tests: perhaps}\n"),
        ("partner", "gateway: 1\nname: x\n"),
        ("partner", ACME + "statsu: live\n"),
        ("partner", ACME + "status: alive\n"),
        ("partner", ACME + "serves: DAL\n"),
        ("partner", ACME + "language: de\n"),
        ("partner", ACME + f"channels: {{in: [{{{SERVER}, pth: /x}}]}}\n"),
        ("partner", ACME + "channels: {in: [{kind: stfp, path: x}]}\n"),
        ("partner", ACME + "channels: {out: [{path: o, hold_when_unsure: true}]}\n"),
        ("partner", ACME + f"channels: {{in: [{{{SERVER.replace('{env: PW}', 'hunter2')}}}]}}\n"),
        ("partner", ACME + "sla: [{measure: soon, limit: 1h}]\n"),
        ("partner", ACME + "channels: {expect: [{document: ordr, by: '08:00'}]}\n"),
        ("gateway", US + "mail: {host: m}\n"),
        ("gateway", US + "alerts: {routes: [{name: a, severity: bad}]}\n"),
        ("gateway", US + "sftp_server: {ban: {afer: 3}}\n"),
        ("partner", ACME + "documents: {shipmnt: {out: x12/856}}\n"),
        ("partner", ACME + "documents: {order: {in: [{when: {set: 850}}]}}\n"),
        ("partner", ACME + "documents: {order: {in: {mapping: a, from: tomorrow}}}\n"),
        ("partner", ACME + "terms: {lead_days: soon}\n"),
        ("partner", "gateway: 1\npartner: acme\nx12: yes\n"),
        ("mapping", "gateway: 1\nmapping: a/b\nfields: {}\n"),
        ("mapping", ORDER + "fields: {po_nubmer: BEG03}\n"),
        ("mapping", ORDER + "fields: {custom.gate: BEG03}\n"),
        ("mapping", ORDER + "fields: {po_number: {form: BEG03}}\n"),
        ("mapping", ORDER + "fields: {lines: PO1}\n"),
        ("mapping", ORDER + "fields: {lines: {each: PO1, fields: {quantty: PO102}}}\n"),
        ("mapping", ORDER + "fields: {po_number: {from: BEG03, on_error: panic}}\n"),
        ("mapping", CHILD + "fields: {po_nubmer: BEG03}\n"),
        ("mapping", CHILD + "fields: {}\nchecks: [{that: 1 > 0}]\n"),
        ("mapping", CHILD + "fields: {}\nsettings: {unmaped: hold}\n"),
        ("mapping", INVOICE + "fields: {A: {from: amount, rond: 2}}\n"),
        ("mapping", INVOICE + "fields: {}\ntables: {stores: {encoding: cp1252}}\n"),
        ("guide", GUIDE + "rules: {BEG03: needed}\n"),
        ("guide", GUIDE + "add: [{after: REF}]\n"),
        ("guide", "gateway: 1\nguide: a/850\n"),
    ],
)  # fmt: skip
def test_what_the_gateway_refuses_does_not_fit(kind: str, text: str) -> None:
    assert complaints(kind, text) != []


def test_every_key_of_the_models_stands_in_its_schema() -> None:
    for model, made in ((Settings, settings_schema()), (Partner, partner_schema())):
        assert set(made["properties"]) == {field.alias or name for name, field in model.model_fields.items()}


def test_the_documents_and_their_mappings_are_offered() -> None:
    made = partner_schema(["x12/850"])

    assert set(made["properties"]["documents"]["properties"]) == set(DOCUMENTS)
    assert '"enum": ["x12/850"]' in json.dumps(made["$defs"]["DocumentUse"])
    assert "x12/850" in schema("mapping")["properties"]["extends"]["anyOf"][0]["enum"]


def test_a_new_site_has_schemas_attached_to_its_files(tmp_path: Path) -> None:
    site.init(tmp_path)

    attached = json.loads((tmp_path / ".vscode/settings.json").read_text())["yaml.schemas"]
    for name in ("gateway.yaml", "partners/example.yaml"):
        path = tmp_path / name
        relative = path.read_text().splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert Draft202012Validator(json.loads((path.parent / relative).read_text())).is_valid(seen(path.read_text()))
    assert all((tmp_path / name).is_file() for name in attached)
    assert load_site(tmp_path, {})[1] == ()


def test_the_settings_of_an_editor_are_added_to_and_never_lost(tmp_path: Path) -> None:
    path = tmp_path / ".vscode" / "settings.json"
    path.parent.mkdir()
    path.write_text('{"editor.tabSize": 2, "yaml.schemas": {"a.json": "b.yaml"}}')

    assert command.attach(tmp_path).startswith("written")
    merged = json.loads(path.read_text())
    assert merged["editor.tabSize"] == 2
    assert merged["yaml.schemas"]["a.json"] == "b.yaml"
    assert "./.schemas/partner.schema.json" in merged["yaml.schemas"]
    assert command.attach(tmp_path).startswith("kept")

    path.write_text("{ // mine\n}")
    assert "add to it" in command.attach(tmp_path)
    assert path.read_text() == "{ // mine\n}"


def test_schemas_are_written_for_a_site_or_into_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert command.export(None, tmp_path / "out", {}) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "gateway.schema.json", "guide.schema.json", "mapping.schema.json", "partner.schema.json"
    ]  # fmt: skip

    (tmp_path / "gateway.yaml").write_text(US + "custom_fields: {order: [route]}\n")
    mappings = tmp_path / "mappings" / "acme"
    mappings.mkdir(parents=True)
    (mappings / "850.yaml").write_text("gateway: 1\nmapping: acme/850\nextends: x12/850\nfields: {}\n")
    assert command.export(None, None, {}) == 0
    made = (tmp_path / ".schemas" / "mapping.schema.json").read_text()
    assert "custom.route" in made
    assert '"acme/850"' in made
