"""What ``gateway config plan`` prints: what a change of the site's files affects, before it counts."""

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from shlex import quote
from typing import Any

from gateway.app.build import Loaded
from gateway.app.comparing.changes import (
    Change,
    Changes,
    ChannelChange,
    MappingChange,
    PartnerChange,
    changes,
    site_before,
)
from gateway.app.comparing.kept import before
from gateway.cli import check, output
from gateway.cli.context import loaded, site_of
from gateway.kernel.errors import ConfigurationError, StoreError
from gateway.kernel.words import counted
from gateway.store.concerned import Concerned, Open, concerned
from gateway.store.inspected import file_of

LAST = 50


def plan(site: Path | None, against: str, *, as_json: bool) -> int:
    """Tell what is different and what it touches; 1 when the files have an error."""
    directory = site_of(site)
    try:
        ready = loaded(site)
    except ConfigurationError as broken:
        return check.told(broken.problems, as_json=as_json)
    with before(directory, against) as known:
        if known is None:
            return _first(ready, as_json=as_json)
        old = site_before(known.directory, dict(os.environ))
        if old is None:
            return _beyond(known.name, as_json=as_json)
        found = changes(old, ready)
    touched = _touched(ready, found)
    if as_json:
        output.data(_json(known.name, found, touched))
    else:
        _tell(known.name, found, touched)
    return 0


def _first(ready: Loaded, *, as_json: bool) -> int:
    if as_json:
        output.data({"against": "", "changes": False, "settings": [], "partners": [], "mappings": [], "steps": []})
        return 0
    output.line("Nothing ran here yet, so there is nothing to compare with: all of it counts with the next start.")
    output.talk("To compare with other files: gateway config plan --against DIR, or a revision of git.")
    check.next_steps(ready.site.partners.values())
    return 0


def _beyond(name: str, *, as_json: bool) -> int:
    """The earlier files are of another version; what is said of the present ones stands."""
    said = f"This version does not understand {name} any more, so what is different cannot be told."
    if as_json:
        output.data({"against": name, "changes": None, "settings": [], "partners": [], "mappings": [], "steps": []})
    output.talk(said)
    output.talk("  The files as they are now are in order: gateway config check")
    return 0


def _touched(ready: Loaded, found: Changes) -> Concerned | StoreError:
    """What the database says of those that are concerned; one that is not there yet knows of nothing."""
    url = ready.site.settings.database_url(ready.site.directory)
    file = file_of(url)
    if file is not None and not file.exists():
        return Concerned()
    names = [each.mapping for each in found.mappings if each.direction == "in"]
    return concerned(url, [each.partner for each in found.partners], names)


def _tell(name: str, found: Changes, touched: Concerned | StoreError) -> None:
    if not found:
        output.line(f"Nothing is different from {name}.")
        return
    output.line(f"Compared with {name}:")
    if found.settings:
        output.line("gateway.yaml")
    for each in found.settings:
        output.told(f"  {_shown(each)}")
    known = touched if isinstance(touched, Concerned) else Concerned()
    for partner in found.partners:
        _tell_partner(partner, known.partners.get(partner.partner, Open()))
    if found.mappings:
        output.line("mappings")
    for mapping in found.mappings:
        output.told(f"  {_of_mapping(mapping, known.read.get(mapping.mapping, 0))}")
    if isinstance(touched, StoreError):
        output.talk(f"What is open could not be counted: {touched.sentence} {touched.next_step}".rstrip())
    output.line("Next:")
    for step in _steps(found, known):
        output.line(f"  {step}")


def _tell_partner(partner: PartnerChange, is_open: Open) -> None:
    output.line(f"{partner.partner}{'' if partner.what == 'changed' else f': {partner.what}'}")
    if partner.status is not None:
        output.told(f"  {_shown(partner.status)}{_of_status(partner.status)}")
    for each in partner.settings:
        output.told(f"  {_shown(each)}")
    for channel in partner.channels:
        output.told(f"  {_of_channel(channel, is_open)}")
    said = list(_open(partner.partner, is_open))
    if said:
        output.told(f"  open now: {', '.join(said)}")


def _shown(each: Change) -> str:
    return f"{each.name}: {each.old or '(none)'} -> {each.new or '(none)'}"


def _of_status(status: Change) -> str:
    meaning = {
        "draft": "nothing is read or sent", "testing": "read and answered as a test: no stock, no money",
        "live": "orders count from now on", "suspended": "files are taken and held", "closed": "nothing is read or sent",
        "": "",
    }  # fmt: skip
    said = meaning.get(status.new, "")
    return f"   ({said})" if said else ""


def _of_channel(channel: ChannelChange, is_open: Open) -> str:
    lying = f"; nobody will take what lies there: {counted(channel.waiting, 'file')}" if channel.waiting else ""
    leaving = is_open.leaving.get(channel.key, 0)
    late = f"; what is to leave through it: {counted(leaving, 'file')}" if leaving and channel.what != "new" else ""
    return f"channel {channel.direction} {channel.key}: {channel.what}{lying}{late}"


def _open(partner: str, found: Open) -> Iterator[str]:
    if found.orders:
        yield f"{counted(found.orders, 'order')} (gateway orders list --partner {partner})"
    if found.holds:
        yield f"{counted(found.holds, 'hold')} (gateway holds list)"
    if found.leaving:
        yield f"{counted(sum(found.leaving.values()), 'file')} to leave (gateway dispatch list --partner {partner})"
    if found.awaited:
        yield f"{counted(found.awaited, 'acknowledgment')} awaited (gateway acks due --partner {partner})"


def _of_mapping(mapping: MappingChange, read: int) -> str:
    users = f"; used by {', '.join(mapping.users)}" if mapping.users else ""
    documents = (
        f"; it read {counted(read, 'document')} so far"
        if mapping.direction == "in" and mapping.what == "changed"
        else ""
    )
    return f"{mapping.mapping}: {mapping.what}{users}{documents}"


def _steps(found: Changes, known: Concerned) -> Iterator[str]:
    for mapping in found.mappings:
        if mapping.what == "changed" and known.read.get(mapping.mapping):
            yield f"gateway mapping replay {mapping.mapping} --last {LAST}"
        elif mapping.what != "no longer used":
            yield f"gateway mapping check {mapping.mapping}"
    for partner in found.partners:
        now = next((each.key for each in partner.channels if (each.what, each.direction) == ("new", "in")), "")
        for channel in partner.channels:
            if channel.waiting and now and ":" not in now:
                yield f"mkdir -p {quote(now)} && mv {quote(channel.key)}/* {quote(now)}/"
            elif channel.waiting:
                yield f"look at {channel.key}: nobody takes what lies there any more"
        if any(each.what != "gone" for each in partner.channels):
            yield f"gateway partner test {partner.partner}"
    yield "gateway config reload   (or the next start of 'gateway run': then it counts)"


def _json(name: str, found: Changes, touched: Concerned | StoreError) -> dict[str, Any]:
    known = touched if isinstance(touched, Concerned) else Concerned()
    return {
        "against": name, "changes": bool(found), "settings": [asdict(each) for each in found.settings],
        "partners": [
            {**asdict(each), "open": asdict(known.partners.get(each.partner, Open()))} for each in found.partners
        ],
        "mappings": [{**asdict(each), "read": known.read.get(each.mapping, 0)} for each in found.mappings],
        "steps": list(_steps(found, known)) if found else [],
    }  # fmt: skip
