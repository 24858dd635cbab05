"""A site whose partner ACME has its files on a real SFTP server."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from gateway.app import channels, servers
from gateway.app.build import load, workbench
from gateway.config.channels import SftpIn, SftpOut
from gateway.config.partner import Partner
from gateway.exchange.channels import ChannelState
from gateway.exchange.remote import RemoteFile
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import system_clock
from gateway.kernel.ids import PartnerId
from tests.servers.sshd import Sshd
from tests.site.harness import PlayedSite, new_site, order, purchase_order

IN, OUT = "sftp:acme:in1", "sftp:acme:out1"


@dataclass(slots=True)
class Served:
    """The site and the server; ACME puts files into ``incoming`` there and takes them from ``outgoing``."""

    site: PlayedSite
    server: Sshd

    @property
    def incoming(self) -> Path:
        """Where we fetch."""
        return self.server.files / "out-to-us"

    @property
    def outgoing(self) -> Path:
        """Where we put."""
        return self.server.files / "in-from-us"

    def bench(self, mark: Callable[[str], None] | None = None) -> Workbench:
        """The site as the program opens it, with its clock going."""
        bench = workbench(load(self.site.folder, {**os.environ, **self.site.environ()}), system_clock, {})
        return bench if mark is None else replace(bench, mark=mark)

    def poll(self, bench: Workbench | None = None) -> int:
        """Ask the server once."""
        bench = bench or self.bench()
        ((partner, channel),) = channels.polled(bench)
        return channels.poll(bench, partner, channel)

    def partner(self, bench: Workbench) -> Partner:
        """ACME."""
        return bench.site.partners[PartnerId("acme")]

    def inlet(self, bench: Workbench) -> SftpIn:
        """The channel that is asked."""
        channel = self.partner(bench).inlets()[0]
        assert isinstance(channel, SftpIn)
        return channel

    def outlet(self, bench: Workbench) -> SftpOut:
        """The channel files leave through."""
        channel = self.partner(bench).outlets()[0]
        assert isinstance(channel, SftpOut)
        return channel

    def state(self, bench: Workbench) -> ChannelState:
        """How the channel that is asked is."""
        with bench.store.unit() as work:
            return work.channels.state(servers.channel_of(self.partner(bench), self.inlet(bench)))

    def open_files(self, bench: Workbench) -> list[RemoteFile]:
        """What is claimed or taken, and not done."""
        with bench.store.unit() as work:
            return work.remote.open(self.inlet(bench).key)

    def received(self, bench: Workbench) -> list[str]:
        """The names of what was taken, in order."""
        with bench.store.unit() as work:
            return [each.file_name for each in work.exchange.receipts(partner=PartnerId("acme"))]

    def holds(self, bench: Workbench) -> dict[str, str]:
        """The codes of what is held, by file name."""
        with bench.store.unit() as work:
            return {each.file_name: each.code for each in work.exchange.holds()}

    def put(self, name: str | bytes, content: bytes = b"a,b\n") -> Path:
        """Let ACME bring a file, in one rename."""
        path = Path(os.fsdecode(os.fsencode(self.incoming) + b"/" + os.fsencode(name)))
        part = path.with_name(".part")
        part.write_bytes(content)
        part.rename(path)
        return path

    def order(self, number: int) -> Path:
        """Let ACME order something."""
        return self.put(f"po-{number}.edi", purchase_order(order(f"PO-{number}"), control=number).encode())


def served(
    folder: Path,
    server: Sshd,
    *,
    incoming: str = "",
    outgoing: str = "",
    sent_by_folder: bool = True,
    port: int = 0,
    timeout: str = "5s",
) -> Served:
    """A new site; ``incoming`` and ``outgoing`` are more keys of the two channels, ``port`` leads to the server too."""
    site = new_site(folder)
    found = Served(site, server)
    for each in (found.incoming, found.outgoing):
        each.mkdir()
    login = (
        f"kind: sftp, host: 127.0.0.1, port: {port or server.port}, user: {server.user}, "
        f"key: {{file: {server.client_key}}}, host_key: {server.host_key_line}, timeout: {timeout}"
    )
    out = "path: outbox/acme" if sent_by_folder else f"{login}, path: {found.outgoing}{outgoing}"
    text = (site.folder / "partners" / "acme.yaml").read_text()
    text += f"channels:\n  in:\n    - {{{login}, path: {found.incoming}{incoming}}}\n  out:\n    - {{{out}}}\n"
    (site.folder / "partners" / "acme.yaml").write_text(text)
    return found


def moment(text: str) -> datetime:
    """A moment as tests write it."""
    return datetime.fromisoformat(text)
