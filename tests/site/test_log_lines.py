"""What a real run says: lines that a program can read, with one thread for each file, and never a character that obeys a stranger."""

import json
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from gateway.kernel.happenings import FIELDS, FIRST, HAPPENINGS, LEVELS
from tests.app.test_health import free_port, running, wait_for
from tests.database import SQLITE
from tests.site.harness import FRIDAY, MONDAY, PlayedSite, new_site, order, purchase_order

DEAR = "PO1*1*2*EA*1.00*PE*VP*TENT-2P"
FORGED = 'R\r\n{"level": "error", "event": "file.refused"}'
SELDOM = {
    "another process or machine must die, or meet us": {
        "file.gone", "run.left", "run.lost", "run.anew", "run.failed", "run.goes_on", "worker.gone", "unit.left",
        "unit.strayed", "unit.again", "unit.waits", "scan.not_told",
    },
    "a disk, a folder or the kernel must fail": {
        "file.unreadable", "file.not_removed", "file.not_put_aside", "disk.full", "folder.not_watched",
        "folders.not_watched", "folders.watched_anew",
    },
    "the program must have a defect": {
        "file.not_remembered", "file.turn_unknown", "file.waits", "slice.waits", "note.strange", "job.failed",
        "document.not_written", "unit.failed",
    },
    "a server of a partner must be there, and misbehave": {
        "file.changed", "channel.stopped", "dispatch.failed", "dispatch.given_up", "dispatch.held",
        "dispatch.not_withdrawn", "dispatch.data_changed",
    },
    "somebody must be told by mail, or log in": {
        "notice.sent", "notice.failed", "sftp.listening", "sftp.failed", "sftp.login", "sftp.refused", "sftp.banned",
        "sftp.turned_away", "sftp.put", "sftp.renamed", "sftp.fetched", "sftp.removed", "sftp.cut", "sftp.not_noted",
    },
    "a person must act, whose commands say warnings only": {"alert.closed"},
    "files of the site must change": {"config.reloaded", "config.refused", "config.waits", "channel.again"},
    "days must pass, or a copy be brought back": {"units.pruned", "database.restored"},
}  # fmt: skip
"""What this page does not play, and what it would take."""


def lines(said: str) -> list[dict[str, Any]]:
    found = [json.loads(each) for each in said.splitlines()]
    for each in found:
        assert each["event"] in HAPPENINGS, each
        assert each["level"] in HAPPENINGS[each["event"]].levels, each
        assert set(each) <= set(FIELDS), each
        shared = [name for name in each if name in FIRST]
        assert list(each)[: len(shared)] == shared == [name for name in FIRST if name in each], each
    return found


def said(site: PlayedSite, now: str = FRIDAY, code: int | None = 0) -> list[dict[str, Any]]:
    answer = site.gateway("run", "--once", "-v", "--now", now)
    assert code in (None, answer.code), answer
    return lines(answer.err)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[PlayedSite, list[dict[str, Any]]]:
    """Everything that one site says in some days with good and bad files."""
    site = new_site(tmp_path_factory.mktemp("told") / "site", on=SQLITE)
    with (site.folder / "gateway.yaml").open("a", encoding="utf-8") as settings:
        settings.write("run: {slice_orders: 2}\n")
    site.drop_master()
    found: list[dict[str, Any]] = []
    site.drop("acme", "a.edi", purchase_order(order("R-1"), order("R-2", DEAR)))
    site.drop("acme", "c.edi", "rubbish")
    found += said(site)
    site.drop("acme", "again.edi", purchase_order(order("R-1"), order("R-2", DEAR)))
    site.drop("acme", "wrong.edi", purchase_order(order("R-3").replace("BEG*", "BEX*"), control=2))
    site.drop("acme", "big.edi", purchase_order(*(order(f"B-{number}") for number in range(5)), control=3))
    (site.folder / "inbox" / "acme" / "link.edi").symlink_to("/etc/hostname")
    found += said(site)
    blocked = site.folder / "outbox" / "acme"
    blocked.rename(site.folder / "aside")
    blocked.write_text("a file stands where the folder belongs")
    site.drop("acme", "d.edi", purchase_order(order("R-4"), control=4))
    found += said(site, code=6)
    blocked.unlink()
    site.gateway("holds", "release", "R-2", "--accept", "theirs", "--now", FRIDAY)
    found += said(site, MONDAY)
    return site, found


def test_every_event_is_said_in_a_real_run_or_has_a_reason_why_not_here(
    told: tuple[PlayedSite, list[dict[str, Any]]], tmp_path: Path
) -> None:
    site = new_site(tmp_path / "site", on=SQLITE)
    with running(site, "--health-port", str(free_port())) as process:
        log = site.folder / "run.log"
        wait_for(lambda: log.is_file() and "run.started" in log.read_text())
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    names = {each["event"] for each in [*told[1], *lines((site.folder / "run.log").read_text())]}
    seldom = [name for group in SELDOM.values() for name in group]
    assert len(seldom) == len(set(seldom))
    assert names - set(seldom) == set(HAPPENINGS) - set(seldom)


def test_all_lines_of_a_file_have_its_receipt_partner_and_name(told: tuple[PlayedSite, list[dict[str, Any]]]) -> None:
    site, found = told
    receipts = {each["file"]: each["id"] for each in site.json("files", "list")}
    for name in ("a.edi", "c.edi", "again.edi", "wrong.edi", "big.edi", "d.edi"):
        own = [each for each in found if each.get("file") == name]
        assert {(each["trace_id"], each["partner"]) for each in own} == {(receipts[name], "acme")}, name
        assert {"file.received", "file.interpreted"} <= {each["event"] for each in own}
    answers = [each for each in found if each["event"] in ("ack.sent", "document.sent") and each["partner"] == "acme"]
    assert {each["trace_id"] for each in answers} <= set(receipts.values())


def test_trace_finds_what_a_line_names(told: tuple[PlayedSite, list[dict[str, Any]]]) -> None:
    site, found = told
    for name in {each["trace_id"] for each in found if each["event"] != "file.refused" and "trace_id" in each}:
        answer = site.gateway("trace", name)
        assert answer.code == 0, (name, answer.err)


def test_documents_say_what_became_of_them(told: tuple[PlayedSite, list[dict[str, Any]]]) -> None:
    _, found = told
    held = {
        (each["document"], each["code"], each.get("po_number")) for each in found if each["event"] == "document.held"
    }
    assert {("order", "C-PRICE", "R-2"), ("file", "F-BINARY", None)} <= held
    assert [each["document"] for each in found if each["event"] == "document.rejected"] == ["850"]
    mapped = [each for each in found if each["event"] == "document.mapped" and each.get("po_number") == "R-1"]
    assert [each["document"] for each in mapped] == ["order"]
    assert mapped[0]["duration_s"] > 0
    placed = {each["po_number"]: each["state"] for each in found if each["event"] == "order.placed"}
    assert placed["R-2"] == "on_hold"


def test_nothing_is_said_of_what_was_not_committed(tmp_path: Path) -> None:
    """A process that dies before the commit has said nothing of the file; the next one says it once."""
    site = new_site(tmp_path / "site", on=SQLITE)
    site.drop("acme", "a.edi", purchase_order(order("R-1")))
    first = lines(site.gateway("run", "--once", "-v", "--now", FRIDAY, crash_at="interpreted").err)
    assert {each["event"] for each in first} <= {"file.received", "alert.opened"}
    second = [each["event"] for each in said(site)]
    assert (second.count("document.mapped"), second.count("order.placed")) == (1, 1)


def test_s_21_a_number_that_forges_a_line_is_one_line(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site", on=SQLITE)
    content = f'po_number,po_date,ship_to_name,address1,city,line,sku,quantity,uom,unit_price\n"{FORGED}",2026-11-20,F,H,B,1,X,1,EA,1\n'
    text = "gateway: 1\npartner: far\nname: Far\ndocuments: {order: {in: csv/order}}\n"
    (site.folder / "partners" / "far.yaml").write_text(
        f"{text}channels: {{in: [{{kind: directory, path: inbox/far}}]}}\n"
    )
    site.drop(
        "far", 'x\x1b[2J"\n.csv', content.replace('{"', '{""').replace('": ', '"": ').replace('"error"', '""error""')
    )
    found = said(site)
    assert {each["level"] for each in found if each["event"] == "file.refused"} <= {"warning"}
    assert not any("\x1b" in str(each) or "\n" in str(each) for line in found for each in line.values())


@pytest.mark.parametrize(
    ("settings", "words", "environ", "levels"),
    [
        ("", (), {}, {"warning", "error"}),
        ("", ("-v",), {}, set(LEVELS)),
        ("logging: {level: info}\n", (), {}, set(LEVELS)),
        ("logging: {level: error}\n", ("-v",), {}, {"error"}),
        ("logging: {level: info}\n", (), {"GATEWAY_LOGGING__LEVEL": "error"}, {"error"}),
    ],
)
def test_the_level_is_that_of_the_site_else_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, words: tuple[str, ...], environ: dict[str, str],
    levels: set[str],
) -> None:  # fmt: skip
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    site = new_site(tmp_path / "site", on=SQLITE)
    with (site.folder / "gateway.yaml").open("a", encoding="utf-8") as file:
        file.write(settings)
    site.drop("acme", "c.edi", "rubbish")
    (site.folder / "inbox" / "acme" / "link.edi").symlink_to("/etc/hostname")
    blocked = site.folder / "inbox" / "warehouse"
    shutil.rmtree(blocked, ignore_errors=True)
    blocked.write_text("a file stands where the folder belongs")
    found = lines(site.gateway("run", "--once", *words, "--now", FRIDAY).err)
    assert {each["level"] for each in found} == levels


def test_text_is_text_without_colour_where_no_terminal_reads_it(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site", on=SQLITE)
    with (site.folder / "gateway.yaml").open("a", encoding="utf-8") as file:
        file.write("logging: {format: text}\n")
    site.drop("acme", "c.edi", "rubbish")
    answer = site.gateway("run", "--once", "-v", "--now", FRIDAY)
    assert "\x1b" not in answer.err
    assert "[info     ] document.held" in answer.err
    assert "trace_id=" in answer.err


def test_a_level_that_is_not_known_is_told_with_those_that_are(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site", on=SQLITE)
    with (site.folder / "gateway.yaml").open("a", encoding="utf-8") as file:
        file.write("logging: {level: debug, file: x.log}\n")
    answer = site.gateway("config", "check")
    assert answer.code == 1
    assert "'level' is one of info, warning, error, not 'debug'" in answer.out + answer.err
    assert "'file' is not a key here" in answer.out + answer.err
