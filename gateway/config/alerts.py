"""Who is told when something needs a person: mail, routes, digest of gateway.yaml, and the addresses of a partner."""

from datetime import time, timedelta
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from gateway.config.located import Section
from gateway.config.marks import OneOrMany
from gateway.config.partner_documents import DocumentName
from gateway.config.secrets import Secret
from gateway.config.values import Duration, Host, MailAddress, Port, TimeOfDay, Word, duration, moment_of_day

Severity = Literal["info", "warning", "error", "critical"]
_PORTS = {"none": 25, "starttls": 587, "tls": 465}


def _https(value: str) -> str:
    parts = urlsplit(value)
    if (
        parts.scheme != "https"
        or not parts.hostname
        or "@" in parts.netloc
        or parts.fragment
        or not value.isprintable()
    ):
        raise ValueError(
            "a webhook has an address like https://hooks.example.com/edi, without a name or password in it"
        )
    return value


class Mail(Section):
    """The server mail is handed to, and who it is from."""

    host: Host
    port: Port | None = None
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str | None = None
    password: Secret | None = None
    from_: MailAddress = Field(alias="from")
    timeout: Duration = "20s"

    @model_validator(mode="after")
    def _logs_in(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("'user' and 'password' belong together")
        if self.password is not None and self.security == "none":
            raise ValueError("a password never leaves in clear; write 'security: starttls' or 'tls'")
        return self

    def at_port(self) -> int:
        """The port of the server: that of the kind of connection where none is said."""
        return self.port or _PORTS[self.security]


class Webhook(Section):
    """An address that is told by HTTPS, each message signed with the secret."""

    url: Annotated[str, AfterValidator(_https)]
    secret: Secret


class Route(Section):
    """Whom to tell of which alerts; what is empty means all."""

    name: Word
    to: Annotated[tuple[MailAddress, ...], OneOrMany()] = ()
    webhook: Webhook | None = None
    partners: tuple[Word, ...] = ()
    documents: tuple[DocumentName, ...] = ()
    severity: Severity = "warning"
    kinds: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if bool(self.to) == (self.webhook is not None):
            raise ValueError("it leads to one kind of place: write 'to' with mail addresses, or 'webhook'")
        return self


class Digest(Section):
    """All that is open, once a day through one of the routes, at a time of the site's zone."""

    at: TimeOfDay = "07:00"
    route: Word

    def moment(self) -> time:
        """When it leaves, in the site's zone."""
        return moment_of_day(self.at)


class Alerts(Section):
    """The routes, the digest, after how long an open alert is told again, and which private machines a webhook may reach."""

    routes: tuple[Route, ...] = ()
    digest: Digest | None = None
    remind: Duration = "24h"
    allow_hosts: tuple[Host, ...] = ()

    def reminder(self) -> timedelta:
        """After how long an open alert is told again."""
        return duration(self.remind)


class PartnerAlerts(Section):
    """Who is told, besides the routes, of what concerns this partner."""

    to: Annotated[tuple[MailAddress, ...], OneOrMany()] = ()
