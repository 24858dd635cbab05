"""What stands in the repository: known names at the top, no traces of a machine, nothing put off."""

import re
import subprocess
import tomllib
from pathlib import Path

from tests.architecture.code_map import ROOT

TOP = {
    "pyproject.toml", "gateway", "mappings", "partners", "inbox", "outbox", "tests", "README.md", "LICENSE",
    "ARCHITECTURE.md", "gateway.yaml", "Makefile", "constraints.txt", "docs", "bench", ".ci",
}  # fmt: skip
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".csv", ".edi", ".lark", ".mako", ".ini", ".cfg", ".sh", ""}
# Written in pieces, so that this file does not find itself.
MACHINE_PATHS = re.compile(r"(?<![\w.$}<-])/" + r"(?:work|root|tmp|opt|home/\w+)/")
ADDRESSES = re.compile("|".join((r"index" + "-url", r"pythonhosted" + r"\.org", r"pypi" + r"\.org", r"/" + r"simple/")))
PUT_OFF = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b|Not" + r"Implemented" + "Error")


def _files() -> list[Path]:
    """What git knows or would take; without git, everything that is not made at run time."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return [ROOT / name for name in result.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not _made(path.relative_to(ROOT).parts)]


def _made(parts: tuple[str, ...]) -> bool:
    hidden = parts[0].startswith(".") and len(parts) > 1 and parts[0] != ".ci"
    kept = parts[-1] == ".gitkeep" or parts[0] not in {"inbox", "outbox", "var"}
    return hidden or not kept or any(part == "__pycache__" or part.endswith(".egg-info") for part in parts)


def _found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in _files()
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_top_level_holds_the_listed_names_only() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in _files()}

    assert {name for name in names - TOP if not (name.startswith(".") and (ROOT / name).is_file())} == set()


def test_no_file_knows_a_machine() -> None:
    assert _found(MACHINE_PATHS) == []


def test_no_file_names_a_package_registry() -> None:
    assert _found(ADDRESSES) == []


def test_nothing_is_put_off() -> None:
    assert _found(PUT_OFF) == []


def test_the_folders_of_the_site_are_there_and_empty() -> None:
    kept = {str(path.relative_to(ROOT)) for path in _files() if path.relative_to(ROOT).parts[0] in {"inbox", "outbox"}}

    assert kept == {"inbox/.gitkeep", "outbox/.gitkeep"}


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    wanted = {_name(re.split(r"[^A-Za-z0-9_.-]", each)[0]) for each in needs}
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()

    assert wanted <= {_name(pin.partition("==")[0]) for pin in pins}
    assert all("==" in pin for pin in pins)


def _name(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()
