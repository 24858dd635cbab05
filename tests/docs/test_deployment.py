"""The files of docs/deployment fit the program: its commands, settings, exit codes and paths, and the tools that read them."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.config.environment import settable, variable
from gateway.kernel.errors import ConfigurationError, RefusedError
from tests.architecture.code_map import ROOT
from tests.architecture.test_documents import _mistakes

FOLDER = ROOT / "docs" / "deployment"
UNITS = ("gateway.service", "gateway@.service")
VARIABLES = {variable(section, key) for section, keys in settable().items() for key in keys}
VARIABLES |= {"GATEWAY_CONFIG"}


class _Strict(yaml.SafeLoader):
    """Refuses a key that stands twice."""


def _mapping(loader: _Strict, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
    assert len(keys) == len(set(keys)), f"twice: {keys}"
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.load((FOLDER / "docker-compose.yml").read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506 - it is a safe loader


def _instructions(name: str) -> list[tuple[str, str]]:
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.partition(" ") for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in lines if name in ("", word)]


def _copied() -> list[str]:
    """What the image is made of."""
    copies = [rest.split() for _, rest in _instructions("COPY") if "--from" not in rest]
    return [source for words in copies for source in words[:-1]]


def _unit(name: str) -> list[tuple[str, str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [
        (key, value) for line in lines if "=" in line and line[0] not in "#[" for key, _, value in [line.partition("=")]
    ]


def _values(name: str, key: str) -> list[str]:
    return [value for each, value in _unit(name) if each == key]


def _script() -> str:
    (name,) = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    return str(name)


def test_each_service_has_what_keeps_it_running_and_stops_it_in_peace(compose: Any) -> None:
    services = compose["services"]
    assert set(services) == {"database", "upgrade", "worker"}
    for name in ("database", "worker"):
        assert {"healthcheck", "stop_grace_period"} <= set(services[name]), name
        assert services[name]["restart"] == "unless-stopped"
    assert services["worker"]["depends_on"] == {
        "database": {"condition": "service_healthy"}, "upgrade": {"condition": "service_completed_successfully"},
    }  # fmt: skip
    assert services["worker"]["deploy"] == {"replicas": "${GATEWAY_WORKERS:-2}"}


def test_workers_are_one_image_share_the_site_and_have_no_rights(compose: Any) -> None:
    ours = [compose["services"][name] for name in ("upgrade", "worker")]
    assert len({each["image"] for each in ours}) == 1
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    for each in ours:
        assert each["image"] == f"gateway:${{GATEWAY_VERSION:-{version}}}"
        assert [volume["target"] for volume in each["volumes"]] == ["/site"]
        assert not each["user"].startswith(("root", "0", "${GATEWAY_USER:-0", "${GATEWAY_USER:-root"))
        assert (each["read_only"], each["cap_drop"], each["init"]) == (True, ["ALL"], True)
        assert "privileged" not in each


def test_the_password_goes_by_a_file_and_stands_nowhere(compose: Any) -> None:
    assert compose["secrets"] == {
        "database_password": {"file": "${GATEWAY_PASSWORD_FILE:-./database_password}"}
    }  # fmt: skip
    for name, each in compose["services"].items():
        assert each["secrets"] == ["database_password"], name
        assert not re.search(r"://[^/@]*:[^/@]*@", str(each["environment"])), name
        files = [value for key, value in each["environment"].items() if key.endswith("PASSWORD_FILE")]
        assert files == ["/run/secrets/database_password"], name


def test_compose_sets_and_says_only_what_the_program_knows(compose: Any) -> None:
    for name in ("upgrade", "worker"):
        each = compose["services"][name]
        assert set(each["environment"]) <= VARIABLES
        assert list(_mistakes(f"{_script()} {' '.join(each['command'])}")) == []
    test = compose["services"]["worker"]["healthcheck"]["test"]
    assert test[:2] == ["CMD", _script()]
    assert list(_mistakes(" ".join(test[1:]))) == []


def test_every_variable_of_compose_has_a_default_and_is_explained() -> None:
    text = (FOLDER / "docker-compose.yml").read_text(encoding="utf-8")
    head = text.partition("\nname:")[0]
    used = re.findall(r"\$\{(\w+)(:-[^}]+)?\}", text)
    assert used
    assert [name for name, default in used if not default or f"#   {name} " not in head] == []


def test_compose_itself_takes_the_file(compose: Any) -> None:
    command = _client()
    if command is None:
        pytest.skip("NO CLIENT OF docker compose HERE: docker-compose.yml was read by our own checks only")
    done = subprocess.run(
        [*command, "-f", FOLDER / "docker-compose.yml", "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert compose


def _client() -> list[str] | None:
    if shutil.which("docker") is None:
        return None
    found = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return ["docker", "compose"] if found.returncode == 0 else None


def test_the_image_is_built_where_compose_says_and_runs_our_command_without_rights(compose: Any) -> None:
    build = compose["services"]["upgrade"]["build"]
    assert (FOLDER / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]) == FOLDER / "Dockerfile"
    assert _instructions("ENTRYPOINT") == [("ENTRYPOINT", f'["{_script()}"]')]
    assert _instructions("USER") == [("USER", "gateway")]
    health = next(rest for _, rest in _instructions("HEALTHCHECK"))
    words = " ".join(re.findall(r'"([^"]+)"', health))
    assert list(_mistakes(words)) == []
    for word in re.findall(r"(GATEWAY_\w+)=", str(_instructions("ENV"))):
        assert word in VARIABLES


def test_what_the_image_copies_exists_and_is_not_ignored() -> None:
    ignored = (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8").split("\n")
    for source in _copied():
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored, source


def test_what_the_image_copies_is_enough_to_build_the_program(tmp_path: Path) -> None:
    for source in _copied():
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
        copy(ROOT / source, tmp_path / source)
    build = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as wheel:
        names = wheel.namelist()
        (entries,) = (wheel.read(name).decode() for name in names if name.endswith("entry_points.txt"))
    assert f"{_script()} = " in entries
    assert {"gateway/cli/main.py", "gateway/demo/items.csv", "gateway/store/migrations/env.py"} <= set(names)
    assert [name for name in names if name.startswith("gateway/mapping/builtin/") and name.endswith(".yaml")]


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_runs_our_command_and_knows_its_exit_codes(name: str) -> None:
    (start,) = _values(name, "ExecStart")
    program, *words = shlex.split(start)
    assert Path(program).name == _script()
    assert list(_mistakes(shlex.join([_script(), *words]))) == []
    (never,) = _values(name, "RestartPreventExitStatus")
    assert set(never.split()) == {str(ConfigurationError.exit_code), str(RefusedError.exit_code)}
    said = dict(_unit(name))
    assert (said["Type"], said["KillSignal"], said["Restart"]) == ("notify", "SIGTERM", "on-failure")
    assert said["User"] not in ("root", "0")
    variables = {value.partition("=")[0] for value in _values(name, "Environment")}
    assert variables <= VARIABLES


def _installed(folder: Path) -> Iterator[Path]:
    """The units with the program of this environment in them, as a machine would have them."""
    here = Path(sys.executable).with_name(_script())
    for name in UNITS:
        text = (FOLDER / name).read_text(encoding="utf-8")
        unit = folder / name.replace("@.", "@1.")
        unit.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={here}", text, flags=re.MULTILINE), encoding="utf-8")
        yield unit


@pytest.mark.parametrize("words", [("verify",), ("security", "--offline=true", "--threshold=20")])
def test_systemd_takes_the_units_and_finds_little_that_they_are_exposed_to(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("NO systemd-analyze HERE: the units were read by our own checks only")
    for unit in _installed(tmp_path):
        done = subprocess.run(["systemd-analyze", *words, unit], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Unknown" not in done.stderr, done.stderr


def test_the_page_names_every_file_and_every_variable() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [
        file.name for file in FOLDER.iterdir() if file.name not in page and file.suffix not in (".md", ".dockerignore")
    ] == []
    for name in (
        "GATEWAY_DATABASE__URL",
        "GATEWAY_RUN__HEALTH",
        "GATEWAY_USER",
        "GATEWAY_VERSION",
        "GATEWAY_WORKERS",
    ):
        assert name in page, name
