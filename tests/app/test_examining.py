"""What 'gateway doctor' finds is so, and what it says repairs it: the repair is made, and the finding is gone."""

import json
import os
import re
import resource
import shlex
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.app import build
from gateway.app.examining import database, machine
from gateway.app.examining.finding import Case, found_by
from gateway.app.examining.looks import LOOKS, OF_SITE, OVER_NETWORK
from gateway.app.pulse import RUNNING, Pulse, noted, read
from gateway.app.run import RUN, site_lock
from gateway.app.starting import configuration
from gateway.kernel.clock import system_clock
from gateway.store.migrate import upgrade
from tests.database import POSTGRESQL, SQLITE
from tests.site.harness import DEMO, PlayedSite, new_site, order, purchase_order, site_like

SECRET = "canary-4471-secret"  # noqa: S105 - no secret at all
SFTP = (
    "channels:\n  out:\n    - {{kind: sftp, host: 127.0.0.1, port: {port}, user: us, {login}, path: /in, timeout: 1s,\n"
    '       host_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"}}\n'
)
ROUTES = "\nmail: {host: 127.0.0.1, from: edi@example.com}\nalerts: {routes: [{name: office, to: [you@example.com]}]}\n"


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that has worked, and that the doctor finds in order."""
    played = new_site(tmp_path_factory.mktemp("worked") / "site", on=SQLITE)
    add(played, "gateway.yaml", ROUTES)
    played.run()
    assert doctor(played)["status"] == "ok"
    return played.folder


@pytest.fixture
def site(tmp_path: Path, worked: Path, monkeypatch: pytest.MonkeyPatch) -> PlayedSite:
    """One like it."""
    monkeypatch.delenv("GATEWAY_CONFIG", raising=False)
    return site_like(worked, tmp_path / "site")


def add(site: PlayedSite, name: str, text: str) -> None:
    path = site.folder / name
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def doctor(site: PlayedSite, *words: str) -> Any:
    answer = site.gateway("doctor", "--json", *words)
    said = json.loads(answer.out)
    assert answer.code == (1 if said["problem"] else 0), answer.err
    for each in said["findings"]:
        assert each["says"]
        assert bool(each["repair"]) == (each["level"] != "ok"), each
    return said


def found(site: PlayedSite, *words: str) -> dict[str, dict[str, str]]:
    """What is not in order, by its name."""
    return {each["name"]: each for each in doctor(site, *words)["findings"] if each["level"] != "ok"}


def typed(site: PlayedSite, repair: str) -> None:
    """Do what a repair says that is a command."""
    command = repair.partition("   (")[0].splitlines()[0]
    if command.startswith("gateway "):
        answer = site.gateway(*shlex.split(command)[1:])
        assert answer.code == 0, answer.err
    else:
        subprocess.run(["bash", "-c", command], cwd=site.folder, check=True, timeout=20)


def database_of(site: PlayedSite, *statements: str) -> None:
    with sqlite3.connect(site.folder / "var/gateway.db", isolation_level=None) as connection:
        for each in statements:
            connection.execute(each)
    connection.close()


def a_file_for_an_inbox(site: PlayedSite) -> None:
    (site.folder / "inbox").mkdir(exist_ok=True)
    shutil.rmtree(site.folder / "inbox/acme", ignore_errors=True)
    (site.folder / "inbox/acme").write_text("oops")


def a_file_for_all_inboxes(site: PlayedSite) -> None:
    shutil.rmtree(site.folder / "inbox")
    (site.folder / "inbox").write_text("oops")


def a_claimed_file(site: PlayedSite) -> None:
    claim = "0" * 32
    (site.folder / "var/work" / claim).write_text("warehouse,sku,on_hand\n")
    note = f'{{"partner": "warehouse", "inbox": "{site.folder}/inbox/warehouse", "files": {{"{claim}": "stock.csv"}}}}'
    (site.folder / "var/work" / f"{claim}.json").write_text(note)


def an_older_schema(site: PlayedSite) -> None:
    for each in (site.folder / "var").glob("gateway.db*"):
        each.unlink()
    upgrade(site.database(), to="0010")


def a_key_for_everybody(site: PlayedSite) -> None:
    a_missing_key(site)
    key = site.folder / "secrets/acme_ed25519"
    key.parent.mkdir()
    key.write_text(SECRET)
    key.chmod(0o644)


def a_missing_key(site: PlayedSite) -> None:
    add(site, "partners/acme.yaml", SFTP.format(port=1, login="key: {file: secrets/acme_ed25519}"))


def our_key_for_everybody(site: PlayedSite) -> None:
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    add(site, "gateway.yaml", "sftp_server: {listen: 127.0.0.1:0}\n")
    add(site, "partners/acme.yaml", f'sftp: {{keys: ["{key}"]}}\n')
    path = site.folder / "var/sftp/ssh_host_ed25519_key"
    path.parent.mkdir()
    path.write_text("a key")
    path.chmod(0o640)


def another_journal(site: PlayedSite) -> None:
    file = site.folder / "var/gateway.db"
    database_of(site, f"VACUUM INTO '{file}.new'")
    for each in (site.folder / "var").glob("gateway.db-*"):
        each.unlink()
    file.with_name("gateway.db.new").replace(file)


@pytest.mark.parametrize(
    ("harm", "name", "level"),
    [
        (a_file_for_an_inbox, "folders", "problem"),
        (a_claimed_file, "work folder", "warning"),
        (an_older_schema, "database", "warning"),
        (another_journal, "database journal", "warning"),
        (a_key_for_everybody, "secrets", "warning"),
        (a_missing_key, "secrets", "problem"),
        (our_key_for_everybody, "our host key", "problem"),
    ],
)
def test_the_command_that_a_finding_names_repairs_it(
    site: PlayedSite, harm: Callable[[PlayedSite], None], name: str, level: str
) -> None:
    harm(site)

    finding = found(site)[name]
    assert finding["level"] == level
    typed(site, finding["repair"])

    assert name not in found(site)


def test_a_file_in_the_place_of_all_inboxes_can_be_put_aside(site: PlayedSite) -> None:
    a_file_for_all_inboxes(site)

    repairs = [each["repair"] for each in doctor(site)["findings"] if each["name"] == "folders"]
    typed(site, repairs[0])

    assert found(site) == {}


@pytest.mark.parametrize(
    ("file", "wrong", "name", "right"),
    [
        ("gateway.yaml", "run: {disk_reserve: 900000GB}\n", "disk", "run: {disk_reserve: 50MB}"),
        ("partners/acme.yaml", "language: en\n", "configuration", ""),
        ("gateway.yaml", "us: [\n", "configuration", ""),
        ("partners/acme.yaml", "stauts: live\n", "configuration", ""),
    ],
)
def test_the_line_that_a_finding_names_repairs_it(
    site: PlayedSite, file: str, wrong: str, name: str, right: str
) -> None:
    add(site, file, wrong)

    finding = found(site)[name]
    assert finding["level"] == "problem"
    assert right in finding["repair"]
    text = (site.folder / file).read_text(encoding="utf-8")
    (site.folder / file).write_text(text.replace(wrong, right), encoding="utf-8")

    assert name not in found(site)


def test_a_site_that_tells_nobody_is_told_which_lines_to_write(site: PlayedSite) -> None:
    path = site.folder / "gateway.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(ROUTES, "\n"), encoding="utf-8")

    finding = found(site)["alert routes"]
    add(site, "gateway.yaml", "\n".join(finding["repair"].splitlines()[1:]) + "\n")

    assert found(site) == {}


def test_a_variable_that_is_missing_is_named_and_its_value_never(site: PlayedSite) -> None:
    add(site, "partners/acme.yaml", SFTP.format(port=1, login="password: {env: ACME_PASSWORD}"))

    finding = found(site)["secrets"]
    assert "the environment has no ACME_PASSWORD" in finding["says"]
    assert "export ACME_PASSWORD" in finding["repair"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACME_PASSWORD", SECRET)
        assert "secrets" not in found(site)
        said = site.gateway("doctor", "--connect")
        assert SECRET not in said.out + said.err
        assert "sftp:acme:out1" in said.out


@pytest.mark.parametrize("content", [b"this is no database, it only looks like a file of one" * 100, None])
def test_a_database_that_is_broken_or_gone_comes_back_from_its_copy(site: PlayedSite, content: bytes | None) -> None:
    assert site.gateway("db", "backup", "copy.db").code == 0
    (site.folder / "var/archive").mkdir(exist_ok=True)
    (site.folder / "var/archive/one").touch()
    for each in (site.folder / "var").glob("gateway.db*"):
        each.unlink()
    if content is not None:
        (site.folder / "var/gateway.db").write_bytes(content)

    finding = found(site)["database"]
    assert finding["level"] == "problem"
    typed(site, finding["repair"].replace("COPY", "copy.db"))

    assert "database" not in found(site)


def test_a_database_of_a_newer_gateway_is_a_problem(site: PlayedSite) -> None:
    database_of(site, "UPDATE alembic_version SET version_num = '9999'")

    assert "a newer gateway made" in found(site)["database"]["says"]


@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
def test_who_has_the_database_keeps_nobody_waiting(site: PlayedSite, lock: str) -> None:
    holder = sqlite3.connect(site.folder / "var/gateway.db", isolation_level=None)
    holder.execute(f"BEGIN {lock}")

    finding = found(site)["database lock"]

    assert finding["level"] == "warning"
    assert "gateway.db" in finding["repair"]
    holder.execute("ROLLBACK")
    holder.close()
    assert found(site) == {}


def test_a_clock_behind_the_database_is_a_problem(site: PlayedSite) -> None:
    site.drop("erp", "items.csv", (DEMO / "items.csv").read_bytes())
    site.run("2027-01-01T00:00:00Z")
    (site.folder / ".said-last").write_text("2026-11-20T20:00:00Z")

    assert "there is an entry of 2027" in found(site)["clock"]["says"]


@pytest.mark.parametrize("key", ["run: {{health: 127.0.0.1:{0}}}", "sftp_server: {{listen: 127.0.0.1:{0}}}"])
def test_a_port_that_another_program_has_is_a_problem_until_that_ends(site: PlayedSite, key: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        add(site, "gateway.yaml", key.format(other.getsockname()[1]) + "\n")

        finding = next(each for name, each in found(site).items() if "port" in name)

        assert finding["level"] == "problem"
        assert f"sport = :{other.getsockname()[1]}" in finding["repair"]
    assert not any("port" in name for name in found(site))


def test_a_document_whose_last_entry_ends_is_told_in_time(site: PlayedSite) -> None:
    path = site.folder / "partners/acme.yaml"
    text = path.read_text(encoding="utf-8")
    entry = re.search(r"order: *\{in: (\S+?)\}", text)
    assert entry is not None
    for day, level in (("2026-11-30", "warning"), ("2026-11-01", "problem")):
        path.write_text(
            text.replace(entry[0], f"order: {{in: {{mapping: {entry[1]}, until: {day}}}}}"), encoding="utf-8"
        )
        finding = found(site)["expiry"]
        assert finding["level"] == level
        assert "partners/acme.yaml:" in finding["repair"]


def test_a_channel_that_stopped_is_used_again_by_the_command_that_is_named(site: PlayedSite) -> None:
    (site.folder / "outbox/acme").mkdir(parents=True, exist_ok=True)
    database_of(
        site,
        "INSERT INTO channel_states (key, partner, direction, kind, state, failures, since, code, reason) VALUES "
        "('outbox/acme', 'acme', 'out', 'directory', 'stopped', 3, '2026-11-20T00:00:00+00:00', 'T-CHANNEL', 'It was full.')",
    )

    finding = found(site)["channels"]
    assert (finding["level"], "It was full." in finding["says"]) == ("problem", True)
    typed(site, finding["repair"])
    site.run()

    assert site.rows("SELECT state FROM channel_states WHERE key = 'outbox/acme'") == [("failing",)]


def test_how_files_are_claimed_is_said_for_each_channel(site: PlayedSite) -> None:
    other = Path("/dev/shm")  # noqa: S108 - another file system than that of the site
    if not other.is_dir() or other.stat().st_dev == site.folder.stat().st_dev:
        pytest.skip("this machine has no second file system to try it on")
    away = other / f"gateway-{os.getpid()}"
    away.mkdir()
    try:
        shutil.rmtree(site.folder / "inbox/acme", ignore_errors=True)
        (site.folder / "inbox").mkdir(exist_ok=True)
        (site.folder / "inbox/acme").symlink_to(away)
        said = [each["says"] for each in doctor(site)["findings"] if each["name"] == "claims"]
    finally:
        shutil.rmtree(away)

    assert [("var/work, on the same" in each, ".gateway-" in each, "inbox/acme" in each) for each in said] == [
        (True, False, False), (False, True, True)
    ]  # fmt: skip


def test_without_a_site_the_machine_is_looked_at_and_the_next_step_is_init(tmp_path: Path) -> None:
    nowhere = PlayedSite(tmp_path)

    said = doctor(nowhere)

    assert found(nowhere)["site"]["repair"].startswith("gateway init")
    assert {"python", "libraries", "time zones"} <= {each["name"] for each in said["findings"]}
    assert nowhere.gateway("doctor", "--strict").code == 3
    assert nowhere.gateway("doctor", "--site", "gone").code == 1


def test_a_site_on_a_server_is_looked_at_as_well(tmp_path: Path) -> None:
    played = new_site(tmp_path / "site", on=POSTGRESQL)
    add(played, "gateway.yaml", ROUTES)
    played.run()

    assert doctor(played)["status"] == "warning", "the clock of the test is not that of the server"
    assert set(found(played)) == {"clock"}
    assert "server" in found(played)["clock"]["says"]


def test_it_changes_nothing(site: PlayedSite) -> None:
    def state() -> object:
        names = sorted(each for each in site.folder.rglob("*") if "gateway.db" not in each.name)
        return [(str(each), each.read_bytes() if each.is_file() else b"") for each in names], site.state()

    before = state()
    doctor(site)

    assert state() == before


def test_few_open_files_are_told_with_the_command_that_lets_more() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
    try:
        first = next(machine.limits(Case(None, {}, system_clock)))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

    assert (first.level, first.repair.partition("   (")[0]) == ("warning", "ulimit -n 1024")


def test_few_watches_are_told(site: PlayedSite, tmp_path: Path) -> None:
    place = tmp_path / "proc/sys/fs/inotify"
    place.mkdir(parents=True)
    (place / "max_user_watches").write_text("3\n")
    case = Case(site.folder, {}, system_clock, tmp_path)

    told = [each for each in machine.limits(case) if each.name == "watched folders"]

    assert [(each.level, "sysctl" in each.repair) for each in told] == [("warning", True)]


def test_a_database_on_a_network_is_told(site: PlayedSite, tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/mounts").write_text(f"/dev/sda / ext4 rw 0 0\nnas:/x {site.folder} nfs4 rw 0 0\n")
    case = Case(site.folder, {}, system_clock, tmp_path)

    assert [each.name for each in database.database(case) if each.level == "problem"] == ["database disk"]


def test_a_library_that_is_missing_or_too_old_is_told_with_what_installs_it() -> None:
    for installed, words in (("", "is not installed"), ("6.0.9", "installed as 6.0.9")):
        fault = machine.fault_of("lxml", ">=6.1", installed)
        assert fault is not None
        assert words in fault[0]
        assert fault[1].endswith("-m pip install 'lxml>=6.1'")


def test_a_look_that_fails_is_a_finding_and_no_traceback(site: PlayedSite) -> None:
    case = Case(site.folder, {}, system_clock)

    def broken(_case: Case) -> Iterator[Any]:
        raise ValueError("a defect")
        yield

    assert [each.level for each in found_by("broken", broken, case)] == ["problem"]


def test_every_look_has_a_name_of_its_own() -> None:
    names = [name for name, _ in (*LOOKS, *OF_SITE, *OVER_NETWORK)]

    assert len(names) == len(set(names))


def test_a_process_at_work_is_known_and_told_when_it_stands_still_or_has_older_files(site: PlayedSite) -> None:
    beat = Pulse("here-1")
    with socket.socket() as ours, noted(beat, site.folder / "var", 0.3, {}):
        ours.bind(("127.0.0.1", 0))
        ours.listen()
        add(site, "gateway.yaml", f"run: {{health: 127.0.0.1:{ours.getsockname()[1]}}}\n")
        beat.configured(build.load(site.folder, {}).site, configuration(site.folder))
        beat.running()
        wait_until_noted(site)
        said = {each["name"]: each for each in doctor(site)["findings"]}
        assert (said["process here-1"]["level"], said["health port"]["says"].endswith("is ours")) == ("ok", True)

        add(site, "partners/acme.yaml", "# another line\n")
        assert "gateway config reload" in found(site)["reload"]["repair"]

        beat.turn("scan")
        time.sleep(1.5)
        assert f"kill {os.getpid()}" in found(site)["process here-1"]["repair"]


def wait_until_noted(site: PlayedSite) -> None:
    end = time.monotonic() + 10
    while not any(each.beat.state == RUNNING for each in read(site.folder / "var")):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_site_whose_lock_is_held_without_a_sign_of_life_is_told(site: PlayedSite) -> None:
    with site_lock(site.folder, RUN):
        assert "fuser" in found(site)["process"]["repair"]
    assert found(site) == {}


def test_an_order_on_hold_is_counted_whether_an_answer_is_due_or_not(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("PO-1", "PO1*1*1*EA*89.95**VP*NO-SUCH")))
    site.run()
    database_of(site, "UPDATE orders SET status = 'on_hold', answer_due = NULL")
    (said,) = [each["says"] for each in doctor(site)["findings"] if each["name"] == "holds"]
    assert "1 order is on hold" in said
