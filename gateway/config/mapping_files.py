"""Where mapping files stand: those of the site, and the built-in ones."""

from importlib import resources
from pathlib import Path

GUIDES = "guides"
"""The folder of an owner that holds partner guides."""
TESTS = ".tests"
"""How the folder with the tests of a mapping ends: ``850.tests`` beside ``850.yaml``."""


def names(site_mappings: Path | None) -> list[str]:
    """Every mapping there is: those of the site and the built-in ones."""
    found = set(builtin_names())
    if site_mappings is not None:
        found |= set(site_names(site_mappings))
    return sorted(found)


def builtin_names() -> list[str]:
    """The mappings that come with the gateway."""
    return sorted(path.relative_to(builtin_folder()).as_posix()[:-5] for path in builtin_folder().rglob("*.yaml"))


def site_names(site_mappings: Path) -> list[str]:
    """The mappings of a site; guides, tests and tables are none."""
    if not site_mappings.is_dir():
        return []
    return sorted(
        path.relative_to(site_mappings).as_posix()[:-5]
        for path in site_mappings.rglob("*.yaml")
        if path.parent.name != GUIDES and not any(part.endswith(TESTS) for part in path.parts)
    )


def builtin_folder() -> Path:
    """The folder of the built-in mappings."""
    return Path(str(resources.files("gateway.mapping") / "builtin"))


def is_builtin(name: str) -> bool:
    """Whether a name is that of a built-in mapping."""
    return is_file(builtin_folder() / f"{name}.yaml")


def find(name: str, site: Path | None) -> tuple[Path | None, str]:
    """The file of a mapping, None when there is none, and how it is called in messages."""
    if ".." in name.split("/") or name.startswith("/") or "\x00" in name:
        return None, name
    if site is not None and is_file(site / f"{name}.yaml"):
        return site / f"{name}.yaml", f"{site.name}/{name}.yaml"
    built_in = builtin_folder() / f"{name}.yaml"
    return (built_in if is_file(built_in) else None), f"built-in {name}.yaml"


def is_file(path: Path) -> bool:
    """Whether a file stands there; a name that no file can have is the name of none."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_by_link(folder: Path, said: str) -> bool:
    """Whether a symbolic link stands anywhere on the way from a folder to a file."""
    path = folder
    try:
        return any((path := path / part).is_symlink() for part in said.split("/"))
    except OSError:
        return False
