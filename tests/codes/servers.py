"""Scenes of servers: one that is another, one that lets nobody in, names that are none, and what nobody knows to have arrived."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from paramiko import SFTPAttributes

from gateway.app import servers
from gateway.flows import polling, remote_holds
from gateway.transports.sftp.listing import Wanted, sorted_out
from tests.codes.seen import Seen, looked, said
from tests.servers import sshd
from tests.servers.sshd import Sshd, new_key
from tests.sftp.served import Served, served
from tests.site.harness import new_site, order, purchase_order

LATER = "2026-11-20T23:00:00Z"
PARTNER = "gateway: 1\npartner: {name}\nname: {title}\nchannels:\n  in: [{{{way}, path: {path}}}]\n"


def way(server: Sshd, key: Path, host_key: str) -> str:
    return (
        f"kind: sftp, host: 127.0.0.1, port: {server.port}, user: {server.user}, key: {{file: {key}}}, "
        f"host_key: {host_key}, timeout: 5s"
    )


def refused(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """A server whose key is not the pinned one, and one that does not take our key; another is not there at all."""
    patch.setattr(polling, "LOOK_AGAIN", 0.01)
    with sshd.serving(folder / "sshd") as server:
        site = new_site(folder / "site")
        stranger = new_key(folder / "stranger")
        other = (folder / "stranger.pub").read_text().strip()
        for name, title, key, host_key in (
            ("bolt", "Bolt Works", server.client_key, other), ("nail", "Nail Works", stranger, server.host_key_line),
        ):  # fmt: skip
            text = PARTNER.format(name=name, title=title, way=way(server, key, host_key), path=server.files / name)
            (site.folder / "partners" / f"{name}.yaml").write_text(text)
        site.run(expect=6)
        yield from looked(site, channels=True)


def named(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """What a server lists under a name that leads elsewhere; no ordinary server can, so the list is made by hand."""
    with sshd.serving(folder / "sshd") as server:
        acme: Served = served(folder / "site", server)
        bench = acme.bench()
        there = SFTPAttributes()
        there.st_mode, there.st_size, there.st_mtime = 0o100644, 3, 0
        listing = sorted_out([(b"sub/order.edi", there)], Wanted(("*",)))
        channel = servers.channel_of(acme.partner(bench), acme.inlet(bench))
        remote_holds.told(bench, channel, listing, listing.refused)
        yield from looked(acme.site)


def unsure(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """The process ends while a file is put; the partner takes the file; nobody knows."""
    with sshd.serving(folder / "sshd") as server:
        acme = served(folder / "site", server, sent_by_folder=False, outgoing=", staging: none, hold_when_unsure: true")
        acme.site.drop("acme", "po.edi", purchase_order(order("PO-1")))
        text = (acme.site.folder / "partners" / "acme.yaml").read_text()
        (acme.site.folder / "partners" / "acme.yaml").write_text(
            text.replace("channels:\n  in:\n", "channels:\n  in:\n    - {path: inbox/acme}\n")
        )
        acme.site.gateway("run", "--once", "--now", LATER, crash_at="put-written")
        for each in acme.outgoing.iterdir():
            each.unlink()
        acme.site.gateway("run", "--once", "--now", LATER)
        yield from looked(acme.site)


def gone(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """A channel that is not named any more while something is to leave through it."""
    site = new_site(folder / "site")
    acme = site.folder / "partners" / "acme.yaml"
    text = acme.read_text()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    key = new_key(folder / "own")
    line = (folder / "own.pub").read_text().strip()
    out = f"kind: sftp, host: 127.0.0.1, port: {port}, user: u, key: {{file: {key}}}, host_key: {line}, path: /in, timeout: 2s"
    acme.write_text(text + f"channels: {{out: [{{{out}}}]}}\n")
    site.drop("acme", "po.edi", purchase_order(order("PO-1")))
    site.run(expect=6)
    yield from looked(site, channels=True)
    acme.write_text(text)
    site.gateway("run", "--once", "--now", LATER)
    yield from looked(site)


def hooked(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """Alerts are to be told to an address of a private network."""
    site = new_site(folder / "site")
    settings = site.folder / "gateway.yaml"
    hook = "alerts: {routes: [{name: chat, webhook: {url: 'https://127.0.0.1/hook', secret: {env: HOOK}}}]}\n"
    settings.write_text(settings.read_text() + hook)
    patch.setenv("HOOK", "whsec_c2VjcmV0")
    yield from said(site, "gateway alerts test", "alerts", "test", "chat")
