"""What this gateway does as a client goes well with another gateway as the server."""

import os
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from gateway.kernel.errors import ChannelDownError
from gateway.kernel.ids import DispatchId
from gateway.transports.sftp.listing import Wanted
from gateway.transports.sftp.outlet import PlainSftpOutlet, SftpOutlet
from gateway.transports.sftp.remote import opened
from gateway.transports.sftp.server import Server
from tests.servers import own
from tests.servers.own import Own

pytest.importorskip("asyncssh")
ONE = DispatchId("d1")


def nothing(_window: str) -> None:
    """Nobody is killed here."""


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Own]:
    with own.serving(tmp_path / "theirs") as found:
        yield found


def server_of(theirs: Own, path: str) -> Server:
    kind, shown, _ = own.host_key(theirs.folder).split()
    return Server("127.0.0.1", theirs.port, "acme", (f"{kind} {shown}",), path, 5, theirs.key().read_text())


def test_a_file_put_without_staging_is_there_whole(theirs: Own, tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    with closing(
        PlainSftpOutlet(server_of(theirs, "/inbox"), hold_when_unsure=False, mark=nothing, work=tmp_path / "work")
    ) as outlet:
        for number in range(3):
            outlet.stage(DispatchId(str(number)), f"{number}.edi", content)
            assert outlet.is_staged(DispatchId(str(number)), f"{number}.edi")
            outlet.publish(DispatchId(str(number)), f"{number}.edi")
    assert theirs.inbox() == ["0.edi", "1.edi", "2.edi"]
    assert (theirs.folder / "inbox" / "acme" / "2.edi").read_bytes() == content
    assert list((tmp_path / "work").iterdir()) == []


def test_a_server_that_takes_no_hidden_names_is_told_with_what_to_write(theirs: Own) -> None:
    outlet = SftpOutlet(server_of(theirs, "/inbox"), hold_when_unsure=False, mark=nothing)
    with closing(outlet), pytest.raises(ChannelDownError) as caught:
        outlet.stage(ONE, "po.edi", b"1")
    assert "staging: none" in caught.value.next_step
    assert theirs.inbox() == []


def test_what_lies_in_an_outbox_is_listed_fetched_and_removed(theirs: Own) -> None:
    content = os.urandom(1_000_000)
    theirs.lay_out("acme", "inv.edi", content)
    with closing(opened(server_of(theirs, "/outbox"), Wanted(("*",)))) as remote:
        (look,) = remote.listing().files
        got = BytesIO()
        remote.fetch(look, got)
        assert got.getvalue() == content
        assert remote.look(look) == look
        remote.remove(look)
        remote.remove(look)
        assert remote.look(look) is None
    assert theirs.outbox() == []
