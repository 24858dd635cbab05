"""gateway.yaml: who we are and where things are."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from pydantic import Field

from gateway.canonical.parts import Party
from gateway.canonical.registry import DOCUMENTS
from gateway.config.alerts import Alerts, Mail
from gateway.config.finding import FILE
from gateway.config.located import Section
from gateway.config.marks import ForEach, KnownKey
from gateway.config.sftp_server import SftpServer
from gateway.config.values import (
    Address,
    CompanyPrefix,
    Currency,
    Duration,
    FieldName,
    InterchangeId,
    PluginName,
    Qualifier,
    Size,
    Zone,
    duration,
    size,
)
from gateway.kernel.errors import ConfigurationError
from gateway.kernel.problem import Problem


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
        if self.gs1_prefix and self.format:
            return self
        if not self.gs1_prefix and not self.format:
            return others
        own = self if self.gs1_prefix else others
        return Labels(
            gs1_prefix=own.gs1_prefix, extension_digit=own.extension_digit, format=self.format or others.format
        )


class Database(Section):
    """Where the database is; empty: var/gateway.db of the site. A password stands in a file of its own."""

    url: str = ""
    password_file: str = ""

    def with_password(self) -> str:
        """The address with the password of the file, where one is named; raises ConfigurationError when there is none."""
        if not self.password_file:
            return self.url
        try:
            password = Path(self.password_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not text"
            said = f"the password of the database cannot be read from {self.password_file}: {why}"
            raise ConfigurationError(
                (Problem(FILE, 1, 1, "P003", said, "look at 'database.password_file'"),)
            ) from error
        parts = urlsplit(self.url)
        user, at, host = parts.netloc.rpartition("@")
        name = user.partition(":")[0]
        return urlunsplit(parts._replace(netloc=f"{name}:{quote(password, safe='')}{at}{host}")) if at else self.url


class Run(Section):
    """How 'gateway run' works: where it tells its health, when it counts as stuck, how much is done at once.

    Up to ``batch_files`` files of at most ``small_file`` that lie in a folder together are one batch; it is closed
    after ``batch_age``. An X12 file of more than ``slice_orders`` sets is taken in slices of so many. A file of more than
    ``file_limit`` is not taken.
    """

    health: Address = ""
    stuck_after: Duration = "10m"
    disk_reserve: Size = "200MB"
    bundle_documents: Annotated[int, Field(ge=1, le=9999)] = 1000
    workers: Annotated[int, Field(ge=1, le=64)] = 4
    batch_files: Annotated[int, Field(ge=1, le=1000)] = 100
    batch_age: Duration = "200ms"
    small_file: Size = "32kB"
    slice_orders: Annotated[int, Field(ge=1, le=1000)] = 1000
    file_limit: Size = "2GB"

    def stuck_seconds(self) -> float:
        """After how many seconds without a turn something is stuck."""
        return duration(self.stuck_after).total_seconds()

    def reserve(self) -> int:
        """How many bytes of a disk are to stay free."""
        return size(self.disk_reserve)

    def batch_seconds(self) -> float:
        """How long a batch of small files waits for more."""
        return duration(self.batch_age).total_seconds()

    def limit(self) -> int:
        """How many bytes a file may have, where its channel says nothing."""
        return size(self.file_limit)

    def small_bytes(self) -> int:
        """The size up to which a file is small."""
        return size(self.small_file)


class SecondOpinion(Section):
    """How often the independent engine looks at what leaves: until ``first`` in a row passed, then a ``sample`` of all.

    ``{first: 0, sample: 0}`` never asks it, ``{sample: 1}`` always.
    """

    first: Annotated[int, Field(ge=0)] = 25
    sample: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.002")


CustomFields = Annotated[dict[Annotated[str, KnownKey(DOCUMENTS)], tuple[FieldName, ...]], ForEach(DOCUMENTS)]


class Logging(Section):
    """What 'gateway run' logs to stderr, and how; whoever runs it keeps and rotates it.

    Without ``level`` a gateway that stays says what it does (info), and ``run --once`` only what is wrong (warning).
    ``auto`` is text on a terminal and JSON elsewhere.
    """

    level: Literal["info", "warning", "error"] | None = None
    format: Literal["auto", "json", "text"] = "auto"


class Policy(Section):
    """What we ask of our own mappings."""

    require_tests: bool = False


class Retention(Section):
    """How long what is only looked at is kept; orders, invoices, events and the audit trail are never removed."""

    archive: Duration = "400d"
    dispatches: Duration = "400d"
    attempts: Duration = "90d"
    alerts: Duration = "400d"
    notices: Duration = "90d"


class Settings(Section):
    """The whole of gateway.yaml."""

    later: ClassVar[Mapping[str, str]] = {
        "engine": "how much is done at once is said under 'run'",
        "auth": "whoever may log in to this machine and read the site may do everything",
    }

    gateway: Literal["1"] = "1"
    us: Us | None = None
    labels: Labels = Labels()
    time_zone: Zone = "UTC"
    currency: Currency = "USD"
    database: Database = Database()
    run: Run = Run()
    grace: Duration = "15m"
    second_opinion: SecondOpinion = SecondOpinion()
    allow_plugins: tuple[PluginName, ...] = ()
    custom_fields: CustomFields = Field(default_factory=dict)
    settings: Policy = Policy()
    sftp_server: SftpServer = SftpServer()
    mail: Mail | None = None
    alerts: Alerts = Alerts()
    retention: Retention = Retention()
    logging: Logging = Logging()

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
        """The URL of the database; a relative SQLite file is meant within the site, whose folder may have any name."""
        url = self.database.with_password() or "sqlite:///var/gateway.db"
        relative = url.removeprefix("sqlite:///")
        if relative == url or relative.startswith("/"):
            return url
        site = str(directory).replace("%", "%25").replace("?", "%3F")  # of a URL only these two mean something else
        return f"sqlite:///{site}/{relative}"

    def grace_period(self) -> timedelta:
        """How long a visibly incomplete file may wait for its end."""
        return duration(self.grace)
