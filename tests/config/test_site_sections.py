"""The sections of gateway.yaml about the world outside: the SFTP server, mail, alerts, retention."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from gateway.config.load import load_site
from gateway.config.settings import Settings

US = "gateway: 1\nus: {qualifier: ZZ, id: NORTHWIND}\n"
MAIL = "mail: {host: mail.example.com, from: edi@example.com}\n"
HOOK = "webhook: {url: 'https://hooks.example.com/edi', secret: {env: HOOK}}"


def shown(folder: Path, text: str) -> list[str]:
    (folder / "gateway.yaml").write_text(US + text)
    return [str(problem).removeprefix("gateway.yaml:") for problem in load_site(folder, {})[1]]


def settings(folder: Path, text: str, **environ: str) -> Settings:
    assert shown(folder, text) == []
    site, _ = load_site(folder, environ)
    assert site is not None
    return site.settings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("engine: {}\n", "3:1: error P001: 'engine' is not obeyed by this version yet\n    hint: remove it; how much is done at once is said under 'run'"),
        ("auth: {}\n", "3:1: error P001: 'auth' is not obeyed by this version yet\n    hint: remove it; whoever may log in to this machine and read the site may do everything"),
        ("run: {file_limit: 2}\n", "3:19: error P003: 'file_limit': '2' is not a size; write it like 32kB, 200MB or 2GB"),
        ("sftp_server: {listen: 2222}\n", "3:23: error P003: 'listen': '2222' is not an address to listen on; write it like 127.0.0.1:8088"),
        ("sftp_server: {rate: fast}\n", "3:21: error P003: 'rate': 'fast' is not a rate; write it like 100/m, with s, m or h"),
        ("sftp_server: {ban: {for: ever}}\n", "3:26: error P003: 'for': 'ever' is not a duration; write it like 20s, 5m, 24h or 3d"),
        ("sftp_server: {ban: {afer: 3}}\n", "3:21: error P001: 'afer' is not a key here\n    hint: did you mean 'after'?"),
        ("mail: {from: edi@example.com}\n", "3:7: error P002: the key 'host' is missing"),
        ('mail: {host: m, from: "edi@example.com\\nBcc: all@example.com"}\n', "3:23: error P003: 'from': 'edi@example.com\nBcc: all@example.com' is not a mail address; write it like edi@example.com"),
        ("mail: {host: m, from: a@b.c, user: x}\n", "3:7: error P003: 'mail': 'user' and 'password' belong together"),
        ("mail: {host: m, from: a@b.c, user: x, password: {env: P}, security: none}\n", "3:7: error P003: 'mail': a password never leaves in clear; write 'security: starttls' or 'tls'"),
        ("mail: {host: m, from: a@b.c, password: hunter2, user: x}\n", "3:40: error P003: 'password': a secret stands in a file or in the environment, never here; write {file: PATH} or {env: NAME}"),
        ("alerts: {routes: [{name: a, to: x@y.z}]}\n", "3:33: error P004: nobody could send it: gateway.yaml has no section 'mail'\n    hint: write 'mail: {host: ..., from: ...}' in gateway.yaml"),
        ("alerts: {routes: [{name: a}]}\n", "3:19: error P003: 'routes': it leads to one kind of place: write 'to' with mail addresses, or 'webhook'"),
        ("alerts: {routes: [{name: a, webhook: {url: 'http://h/', secret: {env: S}}}]}\n", "3:44: error P003: 'url': a webhook has an address like https://hooks.example.com/edi, without a name or password in it"),
        (f"alerts: {{routes: [{{name: a, {HOOK}}}, {{name: a, {HOOK}}}]}}\n", "error P004: two routes are called 'a'"),
        (f"alerts: {{routes: [{{name: a, {HOOK}, severity: bad}}]}}\n", "error P003: 'severity' is one of info, warning, error, critical, not 'bad'"),
        (f"alerts: {{routes: [{{name: a, {HOOK}, partners: [acme]}}]}}\n", "error P004: there is no partner 'acme'"),
        (f"alerts: {{digest: {{route: opps}}, routes: [{{name: ops, {HOOK}}}]}}\n", "error P004: there is no route 'opps'\n    hint: did you mean 'ops'?"),
        ("alerts: {digest: {at: '7:00', route: a}}\n", "error P003: 'at': '7:00' is not a time of day; write it like 08:00"),
        ("retention: {archive: always}\n", "3:22: error P003: 'archive': 'always' is not a duration; write it like 20s, 5m, 24h or 3d"),
        ("retention: {audit: 1d}\n", "3:13: error P001: 'audit' is not a key here"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place_in_words(tmp_path: Path, text: str, expected: str) -> None:
    (found,) = shown(tmp_path, text)

    assert found.endswith(expected)


def test_the_defaults_are_those_of_the_page(tmp_path: Path) -> None:
    found = settings(tmp_path, MAIL)
    server, kept = found.sftp_server, found.retention

    assert (server.listen, server.quota_bytes(), server.files, server.connections()) == ("", 10**9, 10000, (100, 60))
    assert (server.ban.after, server.ban.period(), server.idle_seconds(), server.sessions) == (
        10, timedelta(hours=1), 600, 20
    )  # fmt: skip
    assert (kept.archive, kept.dispatches, kept.attempts, kept.alerts, kept.notices) == (
        "400d", "400d", "90d", "400d", "90d"
    )  # fmt: skip
    assert found.mail is not None
    assert (found.mail.security, found.mail.at_port(), found.mail.timeout) == ("starttls", 587, "20s")
    assert (found.alerts.routes, found.alerts.digest, found.alerts.reminder()) == ((), None, timedelta(days=1))
    assert found.run.limit() == 2 * 10**9


@pytest.mark.parametrize(("security", "port"), [("none", 25), ("starttls", 587), ("tls", 465)])
def test_the_port_of_mail_is_that_of_the_connection_unless_it_is_said(tmp_path: Path, security: str, port: int) -> None:
    found = settings(tmp_path, MAIL.replace("}", f", security: {security}}}")).mail
    said = settings(tmp_path, MAIL.replace("}", f", security: {security}, port: 2525}}")).mail

    assert found is not None
    assert said is not None
    assert (found.at_port(), said.at_port()) == (port, 2525)


def test_routes_and_the_digest_are_read(tmp_path: Path) -> None:
    text = MAIL + (
        f"alerts: {{routes: [{{name: ops, to: [a@example.com, b@example.com], severity: error}}, {{name: hook, {HOOK}, documents: [order]}}], "
        "digest: {route: ops}, allow_hosts: [10.0.0.5]}\n"
    )
    alerts = settings(tmp_path, text).alerts
    ops, hook = alerts.routes

    assert (ops.to, ops.severity, ops.webhook) == (("a@example.com", "b@example.com"), "error", None)
    assert (hook.severity, hook.documents) == ("warning", ("order",))
    assert hook.webhook is not None
    assert hook.webhook.secret.value(tmp_path, {"HOOK": "s"}) == "s"
    assert alerts.digest is not None
    assert (alerts.digest.moment(), alerts.allow_hosts) == (time(7), ("10.0.0.5",))


def test_the_environment_says_where_the_server_listens(tmp_path: Path) -> None:
    text = "sftp_server: {listen: '127.0.0.1:2222', ban: {for: 2h}, files: 5}\n"
    found = settings(tmp_path, text, GATEWAY_SFTP_SERVER__LISTEN="0.0.0.0:22").sftp_server

    assert (found.listen, found.ban.for_, found.files) == ("0.0.0.0:22", "2h", 5)
