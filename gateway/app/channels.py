"""Who builds which channel: the inlets of a site and the outlets of its dispatches, by the kind of the channel."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from gateway.app import servers
from gateway.config.channels import ChannelIn, ChannelOut
from gateway.config.load import Site
from gateway.config.partner import Partner
from gateway.files.disk import Disk
from gateway.flows import interpret_documents
from gateway.flows.file_ports import Inlet, Outlet
from gateway.flows.ports import Mark
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import TransportError
from gateway.kernel.ids import PartnerId
from gateway.kernel.problem import Problem
from gateway.transports.directory import DirectoryInlet, Readiness
from gateway.transports.directory_out import DirectoryOutlet
from gateway.transports.markers import Markers

DIRECTORY = "directory"
Stopping = Callable[[], bool]
"""Whether this process is to end."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How the channels of one kind are used; what is None, this version cannot do.

    ``inlet`` is swept with every scan and must not wait for a network; ``poll`` asks a server, in a unit of work of its own,
    and says how many files it took; ``outlet`` is made for one batch from the folder of the site and our work folder.
    """

    inlet: Callable[[Workbench, Partner, ChannelIn], Inlet] | None = None
    poll: Callable[[Workbench, Partner, ChannelIn], int] | None = None
    outlet: Callable[[Site, Path, Mark, Stopping, ChannelOut], Outlet] | None = None


def inlets(bench: Workbench) -> list[Inlet]:
    """One inlet for each folder of each partner whose channels are on; who tells what others build on is first."""
    return [make(bench, partner, channel) for make, partner, channel in _swept(bench)]


def _swept(
    bench: Workbench,
) -> Iterator[tuple[Callable[[Workbench, Partner, ChannelIn], Inlet], Partner, ChannelIn]]:
    for partner in in_turn(bench):
        for channel in partner.inlets():
            make = KINDS[channel.kind].inlet if channel.kind in KINDS else None
            if make is not None:
                yield make, partner, channel


def polled(bench: Workbench) -> list[tuple[Partner, ChannelIn]]:
    """The channels that are asked for files over a network, of each partner whose channels are on, in the same order."""
    return [
        (partner, channel)
        for partner in in_turn(bench)
        for channel in partner.inlets()
        if channel.kind in KINDS and KINDS[channel.kind].poll is not None
    ]


def poll(bench: Workbench, partner: Partner, channel: ChannelIn) -> int:
    """Ask one of them; how many files were taken."""
    ask = KINDS[channel.kind].poll
    return 0 if ask is None else ask(bench, partner, channel)


def in_turn(bench: Workbench) -> list[Partner]:
    """The partners whose channels are on; who tells what others build on is first."""
    first = interpret_documents.tellers(bench)
    live = (each for each in bench.site.partners.values() if each.is_in_use)
    return sorted(live, key=lambda each: each.partner not in first)


def outlets(
    site: Site,
    work: Path,
    disk: Disk = Disk(),  # noqa: B008 - frozen
    mark: Mark = lambda _window: None,
    stopping: Stopping = lambda: False,
) -> Callable[[str], Outlet]:
    """What makes the outlet of a channel, by the key that dispatches keep; a folder is its own key, on this ``disk``.

    What takes long is cut off when the process is ``stopping``.
    """
    known: dict[str, ChannelOut] = {
        channel.key: channel for partner in site.partners.values() for channel in partner.outlets()
    }

    def outlet(key: str) -> Outlet:
        channel = known.get(key)
        if channel is None:
            if key.startswith("sftp:"):
                raise TransportError(
                    f"There is no channel {key} any more.",
                    code="P-NO-CHANNEL",
                    next_step="Name it again in the partner file.",
                )
            return DirectoryOutlet(site.directory / key, work, disk)
        if channel.kind == DIRECTORY:
            return DirectoryOutlet(site.directory / channel.path, work, disk)
        make = KINDS[channel.kind].outlet if channel.kind in KINDS else None
        if make is None:
            raise TransportError(f"The channel {key} is of a kind that this version cannot use.")
        return make(site, work, mark, stopping, channel)

    return outlet


def problems(site: Site) -> Iterator[Problem]:
    """Channels of a kind that this version cannot use, each where the partner file says its kind."""
    for reference in site.channels:
        if not _can(reference.channel):
            sentence = f"channels of kind '{reference.channel.kind}' are not part of this installation"
            yield reference.origin.problem("P004", sentence, f"write 'kind: {DIRECTORY}'")


def _can(channel: ChannelIn | ChannelOut) -> bool:
    kind = KINDS.get(channel.kind)
    if kind is None:
        return False
    if isinstance(channel, ChannelIn):
        return kind.inlet is not None or kind.poll is not None
    return kind.outlet is not None


def _directory_inlet(bench: Workbench, partner: Partner, channel: ChannelIn) -> Inlet:
    return DirectoryInlet(
        folder=bench.site.directory / channel.path, partner=PartnerId(partner.partner), patterns=channel.patterns,
        work_folder=bench.work_folder, readiness=_readiness(channel, bench.site.settings.grace_period()),
        limit=channel.limit(bench.site.settings.run.limit()), disk=bench.disk, key=channel.key,
        places=bench.intake.places,
    )  # fmt: skip


def _readiness(channel: ChannelIn, grace: timedelta) -> Readiness:
    """When a file is taken, as the partner file says it."""
    return Readiness(
        grace=grace, renamed="rename" in channel.ready, proven=channel.proves_content, stable=channel.stable_for,
        markers=Markers.of(channel.marker_name) if channel.marker_name else None, trailer=channel.ending,
    )  # fmt: skip


def _directory_outlet(site: Site, work: Path, _mark: Mark, _stopping: Stopping, channel: ChannelOut) -> Outlet:
    return DirectoryOutlet(site.directory / channel.path, work)


KINDS: Mapping[str, Kind] = {
    DIRECTORY: Kind(inlet=_directory_inlet, outlet=_directory_outlet),
    servers.SFTP: Kind(poll=servers.poll, outlet=servers.outlet),
}
"""Each kind of channel that this version can use; another one is added here and nowhere else."""
