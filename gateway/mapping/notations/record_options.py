"""Read the layouts and options of a record file that comes in; what is wrong is told at its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.config.problems import Origin, Problems, suggestion
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText
from gateway.formats import record_layouts
from gateway.formats.fixed import RecordOptions
from gateway.formats.record_layouts import Column, RecordLayout
from gateway.mapping.language.steps import Forms
from gateway.mapping.notations import row_options
from gateway.mapping.options import Options

FIXED = ("encoding", "document", "records", "record_length", "decimal", "thousands", "dates")
LAYOUT_KEYS = (
    "when", "columns", "optional", "each", "fields", "vars", "checks", "sort", "limit", "before", "after", "doc"
)  # fmt: skip
_LONGEST = 32_000


@dataclass(frozen=True, slots=True)
class RecordFileOptions:
    """How a record file is read, and how its numbers and dates are written."""

    options: RecordOptions
    forms: Forms


def of(options: Options, problems: Problems) -> RecordFileOptions | None:
    """The options of a mapping; None when there are no layouts to check the rules against."""
    is_fixed = options.spec.format == "fixed"
    if is_fixed:
        options.known(FIXED)
    reader = LayoutReader(options, problems, of_cells=not is_fixed)
    layouts = tuple(reader.layouts())
    if not layouts:
        return None
    document = options.word("document")
    length = row_options.count(options, "record_length", problems, most=_LONGEST) if is_fixed else 0
    for fault in record_layouts.faults(layouts, document, record_length=length, of_cells=not is_fixed):
        is_missing = not any(each.name == fault.record for each in layouts)
        at = options.value_at("document") if is_missing else reader.place(fault.record, fault.column)
        problems.at(at, "M021", fault.sentence)
    cells = None if is_fixed else row_options.of(options, problems, records=True).delimited
    encoding = row_options.encoding(options, problems)
    made = RecordOptions(layouts, document, encoding=encoding, record_length=length, cells=cells)
    return RecordFileOptions(made, row_options.forms(options, problems))


class LayoutReader:
    """Reads ``records``."""

    def __init__(self, options: Options, problems: Problems, *, of_cells: bool) -> None:
        self.options = options
        self.problems = problems
        self.of_cells = of_cells
        self.places: dict[tuple[str, str], Origin] = {}

    def place(self, record: str, column: str) -> Origin:
        """Where a record or one of its columns is written."""
        return self.places.get((record, column)) or self.places.get((record, "")) or self.options.at("records")

    def layouts(self) -> Iterator[RecordLayout]:
        """Every layout that can be read."""
        node = self.options.node("records")
        if not isinstance(node, YamlMap) or not node.entries:
            hint = "write records: {H: {when: 1-1 = H, columns: {po: 2-16}}}"
            self.problems.at(
                self.options.at("records"), "M020", "a file of records needs 'records', their layouts", hint
            )
            return
        for each in node:
            self.places[each.key.value, ""] = self.at(each.key)
            if isinstance(each.value, YamlMap):
                yield self.layout(each.key.value, each.value)
            elif not (isinstance(each.value, YamlText) and each.value.is_removal):
                self.wrong(each.value, f"the record '{each.key.value}' is written like {{when: ..., columns: ...}}")

    def layout(self, name: str, node: YamlMap) -> RecordLayout:
        """One layout."""
        for each in node:
            if each.key.value not in LAYOUT_KEYS:
                sentence = f"'{each.key.value}' is not a key of a record"
                self.problems.at(self.at(each.key), "M021", sentence, suggestion(each.key.value, LAYOUT_KEYS))
        when = node.get("when")
        conditions: tuple[record_layouts.Condition, ...] = ()
        if isinstance(when, YamlText):
            found = record_layouts.condition(when.value, of_cells=self.of_cells)
            if isinstance(found, str):
                self.wrong(when, found)
            else:
                conditions = found
        elif when is not None:
            self.wrong(when, "the 'when' of a record is one text, like 1-1 = H")
        optional = node.get("optional")
        if optional is not None and not (isinstance(optional, YamlText) and optional.value in ("true", "false")):
            self.wrong(optional, "'optional' is true or false")
        is_optional = isinstance(optional, YamlText) and optional.value == "true"
        return RecordLayout(name, conditions, self.columns(name, node.get("columns"), node), is_optional)

    def columns(self, name: str, node: Node | None, around: YamlMap) -> tuple[Column, ...]:
        """``{po: 2-16}``; of delimited records ``[kind, po]``."""
        if self.of_cells and isinstance(node, YamlList) and all(isinstance(each, YamlText) for each in node.items):
            return record_layouts.cells([each.value for each in node.items if isinstance(each, YamlText)])
        if self.of_cells or not isinstance(node, YamlMap):
            how = "[type, po, date]" if self.of_cells else "{po: 2-16, date: 17-24}"
            self.wrong(node or around, f"the columns of the record '{name}' are written like {how}")
            return ()
        found = []
        for each in node:
            self.places[name, each.key.value] = self.at(each.value)
            text = each.value.value if isinstance(each.value, YamlText) else ""
            made = record_layouts.column(each.key.value, text)
            if isinstance(made, str):
                self.wrong(each.value, made)
            else:
                found.append(made)
        return tuple(found)

    def wrong(self, node: Node, sentence: str) -> None:
        """A layout that is written wrongly."""
        self.problems.at(self.at(node), "M021", sentence)

    def at(self, node: Node) -> Origin:
        """The place of a node."""
        return Origin(self.options.at("records").file, node.line, node.column)
