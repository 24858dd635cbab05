"""Nobody waits for a slow or silent server longer than was agreed, or at all when the process is to end; what was begun goes on later."""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from gateway.exchange.channels import ChannelHealth
from gateway.exchange.receipt import Receipt
from gateway.flows import polling
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import ChannelDownError, StoppingError
from gateway.kernel.ids import DispatchId
from gateway.transports.sftp.listing import Wanted
from gateway.transports.sftp.outlet import SftpOutlet
from gateway.transports.sftp.remote import COMPARED, DOUBTFUL, opened
from gateway.transports.sftp.server import Server
from tests.nursery import nursery
from tests.servers.proxy import Fault, between
from tests.servers.sshd import Sshd
from tests.sftp.served import IN, Served, served
from tests.sftp.test_schedule import CHANNEL
from tests.site.harness import ROOT

ONE = DispatchId("d1")
BIG = 4_000_000
SLOW = 400_000
"""Bytes in a second: the whole would take ten of them."""
SOON = 6.0
"""Seconds; what is cut off ends within one, on a machine that has nothing else to do."""


@pytest.fixture(autouse=True)
def _looks_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "LOOK_AGAIN", 0.05)


def nothing(_window: str) -> None:
    """Nobody is killed here."""


def server_of(sshd: Sshd, port: int, *, timeout: float = 30) -> Server:
    return Server(
        "127.0.0.1", port, sshd.user, (sshd.host_key_line,), str(sshd.files), timeout, sshd.client_key.read_text()
    )


def ends_soon(stop: threading.Event, when: Callable[[], bool]) -> list[float]:
    """Set ``stop`` when something is so; the moment it was."""
    at: list[float] = []

    def wait() -> None:
        while not when():
            time.sleep(0.01)
        at.append(time.monotonic())
        stop.set()

    threading.Thread(target=wait).start()
    return at


def test_a_put_is_cut_off_at_once_and_goes_on_where_it_was(sftp_server: Sshd) -> None:
    content, stop = os.urandom(BIG), threading.Event()
    staged = sftp_server.files / ".gateway-d1"
    with between(sftp_server.port, lambda: Fault(rate=SLOW)) as proxy:
        outlet = SftpOutlet(
            server_of(sftp_server, proxy.port), hold_when_unsure=False, mark=nothing, stopping=stop.is_set
        )
        at = ends_soon(stop, lambda: staged.is_file() and staged.stat().st_size > DOUBTFUL + COMPARED)
        with pytest.raises(StoppingError):
            outlet.stage(ONE, "po.edi", content)
        took = time.monotonic() - at[0]
        with pytest.raises(StoppingError):
            outlet.publish(ONE, "po.edi")
        outlet.close()
    assert took < SOON
    assert [path.name for path in sftp_server.files.iterdir()] == [".gateway-d1"]
    assert 0 < staged.stat().st_size < BIG

    outlet = SftpOutlet(server_of(sftp_server, sftp_server.port), hold_when_unsure=False, mark=nothing)
    assert outlet._there().begun(".gateway-d1", content) == staged.stat().st_size - DOUBTFUL
    outlet.stage(ONE, "po.edi", content)
    outlet.publish(ONE, "po.edi")
    outlet.close()
    assert (sftp_server.files / "po.edi").read_bytes() == content


def test_a_fetch_is_cut_off_at_once_is_no_failure_and_goes_on_where_it_was(tmp_path: Path, sftp_server: Sshd) -> None:
    with between(sftp_server.port, lambda: Fault(rate=SLOW)) as proxy:
        acme = served(tmp_path / "site", sftp_server, port=proxy.port)
        content = os.urandom(BIG)
        acme.put("big.bin", content)
        bench = acme.bench()
        fetching = bench.site.directory / "var" / "fetching"
        at = ends_soon(bench.stop, lambda: any(each.stat().st_size for each in fetching.glob("*.part")))
        with pytest.raises(StoppingError):
            acme.poll(bench)
        assert time.monotonic() - at[0] < SOON
        state = acme.state(bench)
        assert (state.health, state.failures, state.next_poll) == (ChannelHealth.OK, 0, None)
        (part,) = fetching.iterdir()
        assert content.startswith(part.read_bytes())
        proxy.fault = Fault
        bench = acme.bench()
        assert acme.poll(bench) == 1
    with bench.store.unit() as work:
        (receipt,) = work.exchange.receipts()
    assert bench.archive.get(receipt.sha256) == content


@pytest.mark.parametrize("after", [0, 30, 1200, 2500, 3200, 3800, 4300])
def test_a_server_that_says_nothing_more_is_given_up_in_time_and_ends_at_once_with_us(
    sftp_server: Sshd, after: int
) -> None:
    before = {each.name for each in threading.enumerate()}
    with between(sftp_server.port, lambda: Fault("stall" if after else "silent", after)) as proxy:
        outlet = SftpOutlet(server_of(sftp_server, proxy.port, timeout=1), hold_when_unsure=False, mark=nothing)
        began = time.monotonic()
        with pytest.raises(ChannelDownError):
            outlet.stage(ONE, "po.edi", b"x" * 100_000)
        outlet.close()
        assert time.monotonic() - began < 3 * SOON

        stop = threading.Event()
        outlet = SftpOutlet(
            server_of(sftp_server, proxy.port), hold_when_unsure=False, mark=nothing, stopping=stop.is_set
        )
        known = proxy.connections
        at = ends_soon(stop, lambda: proxy.connections > known)
        with pytest.raises(StoppingError):
            outlet.stage(ONE, "po.edi", b"x" * 100_000)
        outlet.close()
        assert time.monotonic() - at[0] < SOON
    until = time.monotonic() + 2
    while {each.name for each in threading.enumerate()} != before and time.monotonic() < until:
        time.sleep(0.01)
    assert {each.name for each in threading.enumerate()} == before


def test_a_server_that_gives_one_byte_after_the_other_is_given_up(sftp_server: Sshd) -> None:
    (sftp_server.files / "slow.csv").write_bytes(b"x" * 200_000)
    with between(sftp_server.port, lambda: Fault(rate=6_000)) as proxy:
        server = server_of(sftp_server, proxy.port, timeout=2)
        with closing(opened(server, Wanted(("*",)))) as remote:
            (look,) = remote.listing().files
            with pytest.raises(ChannelDownError, match="did not answer for 2 seconds"):
                remote.fetch(look, BytesIO())


def test_nothing_more_is_asked_over_a_connection_that_was_silent_for_too_long(sftp_server: Sshd) -> None:
    faults = [Fault("stall", 30_000)]
    with between(sftp_server.port, lambda: faults.pop() if faults else Fault()) as proxy:
        outlet = SftpOutlet(server_of(sftp_server, proxy.port, timeout=1), hold_when_unsure=False, mark=nothing)
        with pytest.raises(ChannelDownError, match="did not answer for 1 seconds"):
            outlet.stage(ONE, "po.edi", b"x" * 100_000)
        assert outlet._remote is not None
        assert outlet._remote.connection.is_lost
        assert outlet.is_staged(ONE, "po.edi"), "over another connection"
        outlet.stage(ONE, "po.edi", b"x" * 100_000)
        outlet.publish(ONE, "po.edi")
        outlet.close()
        assert proxy.connections == 2
    assert (sftp_server.files / "po.edi").read_bytes() == b"x" * 100_000


def test_a_process_that_is_ended_while_it_puts_and_fetches_ends_soon_and_the_next_one_goes_on(
    tmp_path: Path, sftp_server: Sshd
) -> None:
    with between(sftp_server.port) as proxy:
        acme = served(tmp_path / "site", sftp_server, port=proxy.port, timeout="60s")
        acme.site.drop_master()
        content = b"x" * 20_000_000
        acme.put("big.bin", content)
        proxy.fault = lambda: Fault(rate=SLOW)
        assert _ended_by_a_signal(acme, lambda: any(_parts(acme))) == 0
        assert "run.left" not in _said(acme)
        assert (acme.incoming / "big.bin").is_file()
        assert any(_parts(acme))
        proxy.fault = Fault
        acme.site.gateway("run", "--once")
    assert list(acme.incoming.iterdir()) == []
    assert acme.received(acme.bench())[-1:] == ["big.bin"]
    assert IN in {each.channel for each in _receipts(acme)}


def _receipts(acme: Served) -> list[Receipt]:
    with acme.bench().store.unit() as work:
        return list(work.exchange.receipts())


def _parts(acme: Served) -> list[Path]:
    found = (acme.site.folder / "var" / "fetching").glob("*.part")
    return [each for each in found if each.stat().st_size]


def _said(acme: Served) -> str:
    return (acme.site.folder / "said.log").read_text()


def _ended_by_a_signal(acme: Served, when: Callable[[], bool]) -> int:
    """The exit code of a process that is told to end when something is so; it must not take long."""
    bench = acme.bench()
    with bench.store.unit() as work:
        work.channels.polled(CHANNEL, next_poll=system_clock())
        work.commit()
    environ = {**os.environ, "PYTHONPATH": str(ROOT)} | acme.site.environ()
    environ.pop("GATEWAY_SITE", None)
    process = nursery().start(["run", "--every", "0.5"], acme.site.folder, environ, acme.site.folder / "said.log")
    end = time.monotonic() + 90
    while not when() and time.monotonic() < end:
        time.sleep(0.05)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = process.wait(60)
    assert time.monotonic() - began < 2 * SOON, _said(acme)
    return code
