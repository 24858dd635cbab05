"""The import contracts hold, and each of them fails when it is broken on purpose."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.code_map import PACKAGE, ROOT

# contract -> {module: the line that breaks it}
BREAKERS: dict[str, dict[str, str]] = {
    "Imports go down the layers only": {"kernel/money.py": "from gateway.orders import order"},
    "The domains are pure": {"orders/order.py": "import os"},
    "The policies do not know each other": {"orders/considering/pricing.py": "from gateway.orders.holds import credit"},
    "Each third-party library has its listed homes": {"flows/receive.py": "import sqlalchemy"},
    "No cycles anywhere": {
        "flows/outcome.py": "from gateway.flows import receive",
        "flows/receive.py": "from gateway.flows import outcome",
    },
}


def _contracts() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"] for contract in project["tool"]["importlinter"]["contracts"]}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's modules and the contracts, to be broken at will."""
    only_code = shutil.ignore_patterns("__pycache__", "standards", "builtin", "*.csv", "*.edi")
    shutil.copytree(PACKAGE, tmp_path / "gateway", ignore=only_code)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_broken_on_purpose_by_a_test() -> None:
    assert _contracts() == set(BREAKERS)


def test_the_contracts_hold() -> None:
    result = _lint(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("contract", BREAKERS)
def test_a_forbidden_import_breaks_its_contract(contract: str, copy: Path) -> None:
    for module, line in BREAKERS[contract].items():
        with (copy / "gateway" / module).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")

    result = _lint(copy)

    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout


def test_a_new_package_needs_a_layer(copy: Path) -> None:
    (copy / "gateway" / "novelty").mkdir()
    (copy / "gateway" / "novelty" / "__init__.py").write_text('"""New."""\n', encoding="utf-8")

    result = _lint(copy)

    assert result.returncode == 1
    assert "novelty" in result.stdout + result.stderr
