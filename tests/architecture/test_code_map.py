"""ARCHITECTURE.md tells the truth about the modules."""

from tests.architecture import code_map


def test_every_package_has_its_place_in_the_code_map() -> None:
    packages = {path.parent.name for path in code_map.PACKAGE.glob("*/__init__.py")}

    assert packages == set(code_map.ORDER)


def test_the_code_map_is_made_of_the_first_lines_of_the_modules() -> None:
    assert code_map.written_map() == code_map.code_map(), "run: make pages"


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    silent = [
        code_map.dotted(path) for path in code_map.modules() if not code_map.first_line(path).endswith((".", "?"))
    ]

    assert silent == []
