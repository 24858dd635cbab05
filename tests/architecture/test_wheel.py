"""What people install: everything the program needs and nothing else, the same bytes each time, at work anywhere."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gateway.files.release import release
from tests.architecture.code_map import ROOT

SOURCES = ("pyproject.toml", "README.md", "LICENSE", "gateway.yaml", "partners", "mappings", "gateway")
BUILD = "import sys; from setuptools import build_meta; getattr(build_meta, sys.argv[1])(sys.argv[2])"
COMPILED = shutil.ignore_patterns("__pycache__", ".*")
NO_DATA = (".py", ".pyc", ".gitkeep", ".md")


def _run(command: list[str], folder: Path, **more: str) -> str:
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "GATEWAY_"))} | more
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def _built(kind: str, folder: Path) -> Path:
    _run([sys.executable, "-c", BUILD, kind, "dist"], folder, SOURCE_DATE_EPOCH="1767225600")
    (made,) = (folder / "dist").iterdir()
    return made


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A wheel of the tree, and one of the source archive of another copy of it."""
    folder = tmp_path_factory.mktemp("wheel")
    for copy in ("one", "other"):
        (folder / copy).mkdir()
        for name in SOURCES:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / copy / name, symlinks=True, ignore=COMPILED)
            else:
                shutil.copy(ROOT / name, folder / copy / name)
    archive = _built("build_sdist", folder / "other")
    shutil.unpack_archive(archive, folder / "unpacked", filter="data")
    return _built("build_wheel", folder / "one"), _built("build_wheel", next((folder / "unpacked").iterdir()))


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as content:
        return set(content.namelist())


def test_the_wheel_has_every_file_of_the_program_and_no_other(wheels: tuple[Path, Path]) -> None:
    names = _names(wheels[0])

    ours = {
        Path(folder, name).relative_to(ROOT).as_posix()
        for folder, _, found in os.walk(ROOT / "gateway", followlinks=True)
        for name in found
        if "__pycache__" not in folder and (name.endswith(".py") or not name.endswith(NO_DATA))
    }
    assert ours - names == set(), "name them under [tool.setuptools.package-data] of pyproject.toml"
    assert {name for name in names - ours if ".dist-info/" not in name} == set()
    assert {"gateway/py.typed", "gateway/store/migrations/script.py.mako"} <= names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_wheel_is_the_same_each_time_and_from_the_source_archive_too(wheels: tuple[Path, Path]) -> None:
    one, other = wheels

    assert one.name == other.name == f"gateway_edi-{release()}-py3-none-any.whl"
    assert one.read_bytes() == other.read_bytes()


def test_what_the_wheel_installs_makes_a_site_plays_the_demo_and_judges_a_file(
    wheels: tuple[Path, Path], tmp_path: Path
) -> None:
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-deps",
        "--no-compile",
    ]
    _run([*pip, "--target", "installed", str(wheels[0])], tmp_path)
    gateway, home = [sys.executable, "-P", "-m", "gateway"], {"PYTHONPATH": str(tmp_path / "installed")}

    where = _run([sys.executable, "-P", "-c", "import gateway; print(gateway.__file__)"], tmp_path, **home)
    site = _run([*gateway, "init", "site"], tmp_path, **home)
    story = _run([*gateway, "demo", "--keep", "demo"], tmp_path, **home)
    invoice = next((tmp_path / "demo" / "outbox").rglob("810*.edi"))
    judged = _run([*gateway, "validate", str(invoice)], tmp_path, **home)

    assert where.startswith(str(tmp_path))
    assert "gateway.yaml" in site
    assert "accepted" in judged
    assert "810" in story
    assert str(ROOT / "gateway") not in story  # a virtual environment may stand beside it
