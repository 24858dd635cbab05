"""Write files of records, fixed in width or delimited: each value at its place, nothing too long, nothing cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.formats import delimited, plain_text
from gateway.mapping.values import StepError
from gateway.mapping.writing import columns, values
from gateway.mapping.writing.plans import OutRecord, OutRule, RecordsPlan
from gateway.mapping.writing.scope import Scope

Line = dict[tuple[int, int], str]
"""The texts of one record by their places."""
_BREAKS = ("\n", "\r")


@dataclass(frozen=True, slots=True)
class _Record:
    plan: OutRecord
    line: Line


def content(plan: RecordsPlan, documents: Sequence[Scope]) -> bytes:
    """The bytes of one file with the records of all documents; problems are noted in their runs."""
    records = [
        record
        for document in documents
        for whole in values.items(plan.body.group, document)
        for inner in plan.body.inner
        for record in _records(inner, whole, plan)
    ]
    if plan.delimited is not None:
        return delimited.write([_cells(each) for each in records], plan.delimited).content
    lines = (_fixed(each) + plan.newline for each in records)
    return plain_text.encode("".join(lines), plan.encoding)


def _records(record: OutRecord, scope: Scope, plan: RecordsPlan) -> list[_Record]:
    """The records of a group, each before those that belong below it."""
    found: list[_Record] = []
    for item in values.items(record.group, scope):
        line, decisive = _line(record, item, plan)
        below = [each for inner in record.inner for each in _records(inner, item, plan)]
        if decisive or below:
            found += [_Record(record, line), *below]
    return found


def _line(record: OutRecord, scope: Scope, plan: RecordsPlan) -> tuple[Line, bool]:
    """The texts of a record, and whether they decide that it is written: as it is with the segments of X12."""
    line: Line = {}
    has_value, all_constant = False, True
    for name, rule in record.rules.items():
        place = record.columns[name]
        text = values.cell(rule, scope, _Fit(plan, place, rule)).text
        if text:
            line[place] = text
            has_value |= not rule.is_constant
        all_constant &= rule.is_constant
    for first, last, text in record.constants:
        line.setdefault((first, last), text)
    return line, has_value or all_constant


@dataclass(frozen=True, slots=True)
class _Fit:
    """Makes a text fit its column."""

    plan: RecordsPlan
    place: tuple[int, int]
    rule: OutRule

    def __call__(self, text: str, value: object) -> str:
        """Numbers stand right with zeros before them, texts left; what is too long is an error."""
        if self.plan.delimited is not None:
            text = columns.guarded(text, value, self.plan.delimited)
            return columns.written(text, self.plan.encoding, self.plan.on_bad_char)
        text = columns.written(text, self.plan.encoding, self.plan.on_bad_char)
        width = self.place[1] - self.place[0] + 1
        if any(each in text for each in _BREAKS):
            raise StepError("a line end cannot stand in a record; replace it with replace(...)")
        if len(text) > width:
            raise StepError(f"'{text[: values.SHOWN]}' has {len(text)} characters; at most {width} fit here")
        is_number = not isinstance(value, str | bool) and self.rule.kind in ("decimal", "integer", "")
        is_number &= text.lstrip("-").replace(self.rule.style.decimal, "").isdigit()
        return text.zfill(width) if is_number and not self.rule.pads else text.ljust(width)


def _fixed(record: _Record) -> str:
    """One line, blanks between the columns."""
    length = max((last for _, last in [*record.plan.columns.values(), *record.line]), default=0)
    text = " " * length
    for (first, last), value in sorted(record.line.items()):
        text = text[: first - 1] + value.ljust(last - first + 1) + text[last:]
    return text


def _cells(record: _Record) -> list[str]:
    count = max((last for _, last in [*record.plan.columns.values(), *record.line]), default=0)
    return [record.line.get((at, at), "") for at in range(1, count + 1)]
