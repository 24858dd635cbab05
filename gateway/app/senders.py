"""What sends over which route of alerts: mail through the server of gateway.yaml, webhooks, each with its secret."""

from collections.abc import Callable, Mapping

from gateway.config.alerts import Route
from gateway.config.load import Site
from gateway.config.values import duration
from gateway.flows.alert_ports import Sender
from gateway.flows.alerting.routing import ways
from gateway.flows.workbench import no_sender
from gateway.kernel.clock import Clock
from gateway.kernel.errors import NotFoundError


def senders(site: Site, environ: Mapping[str, str], clock: Clock) -> Callable[[str], Sender]:
    """What makes the sender of a route; its secret is read when it is made, so that a new one needs no new start."""

    def sender(route: str) -> Sender:
        way = ways(site).get(route)
        return no_sender(route) if way is None else _sender(site, way.route, environ, clock)

    return sender


def _sender(site: Site, route: Route, environ: Mapping[str, str], clock: Clock) -> Sender:
    if route.webhook is not None:
        from gateway.transports.webhook import WebhookSender  # noqa: PLC0415 - http and ssl take time to import

        secret = route.webhook.secret.value(site.directory, environ)
        return WebhookSender(route.webhook.url, secret, clock, site.settings.alerts.allow_hosts)
    from gateway.transports.mail import MailSender, MailServer  # noqa: PLC0415 - same

    mail = site.settings.mail
    if mail is None:
        raise NotFoundError("gateway.yaml has no section 'mail'.", next_step="Write 'mail: {host: ..., from: ...}'.")
    password = mail.password.value(site.directory, environ) if mail.password is not None else ""
    server = MailServer(
        mail.host, mail.at_port(), mail.security, duration(mail.timeout).total_seconds(), mail.user or "", password
    )
    return MailSender(server, mail.from_, route.to, clock)
