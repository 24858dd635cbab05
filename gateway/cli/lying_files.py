"""Files that were seen in a folder or at a partner and are not taken yet: since when, and what they wait for."""

import os
from collections.abc import Iterator
from typing import Any

from gateway.cli import output
from gateway.cli.terminal.moments import short
from gateway.config.channels import DirectoryIn, SftpIn
from gateway.config.load import Site
from gateway.exchange.receipt import Lying
from gateway.kernel.ids import ChannelKey
from gateway.kernel.words import counted

COLUMNS = ["seen at", "partner", "file", "why it waits"]


def rows(site: Site, lying: list[Lying], *, partner: str = "", named: str = "") -> list[dict[str, Any]]:
    """Those that fit and still lie there, as far as our own disk tells it."""
    found = list[dict[str, Any]]()
    known = {each.channel.key: each for each in site.channels}
    for each in lying:
        of = known.get(ChannelKey(each.channel))
        if of is None or not isinstance(of.channel, DirectoryIn | SftpIn) or named not in each.name:
            continue
        gone = isinstance(of.channel, DirectoryIn) and not os.path.lexists(site.directory / of.channel.path / each.name)
        if partner in ("", of.partner) and not gone:
            why = " ".join(_why(site, of.channel, each))
            since = short(each.since.isoformat())
            found.append({"seen at": since, "partner": of.partner, "file": each.name, "why it waits": why})
    return found


def show(found: list[dict[str, Any]]) -> None:
    """Print them below the files that came."""
    if found:
        output.line()
        output.line(f"{counted(len(found), 'file')} seen and not taken yet:")
        output.table(found, COLUMNS, indent="  ")


def _why(site: Site, channel: DirectoryIn | SftpIn, lying: Lying) -> Iterator[str]:
    """What the agreed ``ready`` of the channel lets it wait for."""
    if channel.marker_name:
        yield f"Its marker {channel.marker_name} must come too."
    if channel.stable_for is not None:
        yield f"It must stay as it is for {channel.stable_for.total_seconds():.0f} s."
    if channel.proves_content:
        until = short((lying.since + site.settings.grace_period()).isoformat())
        lacks = "If it lacks its end" if channel.marker_name or channel.stable_for else "It lacks its end"
        yield f"{lacks}: its sender may still be writing. Unless it changes, it is taken as it is at {until}."
