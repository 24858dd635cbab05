"""Who did what is kept and cannot be changed unseen; what is old goes and what is needed stays; secrets are never shown."""

import io
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, redirect_stderr
from pathlib import Path

import pytest
import structlog
from typer.main import get_command

from gateway.app import logs
from gateway.cli.main import app
from gateway.kernel import hiding
from tests.site.harness import FRIDAY, MONDAY, PlayedSite, new_site, order, purchase_order, site_like

CANARY = "kanarienvogel-9f3a"
LOW = "PO1*1*2*EA*1.00*PE*VP*TENT-2P"
"""A line at a price that was not agreed, so that the order waits."""
TWO_YEARS_ON = "2028-11-27T16:00:00Z"


@pytest.fixture(scope="module")
def mastered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    played = new_site(tmp_path_factory.mktemp("audited") / "site", on="sqlite")
    played.drop_master()
    return played.folder


@pytest.fixture
def site(tmp_path: Path, mastered: Path) -> PlayedSite:
    return site_like(mastered, tmp_path / "site")


def deeds(site: PlayedSite) -> list[tuple[str, str, str]]:
    return [
        (each["who"], each["action"], each["subject"])
        for each in site.json("audit", "list")
        if not each["action"].startswith("config.")
    ]


def held(site: PlayedSite, *numbers: str) -> None:
    for number, name in enumerate(numbers, start=1):
        site.drop("acme", f"{name}.edi", purchase_order(order(name, LOW), control=number))
    site.run()


def test_each_deed_of_a_person_is_noted_with_who_and_why(site: PlayedSite) -> None:
    held(site, "PO-1", "PO-2", "PO-3")
    said = [
        ("holds", "release", "PO-1", "--accept", "ours", "--note", "by phone", "--who", "ann"),
        ("orders", "reject", "PO-2", "--reason", "too cheap", "--who", "bob"),
        ("orders", "hold", "PO-1", "--reason", "wait", "--who", "ann"),
        ("stock", "block", "TENT-2P", "--warehouse", "DAL", "--quantity", "1", "--reason", "torn", "--who", "carl"),
        ("import", "items", str(site.folder / "items.csv"), "--who", "dora"),
    ]
    (site.folder / "items.csv").write_text("sku,description,uom\nNEW-1,New thing,EA\n")
    for arguments in said:
        answer = site.gateway(*arguments)
        assert answer.code == 0, (arguments, answer)
    found = deeds(site)
    numbers = {each["po_number"]: each["order_number"] for each in site.json("orders", "list")}
    assert found == [
        ("ann", "hold.release", numbers["PO-1"]),
        ("bob", "order.reject", numbers["PO-2"]),
        ("ann", "order.hold", numbers["PO-1"]),
        ("carl", "stock.block", "TENT-2P"),
        ("dora", "file.import", "items.csv"),
    ]
    assert site.json("audit", "list", "--who", "bob")[0]["detail"]["note"] == "too cheap"
    assert [each["who"] for each in site.json("audit", "list", "--subject", numbers["PO-1"])] == ["ann", "ann"]
    assert [each["who"] for each in site.json("audit", "list", "--subject", "PO-1")] == ["ann", "ann"]
    assert "by phone" in site.gateway("audit", "list", "--last", "5").out
    assert site.gateway("audit", "verify").out == f"{len(site.json('audit', 'list'))} entries, each as it was written\n"


def test_what_was_refused_is_not_noted(site: PlayedSite) -> None:
    assert site.gateway("holds", "release", "H-none", "--note", "x").code == 5
    assert site.gateway("orders", "reject", "PO-none", "--reason", "x").code == 5
    assert deeds(site) == []


def test_s_05_a_foreign_sender_is_noted(site: PlayedSite) -> None:
    site.drop("acme", "foreign.edi", purchase_order(order("F-1"), sender="SOMEBODY"))
    site.run()
    assert deeds(site) == [("gateway", "security.sender", "foreign.edi")]
    assert site.json("audit", "list")[-1]["partner"] == "acme"


def test_a_changed_configuration_is_noted_at_the_next_start(site: PlayedSite) -> None:
    site.run()
    site.run()
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text() + "# another line\n")
    site.run()
    (site.folder / "partners" / "README").write_text("notes")
    site.run()
    told = [(each["action"], each["detail"]["files"]) for each in site.json("audit", "list")]
    assert told[1:] == [("config.changed", "partners/acme.yaml"), ("config.changed", "partners/README (new)")]
    assert told[0][0] == "config.first"


def adjusted(site: PlayedSite, reason: str) -> None:
    arguments = ("--warehouse", "DAL", "--quantity", "1", "--reason", reason)
    assert site.gateway("stock", "adjust", "TENT-2P", *arguments).code == 0


def tampered(site: PlayedSite, *statements: str) -> None:
    with closing(sqlite3.connect(site.folder / "var" / "gateway.db")) as connection:
        for each in ("DROP TRIGGER audit_refuses_update", "DROP TRIGGER audit_refuses_delete", *statements):
            connection.execute(each)
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE audit SET who = 'eve' WHERE sequence = 2", 2),
        ("DELETE FROM audit WHERE sequence = 2", 2),
        ("DELETE FROM audit WHERE sequence >= 3", 3),
    ],
)
def test_s_23_an_entry_that_was_changed_or_removed_in_the_database_is_named(
    site: PlayedSite, statement: str, entry: int
) -> None:
    site.run()
    for number in range(3):
        adjusted(site, f"counted {number}")
    assert site.gateway("audit", "verify").code == 0
    tampered(site, statement)
    answer = site.gateway("audit", "verify")
    assert answer.code == 1
    assert answer.out.startswith(f"entry {entry}: ")
    assert "backup" in answer.out
    told = json.loads(site.gateway("audit", "verify", "--json").out)
    assert (told["whole"], told["broken"]["entry"]) == (False, entry)


def test_s_23_a_broken_trail_is_told_the_next_day(site: PlayedSite) -> None:
    adjusted(site, "counted")
    tampered(site, "UPDATE audit SET who = 'eve' WHERE sequence = 2")
    site.run(MONDAY)
    assert site.rows("SELECT kind, severity, times FROM alerts") == [("audit.broken", "critical", 1)]


def test_the_database_itself_refuses_to_change_an_entry(site: PlayedSite) -> None:
    site.run()
    with closing(sqlite3.connect(site.folder / "var" / "gateway.db")) as connection, pytest.raises(sqlite3.Error):
        connection.execute("DELETE FROM audit")


def commands() -> Iterator[tuple[str, object]]:
    def walk(name: str, command: object) -> Iterator[tuple[str, object]]:
        for key, each in getattr(command, "commands", {}).items():
            yield from walk(f"{name} {key}".strip(), each)
        if not getattr(command, "commands", None):
            yield name, command

    yield from walk("", get_command(app))


def test_s_25_no_option_takes_a_secret() -> None:
    secret = re.compile(r"pass(word|phrase)?|secret|token|credential|api.?key|private", re.IGNORECASE)
    for name, command in commands():
        for param in command.params:  # type: ignore[attr-defined]
            assert not secret.search(" ".join([param.name, *param.opts])), f"{name}: {param.opts}"


# --- what is old ---------------------------------------------------------------------------------------------------


def archived(site: PlayedSite) -> list[str]:
    folder = site.folder / "var" / "archive"
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def aged(site: PlayedSite) -> None:
    """The archive as it looks after years: a file that was brought just now is not removed."""
    for path in (site.folder / "var" / "archive").rglob("*"):
        os.utime(path, (1, 1))


def test_what_is_old_goes_and_what_an_open_hold_or_order_names_stays(site: PlayedSite) -> None:
    site.drop("acme", "open.edi", purchase_order(order("P-OPEN"), control=1))
    site.drop("acme", "rejected.edi", purchase_order(order("P-REJECTED", LOW), control=2))
    site.drop("acme", "letter.txt", "this is no order at all\n")
    site.run()
    assert site.gateway("orders", "reject", "P-REJECTED", "--reason", "no").code == 0
    files = {each["file"]: each for each in site.json("files", "list")}
    before = archived(site)
    aged(site)
    would = json.loads(site.gateway("db", "prune", "--dry-run", "--now", TWO_YEARS_ON, "--json").out)
    assert archived(site) == before
    assert would["files"] > 0
    assert site.gateway("db", "prune", "--now", TWO_YEARS_ON).code == 0
    left = archived(site)
    assert files["open.edi"]["sha256"] in left
    assert files["letter.txt"]["sha256"] in left or files["letter.txt"]["state"] != "held"
    assert files["rejected.edi"]["sha256"] not in left
    now = {each["file"]: each for each in site.json("files", "list")}
    assert now.keys() == files.keys()
    assert now["rejected.edi"]["content_removed_at"].startswith("2028-11-27")
    assert "removed on 2028-11-27" in now["rejected.edi"]["summary"]
    assert site.rows("SELECT count(*) FROM dispatches WHERE content_removed_at IS NOT NULL AND length(content) = 0")[0][
        0
    ]
    assert not site.rows("SELECT 1 FROM dispatches WHERE content_removed_at IS NOT NULL AND length(content) > 0")
    again = json.loads(site.gateway("db", "prune", "--now", TWO_YEARS_ON, "--json").out)
    assert (again["files"], again["dispatches"]) == (0, 0)


def test_a_file_that_comes_again_while_it_is_old_is_not_removed(site: PlayedSite) -> None:
    content = purchase_order(order("P-AGAIN", LOW), control=9)
    site.drop("acme", "first.edi", content)
    site.run()
    assert site.gateway("orders", "reject", "P-AGAIN", "--reason", "no").code == 0
    aged(site)
    site.drop("acme", "second.edi", content)
    site.run()
    sha256 = next(each["sha256"] for each in site.json("files", "list") if each["file"] == "first.edi")
    assert site.gateway("db", "prune", "--now", TWO_YEARS_ON).code == 0
    assert sha256 in archived(site)


def test_it_is_done_once_a_day_by_itself(site: PlayedSite) -> None:
    site.drop("acme", "old.edi", purchase_order(order("P-OLD", LOW), control=2))
    site.run()
    assert site.gateway("orders", "reject", "P-OLD", "--reason", "no").code == 0
    sha256 = next(each["sha256"] for each in site.json("files", "list") if each["file"] == "old.edi")
    aged(site)
    site.run(MONDAY)
    assert sha256 in archived(site)
    site.run(TWO_YEARS_ON)
    assert sha256 not in archived(site)
    assert site.rows("SELECT value FROM site WHERE name = 'pruned'") == [("2028-11-27",)]


# --- what is never said --------------------------------------------------------------------------------------------


@pytest.fixture
def forgotten() -> Iterator[None]:
    """What one test keeps secret is no secret of the others."""
    before = set(hiding._KNOWN)
    yield
    hiding._KNOWN.clear()
    hiding._KNOWN.update(before)


def logged(**values: object) -> str:
    said = io.StringIO()
    with redirect_stderr(said):
        logs.configure(verbose=True)
        structlog.get_logger().info("file.received", **values)
    return said.getvalue()


def test_s_21_a_line_in_the_data_makes_no_line_of_the_log() -> None:
    forged = 'PO-1\r\n{"level": "info", "event": "order.accepted"}\x1b[2J\u202e'
    text = logged(po=forged, nested={"a": [forged]}, error=ValueError(forged))
    assert text.count("\n") == 1
    assert "\x1b" not in text
    assert "\u202e" not in text
    event = json.loads(text)
    assert event["event"] == "file.received"
    assert "\\n" in event["po"]


@pytest.mark.usefixtures("forgotten")
def test_s_22_a_known_secret_is_hidden_wherever_it_is_said() -> None:
    hiding.keep_secret([CANARY, "short", f"-----BEGIN-----\n{CANARY}AAAAAAAAAAAAA\n-----END-----\n"])
    text = logged(
        error=f"cannot log in with {CANARY}", more={"x": OSError(CANARY)}, url=f"postgresql://gw:{CANARY}@h/db"
    )
    assert CANARY not in text
    assert text.count("***") == 3
    assert "short" in logged(error="a short word")


LOOKS = [
    ("config", "check"), ("config", "show"), ("partner", "list"), ("partner", "show", "acme"), ("files", "list"),
    ("holds", "list"), ("orders", "list"), ("units", "list"), ("workers",), ("health",), ("audit", "list"),
    ("audit", "verify"), ("db", "check"), ("trace", "S-1"), ("orders", "show", "S-1"), ("values", "list"),
    ("stock", "list"), ("invoices", "list"), ("payments", "list"), ("claims", "list"), ("returns", "list"),
    ("mapping", "list"), ("db", "prune", "--dry-run"), ("run", "--once"), ("schema", "export"),
]  # fmt: skip
WITHOUT_JSON = {("config", "check"), ("run", "--once"), ("schema", "export")}


def canary_in(site: PlayedSite) -> list[str]:
    """Where the canary stands below the site, but for the files that were told to hold it."""
    own = {site.folder / "secrets" / "key", *(site.folder / "partners").iterdir()}
    raw = (path for path in site.folder.rglob("*") if path.is_file() and path not in own)
    return [str(path.relative_to(site.folder)) for path in raw if CANARY.encode() in path.read_bytes()]


@pytest.mark.usefixtures("forgotten")
def test_s_22_a_secret_of_the_configuration_stands_in_nothing_the_site_says_or_writes(
    site: PlayedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site.folder / "secrets").mkdir()
    (site.folder / "secrets" / "key").write_text(f"{CANARY}\n")
    monkeypatch.setenv("MAIL_PASSWORD", CANARY)
    settings = site.folder / "gateway.yaml"
    more = (
        "mail: {host: mail.example.com, from: edi@example.com, user: edi, password: {env: MAIL_PASSWORD}}\n"
        "alerts: {routes: [{name: hook, webhook: {url: 'https://hook.example.com/x', secret: {file: secrets/key}}}]}\n"
    )
    settings.write_text(settings.read_text() + more)
    assert site.gateway("config", "check").code == 0, site.gateway("config", "check").out
    site.drop("acme", "s.edi", purchase_order(order("S-1"), control=1))
    site.run()
    for arguments in LOOKS:
        for extra in ((), ("--json",)) if arguments not in WITHOUT_JSON else ((),):
            answer = site.gateway(*arguments, *extra)
            assert answer.code in (0, 1), (arguments, answer)
            assert CANARY not in answer.out + answer.err, arguments
    assert canary_in(site) == []
    shown = {each["name"]: each for each in site.json("config", "show")}
    assert shown["mail.password"]["value"] == "***"
    assert shown["mail.host"]["origin"].startswith("gateway.yaml:")
    assert shown["run.workers"]["origin"] == "default"


def test_s_22_the_password_inside_an_interchange_header_is_never_shown(site: PlayedSite) -> None:
    secret = CANARY[:10]
    content = purchase_order(order("S-2"), control=3).replace("*00*          *ZZ*", f"*01*{secret}*ZZ*", 1)
    site.drop("acme", "isa.edi", content)
    site.gateway("run", "--once", "--now", FRIDAY)
    (site.folder / "copy.edi").write_text(content)
    for arguments in [
        *LOOKS,
        ("validate", "copy.edi"),
        ("validate", "copy.edi", "--json"),
        ("holds", "list", "--json"),
    ]:
        answer = site.gateway(*arguments)
        assert secret not in answer.out + answer.err, arguments
    outside = [name for name, each in site.outbox().items() if secret.encode() in each]
    assert outside == []


def test_the_environment_is_named_where_it_says_a_setting(site: PlayedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_RUN__HEALTH", "127.0.0.1:8099")
    shown = {each["name"]: each for each in site.json("config", "show")}
    assert shown["run.health"] == {
        "name": "run.health", "value": "127.0.0.1:8099", "origin": "environment GATEWAY_RUN__HEALTH"
    }  # fmt: skip
