"""What the tools for mappings work on: the mappings of a site, or the built-in ones where there is no site."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gateway.config import mapping_files
from gateway.config.load import Site
from gateway.config.mapping_reading import load_spec
from gateway.config.mapping_spec import MappingSpec
from gateway.config.partner import Partner
from gateway.config.problems import suggestion
from gateway.kernel.errors import ConfigurationError, GatewayError, NotFoundError
from gateway.kernel.ids import PartnerId
from gateway.kernel.problem import Problem, has_errors
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import PreparedMapping, prepare


@dataclass(frozen=True, slots=True)
class Desk:
    """The folder of the site's mappings and, where its configuration can be read, the site; ``today`` for mappings."""

    mappings: Path | None
    today: date
    site: Site | None = None

    def own(self) -> list[str]:
        """The names of the site's own mappings."""
        return mapping_files.site_names(self.mappings) if self.mappings is not None else []

    def looked_at(self, name: str) -> tuple[PreparedMapping | None, tuple[Problem, ...]]:
        """A mapping with everything that is wrong with it."""
        if self.site is None:
            return prepare(name, site_mappings=self.mappings)
        said = self.site.settings
        return prepare(
            name, site_mappings=self.mappings, allow_plugins=said.allow_plugins, custom_fields=said.custom_fields,
            require_tests=said.settings.require_tests,
        )  # fmt: skip

    def spec(self, name: str) -> MappingSpec:
        """A mapping as it takes effect; raises when there is none or it cannot be read."""
        found, problems = load_spec(name, site_mappings=self.mappings)
        if found is None or has_errors(problems):
            raise self._broken(name, problems)
        return found

    def chain(self, name: str) -> tuple[str, ...]:
        """The names that a mapping builds on, itself last; it alone where it cannot be read."""
        found, _ = load_spec(name, site_mappings=self.mappings)
        return found.chain if found is not None else (name,)

    def prepared(self, name: str) -> PreparedMapping:
        """A mapping ready to run; raises NotFoundError, or ConfigurationError with every problem."""
        found, problems = self.looked_at(name)
        if found is None or has_errors(problems):
            raise self._broken(name, problems)
        return found

    def folder(self) -> Path:
        """The folder of the site's mappings; raises NotFoundError where there is no site."""
        if self.mappings is None:
            raise NotFoundError(
                "There is no site here.", next_step="Say which with --site DIR, or make one: 'gateway init'."
            )
        return self.mappings

    def partner(self, name: str) -> Partner:
        """A partner of the site; raises NotFoundError."""
        found = self.site.partners.get(PartnerId(name)) if self.site is not None else None
        if found is None:
            raise NotFoundError(f"There is no partner '{name}'.", next_step="Look into the folder 'partners'.")
        return found

    def users(self, name: str) -> list[str]:
        """The partners whose files name a mapping."""
        found = self.site.references if self.site is not None else ()
        return sorted({str(each.partner) for each in found if each.use.mapping == name})

    def environment(self, partner: str, params: dict[str, str], file_name: str) -> Environment:
        """What a mapping sees besides its document: of a partner, and what was said on the command line."""
        if not partner or self.site is None:
            return Environment(params=params, today=self.today, file_name=file_name)
        of_partner = self.partner(partner)
        return Environment(
            params={**of_partner.params, "id": partner, **params}, today=self.today, file_name=file_name,
            zone=self.site.zone_of(of_partner),
        )  # fmt: skip

    def missing(self, name: str) -> NotFoundError:
        """There is no mapping of this name; with the nearest one there is."""
        hint = suggestion(name, mapping_files.names(self.mappings))
        step = f"{hint[:1].upper()}{hint[1:]}" if hint else "'gateway mapping list' shows all there are."
        return NotFoundError(f"There is no mapping '{name}'.", next_step=step)

    def _broken(self, name: str, problems: tuple[Problem, ...]) -> GatewayError:
        is_missing = mapping_files.find(name, self.mappings)[0] is None
        return self.missing(name) if is_missing else ConfigurationError(problems)
