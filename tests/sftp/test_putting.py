"""Files that leave for a real SFTP server appear there whole, once, under their name; a cut connection goes on where it was."""

import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.exchange.dispatch import Dispatch
from gateway.flows import send
from gateway.flows.by_hand import resending
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import ChannelDownError, ChannelStoppedError, TransportError
from gateway.kernel.ids import DispatchId, PartnerId
from gateway.transports.sftp.connection import NotDoneError
from gateway.transports.sftp.outlet import PlainSftpOutlet, SftpOutlet
from gateway.transports.sftp.remote import DOUBTFUL, SftpRemote
from gateway.transports.sftp.server import Server
from tests.servers.sshd import Sshd, serving
from tests.sftp.served import OUT, served

ONE = DispatchId("d1")
BIG = 30_000_000


def nothing(_window: str) -> None:
    """Nobody is killed here."""


def server_of(sshd: Sshd, *, timeout: float = 5) -> Server:
    return Server(
        "127.0.0.1", sshd.port, sshd.user, (sshd.host_key_line,), str(sshd.files), timeout, sshd.client_key.read_text()
    )


@pytest.fixture
def outlet(sftp_server: Sshd) -> Iterator[SftpOutlet]:
    found = SftpOutlet(server_of(sftp_server), hold_when_unsure=False, mark=nothing)
    yield found
    found.close()


@pytest.fixture
def unable(tmp_path: Path) -> Iterator[Sshd]:
    """A server that lets nobody rename."""
    with serving(tmp_path / "sshd", " -P rename,posix-rename") as server:
        yield server


def names(sshd: Sshd) -> list[str]:
    return sorted(path.name for path in sshd.files.iterdir())


def test_a_file_waits_under_a_name_of_ours_until_it_gets_its_own(outlet: SftpOutlet, sftp_server: Sshd) -> None:
    outlet.stage(ONE, "po.edi", b"ISA~IEA~")
    assert names(sftp_server) == [".gateway-d1"]
    assert outlet.is_staged(ONE, "po.edi")

    outlet.publish(ONE, "po.edi")
    assert names(sftp_server) == ["po.edi"]
    assert (sftp_server.files / "po.edi").read_bytes() == b"ISA~IEA~"
    assert not outlet.is_staged(ONE, "po.edi")


def test_windows_are_passed_in_their_order(sftp_server: Sshd) -> None:
    passed: list[str] = []
    outlet = SftpOutlet(server_of(sftp_server), hold_when_unsure=False, mark=passed.append)
    outlet.stage(ONE, "po.edi", b"1")
    outlet.publish(ONE, "po.edi")
    outlet.close()

    assert passed == ["put-written", "put-checked", "put-renamed"]


@pytest.mark.parametrize(
    ("begun", "kept"),
    [
        (b"x" * (DOUBTFUL + 40_000), 40_000),
        (b"x" * 40_000, 0),
        (b"x" * 10_000 + b"\0" * DOUBTFUL, 10_000),
        (b"x" * 10_000 + b"y" + b"x" * DOUBTFUL, 0),
        (b"y" * (DOUBTFUL + 40_000), 0),
        (b"x" * 5_000_000, 0),
        (b"", 0),
    ],
)
def test_what_was_begun_is_gone_on_with_as_far_as_it_is_surely_ours(
    outlet: SftpOutlet, sftp_server: Sshd, begun: bytes, kept: int
) -> None:
    content = b"x" * 4_000_000
    staged = sftp_server.files / ".gateway-d1"
    staged.write_bytes(begun)

    assert outlet._there().begun(".gateway-d1", content) == kept
    outlet.stage(ONE, "po.edi", content)
    assert staged.read_bytes() == content


def test_a_put_that_failed_for_some_blocks_only_is_not_taken_for_whole(
    outlet: SftpOutlet, sftp_server: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, staged = os.urandom(3_000_000), sftp_server.files / ".gateway-d1"
    holed = bytearray(content)
    holed[2_100_000:2_200_000] = bytes(
        100_000
    )  # their disk was full for a moment, and had room again for what came behind

    def put(_remote: SftpRemote, temporary: str, _content: bytes, *, start: int = 0) -> None:
        assert (temporary, start) == (".gateway-d1", 0)
        staged.write_bytes(holed)
        raise NotDoneError("Failure")

    with monkeypatch.context() as patch:
        patch.setattr(SftpRemote, "put", put)
        with pytest.raises(ChannelDownError):
            outlet.stage(ONE, "po.edi", content)
    outlet.stage(ONE, "po.edi", content)
    outlet.publish(ONE, "po.edi")
    assert (sftp_server.files / "po.edi").read_bytes() == content


def test_what_was_staged_in_a_folder_that_is_away_was_not_handed_over(outlet: SftpOutlet, sftp_server: Sshd) -> None:
    outlet.stage(ONE, "po.edi", b"1")
    aside = sftp_server.files.rename(sftp_server.files.with_name("aside"))
    with pytest.raises(ChannelDownError, match=r"cannot be looked at.*No such file"):
        outlet.is_staged(ONE, "po.edi")
    with pytest.raises(ChannelDownError, match=r"cannot be looked at.*No such file"):
        outlet.publish(ONE, "po.edi")

    aside.rename(sftp_server.files)
    assert outlet.is_staged(ONE, "po.edi")
    outlet.publish(ONE, "po.edi")
    assert names(sftp_server) == ["po.edi"]


def test_a_large_file_of_our_name_and_size_is_compared_before_it_is_written_over(
    outlet: SftpOutlet, sftp_server: Sshd
) -> None:
    theirs = b"x" * 11_999_999 + b"y"
    (sftp_server.files / "po.edi").write_bytes(theirs)
    outlet.stage(ONE, "po.edi", b"x" * 12_000_000)
    with pytest.raises(TransportError, match="with other content"):
        outlet.publish(ONE, "po.edi")
    assert (sftp_server.files / "po.edi").read_bytes() == theirs


def test_a_put_that_is_cut_off_is_told_and_ends_whole(outlet: SftpOutlet, sftp_server: Sshd) -> None:
    content = os.urandom(BIG)
    staged = sftp_server.files / ".gateway-d1"

    def cut() -> None:
        while not (staged.is_file() and staged.stat().st_size > 1_000_000):
            time.sleep(0.002)
        sftp_server.stop()

    thread = threading.Thread(target=cut)
    thread.start()
    with pytest.raises(ChannelDownError, match=r"\.gateway-d1 cannot be written: 127\.0\.0\.1"):
        outlet.stage(ONE, "big.edi", content)
    thread.join()
    assert 0 < staged.stat().st_size < BIG
    with pytest.raises(ChannelDownError, match="cannot be reached"):
        outlet.stage(ONE, "big.edi", content)

    sftp_server.start()
    outlet.stage(ONE, "big.edi", content)
    outlet.publish(ONE, "big.edi")
    assert (sftp_server.files / "big.edi").read_bytes() == content


def test_a_file_of_our_name_with_other_content_is_not_written_over(outlet: SftpOutlet, sftp_server: Sshd) -> None:
    (sftp_server.files / "po.edi").write_bytes(b"theirs")
    outlet.stage(ONE, "po.edi", b"ours")

    with pytest.raises(TransportError, match=r"po\.edi exists on 127\.0\.0\.1:\d+ with other content") as caught:
        outlet.publish(ONE, "po.edi")
    assert caught.value.code == "D-NAME-TAKEN"
    assert not isinstance(caught.value, ChannelDownError)
    assert (sftp_server.files / "po.edi").read_bytes() == b"theirs"


def test_the_same_file_again_is_the_same_file(outlet: SftpOutlet, sftp_server: Sshd) -> None:
    (sftp_server.files / "po.edi").write_bytes(b"ours")
    outlet.stage(ONE, "po.edi", b"ours")
    outlet.publish(ONE, "po.edi")

    assert names(sftp_server) == ["po.edi"]


def test_a_server_without_the_rename_of_openssh_renames_plainly(tmp_path: Path) -> None:
    with serving(tmp_path / "sshd", " -P posix-rename") as server:
        outlet = SftpOutlet(server_of(server), hold_when_unsure=False, mark=nothing)
        outlet.stage(ONE, "po.edi", b"1")
        outlet.publish(ONE, "po.edi")
        outlet.close()

        assert names(server) == ["po.edi"]


def test_a_server_that_lets_nobody_rename_stops_the_channel_with_what_to_write(unable: Sshd) -> None:
    outlet = SftpOutlet(server_of(unable), hold_when_unsure=False, mark=nothing)
    outlet.stage(ONE, "po.edi", b"1")

    with pytest.raises(ChannelStoppedError) as caught:
        outlet.publish(ONE, "po.edi")
    outlet.close()
    assert "staging: none" in caught.value.next_step


def test_without_staging_a_file_is_written_under_its_name_from_a_copy_of_ours(unable: Sshd, tmp_path: Path) -> None:
    outlet = PlainSftpOutlet(server_of(unable), hold_when_unsure=False, mark=nothing, work=tmp_path / "work")
    outlet.stage(ONE, "po.edi", b"1")
    assert names(unable) == []
    assert outlet.is_staged(ONE, "po.edi")

    outlet.publish(ONE, "po.edi")
    outlet.close()
    assert (unable.files / "po.edi").read_bytes() == b"1"
    assert not outlet.is_staged(ONE, "po.edi")
    assert list((tmp_path / "work").iterdir()) == []


def test_without_staging_a_file_of_our_name_is_not_written_over(unable: Sshd, tmp_path: Path) -> None:
    (unable.files / "po.edi").write_bytes(b"theirs")
    outlet = PlainSftpOutlet(server_of(unable), hold_when_unsure=False, mark=nothing, work=tmp_path / "work")
    outlet.stage(ONE, "po.edi", b"1")

    with pytest.raises(TransportError, match="exists on"):
        outlet.publish(ONE, "po.edi")
    outlet.close()


@pytest.mark.parametrize("hold", [False, True])
def test_without_staging_a_put_that_was_cut_off_and_is_not_there_is_repeated_or_held(
    unable: Sshd, tmp_path: Path, *, hold: bool
) -> None:
    def cut(window: str) -> None:
        if window == "put-written":
            raise KeyboardInterrupt

    first = PlainSftpOutlet(server_of(unable), hold_when_unsure=hold, mark=cut, work=tmp_path / "work")
    first.stage(ONE, "po.edi", b"1")
    with pytest.raises(KeyboardInterrupt):
        first.publish(ONE, "po.edi")
    first.close()
    (unable.files / "po.edi").unlink()  # the partner has it

    again = PlainSftpOutlet(server_of(unable), hold_when_unsure=hold, mark=nothing, work=tmp_path / "work")
    assert again.is_staged(ONE, "po.edi")
    if hold:
        with pytest.raises(TransportError, match=r"Nobody knows whether po\.edi arrived") as caught:
            again.publish(ONE, "po.edi")
        assert caught.value.code == "D-UNSURE"
    else:
        again.publish(ONE, "po.edi")
        assert (unable.files / "po.edi").read_bytes() == b"1"
    again.close()


def test_a_folder_that_we_may_not_write_is_the_whole_channel(tmp_path: Path) -> None:
    with serving(tmp_path / "sshd", " -R") as server:
        outlet = SftpOutlet(server_of(server), hold_when_unsure=False, mark=nothing)
        with pytest.raises(ChannelDownError, match=r"\.gateway-d1 cannot be written on .* says 'Permission denied'"):
            outlet.stage(ONE, "po.edi", b"1")
        outlet.close()


def test_what_was_put_and_is_not_to_leave_any_more_is_taken_back_with_the_next_delivery(
    tmp_path: Path, sftp_server: Sshd
) -> None:
    acme = served(tmp_path / "site", sftp_server, sent_by_folder=False)
    bench = acme.bench()

    def owe(*names: str) -> None:
        with bench.store.unit() as work:
            for name in names:
                work.exchange.add_dispatch(
                    Dispatch(DispatchId(name), PartnerId("acme"), "810", name, "1", name, OUT, b"1", bench.clock())
                )
            work.commit()
        send.deliver(bench, [batch for batch, _ in _open(bench)])

    (acme.outgoing / "b").write_bytes(b"theirs")
    owe("a", "b", "c")
    (acme.outgoing / ".gateway-of-another-site").touch()
    (acme.outgoing / b"\xff".decode(errors="surrogateescape")).touch()
    there = {path.name for path in acme.outgoing.iterdir()}
    assert {"a", "b", "c", ".gateway-b"} <= there
    owe("d")
    assert (acme.outgoing / ".gateway-b").is_file(), "somebody may still let it leave"

    resending.cancel(bench, "b", "not wanted", "operator")
    owe("e")
    assert {path.name for path in acme.outgoing.iterdir()} - there == {"d", "e"}
    assert not (acme.outgoing / ".gateway-b").exists()
    assert (acme.outgoing / ".gateway-of-another-site").is_file()


def _open(bench: Workbench) -> list[tuple[str, str]]:
    with bench.store.unit() as work:
        return [(str(batch), str(partner)) for batch, partner in work.exchange.open_batches()]


def test_no_thread_and_no_connection_is_left(sftp_server: Sshd) -> None:
    before = {each.name for each in threading.enumerate()}
    acts: list[Callable[[SftpOutlet], object]] = [
        lambda outlet: outlet.stage(ONE, "po.edi", b"1"), lambda outlet: outlet.publish(ONE, "po.edi"),
    ]  # fmt: skip
    outlet = SftpOutlet(server_of(sftp_server), hold_when_unsure=False, mark=nothing)
    for act in acts:
        act(outlet)
    outlet.close()
    outlet.close()

    assert {each.name for each in threading.enumerate()} == before
    assert stat.S_ISREG((sftp_server.files / "po.edi").stat().st_mode)


def test_a_server_that_gives_nothing_back_is_delivered_to_after_a_crash_all_the_same(tmp_path: Path) -> None:
    with serving(tmp_path / "sshd", " -P read") as server:
        outlet = SftpOutlet(server_of(server), hold_when_unsure=False, mark=nothing)
        for _ in range(2):  # as when nobody noted that it was put
            outlet.stage(ONE, "po.edi", b"ISA~IEA~")
        outlet.publish(ONE, "po.edi")
        outlet.stage(DispatchId("d2"), "po.edi", b"ISA~EIA~")
        with pytest.raises(TransportError) as refused:
            outlet.publish(DispatchId("d2"), "po.edi")
        assert refused.value.code == "D-NAME-TAKEN"
        assert (server.files / "po.edi").read_bytes() == b"ISA~IEA~"
        outlet.close()
