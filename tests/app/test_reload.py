"""A running gateway works with its files as they are now when it is told so: all of them, or none."""

import errno
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway.cli import config_reload
from tests.app.test_health import running
from tests.database import SQLITE
from tests.nursery import Child
from tests.site.harness import PlayedSite, new_site, order, purchase_order

PATIENCE = 40.0


@pytest.fixture
def site(tmp_path: Path) -> PlayedSite:
    found = new_site(tmp_path / "site")
    found.drop_master()
    found.run()
    return found


def until(happened: Callable[[], object], process: Child) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.1)


def logged(site: PlayedSite, event: str) -> int:
    log = site.folder / "run.log"
    return log.read_text().count(f'"event": "{event}"') if log.exists() else 0


def change(site: PlayedSite, name: str, old: str, new: str) -> None:
    path = site.folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def status(site: PlayedSite, po_number: str) -> list[str]:
    rows = site.json("orders", "list")
    return [each["status"] for each in rows if each["po_number"] == po_number]


def of_another_user(pid: int, number: int) -> None:
    if number == signal.SIGHUP:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
    os.kill(pid, number)


def test_what_a_partner_file_says_counts_after_a_reload_and_mistakes_change_nothing(
    site: PlayedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(site, "partners/acme.yaml", "status: live", "status: suspended")
    with running(site, **site.environ()) as process:
        until(lambda: logged(site, "run.started"), process)
        site.drop("acme", "first.edi", purchase_order(order("4711"), control=1))
        until(lambda: [each["code"] for each in site.json("holds", "list")] == ["P-SUSPENDED"], process)

        change(site, "partners/acme.yaml", "status: suspended", "status: life")
        refused = site.gateway("config", "reload")
        process.send_signal(signal.SIGHUP)
        until(lambda: logged(site, "config.refused"), process)
        change(site, "partners/acme.yaml", "status: life", "status: live")
        (alert,) = [each for each in site.json("alerts", "list") if each["kind"] == "config"]
        with monkeypatch.context() as patched:
            patched.setattr(config_reload, "os", SimpleNamespace(kill=of_another_user))
            foreign = site.gateway("config", "reload")
        taken = site.gateway("config", "reload")
        site.drop("acme", "second.edi", purchase_order(order("4712"), control=2))
        until(lambda: status(site, "4712"), process)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0

    assert refused.code == 4
    assert (foreign.code, "was started by another user" in foreign.err) == (6, True)
    assert "partners/acme.yaml" in refused.err
    assert "partners/acme.yaml" in alert["reason"]
    assert (taken.code, "works with the configuration as it is now" in taken.out) == (0, True), taken
    assert "config" not in [each["kind"] for each in site.json("alerts", "list")]
    assert (logged(site, "config.reloaded"), logged(site, "run.started")) == (1, 2)
    assert [each["action"] for each in site.json("audit", "list")].count("config.changed") == 2


def test_a_signal_to_end_beside_a_reload_ends(site: PlayedSite) -> None:
    with running(site, **site.environ()) as process:
        until(lambda: logged(site, "run.started"), process)
        change(site, "partners/acme.yaml", "name: ", "# changed\nname: ")
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0


def test_another_database_needs_a_start_and_is_refused_until_then(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site", on=SQLITE)  # what the environment says goes before gateway.yaml
    with running(site) as process:
        until(lambda: logged(site, "run.started"), process)
        path = site.folder / "gateway.yaml"
        before = path.read_text()
        path.write_text(f"{before}\ndatabase: {{url: sqlite:///var/other.db}}\n")
        process.send_signal(signal.SIGHUP)
        until(lambda: logged(site, "config.refused"), process)
        path.write_text(before)

    assert "Another database is named" in (site.folder / "run.log").read_text()


def test_a_reload_with_nobody_at_work_says_that_the_next_start_takes_the_files(site: PlayedSite) -> None:
    answer = site.gateway("config", "reload")

    assert answer.code == 5
    assert "gateway run" in answer.err


def unreadable(site: PlayedSite) -> Iterator[str]:
    """What editors and mishaps leave in place of a file, one after the other; each is gone again afterwards."""
    pipe = site.folder / "partners" / "pipe.yaml"
    os.mkfifo(pipe)
    yield "partners/pipe.yaml"
    pipe.unlink()
    lock = site.folder / "partners" / ".#acme.yaml"  # of an editor that has the file open: it points nowhere
    lock.symlink_to("someone@somewhere.1234")
    yield "partners/.#acme.yaml"
    lock.unlink()
    settings = site.folder / "gateway.yaml"
    settings.rename(site.folder / "gateway.yaml~")
    yield "gateway.yaml"
    (site.folder / "gateway.yaml~").rename(settings)


def test_what_stands_in_place_of_a_file_refuses_a_reload_and_neither_ends_nor_stops_the_work(site: PlayedSite) -> None:
    with running(site, **site.environ()) as process:
        until(lambda: logged(site, "run.started"), process)
        for before, name in enumerate(unreadable(site)):
            process.send_signal(signal.SIGHUP)
            until(lambda: logged(site, "config.refused") > before, process)  # noqa: B023 - used at once
            assert name in (site.folder / "run.log").read_text().splitlines()[-1]
        site.drop("acme", "order.edi", purchase_order(order("4711"), control=1))
        until(lambda: status(site, "4711"), process)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0


def test_a_reload_is_heard_as_soon_as_a_process_is_seen(site: PlayedSite) -> None:
    with running(site, **site.environ()) as process:
        until(lambda: list((site.folder / "var" / "pulse").glob("*")), process)
        process.send_signal(signal.SIGHUP)
        until(lambda: logged(site, "config.reloaded"), process)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
