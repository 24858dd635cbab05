"""Functions of other packages: only those that a site allows, checked like our own, their failures problems."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import plugins
from gateway.kernel.problem import Problem, has_errors
from gateway.mapping.prepare import PreparedMapping, prepare
from gateway.plugins import mapping_function
from tests.mapping.making import BEG, PO1, X12, codes, mapped, value, write, x12_set

CODE = """
from decimal import Decimal
from gateway.plugins import mapping_function

@mapping_function(args={"code": str}, returns=str, pure=True)
def store_of(code: str) -> str:
    return f"ST-{code}"

@mapping_function(args={"price": Decimal, "percent": int}, returns=Decimal, pure=True)
def reduced(price: Decimal, percent: int) -> Decimal:
    return price - price * percent / 100

@mapping_function(args={"code": str}, returns=str, pure=True)
def failing(code: str) -> str:
    raise RuntimeError("no such store")

@mapping_function(args={"code": str}, returns=str, pure=True)
def wrong(code: str) -> int:
    return 5

@mapping_function(args={"code": str}, returns=str, pure=False)
def asking(code: str) -> str:
    return code

def undeclared(code: str) -> str:
    return code
"""
NAMES = {
    "acme_store": "store_of", "acme_reduced": "reduced", "acme_failing": "failing", "acme_wrong": "wrong",
    "acme_asking": "asking", "acme_undeclared": "undeclared", "acme_missing": "not_there",
}  # fmt: skip


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with functions, as an installer would have left it."""
    site = tmp_path / "site-packages"
    info = site / "acme_gateway-1.2.dist-info"
    info.mkdir(parents=True)
    (site / "acme_gateway.py").write_text(CODE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-gateway\nVersion: 1.2\n")
    entries = "".join(f"{name} = acme_gateway:{function}\n" for name, function in NAMES.items())
    (info / "entry_points.txt").write_text(f"[gateway.mapping_functions]\n{entries}")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "acme_gateway", raising=False)  # that of another test
    yield site
    sys.modules.pop("acme_gateway", None)


def prepared(folder: Path, rule: str, *allowed: str) -> tuple[PreparedMapping | None, tuple[Problem, ...]]:
    site = write(folder, "acme/850", f"{X12}fields:\n  fob: {rule}\n")
    return prepare("acme/850", site_mappings=site, allow_plugins=allowed)


def fob(folder: Path, rule: str, *allowed: str) -> object:
    found, problems = prepared(folder, rule, *allowed)
    assert not has_errors(problems), [str(each) for each in problems]
    assert found is not None
    return value(mapped(found, x12_set(BEG, "FOB*CC", PO1)), "fob")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{from: FOB01, plugin: acme_store}", "ST-CC"),
        ("{from: FOB01, plugin: {name: acme_store}}", "ST-CC"),
        ("=acme_store(po_number)", "ST-PO1"),
        ("{calc: 80, plugin: {name: acme_reduced, percent: '10'}}", "72"),
        ("{calc: 80, plugin: {name: acme_reduced, percent: =10 + 15}}", "60"),
        ("=acme_reduced(80, 50)", "40"),
    ],
)  # fmt: skip
def test_an_allowed_function_is_used_as_a_step_and_in_expressions(tmp_path: Path, rule: str, expected: str) -> None:
    assert fob(tmp_path, rule, "acme_store", "acme_reduced") == expected


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("rule", "allowed", "code", "words"),
    [
        ("{from: FOB01, plugin: acme_store}", (), "M032", "not a registered function that this site allows"),
        ("=acme_store(fob)", (), "M032", "unknown function 'acme_store'"),
        ("{from: FOB01, plugin: os.system}", ("acme_store",), "M032", "not a registered function"),
        ("{from: FOB01, plugin: acme_stor}", ("acme_store",), "M032", "did you mean 'acme_store'?"),
        ("{from: FOB01, plugin: acme_none}", ("acme_none",), "M032", "no installed package brings"),
        ("{from: FOB01, plugin: acme_missing}", ("acme_missing",), "M032", "cannot be loaded"),
        ("{from: FOB01, plugin: acme_asking}", ("acme_asking",), "M032", "not declared pure"),
        ("{from: FOB01, plugin: acme_undeclared}", ("acme_undeclared",), "M032", "not declared with @mapping_function"),
        ("=acme_asking(po_number)", ("acme_asking",), "M032", "not declared pure"),
        ("=acme_store(1, 2)", ("acme_store",), "M033", "takes 1 argument"),
        ("=acme_reduced('a', 1)", ("acme_reduced",), "M035", "'a' is not a number"),
        ("{from: FOB01, plugin: acme_reduced}", ("acme_reduced",), "M033", "percent is missing"),
        ("{from: FOB01, plugin: {name: acme_store, x: 1}}", ("acme_store",), "M033", "no argument x"),
        ("{from: FOB01, plugin: [a]}", (), "M021", "'plugin' is a name"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told(
    tmp_path: Path, rule: str, allowed: tuple[str, ...], code: str, words: str
) -> None:
    found, problems = prepared(tmp_path, rule, *allowed)
    assert found is None
    assert code in codes(problems), [str(each) for each in problems]
    assert any(words in str(each) for each in problems), [str(each) for each in problems]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("rule", ["{from: FOB01, plugin: acme_missing}", "=acme_missing(po_number)"])
def test_what_is_allowed_and_cannot_be_used_is_told_with_what_to_do(tmp_path: Path, rule: str) -> None:
    _, problems = prepared(tmp_path, rule, "acme_missing")

    (problem,) = [each for each in problems if each.code == "M032"]
    assert "cannot be loaded: AttributeError" in problem.sentence
    assert problem.hint.startswith("install the package that brings it")


def test_a_package_needs_one_module_of_ours_and_it_needs_none() -> None:
    lines = Path(plugins.__file__).read_text().splitlines()

    assert not [each for each in lines if each.startswith(("from gateway", "import gateway"))]


def test_nothing_is_imported_that_is_not_allowed(tmp_path: Path, installed: Path) -> None:
    assert installed.is_dir()
    prepared(tmp_path, "{from: FOB01, plugin: acme_store}")
    assert "acme_gateway" not in sys.modules


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{from: FOB01, plugin: acme_failing}", "the plug-in 'acme_failing' failed: RuntimeError: no such store"),
        ("=acme_failing(po_number)", "the plug-in 'acme_failing' failed: RuntimeError: no such store"),
        ("{from: FOB01, plugin: acme_wrong}", "gave a int, not a text"),
        ("{from: FOB01, plugin: {name: acme_reduced, percent: '1'}}", "'CC' is not a number"),
    ],
)  # fmt: skip
def test_a_function_that_fails_is_a_problem_of_the_document(tmp_path: Path, rule: str, words: str) -> None:
    found, problems = prepared(tmp_path, rule, *NAMES)
    assert found is not None, [str(each) for each in problems]
    (problem,) = mapped(found, x12_set(BEG, "FOB*CC", PO1)).problems
    assert words in problem.sentence
    assert problem.rule == "mappings/acme/850.yaml:5"


def test_the_version_of_a_function_is_part_of_the_hash(tmp_path: Path, installed: Path) -> None:
    before, _ = prepared(tmp_path, "{from: FOB01, plugin: acme_store}", "acme_store")
    (installed / "acme_gateway-1.2.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: acme-gateway\nVersion: 1.3\n"
    )
    after, _ = prepared(tmp_path, "{from: FOB01, plugin: acme_store}", "acme_store")
    assert before is not None
    assert after is not None
    assert before.spec_hash != after.spec_hash


def test_a_declaration_knows_its_types() -> None:
    with pytest.raises(TypeError, match="not a type of mapping functions"):
        mapping_function(args={"code": list}, returns=str, pure=True)
