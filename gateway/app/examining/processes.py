"""Looks at who works here: the processes of the site, its lock, and the ports they listen on."""

import errno
import shlex
import socket
from collections.abc import Iterator

from gateway.app import health, pulse
from gateway.app.examining.finding import Case, Finding, fine, problem, warning
from gateway.app.run import ONCE, RUN, lock_holder
from gateway.app.starting import configuration

BELOW = 1024
"""Ports that only the system's own user may have."""


def at_work(case: Case) -> Iterator[Finding]:
    """The processes that run the site on this machine, and whether they turn."""
    if case.directory is None:
        return
    noted = pulse.read(case.var, socket.gethostname())
    for each in health.processes(noted).findings if noted else ():
        if each.ok:
            yield fine(each.name, "at work")
        else:
            yield problem(each.name, each.says, _again(noted))
    if noted:
        yield from _read_before(noted, case)
        return
    holder = lock_holder(case.place)
    if holder == RUN:
        says = "A 'gateway run' has the site and gives no sign of life: one of another machine, or one that hangs."
        path = shlex.quote(str(case.var / "run.lock"))
        yield warning("process", says, f"fuser -v {path}   (shows which; end it and start it again: nothing is lost)")
    elif holder == ONCE:
        yield fine("process", "a 'gateway run --once' is at work")
    else:
        yield fine("process", "none is at work; start one with: gateway run")


def ports(case: Case) -> Iterator[Finding]:
    """Whether each port that the settings name is free, or ours."""
    site = case.site
    if site is None:
        return
    ours = bool(pulse.read(case.var, socket.gethostname()))
    for name, key, address in (
        ("health port", "run: {health: 127.0.0.1:PORT}", site.settings.run.health),
        ("SFTP port", "sftp_server: {listen: ADDRESS:PORT}", site.settings.sftp_server.listen),
    ):
        if address:
            yield _port(name, key, address, ours=ours)


def _read_before(noted: list[pulse.Noted], case: Case) -> Iterator[Finding]:
    """Whether each process works with the files as they are now."""
    now = configuration(case.place)
    old = [str(each.beat.pid) for each in noted if each.beat.settings and each.beat.settings != now]
    if old:
        says = f"The files of the site were changed; process {', '.join(old)} works with those of before."
        yield warning("reload", says, "gateway config reload   (what it would change: gateway config plan)")


def _again(noted: list[pulse.Noted]) -> str:
    pids = " ".join(str(each.beat.pid) for each in noted if each.faults())
    return f"kill {pids} && gateway run   (nothing is lost; its log says more)"


def _port(name: str, key: str, address: str, *, ours: bool) -> Finding:
    """Try to have it for a moment; while the site runs, who has it is taken to be us."""
    host, _, port = address.rpartition(":")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host.strip("[]") or "127.0.0.1", int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(place)
    except OSError as error:
        return _taken(name, key, address, error, ours=ours)
    if ours:
        return warning(name, f"The site is at work, but not on {address}.", "end 'gateway run' and start it again")
    return fine(name, f"{address} is free")


def _taken(name: str, key: str, address: str, error: OSError, *, ours: bool) -> Finding:
    port = address.rpartition(":")[2]
    if error.errno == errno.EADDRINUSE:
        if ours:
            return fine(name, f"{address} is ours")
        says = f"Another program has {address}."
        return problem(
            name, says, f"ss -ltnp 'sport = :{port}'   (shows which), or another port in gateway.yaml: {key}"
        )
    if error.errno == errno.EACCES and int(port) < BELOW:
        return problem(
            name,
            f"We may not listen on {address}: ports below {BELOW} are the system's.",
            f"in gateway.yaml a higher port: {key}",
        )
    says = f"{address} cannot be listened on: {error.strerror or error}."
    return problem(name, says, f"in gateway.yaml an address of this machine: {key}")
