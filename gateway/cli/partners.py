"""The commands that draft, list, show and check partners."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateway.app.build import load
from gateway.cli import check, output, schema
from gateway.cli.context import loaded, opened, site_of
from gateway.config.load import PARTNERS, Site, load_site
from gateway.config.mapping_files import TESTS
from gateway.config.partner import Partner
from gateway.config.problems import suggestion
from gateway.flows import agreed
from gateway.flows.drafts.draft import Draft, DraftedMapping, Sample
from gateway.flows.drafts.partner import drafted, empty
from gateway.flows.tools import drafting
from gateway.kernel.errors import ConfigurationError, GatewayError, NotFoundError, RefusedError, UsageError
from gateway.kernel.ids import PartnerId
from gateway.kernel.problem import Problem
from gateway.mapping.prepare import prepare
from gateway.orders.terms import Terms

LARGEST = 50 * 1024 * 1024


def new(name: str, sample: Path | None, site: Path | None) -> int:
    """Draft a partner; nothing is overwritten, and the site's configuration stays in order."""
    directory = site_of(site)
    configured, _ = load_site(directory, dict(os.environ))
    path = directory / PARTNERS / f"{name}.yaml"
    _new_name(name, path)
    draft = _draft(name, sample, configured)
    steps = [f"look at {path.name}, then run 'gateway config check'; 'status: testing' starts it."]
    if draft.mapping is not None and sample is not None:
        is_complete = _write_mapping(directory, draft.mapping, sample)
        steps.insert(0, _to_do(draft.mapping, sample, is_complete=is_complete))
        draft = draft.completed() if is_complete else draft
    _write(path, (schema.modeline("partner", 1) + draft.text(name, sample.name if sample else "")).encode())
    for note in draft.notes:
        output.talk(note)
    output.talk(f"Next: {' Then '.join(steps)}")
    return 0


def _to_do(mapping: DraftedMapping, sample: Path, *, is_complete: bool) -> str:
    """What is left to do at a drafted mapping."""
    name = mapping.name
    check = "" if is_complete else f"until 'gateway mapping check {name}' finds no error, "
    return f"go through mappings/{name}.yaml line by line, {check}and try it: gateway mapping run {name} {sample}."


def _write_mapping(directory: Path, mapping: DraftedMapping, sample: Path) -> bool:
    """Write a drafted mapping with the sample as its first test; whether it can be used as it is."""
    mappings = directory / "mappings"
    path = mappings / f"{mapping.name}.yaml"
    _write(path, (schema.modeline("mapping", mapping.name.count("/") + 1) + mapping.text).encode())
    _write(path.with_suffix(TESTS) / "first" / f"input{sample.suffix or '.txt'}", _content(sample))
    prepared, _ = prepare(mapping.name, site_mappings=mappings)
    return prepared is not None


def list_all(site: Path | None, *, as_json: bool) -> int:
    """Every partner with what is done with them."""
    found = [_row(partner) for _, partner in sorted(_site(site).partners.items())]
    if as_json:
        output.data(found)
    else:
        output.table(found, ("partner", "name", "kind", "status", "in", "out"), may_go=("kind", "name"))
        output.suggest(f"gateway partner show {found[0]['partner'] if found else 'NAME'}")
    return 0


def show(name: str, site: Path | None, *, as_json: bool) -> int:
    """One partner with every value that counts, those by default as well."""
    bench = opened(site)
    partner = _partner(bench.site, name)
    values = partner.model_dump(mode="json", by_alias=True, exclude_none=True)
    with bench.store.unit() as work:
        origins = _effective(values, agreed.terms(bench, work, partner))
    if as_json:
        output.data({**values, "origins": origins})
    else:
        for line in _lines(values, ""):
            origin = origins.get(line.partition(": ")[0])
            output.line(f"{line}  ({origin})" if origin else line)
    return 0


PLACES = {
    "credit_limit": ("credit", "limit"), "credit_status": ("credit", "status"), "credit_group": ("credit", "group"),
    "price_list": ("price_list",), "net_days": ("payment", "net_days"),
}  # fmt: skip
"""Where the partner file says what the house may say otherwise."""


def _effective(values: dict[str, Any], terms: Terms) -> dict[str, str]:
    """Put what the house says in the place of what the partner file says; where each value that it says is from."""
    origins: dict[str, str] = {}
    for name, origin in terms.origins.items():
        place = values["terms"]
        *heads, last = PLACES[name]
        for head in heads:
            place = place.setdefault(head, {})
        before = f"; the partner file says {place[last]}" if place.get(last) not in (None, "") else ""
        value = getattr(terms, name)
        place[last] = value if isinstance(value, int) else str(value)
        origins[".".join(("terms", *PLACES[name]))] = f"{origin}{before}"
    return origins


def check_one(name: str, site: Path | None, *, as_json: bool) -> int:
    """What is wrong with a partner and the mappings it uses; 1 when there is an error."""
    directory = site_of(site)
    if not (directory / PARTNERS / f"{name}.yaml").is_file():
        raise _missing(name, [path.stem for path in (directory / PARTNERS).glob("*.yaml")])
    partner: Partner | None = None
    try:
        ready = load(directory, dict(os.environ))
    except ConfigurationError as broken:
        problems = broken.problems
    else:
        problems, partner = ready.warnings, ready.site.partners.get(PartnerId(name))
    code = check.told(tuple(each for each in problems if _concerns(each, name)), as_json=as_json)
    if code == 0 and partner is not None and not as_json:
        check.next_steps([partner])
    return code


def _concerns(problem: Problem, name: str) -> bool:
    other = problem.file.startswith(f"{PARTNERS}/") and problem.file != f"{PARTNERS}/{name}.yaml"
    foreign = problem.file.startswith("mappings/") and not problem.file.startswith(f"mappings/{name}/")
    return not other and not foreign


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
        raise UsageError(f"{found}.", next_step="Give another sample, or none: 'gateway partner new NAME'.")
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


def _site(site: Path | None) -> Site:
    return loaded(site).site


def _partner(site: Site, name: str) -> Partner:
    found = site.partners.get(PartnerId(name))
    if found is None:
        raise _missing(name, list(site.partners))
    return found


def _missing(name: str, known: list[str]) -> NotFoundError:
    hint = suggestion(name, known)
    return NotFoundError(
        f"There is no partner '{name}'.", next_step=hint[:1].upper() + hint[1:] or "See 'gateway partner list'."
    )


def _row(partner: Partner) -> dict[str, Any]:
    uses = partner.uses()
    return {
        "partner": partner.partner, "name": partner.name, "kind": partner.kind, "status": partner.status,
        "in": [use.mapping for use in uses if use.direction == "in"],
        "out": [use.mapping for use in uses if use.direction == "out"],
    }  # fmt: skip


def _lines(values: Mapping[str, Any], before: str) -> list[str]:
    """``terms.payment.net_days: 30``, one value a line."""
    lines: list[str] = []
    for key, value in values.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            lines += _lines(value, f"{name}.")
        elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            for number, each in enumerate(value, 1):
                lines += _lines(each, f"{name}[{number}].")
        elif value not in ("", []):
            lines.append(f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}")
    return lines
