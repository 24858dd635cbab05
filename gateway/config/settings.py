"""gateway.yaml: who we are and where things are; the only reader of the environment."""

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from gateway.canonical.parts import Party
from gateway.canonical.registry import DOCUMENTS
from gateway.config.located import Section
from gateway.config.marks import ForEach, KnownKey
from gateway.kernel.errors import NotFoundError

FILE = "gateway.yaml"
_DURATION = re.compile(r"(\d{1,6})\s?([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def zone(value: str) -> str:
    """A time zone of the tz database."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"'{value}' is not a time zone; write it like America/Chicago") from error
    return value


def duration(value: str) -> timedelta:
    """``20s 5m 24h 3d`` as a duration; raises ValueError for anything else.

    >>> duration("5m")
    datetime.timedelta(seconds=300)
    """
    match = _DURATION.fullmatch(value)
    if match is None:
        raise ValueError(f"'{value}' is not a duration; write it like 20s, 5m, 24h or 3d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _duration_text(value: str) -> str:
    duration(value)
    return value


def currency(value: str) -> str:
    """An ISO 4217 code."""
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError(f"'{value}' is not a currency; write it like USD")
    return value


def company_prefix(value: str) -> str:
    """A GS1 company prefix, or empty for none."""
    if value and not re.fullmatch(r"[0-9]{6,12}", value):
        raise ValueError(f"'{value}' is not a GS1 company prefix; it has 6 to 12 digits")
    return value


def _field_name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", value):
        raise ValueError(f"'{value}' cannot name a field; it has small letters, digits and _, a letter first")
    return value


def _plugin(value: str) -> str:
    if not value.isidentifier():
        hint = "; it is the name of a function, never a module" if "." in value or ":" in value else ""
        raise ValueError(f"'{value}' is not the name of a plug-in{hint}")
    return value


def interchange_id(value: str) -> str:
    """An id that fits into ISA06 and ISA08."""
    if not 0 < len(value) <= 15 or not value.isprintable():  # noqa: PLR2004 - ISA06 has 15 characters
        raise ValueError(f"'{value}' does not fit into an interchange header; it has 1 to 15 characters")
    return value


Zone = Annotated[str, AfterValidator(zone)]
Duration = Annotated[str, AfterValidator(_duration_text)]
Currency = Annotated[str, AfterValidator(currency)]
CompanyPrefix = Annotated[str, AfterValidator(company_prefix)]
InterchangeId = Annotated[str, AfterValidator(interchange_id)]
Qualifier = Annotated[str, Field(pattern=r"^[0-9A-Z]{2}$")]


class Us(Section):
    """Our identity towards partners: ISA qualifier and id, GS id (the same if empty), and our name and address."""

    qualifier: Qualifier = "ZZ"
    id: InterchangeId
    group_id: str = ""
    name: str = ""
    address1: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Labels(Section):
    """What carton numbers are made of: our GS1 company prefix and the extension digit; how labels are printed."""

    gs1_prefix: CompanyPrefix = ""
    extension_digit: Annotated[str, Field(pattern=r"^\d$")] = "0"
    format: Literal["zpl"] | None = None

    def over(self, others: "Labels") -> "Labels":
        """These where they say something, else the others."""
        own = self if self.gs1_prefix else others
        return Labels(
            gs1_prefix=own.gs1_prefix, extension_digit=own.extension_digit, format=self.format or others.format
        )


class Database(Section):
    """Where the database is; empty: var/gateway.db of the site."""

    url: str = ""


class SecondOpinion(Section):
    """How often the independent engine looks at what leaves: until ``first`` in a row passed, then a ``sample`` of all.

    ``{first: 0, sample: 0}`` never asks it, ``{sample: 1}`` always.
    """

    first: Annotated[int, Field(ge=0)] = 25
    sample: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.002")


FieldName = Annotated[str, AfterValidator(_field_name)]
CustomFields = Annotated[dict[Annotated[str, KnownKey(DOCUMENTS)], tuple[FieldName, ...]], ForEach(DOCUMENTS)]


class Policy(Section):
    """What we ask of our own mappings."""

    require_tests: bool = False


class Settings(Section):
    """The whole of gateway.yaml."""

    later: ClassVar[tuple[str, ...]] = (
        "engine", "sftp_server", "auth", "mail", "disk_reserve", "retention", "logging"
    )  # fmt: skip

    gateway: Literal["1"] = "1"
    us: Us | None = None
    labels: Labels = Labels()
    time_zone: Zone = "UTC"
    currency: Currency = "USD"
    database: Database = Database()
    grace: Duration = "15m"
    second_opinion: SecondOpinion = SecondOpinion()
    allow_plugins: tuple[Annotated[str, AfterValidator(_plugin)], ...] = ()
    custom_fields: CustomFields = Field(default_factory=dict)
    settings: Policy = Policy()

    def zone(self) -> ZoneInfo:
        """Our own time zone."""
        return ZoneInfo(self.time_zone)

    def our_party(self) -> Party:
        """Who we are, as a party of a document."""
        us = self.us
        if us is None:
            return Party()
        return Party(
            id=us.id, name=us.name or us.id, address1=us.address1, city=us.city, state=us.state,
            postal_code=us.postal_code, country=us.country,
        )  # fmt: skip

    def database_url(self, directory: Path) -> str:
        """The URL of the database; a relative SQLite file is meant within the site."""
        url = self.database.url
        if not url:
            return f"sqlite:///{directory / 'var' / 'gateway.db'}"
        relative = url.removeprefix("sqlite:///")
        return (
            f"sqlite:///{directory / relative}"
            if url.startswith("sqlite:///") and not relative.startswith("/")
            else url
        )

    def grace_period(self) -> timedelta:
        """How long a visibly incomplete file may wait for its end."""
        return duration(self.grace)


def from_environment(environ: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What the environment says instead of gateway.yaml."""
    url = environ.get("GATEWAY_DATABASE__URL", "")
    return {"database": {"url": url}} if url else {}


def find_site(cwd: Path, explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """The folder of the site: named, from GATEWAY_CONFIG, or the nearest gateway.yaml from here upwards.

    Raises NotFoundError when there is none.
    """
    named = explicit or (Path(environ["GATEWAY_CONFIG"]) if environ.get("GATEWAY_CONFIG") else None)
    if named is not None:
        folder = named.parent if named.name == FILE else named
        if (folder / FILE).is_file():
            return folder.resolve()
        raise NotFoundError(
            f"There is no {FILE} in {folder}.", next_step="Name a site's folder, or make one with: gateway init DIR"
        )
    for folder in (cwd, *cwd.parents):
        if (folder / FILE).is_file():
            return folder.resolve()
    raise NotFoundError(
        f"There is no {FILE} here or above.", next_step="Say --site DIR, or make a site with: gateway init DIR"
    )
