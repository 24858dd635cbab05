"""Write files of records, fixed in width or delimited: each value at its place, nothing too long, nothing cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.formats import fixed
from gateway.formats.fixed import Cell, RecordOptions
from gateway.formats.record_layouts import OPEN, Column
from gateway.mapping.language.values import StepError
from gateway.mapping.problem import MappingProblem
from gateway.mapping.writing import columns, values
from gateway.mapping.writing.plans import OutRecord, OutRule, RecordsPlan
from gateway.mapping.writing.scope import Scope

_BREAKS = ("\n", "\r", "\t", "\x85")
Record = tuple[str, dict[str, Cell]]


def content(plan: RecordsPlan, documents: Sequence[Scope]) -> bytes:
    """The bytes of one file with the records of all documents; problems are noted in their runs."""
    records = [
        record
        for document in documents
        for whole in values.items(plan.body.group, document)
        for inner in plan.body.inner
        for record in _records(inner, whole, plan.options)
    ]
    written = fixed.write(records, plan.options)
    for fault in written.faults if documents else ():
        # every value was looked at before; what is told here is of the layout
        sentence = f"record {fault.row}, {fault.column}: {fault.sentence}"
        level = "warn" if fault.level == "warn" else "hold"
        documents[0].run.problems.append(MappingProblem("M081", fault.column, "", "", "", sentence, level))
    return written.content


def _records(record: OutRecord, scope: Scope, options: RecordOptions) -> list[Record]:
    """The records of a group, each before those that belong below it."""
    found: list[Record] = []
    for item in values.items(record.group, scope):
        mark = item.run.trace.mark()
        cells, decisive = _cells(record, item, options)
        below = [each for inner in record.inner for each in _records(inner, item, options)]
        if decisive or below:
            found += [(record.name, cells), *below]
        else:
            item.run.trace.forget(mark)
    return found


def _cells(record: OutRecord, scope: Scope, options: RecordOptions) -> tuple[dict[str, Cell], bool]:
    """The values of a record, and whether they decide that it is written: as it is with the segments of X12."""
    layout = options.layout(record.name)
    places = {each.name: each for each in layout.columns} if layout is not None else {}
    cells: dict[str, Cell] = {}
    has_value, all_constant = False, True
    for name, rule in record.rules.items():
        found = values.cell(rule, scope, _Fit(options, places[name]))
        if found.text:
            cells[name] = Cell(found.text, _is_number(rule, found) and not rule.pads)
            has_value |= not rule.is_constant
        all_constant &= rule.is_constant
    return cells, has_value or all_constant


def _is_number(rule: OutRule, found: values.Cell) -> bool:
    digits = found.text.lstrip("-").replace(rule.style.decimal, "", 1)
    return not isinstance(found.value, str | bool) and digits.isdigit() and rule.kind in ("decimal", "integer", "")


@dataclass(frozen=True, slots=True)
class _Fit:
    """Makes a text fit its column."""

    options: RecordOptions
    place: Column

    def __call__(self, text: str, value: object) -> str:
        """The text, or StepError when it is too long or cannot stand in a record."""
        cells = self.options.cells
        if cells is not None:
            return columns.written(columns.guarded(text, value, cells), cells.encoding, cells.on_bad_char)
        text = columns.written(text, self.options.encoding, self.options.on_bad_char)
        if any(each in text for each in _BREAKS):
            raise StepError("a line end or tab cannot stand in a record; replace it with replace(...)")
        width = self.place.last - self.place.first + 1
        if self.place.last != OPEN and len(text) > width:
            raise StepError(f"'{text[: values.SHOWN]}' has {len(text)} characters; at most {width} fit here")
        return text
