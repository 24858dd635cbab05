"""What differs between two configurations of a site: settings, partners, channels, mappings and what each touches."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.app import build
from gateway.config.load import Site, load_site
from gateway.config.origins import leaves
from gateway.config.partner import Partner
from gateway.kernel.hiding import redacted
from gateway.kernel.ids import PartnerId
from gateway.mapping.prepare import prepare


@dataclass(frozen=True, slots=True)
class Change:
    """One value: its dotted name, what it was and what it is; empty for none."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """A channel that is new, gone, or changed; ``waiting`` files lie in the folder of one that is gone."""

    key: str
    direction: str
    what: str
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class PartnerChange:
    """What is different for one partner; ``what`` is new, gone or changed."""

    partner: str
    what: str
    status: Change | None
    settings: tuple[Change, ...]
    channels: tuple[ChannelChange, ...]


@dataclass(frozen=True, slots=True)
class MappingChange:
    """A mapping that reads or writes otherwise than it did; ``users`` says for whom it does what."""

    mapping: str
    what: str
    direction: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that is different."""

    settings: tuple[Change, ...]
    partners: tuple[PartnerChange, ...]
    mappings: tuple[MappingChange, ...]

    def __bool__(self) -> bool:
        return bool(self.settings or self.partners or self.mappings)


def changes(old: Site, new: build.Loaded) -> Changes:
    """Compare two sites whose files are in order."""
    site = new.site
    names = sorted({*old.partners, *site.partners})
    partners = [_partner(old, site, name) for name in names]
    return Changes(
        tuple(_values(old.settings.model_dump(mode="json", by_alias=True), site.settings.model_dump(mode="json", by_alias=True))),
        tuple(each for each in partners if each is not None),
        tuple(_mappings(old, new)),
    )  # fmt: skip


def site_before(directory: Path, environ: Mapping[str, str]) -> Site | None:
    """The site of the earlier files, or None where this version does not understand them any more."""
    return load_site(directory, environ)[0]


def _partner(old: Site, new: Site, name: PartnerId) -> PartnerChange | None:
    before, after = old.partners.get(name), new.partners.get(name)
    settings = tuple(each for each in _values(_said(before), _said(after)) if each.name != "status")
    states = before.status if before else "", after.status if after else ""
    status = Change("status", *states) if states[0] != states[1] else None
    channels = tuple(_channels(new.directory, before, after))
    if before == after and not channels:
        return None
    what = "changed" if before and after else "new" if after else "gone"
    return PartnerChange(name, what, status, settings if what == "changed" else (), channels)


def _said(partner: Partner | None) -> dict[str, object]:
    return partner.model_dump(mode="json", by_alias=True) if partner is not None else {}


def _values(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    """Each value that is another one, in the order of the model; secrets are hidden in both."""
    before, after = _flat(old), _flat(new)
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name, ""), after.get(name, "")
        if was != now:
            yield Change(name, redacted(was), redacted(now))


def _flat(values: Mapping[str, object]) -> dict[str, str]:
    return {".".join(map(str, path)): text for path, text in leaves(dict(values), ())}


def _channels(directory: Path, before: Partner | None, after: Partner | None) -> Iterator[ChannelChange]:
    for direction in ("in", "out"):
        was, now = _keyed(before, direction), _keyed(after, direction)
        for key in sorted(was.keys() | now.keys()):
            if key not in now:
                yield ChannelChange(key, direction, "gone", _lying(directory / key) if direction == "in" else 0)
            elif key not in was:
                yield ChannelChange(key, direction, "new")
            elif was[key] != now[key]:
                yield ChannelChange(key, direction, "changed")


def _keyed(partner: Partner | None, direction: str) -> dict[str, str]:
    """The channels that are used, by their key, each as text."""
    if partner is None or not partner.is_in_use:
        return {}
    every = partner.inlets() if direction == "in" else partner.outlets()
    return {each.key: json.dumps(each.model_dump(mode="json")) for each in every}


def _lying(folder: Path) -> int:
    """How many files lie in a folder that nobody will look into."""
    if not folder.is_dir():
        return 0
    return sum(1 for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))


def _mappings(old: Site, new: build.Loaded) -> Iterator[MappingChange]:
    known = {each.use.mapping for each in old.references}
    users: dict[str, list[str]] = {}
    for each in new.site.references:
        users.setdefault(each.use.mapping, []).append(f"{each.partner} ({each.use.document})")
    for name, prepared in sorted(new.mappings.items()):
        named = tuple(dict.fromkeys(users.get(name, ())))
        if name not in known:
            yield MappingChange(name, "new", prepared.direction, named)
        elif _hash(old, name) != prepared.spec_hash:
            yield MappingChange(name, "changed", prepared.direction, named)
    for name in sorted(known - new.mappings.keys()):
        yield MappingChange(name, "no longer used", "", ())


def _hash(old: Site, name: str) -> str:
    """The exact version of a mapping as the earlier files have it; empty where it could not be used."""
    prepared, _ = prepare(
        name, site_mappings=old.directory / "mappings", allow_plugins=old.settings.allow_plugins,
        custom_fields=old.settings.custom_fields,
    )  # fmt: skip
    return prepared.spec_hash if prepared is not None else ""
