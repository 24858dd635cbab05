"""The commands that list, show and check partners."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateway.app.build import load
from gateway.cli import check, output
from gateway.cli.context import loaded, opened, site_of
from gateway.config.load import PARTNERS, Site
from gateway.config.partner import Partner
from gateway.config.problems import suggestion
from gateway.flows import agreed
from gateway.kernel.errors import ConfigurationError, NotFoundError
from gateway.kernel.ids import PartnerId
from gateway.kernel.problem import Problem
from gateway.orders.terms import Terms


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
