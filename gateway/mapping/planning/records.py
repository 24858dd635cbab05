"""Plan the writing of records: every layout read, every group on a record that exists, every rule on a column of it."""

from dataclasses import replace

from gateway.config.mapping_spec import EntrySpec, GroupSpec
from gateway.config.problems import Problems, suggestion
from gateway.formats import record_layouts
from gateway.formats.fixed import RecordOptions
from gateway.formats.plain_text import ON_BAD_CHARACTER
from gateway.formats.record_layouts import RecordLayout
from gateway.mapping.notations.record_options import LayoutReader
from gateway.mapping.options import NEWLINES, Options
from gateway.mapping.planning import columns
from gateway.mapping.planning.names import Place
from gateway.mapping.planning.rules import RuleMaker
from gateway.mapping.writing.plans import OutGroup, OutRecord, RecordsPlan

OPTIONS = (
    "encoding", "newline", "decimal", "thousands", "dates", "on_bad_char", "records", "record_length", "document"
)  # fmt: skip
LONGEST = 32_000


def plan(body: GroupSpec, place: Place, maker: RuleMaker, options: Options, problems: Problems) -> RecordsPlan:
    """The records with their rules; groups stand on the names of records."""
    written = _written(options, problems)
    made = maker.group(replace(body, each=None, when=None, sort=None), place)
    group, inner = made if made is not None else (OutGroup("", body.target.origin), place)
    whole = OutRecord("", group)
    _Planner(maker, written.layouts, problems).fill(whole, body.fields, inner)
    return RecordsPlan(whole, written)


def _written(options: Options, problems: Problems) -> RecordOptions:
    """How the file is written, its layouts checked."""
    is_fixed = options.spec.format == "fixed"
    if is_fixed:
        options.known(OPTIONS)
    reader = LayoutReader(options, problems, of_cells=not is_fixed)
    layouts = tuple(reader.layouts())
    length = _length(options, problems) if is_fixed else 0
    for fault in record_layouts.faults(layouts, "", record_length=length, of_cells=not is_fixed):
        problems.at(reader.place(fault.record, fault.column), "M021", fault.sentence)
    for layout in layouts:
        if any(len(each.values) > 1 for each in layout.when):
            sentence = f"the 'when' of the record '{layout.name}' names several values; what is written has one"
            problems.at(reader.place(layout.name, ""), "M021", sentence)
    cells = None if is_fixed else replace(columns.delimited(options, problems), header=False)
    return RecordOptions(
        layouts, encoding=columns.encoding(options, problems), record_length=length,
        newline=NEWLINES[options.one_of("newline", tuple(NEWLINES), "crlf")],
        on_bad_char=options.one_of("on_bad_char", ON_BAD_CHARACTER, "error"), cells=cells,
    )  # fmt: skip


def _length(options: Options, problems: Problems) -> int:
    said = options.word("record_length", "0")
    if not (said.isascii() and said.isdigit() and int(said) <= LONGEST):
        problems.at(options.value_at("record_length"), "M020", f"'record_length' is a whole number, not '{said}'")
        return 0
    return int(said)


class _Planner:
    """Makes the records of the rules."""

    def __init__(self, maker: RuleMaker, layouts: tuple[RecordLayout, ...], problems: Problems) -> None:
        self.maker = maker
        self.layouts = {layout.name: layout for layout in layouts}
        self.problems = problems

    def fill(self, record: OutRecord, entries: tuple[EntrySpec, ...], place: Place) -> None:
        """Rules go to the columns of a record, groups are records below it."""
        for entry in entries:
            if isinstance(entry, GroupSpec):
                self.below(record, entry, place)
            elif not record.name:
                hint = f"put it into a record: {next(iter(self.layouts), 'H')}: {{fields: {{...}}}}"
                self.problems.at(entry.target.origin, "M021", f"'{entry.target.value}' stands in no record", hint)
            else:
                rule = self.maker.rule(entry, place) if self.has_column(record, entry) else None
                if rule is not None:
                    record.rules[entry.target.value] = rule

    def below(self, record: OutRecord, entry: GroupSpec, place: Place) -> None:
        """A record that is written once, or once per item of a list."""
        name = entry.target.value
        if name not in self.layouts:
            if self.layouts:
                hint = suggestion(name, self.layouts) or f"records: {', '.join(self.layouts)}"
                self.problems.at(entry.target.origin, "M042", f"there is no record '{name}'", hint)
            return
        made = self.maker.group(entry, place)
        if made is not None:
            inner = OutRecord(name, made[0])
            self.fill(inner, entry.fields, made[1])
            record.inner.append(inner)

    def has_column(self, record: OutRecord, entry: EntrySpec) -> bool:
        """Whether the record has the column that a rule names (M042)."""
        names = [each.name for each in self.layouts[record.name].columns]
        if entry.target.value not in names:
            sentence = f"the record {record.name} has no column '{entry.target.value}'"
            hint = suggestion(entry.target.value, names) or f"columns: {', '.join(names)}"
            self.problems.at(entry.target.origin, "M042", sentence, hint)
        return entry.target.value in names
