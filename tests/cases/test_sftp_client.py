"""Cases of reliability over SFTP: what a person sees at a site whose partner has a server."""

import os
from pathlib import Path

import pytest

from gateway.flows import polling
from tests.cases.shops import orders_csv, row
from tests.servers.sshd import Sshd
from tests.sftp.served import Served, served

TAKING = ("remote-claimed", "remote-fetched", "archived", "received", "remote-taken", "remote-removed")
LEAVING = ("put-written", "put-checked", "dispatch-staged", "put-renamed", "dispatch-published", "dispatch-delivered")


@pytest.fixture
def acme(tmp_path: Path, sftp_server: Sshd, monkeypatch: pytest.MonkeyPatch) -> Served:
    monkeypatch.setattr(polling, "LOOK_AGAIN", 0.05)
    found = served(tmp_path / "site", sftp_server, sent_by_folder=False)
    found.site.drop_master()
    return found


def orders(acme: Served) -> list[str]:
    return sorted(each["po_number"] for each in acme.site.json("orders", "list"))


def eaten(acme: Served) -> list[str]:
    """What ACME takes away, and no half file among it."""
    found = []
    for path in sorted(acme.outgoing.iterdir()):
        if path.name.startswith("."):
            continue
        assert path.read_bytes().rstrip().endswith(b"~")
        found.append(path.name)
        path.unlink()
    return found


def kinds(names: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        kind = name.partition("_")[0]
        found[kind] = found.get(kind, 0) + 1
    return found


@pytest.mark.parametrize("window", [*TAKING, *LEAVING])
def test_f_01_a_kill_at_any_step_over_sftp_leaves_one_order_and_one_answer(acme: Served, window: str) -> None:
    acme.order(1)
    killed = acme.site.run(crash_at=window, expect=-9)
    taken = eaten(acme)
    acme.site.run()
    acme.site.run()
    taken += eaten(acme)

    assert killed.code == -9
    assert orders(acme) == ["PO-1"]
    assert kinds(taken) == {"997": 1, "acknowledgment": 1} or len(taken) == len(set(taken)) == 2, taken
    assert list(acme.incoming.iterdir()) == []
    assert not any((acme.site.folder / "var" / "fetching").iterdir())
    assert [path.name for path in acme.outgoing.iterdir()] == []


def test_f_13_a_file_replaced_between_list_and_fetch_is_processed_whole(acme: Served) -> None:
    path = acme.order(1)
    other = path.read_bytes().replace(b"PO-1", b"PO-9").replace(b"00000001", b"00000009")

    def swap(window: str) -> None:
        if window == "remote-claimed":
            acme.put(path.name, other)

    acme.poll(acme.bench(swap))
    acme.site.run()
    acme.site.run()
    assert orders(acme) == ["PO-9"]


def test_f_10_the_same_bytes_twice_are_one_order(acme: Served) -> None:
    content = acme.order(1).read_bytes()
    acme.site.run()
    first = eaten(acme)
    acme.put("again.edi", content)
    acme.site.run()
    second = eaten(acme)

    assert orders(acme) == ["PO-1"]
    assert first
    assert second
    assert list(acme.incoming.iterdir()) == []


def test_f_17_a_server_that_was_away_gets_everything_once(acme: Served) -> None:
    acme.order(1)
    acme.poll()
    acme.server.stop()
    assert acme.site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z").code == 6
    acme.server.start()
    assert eaten(acme) == []
    acme.site.run()
    acme.site.run()
    assert len(eaten(acme)) == 2
    acme.site.run()
    assert eaten(acme) == []


def test_s_01_names_from_a_server_never_become_paths_of_ours(acme: Served) -> None:
    before = {path for path in acme.site.folder.rglob("*") if "var" not in path.parts}
    for name in (b"..%2F..%2Fetc", b"-rf", b"C:\\x", b"a\nb", b"po\xff.edi", "po\u202eide".encode(), b"~root"):
        acme.put(name, name)
    acme.site.run()

    after = {path for path in acme.site.folder.rglob("*") if "var" not in path.parts}
    assert {
        path for path in after - before if "outbox" not in path.parts and not path.name.startswith(".said")
    } == set()
    listed = acme.site.gateway("files", "list")
    assert listed.code == 0
    assert "\x1b" not in listed.out
    assert "a\\nb" in listed.out


def test_s_02_links_on_a_server_are_told_and_never_followed(acme: Served) -> None:
    target = acme.server.files / "elsewhere"
    target.write_bytes(acme.order(1).read_bytes())
    (acme.incoming / "link.edi").symlink_to(target)
    os.mkfifo(acme.incoming / "pipe.edi")
    acme.site.run()

    assert orders(acme) == ["PO-1"]
    held = {each["file"]: each["code"] for each in acme.site.json("holds", "list")}
    assert {held["link.edi"], held["pipe.edi"]} == {"S-FILETYPE"}
    assert target.is_file()


def test_s_07_a_changed_host_key_stops_the_channel_without_a_login(acme: Served) -> None:
    acme.order(1)
    acme.server.change_host_key()
    said = len(acme.server.said)

    first = acme.site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z")
    log = acme.server.said[said:]
    again = acme.site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z")

    assert (first.code, again.code) == (6, 6)
    assert "Accepted" not in log
    assert "userauth" not in log
    assert acme.server.said.count("Connection from") == acme.server.said[:said].count("Connection from") + log.count(
        "Connection from"
    )
    assert orders(acme) == []
    assert len(list(acme.incoming.iterdir())) == 1


def test_f_07_rows_on_a_server_wait_for_the_row_that_was_agreed(acme: Served) -> None:
    path = acme.site.folder / "partners" / "acme.yaml"
    text = path.read_text().replace("order: {in: x12/850}", "order: {in: [x12/850, csv/order]}")
    path.write_text(text.replace("kind: sftp", "trailer: 'EOF,{count}', kind: sftp", 1))
    rows = orders_csv(row("CSV-1"))
    acme.put("po.csv", rows.encode())
    assert acme.poll() == 0
    acme.put("po.csv", f"{rows}EOF,1\n".encode())
    acme.order(1)
    assert acme.poll() == 2
    acme.site.run()
    assert orders(acme) == ["CSV-1", "PO-1"]
