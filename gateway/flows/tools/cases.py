"""The tests of a mapping: folders with an input and what it must give, compared typed and whole."""

from pathlib import Path

from gateway.config import mapping_files


def case_folders(mapping: Path) -> list[Path]:
    """The folders of the cases of a mapping file, by name."""
    folder = mapping.with_suffix(mapping_files.TESTS)
    return sorted(each for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []
