"""Folders: only complete files are taken, each by one claim; what leaves appears whole and once."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.kernel.errors import TransportError
from gateway.kernel.ids import ChannelKey, DispatchId, PartnerId
from gateway.transports.directory import DirectoryInlet, DirectoryOutlet, leftovers

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
GRACE = timedelta(minutes=15)
WHOLE = b"ISA*00*...~IEA*1*000000001~\n"
CUT = b"ISA*00*...~GS*PO~ST*850*0001~BEG"


class Seen:
    """Observations in memory, as the store keeps them."""

    def __init__(self) -> None:
        self.now = NOW
        self.known: dict[str, tuple[str, datetime]] = {}

    def __call__(self, name: str, signature: str) -> tuple[str, datetime]:
        before = self.known.get(name)
        if before is None or before[0] != signature:
            self.known[name] = (signature, self.now)
        return (before[0] if before else ""), self.known[name][1]


def inlet(tmp_path: Path, *, seen: Seen | None = None, patterns: tuple[str, ...] = ("*",)) -> DirectoryInlet:
    for name in ("in", "work"):
        (tmp_path / name).mkdir(exist_ok=True)
    return DirectoryInlet(tmp_path / "in", PartnerId("acme"), patterns, tmp_path / "work", seen or Seen(), GRACE)


def test_names_of_unfinished_files_are_left_alone(tmp_path: Path) -> None:
    folder = inlet(tmp_path)
    for name in ("po.edi", "po2.edi.part", ".po3.edi", "po4.tmp", "po5.filepart", "po6~"):
        (tmp_path / "in" / name).write_bytes(WHOLE)
    assert folder.ready(NOW) == ["po.edi"]


def test_only_names_that_fit_the_patterns_are_taken(tmp_path: Path) -> None:
    folder = inlet(tmp_path, patterns=("*.edi", "*.x12"))
    for name in ("a.edi", "b.x12", "c.csv"):
        (tmp_path / "in" / name).write_bytes(WHOLE)
    assert sorted(folder.ready(NOW)) == ["a.edi", "b.x12"]


@pytest.mark.parametrize("content", [CUT, b"<order><line>", b"  <?xml version='1.0'?><a>"])
def test_a_visibly_incomplete_file_waits_out_the_grace_from_its_first_sighting(tmp_path: Path, content: bytes) -> None:
    seen = Seen()
    folder = inlet(tmp_path, seen=seen)
    (tmp_path / "in" / "po.edi").write_bytes(content)
    assert folder.ready(NOW) == []
    seen.now = NOW + timedelta(minutes=14)
    assert folder.ready(seen.now) == []
    seen.now = NOW + timedelta(minutes=15)
    assert folder.ready(seen.now) == ["po.edi"]


def test_a_file_that_grows_starts_its_grace_again(tmp_path: Path) -> None:
    seen = Seen()
    folder = inlet(tmp_path, seen=seen)
    path = tmp_path / "in" / "po.edi"
    path.write_bytes(CUT)
    assert folder.ready(NOW) == []
    path.write_bytes(CUT + b"*00")
    seen.now = NOW + timedelta(minutes=16)
    assert folder.ready(seen.now) == []


@pytest.mark.parametrize("content", [b"", bytes(range(256)), b"a,b\n1,2", WHOLE, b"<a></a>\n"])
def test_everything_else_is_ready_when_it_stands_still(tmp_path: Path, content: bytes) -> None:
    folder = inlet(tmp_path)
    (tmp_path / "in" / "x").write_bytes(content)
    assert folder.ready(NOW) == ["x"]


def test_links_and_folders_are_listed_and_never_opened(tmp_path: Path) -> None:
    folder = inlet(tmp_path)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "in" / "link.edi").symlink_to(tmp_path / "secret")
    (tmp_path / "in" / "folder").mkdir()
    os.mkfifo(tmp_path / "in" / "pipe")
    assert folder.ready(NOW) == []
    assert sorted(name for name, _ in folder.refusals()) == ["folder", "link.edi", "pipe"]


def test_a_folder_that_is_not_there_yet_has_no_files_and_one_that_is_a_file_is_told(tmp_path: Path) -> None:
    folder = inlet(tmp_path)
    (tmp_path / "in").rmdir()
    assert folder.ready(NOW) == []
    (tmp_path / "in").write_text("")
    with pytest.raises(TransportError, match="cannot be read"):
        folder.ready(NOW)


def test_a_claim_moves_the_file_and_says_whose_it_was(tmp_path: Path) -> None:
    folder = inlet(tmp_path)
    (tmp_path / "in" / "po.edi").write_bytes(WHOLE)
    (claimed,) = folder.claim(["po.edi"])
    assert (claimed.file_name, claimed.partner, claimed.path.read_bytes()) == ("po.edi", "acme", WHOLE)
    assert list((tmp_path / "in").iterdir()) == []
    assert leftovers(tmp_path / "work") == [claimed]
    claimed.release()
    claimed.release()
    assert list((tmp_path / "work").iterdir()) == []


def test_a_file_that_somebody_else_took_is_not_claimed_and_leaves_no_note(tmp_path: Path) -> None:
    assert inlet(tmp_path).claim(["gone.edi"]) == []
    assert list((tmp_path / "work").iterdir()) == []


def test_files_that_are_claimed_together_share_a_note_that_stays_until_the_last_is_released(tmp_path: Path) -> None:
    folder = inlet(tmp_path)
    for name in ("a.edi", "b.edi"):
        (tmp_path / "in" / name).write_bytes(WHOLE)
    first, second = folder.claim(["a.edi", "gone.edi", "b.edi"])
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
    (claimed,) = folder.claim(["po.edi"])
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


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_file_name_survives_a_claim(tmp_path: Path, name: str) -> None:
    if name in (".", "..") or len(name.encode()) > 200:
        return
    folder = inlet(tmp_path)
    (tmp_path / "in" / name).write_bytes(WHOLE)
    (claimed,) = folder.claim([name])
    assert leftovers(tmp_path / "work")[0].file_name == name
    claimed.release()


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
    with pytest.raises(TransportError, match="is not overwritten"):
        channel.publish(dispatch, "997.edi")
    assert (tmp_path / "out" / "997.edi").read_bytes() == b"two"
    (tmp_path / "out" / "997.edi").write_bytes(b"one")
    channel.publish(dispatch, "997.edi")
    assert not channel.is_staged(dispatch, "997.edi")


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    channel = outlet(tmp_path)
    (tmp_path / "out").write_text("a file stands where the folder belongs")
    with pytest.raises(TransportError, match="cannot be written"):
        channel.stage(DispatchId("D1"), "997.edi", b"one")
