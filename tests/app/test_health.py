"""Health and readiness of a gateway that really runs: what probes are told, and what is wrong in a sentence with a next step."""

import json
import os
import signal
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.app import pulse
from gateway.app.pulse import Pulse
from tests.database import SQLITE
from tests.nursery import Child, nursery
from tests.site.harness import ROOT, PlayedSite, new_site, order, purchase_order
from tests.torture.server import own_server

NOW = "2026-11-20T20:00:00Z"


@pytest.fixture
def site(tmp_path: Path) -> PlayedSite:
    return new_site(tmp_path / "site", on=SQLITE)  # tests of PostgreSQL bring a server of their own


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@contextmanager
def running(site: PlayedSite, *words: str, **environ: str) -> Iterator[Child]:
    said = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
    arguments = ["run", "--every", "0.5", "--now", NOW, *words]
    process = nursery().start(arguments, site.folder, said, site.folder / "run.log")
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGKILL)
        process.wait()


def asked(port: int, path: str) -> tuple[int, Any]:
    """The status and the words of an answer; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError:
        return 0, {}


def wait_for(condition: Callable[[], object], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.1)


def wrong(said: Any) -> dict[str, str]:
    return {each["name"]: each["says"] for each in said["checks"] if not each["ok"]}


def health(site: PlayedSite, *words: str, **environ: str) -> tuple[int, Any]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        answer = site.gateway("health", "--json", *words)
    return answer.code, json.loads(answer.out)


def test_a_gateway_that_works_is_alive_and_ready_and_says_what_it_did(site: PlayedSite) -> None:
    port = free_port()
    with running(site, "--health-port", str(port)) as process:
        wait_for(lambda: asked(port, "/ready")[0] == 200)
        site.drop("acme", "po.edi", purchase_order(order("R-1")))
        wait_for(lambda: site.outbox("acme"))
        code, said = asked(port, "/health")
        assert (code, said["status"], said["pid"], said["state"]) == (200, "ok", process.pid, "running")
        assert said["last_turn_seconds"]["scan"] < 20
        code, said = asked(port, "/ready")
        assert (code, {each["name"] for each in said["checks"]}) == (
            200, {"database", "folders", "disk", "engine", "lock"}
        )  # fmt: skip
        assert asked(port, "/nothing")[0] == 404
        code, said = health(site)
        assert (code, wrong(said), said["processes"][0]["pid"]) == (0, {}, process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    code, said = health(site)
    assert code == 1
    assert "No 'gateway run' is at work" in wrong(said)["process"]


def test_the_port_is_open_at_the_address_that_is_named_only(site: PlayedSite) -> None:
    port = free_port()
    with running(site, GATEWAY_RUN__HEALTH=f"127.0.0.1:{port}"):
        wait_for(lambda: asked(port, "/health")[0] == 200)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), timeout=5)


def test_a_port_that_another_has_is_refused_with_a_sentence(site: PlayedSite) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        port = bound.getsockname()[1]
        with running(site, "--health-port", str(port)) as process:
            assert process.wait(60) == 2
    said = (site.folder / "run.log").read_text()
    assert f"The health port 127.0.0.1:{port} cannot be had" in said


def test_a_process_that_was_stopped_is_found_without_a_port(site: PlayedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "LATE", 2.0)
    with running(site) as process:
        wait_for(lambda: health(site, "--live")[0] == 0)
        process.send_signal(signal.SIGSTOP)
        wait_for(lambda: health(site, "--live")[0] == 1)
        _, said = health(site, "--live")
        ((_, sentence),) = wrong(said).items()
        assert f"The process {process.pid} has given no sign of life for" in sentence
        process.send_signal(signal.SIGCONT)
        wait_for(lambda: health(site, "--live")[0] == 0)


def test_a_killed_process_is_no_process(site: PlayedSite) -> None:
    with running(site) as process:
        wait_for(lambda: health(site, "--live")[0] == 0)
        process.send_signal(signal.SIGKILL)
        process.wait()
        code, said = health(site, "--live")
        assert (code, list(wrong(said))) == (1, ["process"])


def test_a_scan_that_does_not_come_round_is_told_while_the_port_answers(site: PlayedSite) -> None:
    """Another program has the database: the scan waits for it, and it is told that it does."""
    with (site.folder / "gateway.yaml").open("a") as settings:
        settings.write("run: {stuck_after: 3s}\n")
    port = free_port()
    with running(site, "--health-port", str(port)):
        wait_for(lambda: asked(port, "/ready")[0] == 200)
        other = sqlite3.connect(site.folder / "var" / "gateway.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        wait_for(lambda: asked(port, "/health")[0] == 503)
        assert "has not come round for" in wrong(asked(port, "/health")[1])["process"]
        wait_for(lambda: health(site, "--live")[0] == 1)
        other.execute("ROLLBACK")
        other.close()
        wait_for(lambda: asked(port, "/health")[0] == 200)


def test_a_folder_that_cannot_be_used_makes_it_not_ready_until_it_can(site: PlayedSite) -> None:
    port = free_port()
    with running(site, "--health-port", str(port)):
        wait_for(lambda: asked(port, "/ready")[0] == 200)
        blocked = site.folder / "outbox" / "acme"
        blocked.write_text("a file stands where the folder belongs")
        code, said = asked(port, "/ready")
        assert (code, wrong(said)) == (503, {"folders": f"{blocked} is not a folder."})
        assert next(each["next_step"] for each in said["checks"] if not each["ok"])
        assert asked(port, "/health")[0] == 200
        blocked.unlink()
        assert asked(port, "/ready")[0] == 200


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_named(site: PlayedSite) -> None:
    outbox = site.folder / "outbox"
    outbox.chmod(0o500)
    _, said = health(site)
    outbox.chmod(0o700)
    assert f"{outbox / 'acme'} cannot be made" in wrong(said)["folders"]


def test_a_disk_without_the_reserve_is_told_with_both_figures(site: PlayedSite) -> None:
    with (site.folder / "gateway.yaml").open("a") as settings:
        settings.write("run: {disk_reserve: 999999GB}\n")
    site.gateway("db", "upgrade")
    _, said = health(site)
    assert "999999000 MB are to stay free" in wrong(said)["disk"]


def test_with_less_than_the_reserve_no_file_is_taken_until_there_is_room(site: PlayedSite) -> None:
    settings = site.folder / "gateway.yaml"
    plenty = settings.read_text()
    settings.write_text(plenty + "run: {disk_reserve: 999999GB}\n")
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    answer = site.run(expect=6)
    assert "are to stay free" in answer.err
    assert site.inbox() == ["po.edi"]
    settings.write_text(plenty)
    site.run()
    assert (site.inbox(), len(site.outbox("acme"))) == ([], 2)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "The database has schema 9999, and this program needs"),
        ("DROP TABLE alembic_version", "The database has no tables yet."),
    ],
)
def test_a_database_of_another_version_makes_it_not_ready(site: PlayedSite, statement: str, words: str) -> None:
    site.gateway("db", "upgrade")
    with sqlite3.connect(site.folder / "var" / "gateway.db") as connection:
        connection.execute(statement)
    connection.close()
    code, said = health(site)
    assert code == 1
    assert words in wrong(said)["database"]
    (step,) = (each["next_step"] for each in said["checks"] if each["name"] == "database")
    assert "gateway db upgrade" in step


def test_a_server_that_does_not_answer_is_told_soon_and_without_its_password(
    site: PlayedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "password"
    secret.write_text("canary/secret\n")
    monkeypatch.setenv("GATEWAY_DATABASE__URL", f"postgresql+psycopg://gateway@127.0.0.1:{free_port()}/gateway")
    monkeypatch.setenv("GATEWAY_DATABASE__PASSWORD_FILE", str(secret))
    began = time.monotonic()
    answer = site.gateway("health")
    assert time.monotonic() - began < 15
    assert answer.code == 1
    assert "127.0.0.1" in answer.out
    assert "canary" not in answer.out + answer.err


def test_a_database_that_stops_makes_it_not_ready_and_it_begins_anew_when_it_is_back(site: PlayedSite) -> None:
    """With the server goes the lock by which the others know that it lives."""
    port = free_port()
    with (
        own_server() as server,
        running(site, "--health-port", str(port), GATEWAY_DATABASE__URL=server.url) as process,
    ):
        wait_for(lambda: asked(port, "/ready")[0] == 200)
        server.crash()
        assert asked(port, "/ready")[0] in (503, 0)
        code, said = health(site, GATEWAY_DATABASE__URL=server.url)
        assert code == 1
        assert "cannot be reached" in wrong(said)["database"]
        time.sleep(5)
        assert process.poll() is None
        assert asked(port, "/ready")[0] == 503
        server.start()
        wait_for(lambda: asked(port, "/ready")[0] == 200)


def test_the_service_manager_is_told_that_it_is_ready_alive_and_ending(site: PlayedSite, tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(60)
        with running(site, NOTIFY_SOCKET=address) as process:
            said = [manager.recv(99).decode()]
            while "READY=1" not in said:
                said.append(manager.recv(99).decode())
            while said[-1] != "WATCHDOG=1":
                said.append(manager.recv(99).decode())
            process.send_signal(signal.SIGTERM)
            while "STOPPING=1" not in said:
                said.append(manager.recv(99).decode())
            assert process.wait(30) == 0


def test_a_part_that_stands_still_a_lost_thread_and_a_long_start_are_each_named() -> None:
    watched = Pulse("w1")
    watched.turn("scan")
    watched.running()
    assert watched.beat().stuck(1) == []
    time.sleep(0.3)
    assert watched.beat().stuck(0.2) == ["The scan has not come round for 0 s."]
    from threading import Thread  # noqa: PLC0415 - one that ends at once

    ended = Thread(target=int, name="worker-1")
    ended.start()
    ended.join()
    watched.guard(ended)
    assert watched.beat().stuck(9) == ["The thread 'worker-1' has ended."]
    watched.stopping()
    assert watched.beat().stuck(9) == []
    assert Pulse("w2").beat().stuck(-1) == ["The start takes 0 s already."]
