"""What ``gateway config show`` prints: every setting of the site, or of a partner, with its origin."""

import os
from dataclasses import asdict
from pathlib import Path

from gateway.cli import output
from gateway.cli.context import loaded
from gateway.config.load import Site
from gateway.config.origins import Setting, partner_with_origin, settings_with_origin
from gateway.config.problems import suggestion
from gateway.kernel.errors import NotFoundError
from gateway.kernel.ids import PartnerId


def show(site: Path | None, partner: str, *, everything: bool, as_json: bool) -> int:
    """Print the settings."""
    ready = loaded(site)
    found = _of_partner(ready.site, partner) if partner else _of_site(ready.site)
    rows = [asdict(each) for each in found]
    if as_json:
        output.data(rows)
        return 0
    output.table([row for row in rows if row["value"] or everything], ["name", "value", "origin"])
    return 0


def _of_site(site: Site) -> list[Setting]:
    return settings_with_origin(site.directory, site.settings, os.environ)


def _of_partner(site: Site, name: str) -> list[Setting]:
    found = site.partners.get(PartnerId(name))
    if found is None:
        hint = suggestion(name, list(site.partners))
        raise NotFoundError(
            f"There is no partner '{name}'.", next_step=hint[:1].upper() + hint[1:] or "See 'gateway partner list'."
        )
    return partner_with_origin(site.directory, found, site.settings)
