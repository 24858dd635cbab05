"""Channels on servers of partners: how one is asked for files, how one is handed files, and whether one can be used."""

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from gateway.app.health import no_room, room
from gateway.config.channels import Arriving, ChannelIn, ChannelOut, DirectoryOut, SftpIn, SftpOut
from gateway.config.load import Site
from gateway.config.partner import Partner
from gateway.config.values import duration
from gateway.exchange.channels import Channel, Direction
from gateway.files.disk import Disk
from gateway.flows import poll_states, polling
from gateway.flows.file_ports import Outlet, Remote
from gateway.flows.poll_states import DOWN
from gateway.flows.ports import Mark
from gateway.flows.remote_memory import REMEMBERED
from gateway.flows.workbench import Workbench
from gateway.formats.trailer import Trailer
from gateway.kernel.errors import ChannelDownError, ConfigurationError, TransportError
from gateway.kernel.ids import PartnerId
from gateway.transports.markers import Markers
from gateway.transports.readiness import looks_unfinished
from gateway.transports.sftp.server import Server, fingerprint

SFTP = "sftp"
FETCHING = "fetching"
"""The folder beside ``work`` for what is being fetched: a fetch that was cut off goes on there, whoever does it."""
PROBE = ".gateway-probe"
SCAN_TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class Tested:
    """How far a test of a channel came; ``error`` says what failed then."""

    channel: Channel
    passed: tuple[str, ...]
    error: TransportError | None


def channel_of(partner: Partner, channel: ChannelIn | ChannelOut) -> Channel:
    """How tables name a channel of a partner file."""
    direction = Direction.IN if isinstance(channel, Arriving) else Direction.OUT
    return Channel(channel.key, PartnerId(partner.partner), direction, channel.kind)


def poll(bench: Workbench, partner: Partner, channel: ChannelIn) -> int:
    """Take what lies on a server; how many files. A full disk of ours takes nothing in."""
    if room(bench.site).ok:
        return polling.poll(bench, asking(bench, partner, _arriving(channel)))
    poll_states.later(bench, channel_of(partner, channel), every(channel))
    return 0


def every(channel: ChannelIn) -> timedelta:
    """How often a server is asked."""
    return duration(_arriving(channel).every)


def asking(bench: Workbench, partner: Partner, channel: SftpIn) -> polling.Asking:
    """How a server is asked."""
    site = bench.site
    return polling.Asking(
        channel=channel_of(partner, channel), connect=_connecting(bench, channel),
        folder=site.directory / "var" / FETCHING, unfinished=_unfinished(channel.ending) if channel.proves_content else _never,
        every=every(channel), limit=channel.limit(site.settings.run.limit()),
        after=channel.after.partition(" ")[0], moves_to=channel.moves_to, stable=channel.stable_for,
        grace=site.settings.grace_period(), look_again=polling.LOOK_AGAIN, remembered=_remembered(partner),
        fits=partial(no_room, site),
    )  # fmt: skip


def _remembered(partner: Partner) -> timedelta:
    """For how long the agreement looks for what comes twice: so long a file that is gone is remembered at least."""
    windows = [partner.terms.duplicates.window]
    if partner.x12 is not None:
        windows += [partner.x12.control_numbers.isa13.window, partner.x12.control_numbers.gs06.window]
    return max(REMEMBERED, *(duration(each) for each in windows))


def outlet(site: Site, work: Path, mark: Mark, stopping: Callable[[], bool], channel: ChannelOut) -> Outlet:
    """What hands files to a server, until the process is to end."""
    from gateway.transports.sftp.outlet import PlainSftpOutlet, SftpOutlet  # noqa: PLC0415 - paramiko takes 0.3 s to import

    if not isinstance(channel, SftpOut):
        raise TypeError(f"{channel.key} is on no server")
    server = server_of(site, channel)
    if channel.staging == "none":
        return PlainSftpOutlet(server, channel.hold_when_unsure, mark, work, stopping=stopping)
    return SftpOutlet(server, channel.hold_when_unsure, mark, stopping=stopping)


def server_of(site: Site, channel: SftpIn | SftpOut) -> Server:
    """Where a channel leads and how we log in; raises ChannelDownError when a secret cannot be read here."""
    try:
        key, phrase, password = (
            each.value(site.directory, os.environ) if each is not None else ""
            for each in (channel.private_key, channel.passphrase, channel.password)
        )
    except ConfigurationError as error:
        sentence = "; ".join(each.sentence for each in error.problems)
        raise ChannelDownError(
            f"We cannot log in at {channel.host}: {sentence}.", code=DOWN,
            next_step="Put the secret where the partner file says that it is.",
        ) from error  # fmt: skip
    return Server(
        channel.host, channel.port, channel.user, channel.host_key, channel.path,
        duration(channel.timeout).total_seconds(), key, phrase, password,
    )  # fmt: skip


def tested(site: Site, partner: Partner, channel: ChannelIn | ChannelOut, *, write: bool) -> Tested:
    """Try a channel without taking or sending anything; with ``write`` a small file is put there and removed again."""
    passed: list[str] = []
    try:
        if isinstance(channel, SftpIn | SftpOut):
            _try_server(site, channel, passed, write=write)
        else:
            _try_folder(site.directory / channel.path, passed, write=write or isinstance(channel, DirectoryOut))
    except TransportError as error:
        return Tested(channel_of(partner, channel), tuple(passed), error)
    return Tested(channel_of(partner, channel), tuple(passed), None)


def let(bench: Workbench, channel: Channel) -> bool:
    """Let a channel be used again that did not work; whether it had not."""
    with bench.store.unit() as work:
        done = work.channels.let(channel.key)
        if done:
            work.channels.polled(channel, next_poll=bench.wall())
        work.commit()
    return done


def scanned(host: str, port: int) -> tuple[str, str]:
    """The host key that a server shows now, as a partner file names it, and its fingerprint; nobody logs in."""
    from gateway.transports.sftp.connection import shown_key  # noqa: PLC0415 - same

    line = shown_key(host, port, SCAN_TIMEOUT)
    return line, fingerprint(line)


def _try_server(site: Site, channel: SftpIn | SftpOut, passed: list[str], *, write: bool) -> None:
    from gateway.transports.sftp.remote import opened  # noqa: PLC0415 - same

    with closing(opened(server_of(site, channel), passed=passed.append)) as remote:
        remote.listing()
        passed.append("folder")
        if write:
            remote.try_writing()
            passed.append("writing")


def _try_folder(folder: Path, passed: list[str], *, write: bool) -> None:
    if not folder.is_dir():
        raise ChannelDownError(
            f"There is no folder {folder}.", code=DOWN, next_step="Make it, or correct 'path' in the partner file."
        )
    if not os.access(folder, os.R_OK | os.X_OK | os.W_OK):
        raise ChannelDownError(f"We may not use the folder {folder}.", code=DOWN, next_step="Look at its rights.")
    passed.append("folder")
    if write:
        try:
            with Disk().folder(folder, follow=True) as held:
                held.write_new(PROBE, b"a test\n")
                held.unlink(PROBE)
        except OSError as error:
            sentence = f"{folder} cannot be written: {error.strerror}."
            raise ChannelDownError(sentence, code=DOWN, next_step="Look at the disk and its rights.") from error
        passed.append("writing")


def _connecting(bench: Workbench, channel: SftpIn) -> Callable[[], Remote]:
    def connected() -> Remote:
        from gateway.transports.sftp.listing import Wanted  # noqa: PLC0415 - same
        from gateway.transports.sftp.remote import opened  # noqa: PLC0415 - same

        markers = Markers.of(channel.marker_name) if channel.marker_name else None
        wanted = Wanted(channel.patterns, renamed="rename" in channel.ready, markers=markers)
        return opened(server_of(bench.site, channel), wanted, stopping=bench.stop.is_set)

    return connected


def _arriving(channel: ChannelIn) -> SftpIn:
    if not isinstance(channel, SftpIn):
        raise TypeError(f"{channel.key} is on no server")
    return channel


def _unfinished(trailer: Trailer | None) -> Callable[[Path], bool]:
    def unfinished(path: Path) -> bool:
        with path.open("rb") as file:
            return looks_unfinished(file, trailer)

    return unfinished


def _never(_path: Path) -> bool:
    return False
