"""Looks over the network, only when asked for: the servers of partners, and the server that takes our mail."""

import socket
from collections.abc import Iterator

from gateway.app import repairs, servers
from gateway.app.examining.finding import Case, Finding, fine, problem
from gateway.config.values import duration


def partner_servers(case: Case) -> Iterator[Finding]:
    """Connect to each server, prove whose it is, log in and look at the folder; nothing is taken or sent."""
    site = case.site
    if site is None:
        return
    for partner in site.partners.values():
        if not partner.is_in_use:
            continue
        for channel in (*partner.inlets(), *partner.outlets()):
            if channel.kind == "directory":
                continue
            result = servers.tested(site, partner, channel, write=False)
            if result.error is None:
                yield fine("server", f"{channel.key}: {', '.join(result.passed)}")
            else:
                repair = repairs.of_channel(site, partner, channel, result.passed)
                yield problem("server", f"{channel.key}: {result.error.sentence}", repair)


def mail_server(case: Case) -> Iterator[Finding]:
    """Whether the mail server can be reached; nothing is sent."""
    mail = case.site.settings.mail if case.site is not None else None
    if mail is None:
        return
    where = f"{mail.host}:{mail.at_port()}"
    try:
        with socket.create_connection((mail.host, mail.at_port()), duration(mail.timeout).total_seconds()):
            yield fine("mail server", f"{where} answers")
    except OSError as error:
        repair = "correct 'mail.host' in gateway.yaml, or ask who runs it; then: gateway alerts test ROUTE"
        yield problem("mail server", f"{where} cannot be reached: {error.strerror or error}.", repair)
