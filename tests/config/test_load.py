"""A site's own mistakes: every one at its place, in words, all files at once; and the defaults."""

import shutil
from pathlib import Path

import pytest

from gateway.canonical.registry import DOCUMENTS
from gateway.config import finding
from gateway.config.agreement import ack_rules, terms
from gateway.config.finding import find_site
from gateway.config.load import Site, load_site
from gateway.exchange.acknowledgment import AckRules
from gateway.kernel.errors import NotFoundError
from gateway.kernel.faults import Repair
from gateway.kernel.ids import PartnerId
from gateway.orders.terms import Terms

ROOT = Path(__file__).parents[2]
US = "gateway: 1\nus: {qualifier: ZZ, id: NORTHWIND}\n"
ACME = "gateway: 1\npartner: acme\nx12: {them: {qualifier: ZZ, id: ACME}}\n"


def shown(folder: Path, *, settings: str = US, **partners: str) -> list[str]:
    (folder / "partners").mkdir(exist_ok=True)
    (folder / "gateway.yaml").write_text(settings)
    for name, text in partners.items():
        (folder / "partners" / f"{name}.yaml").write_text(text)
    _, problems = load_site(folder, {})
    return [str(problem) for problem in problems]


def loaded(folder: Path, *, settings: str = US, **partners: str) -> Site:
    assert shown(folder, settings=settings, **partners) == []
    site, _ = load_site(folder, {})
    assert site is not None
    return site


def test_the_site_of_the_repository_is_in_order() -> None:
    site, problems = load_site(ROOT, {})
    assert problems == ()
    assert site is not None
    assert set(site.partners) == {"acme", "bergwelt", "polku", "warehouse", "accounting", "erp"}


def test_a_file_with_its_version_alone_is_a_site(tmp_path: Path) -> None:
    assert loaded(tmp_path, settings="gateway: 1\n").settings.time_zone == "UTC"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ACME + "statsu: live\n", "4:1: error P001: 'statsu' is not a key here\n    hint: did you mean 'status'?"),
        (ACME + "status: alive\n", "4:9: error P003: 'status' is one of draft, testing, live, suspended, closed, not 'alive'\n    hint: did you mean 'live'?"),
        (ACME + "language: de\n", "4:1: error P001: 'language' is not obeyed by this version yet\n    hint: remove it; what people are told is in English"),
        ("gateway: 1\npartner: acme\nx12: {version: 004010}\n", "3:6: error P002: the key 'them' is missing"),
        ("gateway: 1\npartner: acme\nx12: yes\n", "3:6: error P003: 'x12' holds keys of its own, written below it or in { }, not 'yes'"),
        (ACME + "terms: {lead_days: soon}\n", "4:20: error P003: 'lead_days' is a number, not 'soon'"),
        (ACME + "terms: {credit: {limit: -5}}\n", "4:25: error P003: 'limit' is at least 0, not '-5'"),
        (ACME + "terms: {partial_shipments: maybe}\n", "4:28: error P003: 'partial_shipments' is true or false, not 'maybe'"),
        (ACME + "terms: {sourcing: [next]}\n", "4:20: error P003: 'sourcing': 'next' is not a rule; write 'preferred' and a warehouse, or nearest, fewest_splits, highest_stock, cost"),
        (ACME + "serves: DAL\n", "4:9: error P003: 'serves' is a list, written like [a, b], not 'DAL'"),
        (ACME + "documents: {shipmnt: {out: x12/856}}\n", "4:13: error P001: 'shipmnt' is not a key here\n    hint: did you mean 'shipment'?"),
        (ACME + "documents: {order: {version: 004010}}\n", "4:20: error P002: an entry of 'order' needs 'in' or 'out' and a mapping"),
        (ACME + "documents: {order: {in: [a, {mapping: b, wenn: {set: 850}}]}}\n", "4:42: error P001: 'wenn' is not a key here\n    hint: did you mean 'when'?"),
        (ACME + "documents: {order: {in: [a, {when: {set: 850}}]}}\n", "4:29: error P002: the key 'mapping' is missing"),
        (ACME + "documents: {order: {in: {mapping: a, when: {file: 'x'}, from: 1.12.2026}}}\n", "4:63: error P003: 'from': '1.12.2026' is not a date; write it like 2026-12-31"),
        (ACME + "documents: {order: {in: {mapping: a, from: 2026-12-01, until: 2026-11-30}}}\n", "4:63: error P004: 'until' (2026-11-30) is before 'from' (2026-12-01), so the entry never counts"),
        (ACME + "documents: {order: {in: {mapping: a, when: {}}}}\n", "4:38: error P002: 'when' has no condition, so every file fits\n    hint: write one of file, set, version, root, columns, or remove it"),
        (ACME + "documents: {order: {in: {mapping: a, when: {root: '{urn:x'}}}}\n", "4:51: error P003: 'root': '{urn:x' is not the name of an element; write it like Order or {urn:example}Order"),
        (ACME + "documents: {order: {in: {mapping: a, when: {version: 003060}}}}\n", "4:54: error P003: 'version': version '003060' is not supported; supported are 004010, 004030, 005010"),
        (ACME + "documents: {order: {in: {mapping: a, when: {moment: shipped}}}}\n", "4:45: error P001: 'moment' is not a key here"),
        (ACME + "documents: {order: {in: {mapping: a, channel: x}}}\n", "4:38: error P001: 'channel' is not obeyed by this version yet\n    hint: remove it; an entry counts for every channel of the partner; 'when: {file: ...}' tells files apart"),
        (ACME + "documents: {order: {in: a, expect_997: 4h}}\n", "4:28: error P004: 'expect_997' is about files that leave; this entry of 'order' only has 'in'\n    hint: remove it"),
        (ACME + "documents: {invoice: {out: {mapping: a, expect_997: soon}}}\n", "4:53: error P003: 'expect_997': 'soon' is not a duration; write it like 20s, 5m, 24h or 3d"),
        (ACME.replace("x12: {them: {qualifier: ZZ, id: ACME}}", "documents: {invoice: {out: a, expect_997: 4h}}"), "3:43: error P004: 'expect_997' waits for an answer in X12, and this partner has no 'x12' section\n    hint: remove it"),
        (ACME + "documents: {invoice: {out: {mapping: a, style: full}}}\n", "4:41: error P001: 'style' is not obeyed by this version yet\n    hint: remove it; an answer names every line of the order"),
        (ACME + "documents: {order: {in: a, channel: x}}\n", "4:28: error P004: 'channel' is about files that leave; this entry of 'order' only has 'in'\n    hint: remove it"),
        (ACME + "documents: {invoice: {out: a, when: {file: x}}}\n", "4:31: error P004: 'when' chooses among files that come in; this entry of 'invoice' only has 'out'\n    hint: remove it"),
        (ACME + "documents: {invoice: {out: {mapping: a, when: weekly}}}\n", "4:47: error P003: 'when': 'weekly' is not a moment; write one of decided, shipped, delivered, complete, or daily 18:00"),
        (ACME + "documents: {invoice: {out: [a, {mapping: b, channel: boks}]}}\nchannels: {out: [{path: o}, {path: b, name: books}]}\n", "4:54: error P004: there is no outbound channel 'boks'\n    hint: did you mean 'books'?"),
        (ACME + "documents: {invoice: {out: a, channel: books}}\n", "4:40: error P004: there is no outbound channel 'books'\n    hint: give a channel of 'channels.out' the 'name: books'"),
        (ACME + "channels: {out: [{path: a, name: x}, {path: b, name: x}]}\n", "4:34: error P004: two channels are called 'x'; a document could not say which one it means"),
        (ACME + "documents: {order: [{in: a}, {inn: b}]}\n", "4:31: error P001: 'inn' is not a key here\n    hint: did you mean 'in'?"),
        (ACME + "channels: {in: [{kind: stfp, path: x}]}\n", "4:24: error P003: 'kind' is one of directory, sftp, not 'stfp'\n    hint: did you mean 'sftp'?"),
        (ACME + "channels: {in: [{path: ../x}]}\n", "4:24: error P003: 'path': '../x' must be a folder within the site"),
        (ACME + "channels: {out: [{path: o, file_name: '{doc}'}]}\n", "4:39: error P003: 'file_name': '{doc}' is not a placeholder; known are document, number, control, date, partner, ext"),
        (ACME + "time_zone: Mars/Olympus\n", "4:12: error P003: 'time_zone': 'Mars/Olympus' is not a time zone; write it like America/Chicago"),
        (ACME.replace("acme", "acne"), "2:10: error P004: 'partner' must be 'acme', the name of the file"),
        (ACME + "serves: [DAL]\n", "4:1: error P004: only a partner of kind 'warehouse' serves warehouses"),
        (ACME.replace("}}", "}, separators: {element: '~'}}"), "3:52: error P004: '~' cannot be both the element and the segment separator"),
        (ACME.replace("}}", "}, separators: {element: '-'}}"), "3:52: error P004: '-' cannot be the element separator; letters, digits, blanks, '-' and '.' stand in data"),
        (ACME.replace("}}", '}, separators: {segment: "\\n", after_segment: LF}}'), "3:52: error P004: a line end is the segment separator already; 'after_segment' must be none"),
        (ACME.replace("}}", "}, separators: {element: '|*'}}"), "3:62: error P003: 'element' has a length of at most 1, not '|*'"),
        (ACME.replace("id: ACME", "id: AC*ME"), "3:33: error P004: the id 'AC*ME' cannot be written with these separators in the character set 'extended'"),
        (ACME.replace("}}", "}, charset: ascii}"), "3:49: error P003: 'charset' is one of basic, extended, utf8, not 'ascii'\n    hint: did you mean 'basic'?"),
        (ACME.replace("}}", "}, tolerates: [SE1_COUNT]}"), "3:52: error P003: 'tolerates': 'SE1_COUNT' is not a tolerance; known are SE01_COUNT, GE01_COUNT, IEA01_COUNT, SE02, GE02, IEA02, ISA_PADDING, UNEXPECTED_SEGMENT, UNKNOWN_CODE, TOO_LONG, TRAILING_SEPARATORS"),
        ("- a\n", "1:1: error M001: the file is made of 'key: value' lines"),
    ],
)  # fmt: skip
def test_a_mistake_of_a_partner_file_is_told_at_its_place_in_words(tmp_path: Path, text: str, expected: str) -> None:
    assert shown(tmp_path, acme=text) == [f"partners/acme.yaml:{expected}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (US + "timezone: UTC\n", "3:1: error P001: 'timezone' is not a key here\n    hint: did you mean 'time_zone'?"),
        (US + "currency: Dollar\n", "3:11: error P003: 'currency': 'Dollar' is not a currency; write it like USD"),
        (US + "grace: soon\n", "3:8: error P003: 'grace': 'soon' is not a duration; write it like 20s, 5m, 24h or 3d"),
        (US + "labels: {gs1_prefix: 06A}\n", "3:22: error P003: 'gs1_prefix': '06A' is not a GS1 company prefix; it has 6 to 12 digits"),
        ("gateway: 2\n", "1:10: error P003: 'gateway' is one of 1, not '2'"),
        (US + "allow_plugins: [acme.gateway:store]\n", "3:17: error P003: 'allow_plugins': 'acme.gateway:store' is not the name of a plug-in; it is the name of a function, never a module"),
        (US + "custom_fields: {ordr: [route]}\n", "3:17: error P001: 'ordr' is not a key here\n    hint: did you mean 'order'?"),
        (US + "custom_fields: {order: [Route 7]}\n", "3:25: error P003: 'order': 'Route 7' cannot name a field; it has small letters, digits and _, a letter first"),
        (US + "custom_fields: {order: route}\n", "3:24: error P003: 'order' is a list, written like [a, b], not 'route'"),
        (US + "settings: {require_tests: perhaps}\n", "3:27: error P003: 'require_tests' is true or false, not 'perhaps'"),
    ],
)  # fmt: skip
def test_a_mistake_of_the_settings_is_told_at_its_place_in_words(tmp_path: Path, text: str, expected: str) -> None:
    assert shown(tmp_path, settings=text) == [f"gateway.yaml:{expected}"]


def test_fields_of_our_own_are_those_of_one_document_or_of_all(tmp_path: Path) -> None:
    one = loaded(tmp_path, settings=US + "custom_fields: {order: [route, gate]}\n").settings
    every = loaded(tmp_path, settings=US + "custom_fields: [route]\n").settings

    assert one.custom_fields == {"order": ("route", "gate")}
    assert every.custom_fields == dict.fromkeys(DOCUMENTS, ("route",))


def test_plugins_and_tests_are_allowed_and_asked_for_by_name_only(tmp_path: Path) -> None:
    plain = loaded(tmp_path).settings
    said = loaded(tmp_path, settings=US + "allow_plugins: [acme_store]\nsettings: {require_tests: true}\n").settings

    assert (plain.allow_plugins, plain.settings.require_tests) == ((), False)
    assert (said.allow_plugins, said.settings.require_tests) == (("acme_store",), True)


@pytest.mark.parametrize("document", sorted(DOCUMENTS))
def test_every_canonical_document_may_be_named_by_a_partner(tmp_path: Path, document: str) -> None:
    text = ACME + f"documents: {{{document}: {{in: a, out: [b, {{mapping: c, version: 005010}}]}}}}\n"
    acme = loaded(tmp_path, acme=text).partners[PartnerId("acme")]

    assert [(use.document, use.direction, use.mapping) for use in acme.uses()] == [
        (document, "in", "a"), (document, "out", "b"), (document, "out", "c")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        "{in: {mapping: a, when: {file: 'x*'}}}",
        "{in: a, when: {file: 'x*'}}",
        "[{in: a, when: {file: 'x*'}}]",
        "{in: [{mapping: a, when: {file: 'x*'}}]}",
        "[{in: [{mapping: a}], when: {file: 'x*'}}]",
    ],
)
def test_an_entry_may_be_written_short_or_long(tmp_path: Path, written: str) -> None:
    (use,) = loaded(tmp_path, acme=ACME + f"documents: {{order: {written}}}\n").partners[PartnerId("acme")].uses()

    assert (use.mapping, use.direction, use.when.file) == ("a", "in", "x*")


def test_each_mapping_is_known_at_the_place_where_it_is_named(tmp_path: Path) -> None:
    text = ACME + "documents:\n  order:\n    - {in: [a, {mapping: b}]}\n    - in: c\n  invoice: {out: {mapping: d}}\n"
    references = loaded(tmp_path, acme=text).references

    assert [(each.use.mapping, each.origin.line, each.origin.column) for each in references] == [
        ("a", 6, 13), ("b", 6, 26), ("c", 7, 11), ("d", 8, 28)
    ]  # fmt: skip


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    found = shown(
        tmp_path, settings=US + "x: 1\n", acme=ACME + "y: 1\nz: 1\n", beta="gateway: 1\npartner: beta\nw: 1\n"
    )
    assert [line.split(": ")[0] for line in found] == [
        "gateway.yaml:3:1", "partners/acme.yaml:4:1", "partners/acme.yaml:5:1", "partners/beta.yaml:3:1"
    ]  # fmt: skip


def test_partners_do_not_share_an_identity_a_folder_or_a_warehouse(tmp_path: Path) -> None:
    other = "gateway: 1\npartner: beta\nkind: warehouse\n"
    assert (
        "acme has the same interchange id ZZ ACME" in shown(tmp_path, acme=ACME, beta=ACME.replace("acme", "beta"))[0]
    )
    assert (
        "a folder belongs to one partner"
        in shown(tmp_path, acme=ACME, beta=other + "channels: {in: [{path: inbox/acme}]}\n")[0]
    )
    third = other.replace("beta", "house") + "serves: [DAL]\n"
    assert "beta serves the warehouse 'DAL' too" in shown(tmp_path, beta=other + "serves: [DAL]\n", house=third)[0]


def test_nobody_saying_who_we_are_is_a_mistake_of_each_x12_partner(tmp_path: Path) -> None:
    (problem,) = shown(tmp_path, settings="gateway: 1\n", acme=ACME)
    assert "nobody says who we are" in problem


def test_the_defaults_are_those_of_the_design(tmp_path: Path) -> None:
    site = loaded(tmp_path, acme=ACME)
    acme = site.partners[PartnerId("acme")]
    assert (acme.kind, acme.status, acme.name) == ("trading_partner", "live", "acme")
    assert [(each.path, each.key, each.patterns) for each in acme.folders()] == [("inbox/acme", "inbox/acme", ("*",))]
    assert (acme.outlet().key, acme.outlet().file_name) == ("outbox/acme", "{document}_{number}_{control}.{ext}")
    assert ack_rules(acme) == (AckRules(unique_groups=False), frozenset(Repair))
    assert terms(acme, site.settings) == Terms()
    assert acme.our_identity(site.settings).id == "NORTHWIND"


def test_separators_at_the_end_that_are_tolerated_may_be_repaired(tmp_path: Path) -> None:
    text = ACME.replace("}}", "}, repairs: [BOM], tolerates: [TRAILING_SEPARATORS]}")
    _, repairs = ack_rules(loaded(tmp_path, acme=text).partners[PartnerId("acme")])
    assert repairs == {Repair.BOM, Repair.TRAILING_SEPARATORS}


def test_the_agreement_reaches_the_domains(tmp_path: Path) -> None:
    text = ACME.replace(
        "}}",
        "}, tolerates: [SE01_COUNT, UNKNOWN_CODE(355)], repairs: [BOM], acknowledge: {ta1: always, functional: {when: errors}}}",
    )
    text += "terms:\n  price_list: acme-2026\n  price_tolerance: {percent: 0.5, outside: accept_ours}\n  credit: {limit: 100}\n  sourcing: [preferred DAL]\n  payment: {net_days: 30}\n"
    site = loaded(tmp_path, acme=text)
    acme = site.partners[PartnerId("acme")]
    rules, repairs = ack_rules(acme)
    assert (rules.tolerates, rules.ta1, rules.when, repairs) == (
        frozenset({"SE01_COUNT", "UNKNOWN_CODE(355)"}),
        "always",
        "errors",
        frozenset({Repair.BOM}),
    )
    agreed = terms(acme, site.settings)
    assert (agreed.price_list, str(agreed.tolerance_percent), agreed.outside_tolerance) == (
        "acme-2026",
        "0.5",
        "accept_ours",
    )
    assert (agreed.credit_limit, agreed.sourcing, agreed.net_days) == (100, ("preferred DAL",), 30)


def test_the_environment_says_where_the_database_is(tmp_path: Path) -> None:
    loaded(tmp_path)
    site, _ = load_site(tmp_path, {"GATEWAY_DATABASE__URL": "postgresql://db/gateway"})
    assert site is not None
    assert site.settings.database_url(tmp_path) == "postgresql://db/gateway"
    assert loaded(tmp_path).settings.database_url(tmp_path) == f"sqlite:///{tmp_path}/var/gateway.db"


def with_database(folder: Path, url: str) -> None:
    shutil.copy(ROOT / "gateway.yaml", folder)
    (folder / "partners").mkdir(exist_ok=True)
    with (folder / "gateway.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f'database: {{url: "{url}"}}\n')


def test_a_name_of_the_environment_in_the_address_of_the_database_is_filled_in(tmp_path: Path) -> None:
    with_database(tmp_path, "postgresql://gw:${DB_PASSWORD}@db/gateway")
    site, problems = load_site(tmp_path, {"DB_PASSWORD": "p@ss/word"})
    assert site is not None
    assert problems == ()
    assert site.settings.database_url(tmp_path) == "postgresql://gw:p%40ss%2Fword@db/gateway"


@pytest.mark.parametrize(
    ("url", "said", "level"),
    [
        ("postgresql://gw:${DB_PASSWORD}@db/gateway", "the environment has no DB_PASSWORD", "error"),
        ("postgresql://gw:s3cret@db/gateway", "a password stands here", "warning"),
        ("mysql://gw@db/gateway", "not the address of a SQLite or PostgreSQL database", "error"),
    ],
)
def test_an_address_that_cannot_be_right_is_a_problem_at_its_place(
    tmp_path: Path, url: str, said: str, level: str
) -> None:
    with_database(tmp_path, url)
    _, (problem,) = load_site(tmp_path, {})
    assert said in problem.sentence
    assert (problem.level, problem.code, problem.file) == (level, "P003", "gateway.yaml")
    assert problem.line > 1
    assert "s3cret" not in str(problem)


def test_a_site_is_found_from_any_folder_below_it_or_by_name(tmp_path: Path) -> None:
    shutil.copy(ROOT / "gateway.yaml", tmp_path)
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert find_site(tmp_path / "a" / "b", None, {}) == tmp_path
    assert find_site(Path("/"), tmp_path, {}) == tmp_path
    assert find_site(Path("/"), None, {"GATEWAY_CONFIG": str(tmp_path / "gateway.yaml")}) == tmp_path
    with pytest.raises(NotFoundError):
        find_site(Path("/"), None, {})


def test_a_machine_has_one_site_for_those_who_stand_in_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "gateway.yaml", tmp_path)
    monkeypatch.setattr(finding, "OF_THE_MACHINE", tmp_path)

    assert find_site(Path("/"), None, {}) == tmp_path
