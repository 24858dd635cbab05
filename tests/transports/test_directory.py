"""Folders: only complete files are taken, each by one claim; what leaves appears whole and once."""

import json
import os
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.exchange.receipt import Seen
from gateway.files.disk import Disk, UnfitFileError
from gateway.files.faults import watch_of
from gateway.files.names import escaped
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import ChannelDownError, DiskError, NameTakenError, TransportError
from gateway.kernel.ids import ChannelKey, DispatchId, PartnerId
from gateway.transports.claims import ClaimedFile, leftovers
from gateway.transports.directory import DirectoryInlet, Readiness
from gateway.transports.directory_out import DirectoryOutlet
from gateway.transports.markers import Markers

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
GRACE = timedelta(minutes=15)
WHOLE = b"ISA*00*...~IEA*1*000000001~\n"
CUT = b"ISA*00*...~GS*PO~ST*850*0001~BEG"


class Watched:
    """Observations in memory, as the store keeps them; two looks are without the pause between them."""

    def __init__(self, folder: DirectoryInlet) -> None:
        self.folder = folder
        self.clock = NOW
        self.known: dict[str, tuple[str, Seen]] = {}

    def ready(self, now: datetime = NOW) -> list[str]:
        """What would be taken at a moment; the machine's clock says another."""
        self.folder.look()
        for name, look in self.folder.waiting().items():
            if self.known.get(name, ("",))[0] != look:
                self.known[name] = look, Seen(now, system_clock())
        return self.folder.ready({name: seen for name, (_, seen) in self.known.items()}, now)


def inlet(
    tmp_path: Path, *, patterns: tuple[str, ...] = ("*",), limit: int = 10**9, **readiness: Any
) -> DirectoryInlet:
    for name in ("in", "work"):
        (tmp_path / name).mkdir(exist_ok=True)
    wanted = Readiness(**{"grace": GRACE, **readiness})
    return DirectoryInlet(tmp_path / "in", PartnerId("acme"), patterns, tmp_path / "work", wanted, limit)


def claims(folder: DirectoryInlet, *names: str) -> list[ClaimedFile]:
    """Claim files, looked at or not."""
    folder.look()
    try:
        return list(folder.claim(names))
    finally:
        folder.close()


def refused(folder: DirectoryInlet) -> dict[str, str]:
    return {each.name: each.code for each in folder.refusals()}


def test_names_of_unfinished_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("po.edi", "po2.edi.part", ".po3.edi", "po4.tmp", "po5.filepart", "po6~", "~$po.xlsx", "po.Uploading"):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_bytes(WHOLE)
    assert Watched(inlet(tmp_path)).ready() == ["po.edi"]
    hidden = {".po3.edi"}
    assert (
        set(Watched(inlet(tmp_path, renamed=False)).ready())
        == {each.name for each in (tmp_path / "in").iterdir()} - hidden
    )


def test_only_names_that_fit_the_patterns_are_taken(tmp_path: Path) -> None:
    folder = inlet(tmp_path, patterns=("*.edi", "*.x12"))
    for name in ("a.edi", "b.x12", "c.csv"):
        (tmp_path / "in" / name).write_bytes(WHOLE)
    assert sorted(Watched(folder).ready()) == ["a.edi", "b.x12"]


@pytest.mark.parametrize("content", [CUT, b"<order><line>", b"  <?xml version='1.0'?><a>"])
def test_a_visibly_incomplete_file_waits_out_the_grace_from_its_first_sighting(tmp_path: Path, content: bytes) -> None:
    watched = Watched(inlet(tmp_path))
    (tmp_path / "in" / "po.edi").write_bytes(content)
    assert watched.ready(NOW) == []
    assert watched.ready(NOW + timedelta(minutes=14)) == []
    assert watched.ready(NOW + timedelta(minutes=15)) == ["po.edi"]
    assert Watched(inlet(tmp_path, proven=False)).ready(NOW) == ["po.edi"]


def test_a_file_that_grows_starts_its_grace_again(tmp_path: Path) -> None:
    watched = Watched(inlet(tmp_path))
    path = tmp_path / "in" / "po.edi"
    path.write_bytes(CUT)
    assert watched.ready(NOW) == []
    path.write_bytes(CUT + b"*00")
    assert watched.ready(NOW + timedelta(minutes=16)) == []


def test_a_file_that_changes_between_the_looks_is_left_alone(tmp_path: Path) -> None:
    folder = inlet(tmp_path)
    path = tmp_path / "in" / "po.edi"
    path.write_bytes(WHOLE)
    assert folder.look()
    path.write_bytes(WHOLE + WHOLE)
    assert (folder.waiting(), folder.ready({}, NOW)) == ({}, [])


@pytest.mark.parametrize("content", [b"", bytes(range(256)), b"a,b\n1,2", WHOLE, b"<a></a>\n"])
def test_everything_else_is_ready_when_it_stands_still(tmp_path: Path, content: bytes) -> None:
    folder = inlet(tmp_path)
    (tmp_path / "in" / "x").write_bytes(content)
    assert Watched(folder).ready() == ["x"]


def test_what_is_no_ordinary_file_is_listed_and_never_opened(tmp_path: Path) -> None:
    folder, inbox = inlet(tmp_path, limit=10), tmp_path / "in"
    (tmp_path / "secret").write_text("secret")
    (inbox / "link.edi").symlink_to(tmp_path / "secret")
    (inbox / "hard.edi").hardlink_to(tmp_path / "secret")
    (inbox / "folder").mkdir()
    os.mkfifo(inbox / "pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(inbox / "socket"))
    (inbox / "long").write_bytes(bytes(11))
    (inbox / "b\udcff.part").mkdir()
    (inbox / "c\udcff").mkdir()
    assert Watched(folder).ready() == []
    kinds = dict.fromkeys(("link.edi", "hard.edi", "folder", "pipe", "socket", r"c\xff"), "S-FILETYPE")
    assert refused(folder) == kinds | {"long": "F-TOO-LARGE"}
    folder.close()


def test_a_folder_that_is_not_there_yet_has_no_files_and_one_that_is_a_file_is_told(tmp_path: Path) -> None:
    folder = inlet(tmp_path)
    (tmp_path / "in").rmdir()
    assert Watched(folder).ready() == []
    (tmp_path / "in").write_text("")
    with pytest.raises(TransportError, match="cannot be read"):
        folder.look()


def test_a_folder_is_the_same_one_for_a_whole_scan_whatever_its_path_leads_to(tmp_path: Path) -> None:
    folder, secret = inlet(tmp_path), tmp_path / "secret"
    secret.mkdir()
    (secret / "po.edi").write_bytes(WHOLE + b"secret")
    (tmp_path / "in" / "po.edi").write_bytes(WHOLE)
    watched = Watched(folder)
    assert watched.ready() == ["po.edi"]
    (tmp_path / "in").rename(tmp_path / "moved")
    (tmp_path / "in").symlink_to(secret)
    (claimed,) = folder.claim(["po.edi"])
    with claimed.open() as file:
        assert file.read() == WHOLE
    assert [each.name for each in secret.iterdir()] == ["po.edi"]
    folder.close()


@pytest.mark.parametrize("kind", ["link", "pipe", "hard", "folder"])
def test_what_is_put_in_the_place_of_a_file_is_claimed_and_not_followed(tmp_path: Path, kind: str) -> None:
    folder, path = inlet(tmp_path), tmp_path / "in" / "po.edi"
    (tmp_path / "secret").write_text("secret")
    path.write_bytes(WHOLE)
    assert Watched(folder).ready() == ["po.edi"]
    path.unlink()
    if kind == "link":
        path.symlink_to(tmp_path / "secret")
    elif kind == "hard":
        path.hardlink_to(tmp_path / "secret")
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    (claimed,) = folder.claim(["po.edi"])
    with pytest.raises(UnfitFileError):
        claimed.open()
    claimed.put_aside(tmp_path / "refused")
    assert [each.name for each in (tmp_path / "refused").iterdir()] == [claimed.claim]
    assert list((tmp_path / "work").iterdir()) == []
    folder.close()


def test_a_file_waits_for_its_marker_and_both_are_claimed_together(tmp_path: Path) -> None:
    folder, inbox = inlet(tmp_path, patterns=("*.edi",), markers=Markers.of("{name}.done")), tmp_path / "in"
    watched = Watched(folder)
    (inbox / "po.edi").write_bytes(WHOLE)
    assert watched.ready() == []
    assert folder.refusals() == []
    (inbox / "po.edi.done").touch()
    assert watched.ready() == ["po.edi"]
    (claimed,) = folder.claim(["po.edi"])
    assert list(inbox.iterdir()) == []
    (left,) = leftovers(tmp_path / "work")
    assert left == claimed
    claimed.release()
    assert list((tmp_path / "work").iterdir()) == []
    (inbox / "po.edi.done").touch()
    assert (watched.ready(), folder.refusals()) == ([], [])
    folder.close()


def test_after_an_hour_a_lonely_file_and_a_lonely_marker_are_told(tmp_path: Path) -> None:
    folder, inbox = inlet(tmp_path, markers=Markers.of("{stem}.ok")), tmp_path / "in"
    watched = Watched(folder)
    (inbox / "a.edi").write_bytes(WHOLE)
    (inbox / "b.ok").touch()
    for minutes, told in ((0, {}), (59, {}), (60, {"a.edi": "F-MARKER", "b.ok": "F-MARKER"})):
        assert watched.ready(NOW + timedelta(minutes=minutes)) == []
        assert refused(folder) == told
    (inbox / "a.ok").touch()
    assert watched.ready(NOW + timedelta(minutes=61)) == ["a.edi"]
    assert refused(folder) == {"b.ok": "F-MARKER"}
    folder.close()


def test_a_marker_whose_file_was_not_claimed_before_the_crash_lies_there_again(tmp_path: Path) -> None:
    inlet(tmp_path)
    said = {
        "partner": "acme",
        "channel": "in",
        "inbox": str(tmp_path / "in"),
        "files": {"aa": "po.edi"},
        "markers": {"aa": "po.ok"},
    }
    (tmp_path / "work" / "aa.json").write_text(json.dumps(said))
    (tmp_path / "work" / "aa.marker").write_bytes(b"")
    assert leftovers(tmp_path / "work") == []
    assert [each.name for each in (tmp_path / "in").iterdir()] == ["po.ok"]
    assert list((tmp_path / "work").iterdir()) == []


def test_a_file_must_stand_still_by_the_clock_of_the_machine(tmp_path: Path) -> None:
    folder = inlet(tmp_path, stable=timedelta(seconds=20))
    watched = Watched(folder)
    (tmp_path / "in" / "po.csv").write_bytes(b"a,b")
    os.utime(tmp_path / "in" / "po.csv", (4_000_000_000, 4_000_000_000))
    assert watched.ready() == []
    assert watched.ready(NOW + timedelta(days=365)) == []
    look, seen = watched.known["po.csv"]
    watched.known["po.csv"] = look, replace(seen, observed=seen.observed - timedelta(seconds=20))
    assert watched.ready() == ["po.csv"]


def test_a_claim_moves_the_file_and_says_whose_it_was(tmp_path: Path) -> None:
    folder = inlet(tmp_path)
    (tmp_path / "in" / "po.edi").write_bytes(WHOLE)
    (claimed,) = claims(folder, "po.edi")
    assert (claimed.file_name, claimed.partner, claimed.path.read_bytes()) == ("po.edi", "acme", WHOLE)
    assert list((tmp_path / "in").iterdir()) == []
    assert leftovers(tmp_path / "work") == [claimed]
    claimed.release()
    claimed.release()
    assert list((tmp_path / "work").iterdir()) == []


def test_a_file_that_somebody_else_took_is_not_claimed_and_leaves_no_note(tmp_path: Path) -> None:
    assert claims(inlet(tmp_path), "gone.edi") == []
    assert list((tmp_path / "work").iterdir()) == []


def test_files_that_are_claimed_together_share_a_note_that_stays_until_the_last_is_released(tmp_path: Path) -> None:
    folder = inlet(tmp_path)
    for name in ("a.edi", "b.edi"):
        (tmp_path / "in" / name).write_bytes(WHOLE)
    first, second = claims(folder, "a.edi", "gone.edi", "b.edi")
    assert first.note == second.note
    first.release()
    assert leftovers(tmp_path / "work") == [second]
    second.release()
    assert list((tmp_path / "work").iterdir()) == []


def test_a_note_of_an_earlier_version_is_understood(tmp_path: Path) -> None:
    inlet(tmp_path)
    said = {"partner": "acme", "file_name": "po.edi", "inbox": str(tmp_path / "in")}
    (tmp_path / "work" / "aa.json").write_text(json.dumps(said))
    (tmp_path / "work" / "aa").write_bytes(WHOLE)
    (claimed,) = leftovers(tmp_path / "work")
    assert (claimed.claim, claimed.partner, claimed.file_name, claimed.channel) == ("aa", "acme", "po.edi", "")


def test_a_claim_knows_its_channel_even_after_a_crash(tmp_path: Path) -> None:
    folder = replace(inlet(tmp_path), key=ChannelKey("inbox/acme"))
    (tmp_path / "in" / "po.edi").write_bytes(WHOLE)
    (claimed,) = claims(folder, "po.edi")
    (left,) = leftovers(tmp_path / "work")
    assert (claimed.channel, left.channel) == ("inbox/acme", "inbox/acme")
    with left.open() as file:
        assert file.read() == WHOLE


def test_a_note_without_its_file_or_half_written_is_cleared_away(tmp_path: Path) -> None:
    inlet(tmp_path)
    (tmp_path / "work" / "aa.json").write_text(json.dumps({"partner": "a", "file_name": "b", "inbox": str(tmp_path)}))
    (tmp_path / "work" / "bb.json").write_text('{"par')
    assert leftovers(tmp_path / "work") == []
    assert list((tmp_path / "work").iterdir()) == []


def test_notes_that_are_none_are_left_alone_and_hide_no_other(tmp_path: Path) -> None:
    folder = inlet(tmp_path)
    (tmp_path / "in" / "po.edi").write_bytes(WHOLE)
    (claimed,) = claims(folder, "po.edi")
    work = tmp_path / "work"
    strange = {
        "00.json": "[]",
        "01.json": '{"files": []}',
        "02.json": '{"partner": "a", "files": {"../x": "y"}, "inbox": "/"}',
    }
    for name, text in strange.items():
        (work / name).write_text(text)
    (work / "03.json").symlink_to(tmp_path / "in")
    (work / "04.json").mkdir()
    assert leftovers(work) == [claimed]
    assert {each.name for each in work.iterdir()} >= {*strange, "03.json", "04.json"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=40).filter(lambda name: not {0, 47} & set(name) and name not in (b".", b"..")))
def test_any_file_name_survives_a_claim_and_can_be_shown(tmp_path: Path, name: bytes) -> None:
    folder = inlet(tmp_path)
    path = os.fsencode(tmp_path / "in") + b"/" + name
    Path(os.fsdecode(path)).write_bytes(WHOLE)
    (claimed,) = claims(folder, os.fsdecode(name))
    assert leftovers(tmp_path / "work")[0].file_name == claimed.file_name == escaped(name)
    assert claimed.file_name.encode().decode().isprintable()
    claimed.release()


@pytest.mark.parametrize("operation", ["create", "write", "fsync"])
def test_where_no_note_can_be_written_nothing_moves(tmp_path: Path, operation: str) -> None:
    folder = replace(inlet(tmp_path), disk=Disk(watch_of(f"{operation}:1:ENOSPC")))
    (tmp_path / "in" / "po.edi").write_bytes(WHOLE)
    with pytest.raises(DiskError, match="No space left"):
        claims(folder, "po.edi")
    assert [each.name for each in (tmp_path / "in").iterdir()] == ["po.edi"]
    assert list((tmp_path / "work").iterdir()) == []


def test_a_file_that_cannot_be_moved_is_told_and_keeps_no_other_from_it(tmp_path: Path) -> None:
    folder = replace(inlet(tmp_path), disk=Disk(watch_of("rename:1:EACCES")))
    for name in ("a.edi", "b.edi"):
        (tmp_path / "in" / name).write_bytes(WHOLE)
    folder.look()
    assert [each.file_name for each in folder.claim(["a.edi", "b.edi"])] == ["b.edi"]
    assert refused(folder) == {"a.edi": "F-UNREADABLE"}
    assert [each.name for each in (tmp_path / "in").iterdir()] == ["a.edi"]
    folder.close()


def outlet(tmp_path: Path) -> DirectoryOutlet:
    (tmp_path / "work").mkdir(exist_ok=True)
    return DirectoryOutlet(tmp_path / "out", tmp_path / "work")


def test_what_leaves_appears_whole_under_its_name_and_only_then(tmp_path: Path) -> None:
    channel, dispatch = outlet(tmp_path), DispatchId("D1")
    channel.stage(dispatch, "997.edi", b"one")
    channel.stage(dispatch, "997.edi", b"one")
    assert channel.is_staged(dispatch, "997.edi")
    assert list((tmp_path / "out").iterdir()) == []
    channel.publish(dispatch, "997.edi")
    assert (tmp_path / "out" / "997.edi").read_bytes() == b"one"
    assert not channel.is_staged(dispatch, "997.edi")
    assert list((tmp_path / "work").iterdir()) == []


def test_a_file_of_the_same_name_is_never_overwritten_with_other_content(tmp_path: Path) -> None:
    channel, dispatch = outlet(tmp_path), DispatchId("D1")
    channel.stage(dispatch, "997.edi", b"one")
    (tmp_path / "out" / "997.edi").write_bytes(b"two")
    with pytest.raises(NameTakenError, match="is not overwritten"):
        channel.publish(dispatch, "997.edi")
    assert (tmp_path / "out" / "997.edi").read_bytes() == b"two"
    (tmp_path / "out" / "997.edi").write_bytes(b"one")
    channel.publish(dispatch, "997.edi")
    assert not channel.is_staged(dispatch, "997.edi")


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    channel = outlet(tmp_path)
    (tmp_path / "out").write_text("a file stands where the folder belongs")
    with pytest.raises(ChannelDownError, match="cannot be written"):
        channel.stage(DispatchId("D1"), "997.edi", b"one")


def test_a_link_in_the_place_of_a_staged_file_or_of_its_name_is_not_followed(tmp_path: Path) -> None:
    channel, dispatch = outlet(tmp_path), DispatchId("D1")
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "work" / "out-D1").symlink_to(tmp_path / "secret")
    channel.stage(dispatch, "997.edi", b"one")
    (tmp_path / "out" / "997.edi").symlink_to(tmp_path / "secret")
    with pytest.raises(NameTakenError):
        channel.publish(dispatch, "997.edi")
    assert (tmp_path / "secret").read_bytes() == b"secret"


def test_after_a_sync_that_failed_the_bytes_are_written_anew_as_another_file(tmp_path: Path) -> None:
    seen: list[str] = []
    fails = watch_of("fsync:1:EIO")

    def watch(operation: str, path: str) -> None:
        seen.append(operation)
        fails(operation, path)

    channel, dispatch = replace(outlet(tmp_path), disk=Disk(watch)), DispatchId("D1")
    with pytest.raises(ChannelDownError, match="Input/output error"):
        channel.stage(dispatch, "997.edi", b"one")
    assert not channel.is_staged(dispatch, "997.edi")
    channel.stage(dispatch, "997.edi", b"one")
    assert seen.count("create") == 2
    channel.publish(dispatch, "997.edi")
    assert (tmp_path / "out" / "997.edi").read_bytes() == b"one"


def test_a_folder_that_is_away_does_not_look_like_one_from_which_everything_was_taken(tmp_path: Path) -> None:
    channel, dispatch = outlet(tmp_path), DispatchId("D1")
    channel.stage(dispatch, "997.edi", b"one")
    channel.publish(dispatch, "997.edi")
    assert not channel.is_staged(dispatch, "997.edi")
    (tmp_path / "out").rename(tmp_path / "away")
    with pytest.raises(ChannelDownError):
        channel.is_staged(dispatch, "997.edi")


def test_a_link_in_the_place_of_a_folder_is_followed_where_it_was_there_first(tmp_path: Path) -> None:
    folder = inlet(tmp_path)
    (tmp_path / "in").rename(tmp_path / "disk")
    (tmp_path / "in").symlink_to("disk")
    (tmp_path / "disk" / "po.edi").write_bytes(WHOLE)
    assert [each.file_name for each in claims(folder, "po.edi")] == ["po.edi"]


@pytest.mark.parametrize("what", ["in", "above"])
def test_a_link_that_appears_later_in_the_place_of_a_folder_or_above_leads_nowhere(tmp_path: Path, what: str) -> None:
    (tmp_path / "above" / "in").mkdir(parents=True)
    (tmp_path / "secret" / "in").mkdir(parents=True)
    (tmp_path / "secret" / "in" / "po.edi").write_bytes(WHOLE)
    folder = replace(inlet(tmp_path), folder=tmp_path / "above" / "in")
    assert folder.look() is False
    swapped = tmp_path / "above" / "in" if what == "in" else tmp_path / "above"
    swapped.rename(tmp_path / "away")
    swapped.symlink_to(tmp_path / "secret" / "in" if what == "in" else tmp_path / "secret")
    with pytest.raises(TransportError) as error:
        folder.look()
    assert "has become a link to" in error.value.sentence
    assert folder.claim(["po.edi"]) == []
    swapped.unlink()
    (tmp_path / "away").rename(swapped)
    assert folder.look() is False


def test_a_folder_is_reached_step_by_step_so_that_no_step_can_be_swapped(tmp_path: Path) -> None:
    (tmp_path / "above" / "in").mkdir(parents=True)
    (tmp_path / "link").symlink_to("above")
    with Disk().at(os.path.realpath(tmp_path / "above" / "in")) as folder:
        assert folder.look("po.edi") is None
    for path in ("link/in", "link", "nothing/in"):
        with pytest.raises(OSError, match="directory"):
            Disk().at(os.path.realpath(tmp_path) + f"/{path}")
