"""Load a site: every file read, every cross-check made, every problem of all files at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.config import addresses, environment, located, partner_tables
from gateway.config.alert_checks import alert_checks, partner_alert_checks
from gateway.config.channel_checks import Shared, channel_checks, secret_checks
from gateway.config.channels import ChannelIn, ChannelOut
from gateway.config.clock_checks import clock_checks
from gateway.config.finding import FILE
from gateway.config.located import Places
from gateway.config.partner import X12, Partner
from gateway.config.partner_checks import document_checks
from gateway.config.partner_documents import MappingUse
from gateway.config.partner_tables import ROUTING, TAXES, SiteTable
from gateway.config.problems import Origin
from gateway.config.settings import Settings
from gateway.config.sftp_server import server_checks
from gateway.config.strict_yaml import YamlMap, content, load
from gateway.formats.x12.charset import Characters, Cleaner, at_most_extended, separators_fault
from gateway.kernel.errors import NotFoundError
from gateway.kernel.ids import PartnerId
from gateway.kernel.problem import Problem, has_errors

PARTNERS = "partners"
VARIABLE = environment.variable("database", "url")


@dataclass(frozen=True, slots=True)
class MappingReference:
    """Where a partner file names a mapping, so that a fault of it can be told there."""

    partner: PartnerId
    use: MappingUse
    origin: Origin


@dataclass(frozen=True, slots=True)
class ChannelReference:
    """A channel and where a partner file says of which kind it is."""

    partner: PartnerId
    channel: ChannelIn | ChannelOut
    origin: Origin


@dataclass(frozen=True, slots=True)
class Site:
    """A site whose own files are in order; mappings are checked by whoever prepares them."""

    directory: Path
    settings: Settings
    partners: Mapping[PartnerId, Partner]
    references: tuple[MappingReference, ...]
    tables: Mapping[str, SiteTable] = field(default_factory=dict)
    channels: tuple[ChannelReference, ...] = ()

    def zone_of(self, partner: Partner | None) -> ZoneInfo:
        """The time zone of a partner's business dates, the site's where it has none."""
        return _zone((partner.time_zone if partner else None) or self.settings.time_zone)


_zone = cache(ZoneInfo)


@dataclass(frozen=True, slots=True)
class _ReadSettings:
    """gateway.yaml with the places of its values."""

    settings: Settings
    places: Places


@dataclass(frozen=True, slots=True)
class _Read:
    """One partner file with the places of its values."""

    partner: Partner
    places: Places


def load_site(directory: Path, environ: Mapping[str, str]) -> tuple[Site | None, tuple[Problem, ...]]:
    """The site of a folder, or None with every problem; raises NotFoundError when there is no gateway.yaml."""
    path = directory / FILE
    if not path.is_file():
        raise NotFoundError(f"There is no {FILE} in {directory}.")
    problems: list[Problem] = []
    found = _settings(path, environ, problems)
    settings = found.settings if found is not None else None
    read = [
        known
        for each in sorted((directory / PARTNERS).glob("*.yaml"))
        if (known := _partner(each, problems)) is not None
    ]
    if found is not None:
        read = [_secured(_completed(each, found.settings, problems), directory, environ) for each in read]
        problems.extend(_cross_checks(read))
        problems.extend(_environment_checks(found, read, directory, environ))
    tables = {name: table for each in read for name, table in _tables(directory, each, problems)}
    if settings is None or has_errors(problems):
        return None, tuple(problems)
    partners = {PartnerId(each.partner.partner): each.partner for each in read}
    references = tuple(reference for each in read for reference in _references(each))
    channels = tuple(channel for each in read for channel in _channels(each))
    return Site(directory, settings, partners, references, tables, channels), tuple(problems)


def database_url(directory: Path, environ: Mapping[str, str]) -> str:
    """Where the database of a site is, as far as that can be read; mistakes are told when all is read."""
    found = _settings(directory / FILE, environ, [])
    return (Settings() if found is None else found.settings).database_url(directory)


def _settings(path: Path, environ: Mapping[str, str], problems: list[Problem]) -> _ReadSettings | None:
    node = _node(path, path.name, problems)
    if node is None:
        return None
    found, places, wrong = located.read(Settings, node, path.name)
    problems.extend(wrong)
    if found is None:
        return None
    said = environment.from_environment(environ)
    settings = environment.as_environment_says(found, said, problems)
    if settings is None:
        return None
    url = settings.database.url
    from_outside = "url" in said.get("database", {})
    line, column = (1, 1) if from_outside else places.values.get(("database", "url"), (1, 1))
    problems.extend(addresses.problems(url, environ, Origin(VARIABLE if from_outside else path.name, line, column)))
    database = settings.database.model_copy(update={"url": addresses.filled(url, environ)})
    return _ReadSettings(settings.model_copy(update={"database": database}), places)


def _partner(path: Path, problems: list[Problem]) -> _Read | None:
    shown = f"{PARTNERS}/{path.name}"
    node = _node(path, shown, problems)
    if node is None:
        return None
    found, places, wrong = located.read(Partner, node, shown)
    problems.extend(wrong)
    return _Read(found, places) if found is not None else None


def _tables(directory: Path, read: _Read, problems: list[Problem]) -> Iterator[tuple[str, SiteTable]]:
    """The tables that the terms of a partner name; a missing one is a problem where it is named."""
    agreed = read.partner.terms
    named = [(("terms", "tax", "file"), agreed.tax.file, TAXES)]
    named += [(("terms", "routing", "file"), agreed.routing.file if agreed.routing else None, ROUTING)]
    for path, name, columns in named:
        if name is None:
            continue
        table, wrong = partner_tables.read(directory, name, columns)
        problems.extend(wrong)
        if table is None:
            problems.append(read.places.problem(path, "P006", f"there is no table 'partners/{name}' or '{name}'"))
        else:
            yield name, table


def _node(path: Path, shown: str, problems: list[Problem]) -> YamlMap | None:
    text, unread = content(path, shown)
    problems.extend(unread)
    if text is None:
        return None
    node, wrong = load(text, shown)
    problems.extend(wrong)
    if isinstance(node, YamlMap):
        return node
    if not wrong:
        problems.append(Problem(shown, 1, 1, "M001", "the file is made of 'key: value' lines"))
    return None


def _completed(read: _Read, settings: Settings, problems: list[Problem]) -> _Read:
    """The partner with our identity filled in and its name, if it has none."""
    partner = read.partner
    name = {"name": partner.name or partner.partner}
    if partner.x12 is None or partner.x12.us is not None:
        return _Read(partner.model_copy(update=name), read.places)
    if settings.us is None:
        hint = "write 'us: {qualifier: ZZ, id: ...}' in gateway.yaml, or in the x12 section here"
        problems.append(
            read.places.problem(("x12",), "P002", "nobody says who we are towards this partner", hint, at_key=True)
        )
    x12 = partner.x12.model_copy(update={"us": settings.us})
    return _Read(partner.model_copy(update={**name, "x12": x12}), read.places)


def _secured(read: _Read, directory: Path, environ: Mapping[str, str]) -> _Read:
    """The partner with what it asks for in ISA01 to ISA04, as far as that can be read here."""
    x12 = read.partner.x12
    if x12 is None or x12.security is None:
        return read
    known = x12.security.known(directory, environ, x12.separators.all_of_them())
    return _Read(read.partner.model_copy(update={"x12": x12.model_copy(update={"security": known})}), read.places)


def _cross_checks(read: list[_Read]) -> Iterator[Problem]:
    identities: dict[tuple[str, str], str] = {}
    shared = Shared()
    served: dict[str, str] = {}
    for each in read:
        partner, places = each.partner, each.places
        expected = places.file.removeprefix(f"{PARTNERS}/").removesuffix(".yaml")
        if partner.partner != expected:
            yield places.problem(("partner",), "P004", f"'partner' must be '{expected}', the name of the file")
        yield from _own_checks(each)
        if partner.x12 is not None:
            key = (partner.x12.them.qualifier, partner.x12.them.id)
            if key in identities:
                yield places.problem(
                    ("x12", "them", "id"), "P004", f"{identities[key]} has the same interchange id {' '.join(key)}"
                )
            identities.setdefault(key, partner.partner)
        yield from shared.checks(partner, places)
        for at, warehouse in enumerate(partner.serves):
            if warehouse in served:
                yield places.problem(
                    ("serves", at), "P004", f"{served[warehouse]} serves the warehouse '{warehouse}' too"
                )
            served.setdefault(warehouse, partner.partner)


def _environment_checks(
    found: _ReadSettings, read: list[_Read], directory: Path, environ: Mapping[str, str]
) -> Iterator[Problem]:
    """What gateway.yaml says of the partners, and the partners of it and of what stands outside."""
    yield from environment.strange(environ)
    yield from alert_checks(found.settings, found.places, [each.partner.partner for each in read])
    yield from server_checks(found.settings.sftp_server, found.places)
    for each in read:
        yield from partner_alert_checks(each.partner, each.places, found.settings)
        yield from secret_checks(each.partner, each.places, directory, environ)


def _own_checks(read: _Read) -> Iterator[Problem]:
    """What one partner file says against itself."""
    partner, places = read.partner, read.places
    yield from document_checks(partner, places)
    yield from channel_checks(partner, places)
    yield from clock_checks(partner, places)
    if partner.serves and partner.kind != "warehouse":
        yield places.problem(("serves",), "P004", "only a partner of kind 'warehouse' serves warehouses", at_key=True)
    if partner.x12 is not None:
        yield from _separator_checks(partner.x12, places)


def _separator_checks(x12: X12, places: Places) -> Iterator[Problem]:
    """Separators that cannot separate, and ids that cannot be written with them."""
    chosen = x12.separators.for_writing
    wrong = separators_fault(chosen, x12.separators.after())
    if wrong:
        yield places.problem(("x12", "separators"), "P004", wrong)
        return
    characters = Characters(at_most_extended(x12.charset), "error")
    cleaner = Cleaner(characters, (chosen.element, chosen.component, chosen.repetition, chosen.terminator))
    ids: list[tuple[tuple[str | int, ...], str]] = [(("x12", "them", "id"), x12.them.id)]
    ids += [(("x12", "them", "group_ids", at), each) for at, each in enumerate(x12.them.group_ids)]
    ids += [(("x12", "us", "id"), x12.us.id), (("x12", "us", "group_id"), x12.us.group_id)] if x12.us else []
    for path, value in ids:
        if cleaner.clean(value) is not None:
            sentence = f"the id '{value}' cannot be written with these separators in the character set '{x12.charset}'"
            yield places.problem(path, "P004", sentence)


def _references(read: _Read) -> Iterator[MappingReference]:
    for use in read.partner.uses():
        spot = read.places.problem((*use.path, "mapping"), "", "")
        yield MappingReference(PartnerId(read.partner.partner), use, Origin(spot.file, spot.line, spot.column))


def _channels(read: _Read) -> Iterator[ChannelReference]:
    for direction, channels in (("in", read.partner.inlets()), ("out", read.partner.outlets())):
        for at, channel in enumerate(channels):
            spot = read.places.problem(("channels", direction, at, "kind"), "", "")
            yield ChannelReference(PartnerId(read.partner.partner), channel, Origin(spot.file, spot.line, spot.column))
