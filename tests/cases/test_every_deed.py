"""Every command that asks who does it says so in the audit trail, with what came of it; one that does not fails here."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from gateway.cli.main import app
from gateway.exchange.units import Owed
from gateway.store import migrate, months
from gateway.store.schema import VERSION
from gateway.store.unit_of_work import SqlStore, engine_for
from tests import database as databases
from tests.engine.house import failed_for_good, queue_of
from tests.site.harness import FRIDAY, MONDAY, PlayedSite, new_site, order, purchase_order

LATER = "2027-02-28T15:00:00Z"
LOW = "PO1*1*2*EA*1.00*PE*VP*TENT-2P"
"""A line at a price that was not agreed, so that the order waits."""
FILES: Mapping[str, str] = {
    "partners/accounting.yaml": (
        "gateway: 1\npartner: accounting\nkind: accounting\ndocuments:\n  payment: {in: csv/payments}\n"
        "  dunning: {out: csv/dunning}\n"
    ),
    "partners/other.yaml": "gateway: 1\npartner: other\nname: Other\ndocuments:\n  order: {in: csv/order}\n",
    "mappings/acme/850.yaml": (
        "gateway: 1\nmapping: acme/850\nextends: x12/850\nfields:\n  lines:\n    fields:\n"
        "      uom: {from: PO103, map: {EA: EA}}\n"
    ),
    "items.csv": "sku,description,uom\nNEW-1,New thing,EA\n",
}
BANK = """payment_number,payment_date,partner,amount,invoice_number,paid,discount,deduction,reason
P1,2026-12-01,acme,300.00,INV0000001,170.00,,9.90,06
P2,2026-12-01,acme,160.00,INV0000002,160.00,,19.90,06
"""


def askers(name: str = "", command: Any = None) -> Iterator[str]:
    """Every command that asks who does it, found in the tree of commands."""
    command = command or get_command(app)
    for key, each in getattr(command, "commands", {}).items():
        yield from askers(f"{name} {key}".strip(), each)
    if any("--who" in each.opts for each in getattr(command, "params", ())):
        yield name


LOOKS = {"audit list"}
"""Commands that ask whose deeds are wanted."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> PlayedSite:
    """A site at which everything can be done once: orders on hold, released, billed; paid too much and too little."""
    site = new_site(tmp_path_factory.mktemp("deeds") / "site", on=databases.SQLITE)
    for name, text in FILES.items():
        (site.folder / name).parent.mkdir(exist_ok=True)
        (site.folder / name).write_text(text, encoding="utf-8")
    acme = site.folder / "partners" / "acme.yaml"
    text = acme.read_text(encoding="utf-8").replace("in: x12/850", "in: acme/850")
    acme.write_text(f"{text}  dunning: {{levels: [10], grace_days: 3}}\n", encoding="utf-8")
    site.drop_master()
    shipped = [order(f"B-{number}") for number in range(1, 5)]
    agreed = [order(f"O-{number}") for number in range(1, 7)]
    held = [order(f"H-{number}", LOW) for number in range(1, 9)]
    strange = [order(f"U-{unit}", f"PO1*1*2*{unit}*89.95*PE*VP*TENT-2P") for unit in ("CS", "BX")]
    site.drop("acme", "orders.edi", purchase_order(*shipped, *agreed, *held, *strange))
    site.run(FRIDAY)
    titles = "shipment_number,order_number,line,sku,quantity,uom,ship_date,carrier_scac,warehouse\n"
    rows = [f"S{number},SO-{number},1,TENT-2P,2,EA,2026-11-23,UPGN,DAL\n" for number in range(1, 5)]
    site.drop("warehouse", "confirm.csv", titles + "".join(rows))
    site.run(MONDAY)
    site.drop("accounting", "bank.csv", BANK)
    site.run("2026-12-01T15:00:00Z")
    with SqlStore(site.database()).unit() as work:
        work.bans.failed("192.0.2.7", at=work.alerts.listed()[0].opened_at, since=work.alerts.listed()[0].opened_at)
        work.commit()
    engine, queue = queue_of(site.database())
    queue.register(1, 1.0)
    queue.add([Owed("in", "poison")])
    failed_for_good(engine, "in:poison")
    engine.dispose()
    return site


def one(site: PlayedSite, question: str, **values: object) -> str:
    return str(site.rows(question, **values)[0][0])


def hold_of(site: PlayedSite, po_number: str) -> str:
    return next(str(each["id"]) for each in site.json("holds", "list") if each["po_number"] == po_number)


def sent(site: PlayedSite, state: str, number: int) -> str:
    """A file that left, in another state than it is."""
    name = one(site, "SELECT id FROM dispatches WHERE document = '855' ORDER BY sequence LIMIT 1 OFFSET :n", n=number)
    changed(site, f"UPDATE dispatches SET state = '{state}' WHERE id = '{name}'")  # noqa: S608 - ours
    return name


def changed(site: PlayedSite, statement: str) -> None:
    engine = engine_for(site.database())
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


Given = Callable[[PlayedSite], str]
DEEDS: Mapping[str, str | Given] = {
    "holds release": lambda site: f"{hold_of(site, 'H-1')} --accept ours --note why",
    "holds accept": lambda site: f"{hold_of(site, 'H-2')} --note why",
    "holds correct": lambda site: f"{hold_of(site, 'H-3')} --line 1 --price 89.95 --note why",
    "holds reject": lambda site: f"{hold_of(site, 'H-4')} --note why",
    "orders release": "H-5 --accept theirs --note why",
    "orders accept": "H-6 --note why",
    "orders correct": "H-7 --line 1 --price 89.95 --note why",
    "orders reject": "H-8 --reason why",
    "orders new": "--partner acme --po N-1 --line TENT-2P:1 --address 'address1=1 Main St' --address city=Austin",
    "orders hold": "O-1 --reason why",
    "orders cancel": "O-2 --reason why",
    "orders change": "O-3 --line 1 --quantity 1 --reason why",
    "orders ship": "O-4 --carrier UPGN",
    "claims accept": "CL-1 --note why",
    "claims reject": "CL-2 --note why",
    "orders close": "B-1 --reason why",
    "returns request": "B-2 --line 1 --quantity 1 --reason damaged",
    "returns receive": "RMA-1 --line 1 --quantity 1 --disposition restock",
    "returns close": lambda site: f"{returned(site, 'B-3')} --reason why",
    "returns cancel": lambda site: f"{returned(site, 'B-4')} --reason why",
    "payments new": "C1 --partner acme --amount 229.90 --invoice INV0000004=179.90 --note why",
    "payments apply": "P1 --invoice INV0000003 --note why",
    "payments unapply": "P1 --invoice INV0000003 --note why",
    "payments refund": "P1 --amount 10 --note why",
    "payments move": "C1 --to other --note why",
    "invoices rebill": "INV0000003 --line 1 --price 80.00 --reason why",
    "invoices credit": "INV0000004 --line 1 --quantity 1 --reason why",
    "payments apply-credit": lambda site: f"{billed(site, 'credit')} --invoice {billed(site, 'invoice')} --note why",
    "stock adjust": "TENT-2P --warehouse DAL --quantity 1 --reason why",
    "stock move": "TENT-2P --from DAL --to RNO --quantity 1 --reason why",
    "stock block": "TENT-2P --warehouse DAL --quantity 1 --reason why",
    "replenish": "--write",
    "import": "items items.csv",
    "values set": "V-1 EA --note why",
    "values ignore": "V-2 --note why",
    "units retry": "in:poison",
    "sftp unban": "192.0.2.7 --note why",
    "alerts close": lambda site: f"{one(site, 'SELECT id FROM alerts WHERE closed_at IS NULL')} --note why",  # noqa: S608 - ours
    "dispatch resend": lambda site: f"{sent(site, 'delivered', 0)} --note why",
    "dispatch retry": lambda site: sent(site, "given_up", 1),
    "dispatch cancel": lambda site: f"{sent(site, 'held', 2)} --note why",
    "payments dun": f"--now {LATER}",
    "db prune": f"--now {LATER}",
    "db backup": "copy.db",
    "db restore": "copy.db --note why --yes",
}  # fmt: skip
"""What is done at the site above, one after the other; of what needs another database there are tests below."""
ELSEWHERE = {"db upgrade", "db copy", "db partitions"}


def billed(site: PlayedSite, kind: str) -> str:
    """The latest of a kind that is open."""
    return one(site, "SELECT number FROM invoices WHERE kind = :kind AND open ORDER BY number DESC", kind=kind)


def returned(site: PlayedSite, order_name: str) -> str:
    asked = ("returns", "request", order_name, "--line", "1", "--quantity", "1", "--reason", "damaged")
    assert site.gateway(*asked).code == 0
    return one(site, "SELECT rma FROM returns ORDER BY rma DESC")


def test_each_command_that_asks_who_does_it_is_one_of_those_that_are_tried_here() -> None:
    assert {*DEEDS} | ELSEWHERE | LOOKS == {*askers()}


def said(site: PlayedSite, who: str) -> list[tuple[str, str, dict[str, str]]]:
    return [(each["action"], each["subject"], each["detail"]) for each in site.json("audit", "list", "--who", who)]


@pytest.mark.parametrize("command", DEEDS)
def test_what_was_done_is_noted_with_who_and_why(site: PlayedSite, command: str) -> None:
    given = DEEDS[command]
    words = shlex.split(given if isinstance(given, str) else given(site))
    who = f"who-{command.replace(' ', '-')}"
    answer = site.gateway(*command.split(), *words, "--who", who)
    assert answer.code == 0, answer
    ((action, subject, detail), *more) = said(site, who) or [("", "", {})]
    assert more == []
    assert "." in action or action == command, f"nothing is noted of '{command}'"
    assert subject
    if "why" in words:
        assert detail["note"] == "why"


def test_the_trail_of_all_that_is_whole(site: PlayedSite) -> None:
    assert site.gateway("audit", "verify").code == 0


# --- what needs another database -----------------------------------------------------------------------------------


def test_an_upgrade_is_noted_with_what_was_there_whoever_began_it(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site", on=databases.SQLITE)
    for number, words in enumerate((("db", "upgrade", "--who", "ann"), ("orders", "list"))):
        at_version(site, "0010")
        assert site.gateway(*words).code == 0, words
        last = site.json("audit", "list")[-1]
        assert (last["who"], last["action"]) == (("ann", "gateway")[number], "database.upgrade")
        assert last["detail"] == {"from": "0010", "to": VERSION}
    before = len(site.json("audit", "list"))
    assert site.gateway("db", "upgrade", "--who", "ann").code == 0
    assert len(site.json("audit", "list")) == before


def at_version(site: PlayedSite, version: str) -> None:
    """The site with the database of an earlier version."""
    for path in (site.folder / "var").glob("*"):
        if path.is_file():
            path.unlink()
    migrate.upgrade(site.database(), to=version)


def test_a_copy_is_noted_in_both_databases_and_the_trail_goes_on_in_either(tmp_path: Path) -> None:
    target = databases.fresh(databases.POSTGRESQL, tmp_path, migrated=False)
    site = new_site(tmp_path / "site", on=databases.SQLITE)
    site.run(FRIDAY)
    answer = site.gateway("db", "copy", "--to", target, "--who", "ann")
    assert answer.code == 0, answer
    here = said(site, "ann")
    assert [each[:2] for each in here] == [("database.copy", "database")]
    assert int(here[0][2]["rows"]) > 0
    for _ in range(2):  # here, and where it was copied to
        assert said(site, "ann") == here
        assert site.gateway("audit", "verify").code == 0
        (site.folder / databases.NAMED).write_text(target, encoding="utf-8")
    assert site.database() == target
    refused = site.gateway("db", "copy", "--to", target, "--who", "bob")
    assert refused.code == 8
    assert said(site, "bob") == []


def test_months_that_were_taken_out_are_noted_and_a_look_is_not(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site", on=databases.POSTGRESQL)
    engine = engine_for(site.database())
    with engine.begin() as connection:
        months.make(connection, "stock_moves", "2025-01")
    engine.dispose()
    assert site.gateway("db", "partitions", "--who", "ann").code == 0
    assert said(site, "ann") == []
    assert site.gateway("db", "partitions", "--detach-before", "2025-02", "--who", "ann").code == 0
    detail = {"before": "2025-02", "tables": "stock_moves_2025_01"}
    assert said(site, "ann") == [("database.detach", "database", detail)]
    assert site.gateway("audit", "verify").code == 0
