"""What the commands about our SFTP server do."""

import getpass
import sys
from pathlib import Path
from typing import Any

from gateway.app import logs, sftp_host
from gateway.app.run import by_hand
from gateway.cli import output
from gateway.cli.context import opened, site_of
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import NotFoundError, UsageError
from gateway.transports.server import keys
from gateway.transports.server.limits import source
from gateway.transports.server.login import Login
from gateway.transports.server.login import hash_password as hashed

SHORTEST = 12


def show(site: Path | None, *, as_json: bool) -> int:
    """What a partner asks and what we want to know."""
    bench = opened(site)
    line = keys.public_line(sftp_host.key_folder(bench.site))
    with bench.store.unit() as work:
        banned = work.bans.banned(system_clock())
    logins = [
        {**_login(each), "sees": list(sftp_host.places_of(bench.site, each))}
        for each in sftp_host.logins_of(bench.site)
    ]
    found: dict[str, Any] = {
        "listen": bench.site.settings.sftp_server.listen or None, "host_key": line or None,
        "fingerprint": keys.fingerprint(line) if line else None, "logins": logins,
        "banned": [
            {"address": each.address, "failures": each.failures, "until": f"{each.banned_until:%Y-%m-%dT%H:%M:%SZ}"}
            for each in banned
        ],
    }  # fmt: skip
    if as_json:
        output.data(found)
        return 0
    output.line(
        f"Listens on {found['listen']}." if found["listen"] else "Off: 'sftp_server.listen' of gateway.yaml is empty."
    )
    output.line(f"Host key: {line}" if line else "Host key: none yet; it is made when 'gateway run' starts first.")
    if line:
        output.line(f"          {found['fingerprint']}")
    output.line()
    if logins:
        output.table(logins, ["user", "partner", "keys", "password", "sees"], may_go=["keys", "sees"])
    else:
        output.line("Nobody may log in: no partner file has a section 'sftp'.")
    if banned:
        output.line()
        output.table(found["banned"], ["address", "failures", "until"])
    return 0


def _login(login: Login) -> dict[str, Any]:
    return {
        "user": login.user, "partner": login.partner, "keys": len(login.keys),
        "password": "yes" if login.password_hash else "no",
    }  # fmt: skip


def hash_password(*, as_json: bool) -> int:
    """A password never stands on a command line, and only its hash in a file."""
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            raise UsageError("The two passwords are not the same.", next_step="Try again.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST:
        raise UsageError(f"A password has {SHORTEST} characters at least.", next_step="Take a longer one, or a key.")
    if as_json:
        output.data({"password_hash": hashed(password)})
    else:
        output.line(hashed(password))
        output.suggest("gateway config check")
    return 0


def unban(address: str, note: str, site: Path | None, who: str, *, as_json: bool) -> int:
    """Hear an address again, and say who wanted that."""
    logs.configure(verbose=False)
    network = address if address.endswith("/64") else source(address)
    with by_hand(site_of(site)):
        bench = opened(site)
        now = system_clock()
        with bench.store.unit() as work:
            if not work.bans.lift(network):
                raise NotFoundError(
                    f"{network} did not fail to log in.", next_step="'gateway sftp show' lists who is turned away."
                )
            work.alerts.close(sftp_host.ban_key(network), note, now)
            work.audit.note(who, "sftp.unbanned", network, at=now, detail={"note": note})
            work.commit()
    if as_json:
        output.data({"address": network, "banned": False})
    else:
        output.line(f"{network} is heard again.")
        output.suggest("gateway sftp show")
    return 0
