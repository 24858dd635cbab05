"""The code map of ARCHITECTURE.md, made of the first lines of the modules; ``--write`` renews it."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "gateway"
PAGE = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- code map: begin -->", "<!-- code map: end -->"
ORDER = (
    "cli", "app", "schedule", "engine", "flows", "store", "transports", "documents", "mapping", "config",
    "exchange", "formats", "orders", "canonical", "files", "kernel", "demo",
)  # fmt: skip


def modules() -> Iterator[Path]:
    """Every module of the package that a person wrote and reads; migrations tell their own story."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts and "__pycache__" not in path.parts:
            yield path


def dotted(path: Path) -> str:
    """The name a module is imported by."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def first_line(path: Path) -> str:
    """The first line of a module's docstring; empty when it has none."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]


@cache
def texts(path: Path) -> tuple[str, ...]:
    """Every text that stands in a module, the parts of f-strings apart; read once, since many tests look for something."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return tuple(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def code_map() -> str:
    """The section as it should stand between its two marks."""
    lines: list[str] = []
    for package in ORDER:
        folder = PACKAGE / package
        lines += ["", f"**`{package}`** {first_line(folder / '__init__.py')}", ""]
        inside = [path for path in modules() if folder in path.parents and path != folder / "__init__.py"]
        lines += [f"- `{_short(path, folder)}` {text}" for path in inside if (text := first_line(path))]
    return "\n".join(lines).strip("\n") + "\n"


def written_map() -> str:
    """The section as it stands in the page."""
    return PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip("\n") + "\n"


def write() -> None:
    """Put the code map of now into the page."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    PAGE.write_text(f"{head}{BEGIN}\n\n{code_map()}\n{END}{tail}", encoding="utf-8")


def _short(path: Path, folder: Path) -> str:
    inside = path.relative_to(folder).with_suffix("")
    return f"{inside.parent}/" if inside.name == "__init__" else str(inside)


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        sys.stdout.write(code_map())
