"""What lies on a server and is not taken: listed once, each by its name, until it is gone or is taken after all."""

from collections.abc import Iterable, Sequence

import structlog

from gateway.exchange.channels import Channel
from gateway.exchange.receipt import FileHold, Refusal
from gateway.exchange.remote import RemoteListing
from gateway.flows.workbench import Workbench

log = structlog.get_logger()
NAMED = 20
"""So many of the things of one folder are listed one by one; of the others how many they are."""
UNREADABLE = "F-UNREADABLE"
CODES = ("S-FILETYPE", "T-REMOTE-NAME", "F-TOO-LARGE", "F-MARKER", UNREADABLE)
GONE = "It is not there any more, or was taken."


def told(bench: Workbench, channel: Channel, listing: RemoteListing, refused: Sequence[Refusal]) -> set[str]:
    """Bring what is listed of a channel to what a listing found; the names of files that still cannot be read.

    Whether a file can be read no listing says: it is so until the file is gone or ``read``.
    """
    with bench.store.unit() as work:
        listed = {key for key in work.exchange.open_keys(CODES) if _is_of(key, channel)}
        wanted = {_key(channel, each): each for each in _named(channel, refused, listed)}
        ended = [key for key in sorted(listed - wanted.keys()) if _is_over(key, channel, listing)]
        for key in ended:
            work.exchange.end_listed(key, GONE)
        for key, each in wanted.items():
            if key not in listed:
                log.warning("file.refused", channel=channel.key, file=each.name, code=each.code, error=each.sentence)
                work.exchange.hold(_hold(bench, channel, each))
        work.commit()
    return {_name(key, channel) for key in listed - set(ended) if key.startswith(f"{UNREADABLE}:")}


def unreadable(bench: Workbench, channel: Channel, name: str, sentence: str) -> None:
    """List a file that the server does not let us read."""
    with bench.store.unit() as work:
        work.exchange.hold(_hold(bench, channel, Refusal(name, UNREADABLE, sentence)))
        work.commit()


def read(bench: Workbench, channel: Channel, names: Iterable[str]) -> None:
    """These files were read after all."""
    found = sorted(names)
    if not found:
        return
    with bench.store.unit() as work:
        for name in found:
            work.exchange.end_listed(f"{UNREADABLE}:{channel.key}:{name}", GONE)
        work.commit()


def _is_over(key: str, channel: Channel, listing: RemoteListing) -> bool:
    """Whether what was listed is so no more; of what was not looked at nobody knows."""
    name = _name(key, channel)
    is_there = name in listing.names
    return not is_there and listing.is_whole if key.startswith(f"{UNREADABLE}:") else is_there or listing.is_whole


def _named(channel: Channel, refused: Sequence[Refusal], listed: set[str]) -> list[Refusal]:
    """As many as are told one by one, those before all that are listed already, and the number of the others."""
    once = list({_key(channel, each): each for each in refused}.values())
    if len(once) <= NAMED:
        return once
    first = sorted(once, key=lambda each: (_key(channel, each) not in listed, each.name))
    rest = len(first) - NAMED
    sentence = f"{rest} more things on the server are not taken; {NAMED} are listed one by one."
    return [*first[:NAMED], Refusal(f"({rest} more)", first[NAMED].code, sentence)]


def _hold(bench: Workbench, channel: Channel, refusal: Refusal) -> FileHold:
    return FileHold(
        id=bench.new_hold_id(), type="FILE", code=refusal.code, reason=refusal.sentence, since=bench.clock(),
        partner=channel.partner, receipt=None, file_name=refusal.name, key=_key(channel, refusal),
    )  # fmt: skip


def _key(channel: Channel, refusal: Refusal) -> str:
    return f"{refusal.code}:{channel.key}:{refusal.name}"


def _is_of(key: str, channel: Channel) -> bool:
    return key.partition(":")[2].startswith(f"{channel.key}:")


def _name(key: str, channel: Channel) -> str:
    return key.partition(":")[2].removeprefix(f"{channel.key}:")
