"""What is remembered of files on servers is forgotten when they are long done with and gone."""

from datetime import timedelta

from gateway.exchange.channels import Channel
from gateway.exchange.remote import RemoteListing
from gateway.flows.workbench import Workbench

REMEMBERED = timedelta(days=400)
"""A file that was done with so long ago and is not there any more is forgotten."""
GONE_FOR = timedelta(days=7)
"""So long one that was left there must be away: a folder that is empty by mistake makes nothing be taken twice."""


def forget(
    bench: Workbench, channel: Channel, listing: RemoteListing, remembered: timedelta, *, stays: bool
) -> int:  # fmt: skip
    """Forget what is older than ``remembered`` and not there; how many. ``stays``: files are left there when they are taken.

    What is listed is never forgotten, nor anything where not all could be listed.
    """
    if not listing.is_whole:
        return 0
    before, now = bench.clock() - remembered, bench.wall()
    with bench.store.unit() as work:
        gone = {each for each in work.remote.old(channel.key, before=before) if each not in listing.names}
        if stays:
            seen = work.exchange.observe_all(f"gone:{channel.key}", dict.fromkeys(gone, ""), now, observed=now)
            gone = {name for name, each in seen.items() if now - each.observed >= GONE_FOR}
        count = work.remote.forget(channel.key, gone, before=before)
        work.commit()
    return count
