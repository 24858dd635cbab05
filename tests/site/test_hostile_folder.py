"""Some three hundred hostile things in one folder: each is held for what it is, its neighbours become orders, all within one run."""

import gzip
import io
import os
import socket
import zipfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.files.names import escaped
from gateway.flows.scan_report import MOST_NAMED
from tests.site.harness import MONDAY, PlayedSite, order, purchase_order

NAMES = (
    b"-rf", b"--help", b"a b.edi", b"C:\\x.edi", b"..\\..\\etc\\passwd", b"new\nline.edi", b"\x1b[31mred\x1b[0m.edi", b"bell\x07.edi",
    b"bad\xff\xfe.edi", b"\x80", "r\u202etl.edi".encode(), "z\u200bero.edi".encode(), "größe €.edi".encode(), b"$(reboot).edi", b"`id`.edi",
    b"'; DROP TABLE receipts; --", b"%s%n.edi", b"{name}.edi", b"*.edi", b"[x].edi", b"nul.edi", b"con", b"x" * 251, b"\xe4" * 120,
    "\U0001f600.edi".encode(), b".hidden.edi", b"tab\there.edi", b"<script>.edi", b"a=1&b=2", b"\r.edi",
)  # fmt: skip
ORDERS = tuple(f"H-{at}" for at in range(len(NAMES)))


def drop_names(inbox: bytes) -> list[str]:
    """Good orders under bad names; which of them are taken."""
    for at, name in enumerate(NAMES):
        Path(os.fsdecode(inbox + b"/" + name)).write_text(purchase_order(order(ORDERS[at]), control=100 + at))
    return [ORDERS[at] for at, name in enumerate(NAMES) if not name.startswith(b".")]


def drop_unfit(inbox: Path, secret: Path, sockets: ExitStack) -> list[Path]:
    """What is no ordinary file with one name."""
    made = [
        inbox / f"{kind}-{at:02}.edi"
        for kind in ("link", "dangling", "loop", "pipe", "folder", "hard")
        for at in range(25)
    ]
    for path in made:
        kind = path.name.split("-")[0]
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        elif kind == "hard":
            path.hardlink_to(secret)
        else:
            path.symlink_to({"link": str(secret), "dangling": "/nowhere", "loop": path.name}[kind])
    for at in range(5):
        made_socket = sockets.enter_context(socket.socket(socket.AF_UNIX))
        made.append(inbox / f"socket-{at}.edi")
        folder = os.open(inbox, os.O_RDONLY)
        try:
            made_socket.bind(f"/proc/self/fd/{folder}/{made[-1].name}")
        finally:
            os.close(folder)
    return made


def bomb() -> bytes:
    """Ten megabytes in ten thousand bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("../../order.edi", b"0" * 10_000_000)
    return packed.getvalue()


def drop_contents(inbox: Path) -> Counter[str]:
    """Ordinary files with nothing good in them; the codes of what is to be held for them."""
    whole = purchase_order(order("NEVER"), control=900)
    lies = {
        "F-EMPTY": [b""] * 20, "F-BINARY": [bytes(range(256)) + bytes([at]) for at in range(20)] + [bomb(), gzip.compress(whole.encode())],
        "X-ISA": [b"ISA*too short" + b" " * at + b"~IEA*1*000000001~" for at in range(10)],
        "S-SENDER": [purchase_order(order(f"S-{at}"), sender="SOMEBODYELSE", control=at + 1).encode() for at in range(10)],
    }  # fmt: skip
    for code, contents in lies.items():
        for at, content in enumerate(contents):
            (inbox / f"{code}-{at:02}.edi").write_bytes(content)
    return Counter({code: len(contents) for code, contents in lies.items()})


def test_a_hostile_folder_is_held_exactly_and_its_neighbours_become_orders(site: PlayedSite, tmp_path: Path) -> None:
    inbox, secret = site.folder / "inbox" / "acme", tmp_path / "secret"
    inbox.mkdir(parents=True, exist_ok=True)
    secret.write_text(purchase_order(order("SECRET"), control=999))
    good = drop_names(os.fsencode(inbox))
    with ExitStack() as sockets:
        unfit = drop_unfit(inbox, secret, sockets)
    codes = drop_contents(inbox)
    (inbox / "cut.edi").write_text(purchase_order(order("CUT"), control=901).partition("N4*")[0])
    for at in range(15):
        (inbox / f"part-{at}.edi.part").write_text("ISA*")

    for _ in range(3):
        assert site.run().code == 0

    files = [each for each in site.json("holds", "list") if each["type"] == "FILE"]
    assert Counter(each["code"] for each in files) == codes + Counter({"S-FILETYPE": MOST_NAMED + 1})
    (rest,) = [each for each in files if "more things" in each["reason"]]
    assert f"{len(unfit) - MOST_NAMED} more things" in rest["reason"]
    assert sorted(each["po_number"] for each in site.json("orders", "list")) == sorted(good)
    assert {path.name for path in unfit} <= {path.name for path in inbox.iterdir()}
    assert secret.read_text() == purchase_order(order("SECRET"), control=999)
    kept = b"".join(path.read_bytes() for path in (site.folder / "var" / "archive").rglob("*") if path.is_file())
    assert b"SECRET" not in kept
    taken = {escaped(name) for name in NAMES if not name.startswith(b".")}
    assert taken <= {each["file"] for each in site.json("files", "list")}
    for command in (("files", "list"), ("holds", "list")):
        shown = site.gateway(*command).out
        assert all(line.isprintable() for line in shown.splitlines()), command


def test_a_refusal_ends_by_itself_when_the_thing_is_gone(site: PlayedSite) -> None:
    inbox = site.folder / "inbox" / "acme"
    inbox.mkdir(parents=True, exist_ok=True)
    for name in ("a.edi", "b.edi"):
        (inbox / name).symlink_to("/nowhere")
    site.run()
    assert sorted(each["file"] for each in site.json("holds", "list")) == ["a.edi", "b.edi"]
    (inbox / "a.edi").unlink()
    site.run()
    assert [each["file"] for each in site.json("holds", "list")] == ["b.edi"]
    inbox.rename(inbox.with_name("away"))
    inbox.write_text("a file stands where the folder belongs")
    answer = site.run(expect=6)
    assert "cannot be read" in answer.err
    assert [each["file"] for each in site.json("holds", "list")] == ["b.edi"], "nobody could look whether it is gone"
    open_alerts = "SELECT code FROM alerts WHERE closed_at IS NULL"
    assert sorted(row[0] for row in site.rows(open_alerts)) == ["S-FILETYPE", "T-FOLDER"]
    inbox.unlink()
    site.run()
    assert site.json("holds", "list") == []
    assert site.rows(open_alerts) == []


def test_leftovers_that_are_none_never_stop_the_start_or_hide_another_one(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("L-1")))
    site.gateway("run", "--once", "--now", MONDAY, crash_at="claimed")
    (note,) = (site.folder / "var" / "work").rglob("*.json")
    work = note.parent  # on PostgreSQL each process has one of its own
    claim = note.name.removesuffix(".json")
    (work / "00.json").write_text('{"partner": 1}')
    (work / "01.json").symlink_to("/etc/passwd")
    (work / "02.json").write_text(
        f'{{"partner": "acme", "channel": "inbox/acme", "inbox": "{site.folder}/inbox/acme", "files": {{"aaa": "x.edi"}}}}'
    )
    (work / "aaa").symlink_to("/etc/passwd")
    site.run(MONDAY)
    assert [each["po_number"] for each in site.json("orders", "list")] == ["L-1"]
    assert not (work / claim).exists()
    (hold,) = [each for each in site.json("holds", "list") if each["type"] == "FILE"]
    assert (hold["code"], hold["file"]) == ("S-FILETYPE", "x.edi")
    assert (site.folder / "var" / "refused" / "aaa").readlink() == Path("/etc/passwd")


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_that_cannot_be_read_once_it_is_ours_waits_is_told_and_keeps_no_other_from_being_taken(
    site: PlayedSite, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    for at in (1, 2):
        site.drop("acme", f"po-{at}.edi", purchase_order(order(f"R-{at}"), control=at))
    with monkeypatch.context() as patch:
        patch.setenv("GATEWAY_FAULT", "open:4:EIO+")  # two were opened to see whether they are whole, one to be read
        site.run()
    (hold,) = [each for each in site.json("holds", "list") if each["type"] == "FILE"]
    assert (hold["code"], "Input/output error" in hold["reason"]) == ("F-UNREADABLE", True)
    assert len(site.json("orders", "list")) == 1
    for _ in range(times):
        site.run()
    assert [each for each in site.json("holds", "list") if each["type"] == "FILE"] == []
    assert sorted(each["po_number"] for each in site.json("orders", "list")) == ["R-1", "R-2"]
