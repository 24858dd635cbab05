"""Looks at the machine: Python, the libraries of the gateway, its limits, its clock and time zones."""

import re
import resource
import sys
from collections.abc import Iterator
from importlib import metadata
from zoneinfo import ZoneInfo

from gateway.app.examining.finding import Case, Finding, fine, problem, warning
from gateway.config.sftp_server import LIBRARY

PACKAGE = "gateway-edi"
OLDEST = (3, 11)
OPEN_FILES = 1024
"""Fewer files than this at a time are not enough for many folders and logins."""
_REQUIREMENT = re.compile(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?\s*([^;]*)(?:;\s*(.*))?")
_BOUND = re.compile(r"(==|>=|<=|<|>|!=)\s*([0-9][0-9A-Za-z.]*)")
_WATCHES = "proc/sys/fs/inotify/max_user_watches"
_WANTED_WATCHES = 524288


def python(_case: Case) -> Iterator[Finding]:
    """The language itself."""
    said = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, OLDEST))
    if sys.version_info[:2] >= OLDEST:
        yield fine("python", f"Python {said}")
    else:
        yield problem(
            "python", f"This is Python {said}; the gateway needs {wanted} or newer.", f"python{wanted} -m venv .venv"
        )


def libraries(case: Case) -> Iterator[Finding]:
    """Every library in a version that the gateway works with; an extra only where the site needs it."""
    wanted = _requirements(needs_server=case.site is not None and bool(case.site.settings.sftp_server.listen))
    if not wanted:
        yield warning(
            "libraries", f"{PACKAGE} is not installed here as a package, so the versions cannot be compared.",
            f"{sys.executable} -m pip install {PACKAGE}",
        )  # fmt: skip
        return
    wrong = [fault for name, bounds in wanted if (fault := fault_of(name, bounds, _installed(name)))]
    for says, repair in wrong:
        yield problem("libraries", says, repair)
    if not wrong:
        yield fine("libraries", f"all {len(wanted)} are there, in versions that the gateway works with")


def fault_of(name: str, bounds: str, installed: str) -> tuple[str, str] | None:
    """What is wrong with one library and the command that repairs it; None where nothing is.

    >>> fault_of("lxml", ">=6.1", "6.0.2")[0]
    'lxml is installed as 6.0.2; the gateway needs >=6.1.'
    >>> fault_of("lxml", ">=6.1", "6.1.0") is None
    True
    """
    repair = f"{sys.executable} -m pip install '{name}{bounds}'"
    if not installed:
        return f"The library {name} is not installed.", repair
    if not all(_holds(installed, sign, version) for sign, version in _BOUND.findall(bounds)):
        return f"{name} is installed as {installed}; the gateway needs {bounds}.", repair
    return None


def limits(case: Case) -> Iterator[Finding]:
    """How many files may be open at a time, and how many folders watched."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < OPEN_FILES:
        most = OPEN_FILES if hard < 0 else min(OPEN_FILES, hard)
        says = f"Only {soft} files may be open at a time."
        yield warning("open files", says, f"ulimit -n {most}   (for a service: LimitNOFILE={OPEN_FILES} in its unit)")
    else:
        yield fine("open files", f"{'any number' if soft < 0 else soft} at a time")
    yield from _watches(case)


def zones(_case: Case) -> Iterator[Finding]:
    """Whether the machine knows the zones of the world, which business days are counted in."""
    try:
        ZoneInfo("America/Chicago")
    except (LookupError, OSError):
        yield problem(
            "time zones", "The machine does not know the time zones.", f"{sys.executable} -m pip install tzdata"
        )
    else:
        yield fine("time zones", "known")


def _watches(case: Case) -> Iterator[Finding]:
    try:
        most = int((case.root / _WATCHES).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return  # a machine without them looks into the folders every few seconds
    folders = sum(len(each.folders()) for each in case.site.partners.values()) if case.site is not None else 0
    if folders * 2 > most:
        says = (
            f"The machine lets us watch {most} folders, and {folders} are to be; files are taken later than they could."
        )
        yield warning("watched folders", says, f"sudo sysctl fs.inotify.max_user_watches={_WANTED_WATCHES}")
    else:
        yield fine("watched folders", f"{folders} of {most} that the machine allows")


def _requirements(*, needs_server: bool) -> list[tuple[str, str]]:
    try:
        said = metadata.requires(PACKAGE) or []
    except metadata.PackageNotFoundError:
        return []
    found: list[tuple[str, str]] = []
    for each in said:
        parts = _REQUIREMENT.fullmatch(each.strip())
        if parts is None:
            continue
        name, bounds, condition = parts[1], parts[2].replace(" ", ""), parts[3] or ""
        is_wanted = "extra" not in condition or (needs_server and name == LIBRARY and "sftp-server" in condition)
        if is_wanted:
            found.append((name, bounds))
    return found


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _holds(installed: str, sign: str, version: str) -> bool:
    have, want = _numbers(installed), _numbers(version)
    longest = max(len(have), len(want))
    have, want = ((*each, *[0] * (longest - len(each))) for each in (have, want))
    return {
        "==": have == want, "!=": have != want, ">=": have >= want, "<=": have <= want, ">": have > want, "<": have < want
    }[sign]  # fmt: skip


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers a version begins with.

    >>> _numbers("1.1.20240702"), _numbers("6.1rc1")
    ((1, 1, 20240702), (6, 1))
    """
    return tuple(int(each) for each in re.match(r"\d*(?:\.\d+)*", version)[0].split(".") if each)  # type: ignore[index]
