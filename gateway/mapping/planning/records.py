"""Plan the writing of records: every layout read, every group on a record that exists, every rule on a column of it."""

import re
from dataclasses import replace

from gateway.config.mapping_spec import EntrySpec, GroupSpec
from gateway.config.problems import Origin, Problems, suggestion
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText
from gateway.formats.plain_text import ON_BAD_CHARACTER
from gateway.mapping.planning import columns
from gateway.mapping.planning.names import Place
from gateway.mapping.planning.options import NEWLINES, Options
from gateway.mapping.planning.rules import RuleMaker
from gateway.mapping.writing.plans import OutGroup, OutRecord, RecordsPlan

OPTIONS = ("encoding", "newline", "decimal", "thousands", "dates", "on_bad_char", "records", "document")
LAYOUT = ("when", "columns", "optional", "each", "fields", "sort", "limit", "vars", "checks", "doc")
LONGEST = 10_000
_POSITIONS = re.compile(r"(\d{1,5})(?:\s*-\s*(\d{1,5}))?", re.ASCII)
_WHEN = re.compile(r"(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*=\s*(.+)", re.ASCII)
Place2 = tuple[int, int]


def plan(body: GroupSpec, place: Place, maker: RuleMaker, options: Options, problems: Problems) -> RecordsPlan:
    """The records with their rules; groups stand on the names of records."""
    is_fixed = options.spec.format == "fixed"
    if is_fixed:
        options.known(OPTIONS)
    planner = _Planner(maker, options, problems, is_fixed=is_fixed)
    made = maker.group(replace(body, each=None, when=None, sort=None), place)
    group, inner = made if made is not None else (OutGroup("", body.target.origin), place)
    whole = OutRecord("", group, {})
    planner.fill(whole, body.fields, inner)
    delimited = None if is_fixed else replace(columns.delimited(options, problems), header=False)
    return RecordsPlan(
        whole, columns.encoding(options, problems), NEWLINES[options.one_of("newline", tuple(NEWLINES), "crlf")],
        options.one_of("on_bad_char", ON_BAD_CHARACTER, "error"), delimited,
    )  # fmt: skip


class _Planner:
    """Reads the layouts and makes the records of the rules."""

    def __init__(self, maker: RuleMaker, options: Options, problems: Problems, *, is_fixed: bool) -> None:
        self.maker = maker
        self.problems = problems
        self.is_fixed = is_fixed
        self.file = options.at("records").file
        node = options.node("records")
        self.layouts = {each.key.value: each.value for each in node} if isinstance(node, YamlMap) else {}
        if not self.layouts:
            hint = "write records: {H: {when: 1-1 = H, columns: {po: 2-16}}}"
            problems.at(options.at("records"), "M020", "a file of records needs 'records', their layouts", hint)

    def fill(self, record: OutRecord, entries: tuple[EntrySpec, ...], place: Place) -> None:
        """Rules go to the columns of a record, groups are records below it."""
        for entry in entries:
            if isinstance(entry, GroupSpec):
                made = self.maker.group(entry, place) if self.exists(entry) else None
                if made is not None:
                    inner = self.layout(entry.target.value, made[0])
                    self.fill(inner, entry.fields, made[1])
                    record.inner.append(inner)
            elif not record.name:
                hint = f"put it into a record: {next(iter(self.layouts), 'H')}: {{fields: {{...}}}}"
                self.problems.at(entry.target.origin, "M021", f"'{entry.target.value}' stands in no record", hint)
            elif entry.target.value not in record.columns:
                sentence = f"the record {record.name} has no column '{entry.target.value}'"
                hint = suggestion(entry.target.value, record.columns) or f"columns: {', '.join(record.columns)}"
                self.problems.at(entry.target.origin, "M042", sentence, hint)
            elif (rule := self.maker.rule(entry, place)) is not None:
                record.rules[entry.target.value] = rule

    def exists(self, entry: GroupSpec) -> bool:
        """Whether there is a record of a name."""
        name = entry.target.value
        if name not in self.layouts and self.layouts:
            hint = suggestion(name, self.layouts) or f"records: {', '.join(self.layouts)}"
            self.problems.at(entry.target.origin, "M042", f"there is no record '{name}'", hint)
        return name in self.layouts

    def layout(self, name: str, group: OutGroup) -> OutRecord:
        """The layout of a record: its columns, and what its ``when`` asks for."""
        node = self.layouts[name]
        record = OutRecord(name, group, {})
        if not isinstance(node, YamlMap):
            self.at(node, "M021", f"the record '{name}' is written like {{when: 1-1 = H, columns: {{po: 2-16}}}}")
            return record
        for each in node:
            if each.key.value not in LAYOUT:
                hint = suggestion(each.key.value, LAYOUT)
                self.at(each.key, "M021", f"'{each.key.value}' is not a key of a record", hint)
        record.columns = self.columns(node.get("columns"), name, node)
        record.constants = self.when(node.get("when"))
        return record

    def columns(self, node: Node | None, name: str, around: Node) -> dict[str, Place2]:
        """Where each column stands."""
        if isinstance(node, YamlList) and not self.is_fixed:
            return {each.value: (at, at) for at, each in enumerate(node.items, start=1) if isinstance(each, YamlText)}
        if not isinstance(node, YamlMap) or not self.is_fixed:
            how = "{po: 2-16, date: 17-24}" if self.is_fixed else "[type, po, date]"
            self.at(node or around, "M021", f"the columns of the record '{name}' are written like {how}")
            return {}
        found: dict[str, Place2] = {}
        for each in node:
            place = self.positions(each.value)
            if place is None:
                continue
            other = next((key for key, (first, last) in found.items() if first <= place[1] and place[0] <= last), None)
            if other is not None:
                self.at(each.value, "M021", f"the column '{each.key.value}' overlaps '{other}'")
            found[each.key.value] = place
        return found

    def positions(self, node: Node) -> Place2 | None:
        """``2-16``: from the second to the sixteenth character."""
        match = _POSITIONS.fullmatch(node.value.strip()) if isinstance(node, YamlText) else None
        first, last = (int(match[1]), int(match[2] or match[1])) if match is not None else (0, 0)
        if not 1 <= first <= last <= LONGEST:
            self.at(node, "M021", "the positions of a column are written like 2-16, counted from 1")
            return None
        return first, last

    def when(self, node: Node | None) -> tuple[tuple[int, int, str], ...]:
        """``1-1 = H``: what stands there when a record is written."""
        if node is None:
            return ()
        match = _WHEN.fullmatch(node.value.strip()) if isinstance(node, YamlText) else None
        if match is None:
            how = "1-1 = H" if self.is_fixed else "1 = H"
            self.at(node, "M021", f"the 'when' of a record is written like {how}")
            return ()
        first, last = int(match[1]), int(match[2] or match[1])
        text = match[3].strip().removeprefix("'").removesuffix("'")
        if self.is_fixed and (last < first or len(text) > last - first + 1):
            self.at(node, "M021", f"'{text}' does not fit the positions {first}-{last}")
        return ((first, last, text),)

    def at(self, node: Node, code: str, sentence: str, hint: str = "") -> None:
        """Add a problem."""
        self.problems.at(Origin(self.file, node.line, node.column), code, sentence, hint)
