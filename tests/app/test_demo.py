"""What the demo says: short, true of what it left, and every command that it suggests works there."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from gateway.app.demo.script import LOOKS, STEPS, TRIES
from gateway.cli.demo import entering
from gateway.config import sftp_server
from tests.site.harness import Answer, PlayedSite, demo_site

WIDTH, LENGTH = 100, 70
TABLE = {
    "4500017301": ["acme", "X12", "RMA-1 credited", "invoiced", "855, 856, 2x810, 180"],
    "4500017302": ["acme", "X12", "backorder filled", "invoiced", "855, 2x856, 2x810"],
    "4500017304": ["acme", "X12", "held: C-PRICE", "on_hold"],
    "4500017311": ["acme", "X12", "-", "paid", "855, 856, 810"],
    "4500017312": ["acme", "X12", "an unknown item", "invoiced", "855, 856, 810"],
    "BW-2207": ["bergwelt", "CSV", "-", "invoiced", "receipt, ship notice, invoice"],
    "BW-2208": ["bergwelt", "CSV", "an unknown item", "invoiced", "receipt, ship notice, invoice"],
    "PK-0318": ["polku", "UBL", "-", "invoiced", "order response, ship notice, invoice"],
    "set 850 0003": ["acme", "X12", "breaks the standard", "rejected", "997"],
}
SEEN = {
    "orders show": "DAL-SO-2-2",
    "trace": "CM0000001",
    "holds list": "their price 139.00, ours 149.00",
    "holds release": "C-PRICE of SO-3 (PO 4500017304) released",
    "files list": "answered again",
    "mapping explain": "82.50 <- Preis (row 2) '82,50'",
    "acks due": "4500017304",
}
"""A piece of what each suggested command says."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[PlayedSite, Answer]:
    """The site that the demo left, and what it said; by folders, since SFTP has tests of its own."""
    folder = tmp_path_factory.mktemp("played")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sftp_server, "LIBRARY", "no_such_library")
        answer = demo_site(folder / "origin").gateway("demo", "--keep", str(folder / "demo"))
    assert (answer.code, answer.err) == (0, "")
    return PlayedSite(folder / "demo"), answer


def test_the_demo_is_short_enough_to_be_read(played: tuple[PlayedSite, Answer]) -> None:
    site, answer = played
    lines = answer.out.replace(str(site.folder), "FOLDER").splitlines()

    assert len(lines) <= LENGTH
    assert [line for line in lines if len(line) > WIDTH and "sftp" not in line] == []
    assert [line for line in lines if "{" in line] == []


def test_each_step_is_told_in_its_order(played: tuple[PlayedSite, Answer]) -> None:
    said = played[1].out.splitlines()[2 : 2 + len(STEPS)]

    assert [line[:12].strip() for line in said] == [step.day for step in STEPS]
    assert [line[12:].partition(": ")[0] for line in said] == [step.what for step in STEPS]
    assert [bool(line.partition(": ")[2]) for line in said] == [bool(step.result) for step in STEPS]


def test_the_table_says_of_each_order_how_it_came_what_was_special_and_what_went_back(
    played: tuple[PlayedSite, Answer],
) -> None:
    lines = played[1].out.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("partner"))
    rows = [re.split(r" {2,}", line) for line in lines[start + 2 : start + 2 + len(TABLE)]]

    assert {row[1]: [row[0], *row[2:]] for row in rows} == TABLE


def test_every_file_that_is_worth_a_look_is_there(played: tuple[PlayedSite, Answer]) -> None:
    site, answer = played
    said = re.findall(r"^  (outbox/\S+)  ", answer.out, re.MULTILINE)

    assert len(said) == len(LOOKS)
    assert [path for path in said if not (site.folder / path).is_file()] == []
    reject, backorder, later, credit, booked, receipt, invoice, response = [
        (site.folder / each).read_bytes() for each in said
    ]
    assert b"AK4*2*373*8*20261304~" in reject
    assert b"*IB*14*EA" in backorder
    assert b"SN1*1*14*EA" in later
    assert b"*CR~" in credit
    assert b"-99.96" in booked
    assert "BW-2208;2;HÄNGEMATTE;abgelehnt;8;39,00" in receipt.decode("latin-1")
    assert "Bergwelt München;BW-2208;EUR" in invoice.decode("latin-1")
    assert "<cbc:StreetName>Hämeentie 31</cbc:StreetName>" in response.decode()


def test_umlauts_and_decimal_commas_arrive_in_our_json(played: tuple[PlayedSite, Answer]) -> None:
    site, _ = played
    order = site.json("orders", "show", "BW-2207", "--partner", "bergwelt")

    assert (order["ship_to"]["city"], order["ship_to"]["address1"]) == ("Köln", "Bonner Straße 211")
    assert [(line["unit_price"], line["uom"]) for line in order["lines"]] == [("82.5", "EA"), ("178.8", "CA")]


def test_every_command_that_is_suggested_works_on_the_site_that_was_left(
    played: tuple[PlayedSite, Answer], tmp_path: Path
) -> None:
    site = played[0].copy(tmp_path / "left")
    commands = re.findall(r"^    (\S.*)$", played[1].out.partition("Try this next")[2], re.MULTILINE)
    commands = [each for each in commands if not each.startswith((". ", "cd "))]

    assert commands == [each.command for each in TRIES]
    for command in commands:
        words = shlex.split(command)
        if words[0] == "cp":
            (site.folder / words[2]).write_bytes((site.folder / words[1]).read_bytes())
            continue
        answer = site.gateway(*words[1:])
        assert answer.code == 0, (command, answer)
        assert SEEN.get(" ".join(words[1:3]), "") in answer.out, (command, answer.out)
    assert site.json("orders", "show", "4500017304")["status"] == "released"
    assert len([each for each in site.json("orders", "list") if each["partner"] == "polku"]) == 1


def test_the_demo_writes_into_no_folder_that_has_something(played: tuple[PlayedSite, Answer]) -> None:
    site, _ = played
    answer = site.gateway("demo", "--keep", str(site.folder))

    assert answer.code == 2
    assert "is not empty" in answer.err


def test_whoever_has_no_gateway_on_the_path_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "activate").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    assert entering(tmp_path / "my demo") == [f". {tmp_path}/bin/activate", f"cd '{tmp_path}/my demo'"]

    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin" / "gateway").touch(0o755)

    assert entering(tmp_path / "demo") == [f"cd {tmp_path}/demo"]
