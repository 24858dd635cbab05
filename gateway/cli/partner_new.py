"""The command that drafts a partner from a file of theirs, and says how that file becomes its first order."""

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.canonical.order import Order
from gateway.cli import output, schema
from gateway.cli.context import site_of
from gateway.cli.moment import clock_of
from gateway.config.load import PARTNERS, Site, database_url, load_site
from gateway.config.mapping_files import TESTS
from gateway.flows.drafts.draft import Draft, DraftedMapping, Sample
from gateway.flows.drafts.goods import goods
from gateway.flows.drafts.partner import drafted, empty
from gateway.flows.tools import drafting, running
from gateway.kernel.errors import GatewayError, NotFoundError, RefusedError, UsageError
from gateway.kernel.ids import PartnerId
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import prepare

LARGEST = 50 * 1024 * 1024
GOODS = "goods"
"""The folder of a site for what a sample orders, drafted."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """What reading the sample gave: files with what it orders, and its currency where that is not the agreed one."""

    files: tuple[Path, ...] = ()
    currency: str = ""


def new(name: str, sample: Path | None, site: Path | None) -> int:
    """Draft a partner; nothing is overwritten, and the site's configuration stays in order."""
    directory = site_of(site)
    configured, _ = load_site(directory, dict(os.environ))
    path = directory / PARTNERS / f"{name}.yaml"
    _new_name(name, path)
    draft = _draft(name, sample, configured)
    is_complete = True
    if draft.mapping is not None and sample is not None:
        is_complete = _write_mapping(directory, draft.mapping, sample)
        draft = draft.completed() if is_complete else draft
    _write(path, (schema.modeline("partner", 1) + draft.text(name, sample.name if sample else "")).encode())
    tried = _tried(directory, name, sample) if sample is not None and is_complete else _Tried()
    for note in draft.notes:
        output.talk(note)
    output.talk("Next:")
    steps = _steps(directory, name, sample, draft, tried, is_complete=is_complete)
    for number, step in enumerate(steps, 1):
        first, *more = step.splitlines()
        output.talk(f"  {number}. {first}")
        for each in more:
            output.talk(f"     {each}")
    return 0


def _steps(
    directory: Path, name: str, sample: Path | None, draft: Draft, tried: _Tried, *, is_complete: bool
) -> Iterator[str]:
    """What is left to do until the sample is an order."""
    partner = f"{PARTNERS}/{name}.yaml"
    if draft.mapping is not None and sample is not None:
        mapping = draft.mapping.name
        if not is_complete:
            yield f"Complete mappings/{mapping}.yaml until this finds no error: gateway mapping check {mapping}"
            yield f"Take the '# ' away from the line with 'order:' in {partner}."
        yield f"Look at mappings/{mapping}.yaml line by line, and at what it reads: gateway mapping run {mapping} {_shown(sample)}"
    elif sample is not None and draft.x12:
        yield f"See what the file says, and whether it passes: gateway validate {_shown(sample)} --partner {name}"
    yield f"Look at every line of {partner}, write 'status: testing' there, then: gateway config check"
    if tried.currency:
        yield f"The file is in {tried.currency}; agree on it: add 'terms: {{currency: {tried.currency}}}' to {partner}"
    if tried.files:
        known = [f"gateway import {path.stem} {_shown(path)}" for path in tried.files]
        yield "\n".join(
            [
                "The items, prices and numbers of the file are drafted as well. Look at them; then let them be known:",
                *known,
            ]
        )
    if sample is not None and is_complete and draft.documents and all(each.startswith("#") for each in draft.documents):
        yield (
            f"No mapping of ours reads what is in the file: until {partner} names one under 'documents', it is held "
            "(gateway explain-code P-NO-MAPPING)"
        )
    inbox = directory / "inbox" / name
    if sample is None:
        yield f"Put a file of theirs into {_shown(inbox)}, then: gateway run --once"
    else:
        yield f"Let it come in: mkdir -p {_shown(inbox)} && cp {_shown(sample)} {_shown(inbox)}/ && gateway run --once"
    yield "See what became of it: 'gateway files list', 'gateway orders list --test', 'gateway holds list'"


def _shown(path: Path) -> str:
    """A path as somebody types it here."""
    here = Path.cwd()
    found = path.absolute()
    return shlex.quote(str(found.relative_to(here) if found.is_relative_to(here) else path))


def _tried(directory: Path, name: str, sample: Path) -> _Tried:
    """Read the orders of the sample, and draft what a site without any items needs to take them."""
    from gateway.store.inspected import has_items  # noqa: PLC0415 - sqlalchemy takes 0.3 s to import

    site, _ = load_site(directory, dict(os.environ))
    if site is None:
        return _Tried()
    orders = list(_orders(site, name, sample))
    agreed = site.partners[PartnerId(name)].terms.currency or site.settings.currency
    other = next((each.currency for each in orders if each.currency and each.currency != agreed), "")
    houses = [each for each in site.partners.values() if each.kind == "erp"]
    if len(houses) != 1 or has_items(database_url(directory, os.environ)):
        return _Tried(currency=other)
    made = goods(name, orders, agreed, clock_of(None)().isoformat(timespec="seconds"))
    files = [directory / GOODS / name / f"{kind}.csv" for kind in made]
    for path, text in zip(files, made.values(), strict=True):
        if not path.exists():
            _write(path, text.encode())
    return _Tried(tuple(files), other)


def _orders(site: Site, name: str, sample: Path) -> Iterator[Order]:
    """The orders of the sample that its mapping can read."""
    partner = site.partners[PartnerId(name)]
    today = clock_of(None)().astimezone(site.zone_of(partner)).date()
    for use in partner.inputs():
        prepared, _ = prepare(use.mapping, site_mappings=site.directory / "mappings")
        if prepared is None or use.document != "order":
            continue
        env = Environment(
            params={"id": name, **partner.params}, today=today, file_name=sample.name, zone=site.zone_of(partner)
        )
        for each in running.read(prepared, _content(sample), env, partner).results:
            if isinstance(each.document, Order):
                yield each.document


def _write_mapping(directory: Path, mapping: DraftedMapping, sample: Path) -> bool:
    """Write a drafted mapping with the sample as its first test; whether it can be used as it is."""
    mappings = directory / "mappings"
    path = mappings / f"{mapping.name}.yaml"
    _write(path, (schema.modeline("mapping", mapping.name.count("/") + 1) + mapping.text).encode())
    _write(path.with_suffix(TESTS) / "first" / f"input{sample.suffix or '.txt'}", _content(sample))
    prepared, _ = prepare(mapping.name, site_mappings=mappings)
    return prepared is not None


def _new_name(name: str, path: Path) -> None:
    if not name or not all(letter.isascii() and (letter.isalnum() or letter in "._-") for letter in name):
        raise UsageError(f"'{name}' cannot name a partner.", next_step="Use letters, digits, '.', '_' and '-'.")
    if not name[0].isalnum():
        raise UsageError(f"'{name}' cannot name a partner.", next_step="Begin it with a letter or digit.")
    if path.exists():
        raise RefusedError(f"{path} exists already.", next_step="Give the partner another name, or change that file.")


def _draft(name: str, path: Path | None, configured: Site | None) -> Draft:
    """The draft from the sample; refused where its sender is a partner already."""
    if path is None:
        return empty()
    us = configured.settings.us if configured is not None else None
    found = drafted(name, Sample(path.name, _content(path), us), _guessed)
    if isinstance(found, str):
        raise UsageError(f"{found.rstrip('.')}.", next_step="Give another sample, or none: 'gateway partner new NAME'.")
    them = found.x12.get("them")
    for other in configured.partners.values() if configured is not None else ():
        theirs = other.x12.them if other.x12 is not None else None
        if (
            theirs is not None
            and isinstance(them, dict)
            and (theirs.qualifier, theirs.id) == (them["qualifier"], them["id"])
        ):
            raise RefusedError(
                f"{theirs.qualifier} {theirs.id} is the partner '{other.partner}' already.",
                next_step=f"See partners/{other.partner}.yaml.",
            )
    return found


def _guessed(name: str, sample: Sample) -> str | None:
    """The mapping with what can be guessed from the sample, as 'gateway mapping new' makes it."""
    try:
        return drafting.draft(name, "order", sample.content)
    except UsageError:
        return None


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise NotFoundError(f"There is no file {path}.")
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{path} is larger than 50 MB.", next_step="A sample of one order is enough.")
        return path.read_bytes()
    except OSError as error:
        raise NotFoundError(f"{path} cannot be read: {error.strerror}.") from error


def _write(path: Path, content: bytes) -> None:
    """A new file, and say so."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise RefusedError(
            f"{path} exists already.", next_step="Move it away, or give the sample another name."
        ) from error
    except OSError as error:
        raise GatewayError(f"{path} cannot be written: {error.strerror}.") from error
    output.line(f"written  {path}")
