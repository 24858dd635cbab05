"""Files on a server that wait for a marker: taken together with it, told when the other half does not come."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.flows import polling
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import fixed_clock, system_clock
from tests.servers.sshd import Sshd
from tests.sftp.served import Served, served

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _looks_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "LOOK_AGAIN", 0.05)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def later(acme: Served, bench: Workbench, wait: timedelta) -> int:
    """Ask the server when some time has gone by."""
    return acme.poll(replace(bench, clock=fixed_clock(system_clock() + wait)))


@pytest.mark.parametrize("pattern", ["{name}.done", "{stem}.ok", "done-{name}"])
def test_f_09_a_file_on_a_server_and_its_marker_wait_for_each_other_and_go_together(
    tmp_path: Path, sftp_server: Sshd, pattern: str
) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=f", ready: [rename, content, 'marker \"{pattern}\"']")
    marker = pattern.replace("{name}", "po.csv").replace("{stem}", "po")
    bench = acme.bench()
    acme.put(marker, b"")
    acme.put("lonely.csv", b"1\n")
    assert acme.poll(bench) == 0
    acme.put("po.csv", b"2\n")

    assert [acme.poll(bench), acme.poll(bench)] == [1, 0]
    assert acme.received(bench) == ["po.csv"]
    assert names(acme.incoming) == ["lonely.csv"]
    acme.put(marker, b"")
    assert [acme.poll(bench), acme.holds(bench)] == [0, {}], "a second marker brings nothing"
    assert later(acme, bench, HOUR - timedelta(minutes=5)) == 0
    assert acme.holds(bench) == {}
    assert later(acme, bench, HOUR) == 0
    assert acme.holds(bench) == {"lonely.csv": "F-MARKER", marker: "F-MARKER"}

    acme.put(marker.replace("po", "lonely"), b"")
    (acme.incoming / marker).unlink()
    assert later(acme, bench, HOUR) == 1
    assert (acme.received(bench), acme.holds(bench)) == (["po.csv", "lonely.csv"], {})
    assert names(acme.incoming) == []


def test_a_marker_is_moved_with_its_file(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", marker: '{name}.done', after: move archive")
    acme.put("po.csv", b"1\n")
    acme.put("po.csv.done", b"")

    assert acme.poll() == 1
    assert names(acme.incoming) == ["archive"]
    assert names(acme.incoming / "archive") == ["po.csv", "po.csv.done"]


def test_a_marker_stays_beside_a_file_that_is_left_there_and_is_told_by_nobody(
    tmp_path: Path, sftp_server: Sshd
) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", marker: '{name}.done', after: leave")
    acme.put("po.csv", b"1\n")
    acme.put("po.csv.done", b"")
    bench = acme.bench()

    assert [acme.poll(bench), acme.poll(bench), later(acme, bench, 2 * HOUR), later(acme, bench, 4 * HOUR)] == [
        1,
        0,
        0,
        0,
    ]
    assert acme.holds(bench) == {}
    assert names(acme.incoming) == ["po.csv", "po.csv.done"]


def test_a_marker_that_is_no_file_marks_nothing(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", marker: '{name}.done', patterns: ['*.csv']")
    acme.put("po.csv", b"1\n")
    (acme.incoming / "po.csv.done").mkdir()
    acme.put("no.csv", b"1\n")
    (acme.incoming / "no.csv.done").symlink_to(acme.incoming / "po.csv")

    assert acme.poll() == 0
    assert len(names(acme.incoming)) == 4


def test_a_poll_that_ends_between_marker_and_file_leaves_nothing_behind(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server, incoming=", marker: '{name}.done'")
    acme.put("po.csv", b"1\n")
    marker = acme.put("po.csv.done", b"")

    def cut(window: str) -> None:
        if window == "remote-taken":
            marker.unlink()  # as far as the poll came that was cut off
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        acme.poll(acme.bench(cut))
    bench = acme.bench()
    assert acme.poll(bench) == 0
    assert acme.received(bench) == ["po.csv"]
    assert names(acme.incoming) == []
