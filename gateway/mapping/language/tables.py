"""Cross-reference tables: CSV files of the configuration, read when a mapping is prepared, looked up by dictionary."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from gateway.config.mapping_files import is_by_link, is_file
from gateway.config.mapping_spec import TableSpec
from gateway.config.problems import Located, Origin, Problems, suggestion
from gateway.formats import delimited, plain_text
from gateway.formats.delimited import DelimitedOptions

SHIPPED = ("uom",)
"""Tables that come with the gateway and that every mapping may name."""
LARGEST = 8 * 1024 * 1024
MOST_ROWS = 200_000
"""Below the titles; the reading ends there, so that a table never takes more memory."""

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was read: its titles, its rows with their line numbers, and what its content hashes to."""

    name: str
    file: str
    titles: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...] = field(repr=False)
    digest: str = ""

    def column(self, keys: Keys, value: str) -> Mapping[Keys, str] | tuple[int, int, Keys]:
        """The values of a column by some others, of the rows that have both; or two lines with the same keys."""
        at = [self.titles.index(each) for each in keys]
        wanted = self.titles.index(value)
        found: dict[Keys, str] = {}
        lines: dict[Keys, int] = {}
        for line, cells in self.rows:
            key = tuple(cells[each].strip() if each < len(cells) else "" for each in at)
            text = cells[wanted].strip() if wanted < len(cells) else ""
            if not key[0] or not text:
                continue
            if key in found:
                return lines[key], line, key
            found[key], lines[key] = text, line
        return found


class Tables:
    """The tables of one mapping, each read when a rule first names it; problems are collected."""

    def __init__(self, specs: Mapping[str, TableSpec], problems: Problems) -> None:
        self.specs = specs
        self.problems = problems
        self.read: dict[str, Table | None] = {}

    def all(self) -> None:
        """Read the tables that no rule names too: a file that is not there is a mistake all the same."""
        for name, spec in self.specs.items():
            self.table(Located(name, spec.name.origin))

    def rows(
        self, table: Located, key: Located, value: Located, also: tuple[Located, ...]
    ) -> Mapping[Keys, str] | None:
        """What ``lookup`` needs; None with the problems told (M050, M051, M053)."""
        found = self.table(table)
        if found is None:
            return None
        wanted = (key, value, *also)
        unknown = [each for each in wanted if each.value not in found.titles]
        for each in unknown:
            sentence = f"the table '{found.name}' has no column '{each.value}'"
            hint = suggestion(each.value, found.titles) or f"its columns: {', '.join(found.titles)}"
            self.problems.at(each.origin, "M051", sentence, hint)
        if unknown:
            return None
        rows = found.column((key.value, *(each.value for each in also)), value.value)
        if isinstance(rows, tuple):
            self.not_unique(key.origin, found, rows, (key.value, *(each.value for each in also)))
            return None
        return rows

    def not_unique(self, origin: Origin, table: Table, twice: tuple[int, int, Keys], columns: Keys) -> None:
        """Two lines say different things about one key."""
        first, second, key = twice
        said = ", ".join(f"{column} '{text}'" for column, text in zip(columns, key, strict=True))
        sentence = f"in {table.file} the lines {first} and {second} both have {said}, so the key is not unique"
        self.problems.at(origin, "M053", sentence, "remove one of the lines, or say with 'also' which one is meant")

    def table(self, name: Located) -> Table | None:
        """A table by its name."""
        if name.value not in self.read:
            self.read[name.value] = self._table(name)
        return self.read[name.value]

    def _table(self, name: Located) -> Table | None:
        spec = self.specs.get(name.value)
        if spec is None and name.value in SHIPPED:
            return _shipped(name.value)
        if spec is None:
            known = (*self.specs, *SHIPPED)
            hint = suggestion(name.value, known) or f"tables: {', '.join(known)}"
            self.problems.at(name.origin, "M050", f"there is no table '{name.value}'", hint)
            return None
        path = self._path(spec)
        content = self._content(path, spec) if path is not None else None
        if content is None:
            return None
        options = self._options(spec)
        return self._parsed(spec, content, options) if options is not None else None

    def _path(self, spec: TableSpec) -> Path | None:
        """Where the file is: below the folder of the mapping, and not by way of a link."""
        said, root = spec.file.value, spec.folder
        parts = said.split("/")
        if (
            not said
            or said.startswith(("/", "\\", "~"))
            or ":" in said
            or "\\" in said
            or "\x00" in said
            or ".." in parts
        ):
            sentence = f"'{said}' leads out of the configuration"
            hint = "a table is named from the folder of its mapping, like tables/stores.csv"
            self.problems.at(spec.file.origin, "M050", sentence, hint)
            return None
        if is_by_link(root, said):
            self.problems.at(spec.file.origin, "M050", f"'{said}' is a symbolic link, which is not followed")
            return None
        return root / said

    def _content(self, path: Path, spec: TableSpec) -> bytes | None:
        if not is_file(path):
            self.problems.at(
                spec.file.origin,
                "M050",
                f"there is no file '{spec.file.value}' for the table",
                _near(spec.file.value, path),
            )
            return None
        if path.stat().st_size > LARGEST:
            self.problems.at(
                spec.file.origin, "M050", f"'{spec.file.value}' is larger than {LARGEST // 1024 // 1024} MiB"
            )
            return None
        return path.read_bytes()

    def _options(self, spec: TableSpec) -> DelimitedOptions | None:
        delimiter = "\t" if spec.delimiter == "tab" else spec.delimiter
        if len(delimiter) != 1:
            sentence = f"the delimiter is one character or 'tab', not '{spec.delimiter}'"
            self.problems.at(spec.name.origin, "M020", sentence)
            return None
        encoding = plain_text.encoding_named(spec.encoding)
        if encoding is None:
            sentence = f"'{spec.encoding}' is not an encoding that is read"
            known = plain_text.ENCODINGS
            hint = suggestion(spec.encoding, known) or f"one of {', '.join(known)}"
            self.problems.at(spec.name.origin, "M020", sentence, hint)
            return None
        return DelimitedOptions(delimiter=delimiter, encoding=encoding, most_rows=MOST_ROWS)

    def _parsed(self, spec: TableSpec, content: bytes, options: DelimitedOptions) -> Table | None:
        read = delimited.read(content, options)
        for issue in read.issues:
            self.problems.at(spec.file.origin, "M050", f"'{spec.file.value}' cannot be read: {issue.message}")
        if read.issues:
            return None
        digest = hashlib.sha256(content).hexdigest()
        table = Table(spec.name.value, spec.file.value, read.titles, read.rows, digest)
        missing = [each for each in spec.unique if each.value not in table.titles]
        for each in missing:
            sentence = f"the table '{table.name}' has no column '{each.value}'"
            self.problems.at(each.origin, "M051", sentence, suggestion(each.value, table.titles))
        columns = tuple(each.value for each in spec.unique)
        if columns and not missing:
            twice = table.column(columns, columns[0])
            if isinstance(twice, tuple):
                self.not_unique(spec.unique[0].origin, table, twice, columns)
        return table


def _near(said: str, path: Path) -> str:
    """The tables that are there, named as a mapping names them, for a name that is not."""
    folder = said[: -len(path.name)] if said.endswith(path.name) else ""
    try:
        there = sorted(f"{folder}{each.name}" for each in path.parent.glob("*.csv") if is_file(each))
    except OSError:
        return ""
    return suggestion(said, there) or (f"there are: {', '.join(there)}" if there else "")


def _shipped(name: str) -> Table:
    content = (resources.files("gateway.mapping") / "builtin" / "tables" / f"{name}.csv").read_text(encoding="utf-8")
    first, *rows = csv.reader(content.splitlines())
    lines = tuple((at, tuple(cells)) for at, cells in enumerate(rows, start=2))
    return Table(name, f"built-in tables/{name}.csv", tuple(first), lines, hashlib.sha256(content.encode()).hexdigest())
