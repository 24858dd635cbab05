"""Looks at secrets and keys: each is where the site's files say, and nobody else of this machine can read it."""

import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from gateway.app import repairs, sftp_host
from gateway.app.examining.finding import Case, Finding, fine, problem, warning
from gateway.config.channel_checks import servers
from gateway.config.known_secrets import sources
from gateway.config.load import Site
from gateway.config.secrets import SecretSource
from gateway.transports.server.keys import NAME

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def secrets(case: Case) -> Iterator[Finding]:
    """Everything that the files name as a secret."""
    site = case.site
    if site is None:
        return
    keys = {id(each.private_key) for partner in site.partners.values() for _, each in servers(partner)}
    count = 0
    wrong: list[Finding] = []
    for owner, is_used, source in _named(site):
        count += 1
        fault = source.fault(site.directory, case.environ)
        if fault:
            repair = repairs.of_secret(source, owner, is_key=id(source) in keys)
            wrong.append((problem if is_used else warning)("secrets", f"{owner}: {fault}.", repair))
        elif source.file is not None and (says := _readable_by_others(source.path(site.directory))):
            wrong.append(
                warning("secrets", f"{owner}: {says}", f"chmod 600 {shlex.quote(str(source.path(site.directory)))}")
            )
    wrong += _password_file(site)
    yield from dict.fromkeys(wrong)
    if count and not wrong:
        yield fine("secrets", f"{count} are named, all can be read by us alone")


def _named(site: Site) -> Iterator[tuple[str, bool, SecretSource]]:
    for source in sources(site.settings):
        yield "gateway.yaml", True, source
    for name, partner in sorted(site.partners.items()):
        for source in sources(partner):
            yield f"partners/{name}.yaml", partner.is_in_use, source


def _readable_by_others(path: Path) -> str:
    mode = path.stat().st_mode
    return (
        f"{path.name} can be read by others on this machine (rights {stat.S_IMODE(mode):o})." if mode & _OTHERS else ""
    )


def _password_file(site: Site) -> Iterator[Finding]:
    """The password of the database, which is named by itself."""
    name = site.settings.database.password_file
    if not name:
        return
    path = Path(name)
    try:
        if says := _readable_by_others(path):
            yield warning("secrets", f"gateway.yaml: {says}", f"chmod 600 {shlex.quote(name)}")
    except OSError as error:
        said = f"gateway.yaml: the password of the database cannot be read from {name}: {error.strerror}."
        yield problem("secrets", said, f"(umask 077 && cat > {shlex.quote(name)})   (type it, then Enter and Ctrl-D)")


def own_host_key(case: Case) -> Iterator[Finding]:
    """The key by which partners know our own SFTP server, where there is one."""
    site = case.site
    if site is None or not site.settings.sftp_server.listen:
        return
    path = sftp_host.key_folder(site) / NAME
    if not path.exists():
        yield fine("our host key", "is made when 'gateway run' starts for the first time; then see: gateway sftp show")
    elif path.stat().st_mode & _OTHERS:
        says = f"The private key of our SFTP server can be read by others on this machine: {path}."
        yield problem("our host key", says, f"chmod 600 {shlex.quote(str(path))}")
    else:
        yield fine("our host key", "is there, and only we can read it")
    if not sftp_host.logins_of(site):
        yield warning(
            "our SFTP server", "Nobody can log in: no partner in use has a section 'sftp'.",
            'in a partner file: sftp: {keys: ["ssh-ed25519 AAAA..."]}',
        )  # fmt: skip
