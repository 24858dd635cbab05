"""Codes that no list knew and data that no rule reads, told so that somebody can decide: what it is, and what is known."""

from typing import Any

from gateway.canonical.registry import DOCUMENTS
from gateway.config.mapping_spec import MappingSpec
from gateway.config.strict_yaml import YamlMap, YamlText
from gateway.exchange.readings import UnknownValue
from gateway.flows.ports import UnitOfWork
from gateway.flows.tools.desk import Desk
from gateway.flows.tools.places import RulePlace, find
from gateway.formats import delimited
from gateway.formats.delimited import DelimitedOptions
from gateway.kernel.errors import GatewayError, NotFoundError
from gateway.kernel.words import counted
from gateway.mapping import catalogue

View = dict[str, Any]
_MOST_TARGETS = 40


def view(desk: Desk, value: UnknownValue) -> View:
    """One unknown with what could be meant and how to say it."""
    what = value.what
    targets = known_targets(desk, value) if what.kind != "unmapped" else []
    return {
        "id": value.id, "status": value.status, "kind": what.kind, "code": what.code, "field": what.field,
        "source": what.source, "partner": what.partner, "mapping": what.mapping, "document": what.document,
        "rule": what.rule, "count": value.count, "first_seen": value.first_seen.isoformat(),
        "last_seen": value.last_seen.isoformat(), "file": value.file_name, "note": value.note, "targets": targets,
        "sentence": sentence(value), "next_step": _next_step(value, targets),
    }  # fmt: skip


def sentence(value: UnknownValue) -> str:
    """``new code 'CS' for lines.uom, seen 14 times from acme in PO103``."""
    what, times = value.what, counted(value.count, "time")
    if what.kind == "unmapped":
        return f"{what.source} is read by no rule, seen {times} from {what.partner}"
    return f"new code '{what.code}' for {what.field}, seen {times} from {what.partner} in {what.source}"


def find_value(work: UnitOfWork, name: str) -> UnknownValue:
    """An unknown by its id; raises NotFoundError."""
    found = next((each for each in work.readings.unknown() if each.id.lower() == name.lower()), None)
    if found is None:
        raise NotFoundError(f"There is no unknown value '{name}'.", next_step="'gateway values list' shows them.")
    return found


def known_targets(desk: Desk, value: UnknownValue) -> list[str]:
    """What the code could mean: what its list or table says of others, and the words of the field."""
    try:
        spec = desk.spec(value.what.mapping)
    except GatewayError:
        return []
    place = find(spec, value.what.field)
    if place is None:
        return []
    field = catalogue.find_in_lists(DOCUMENTS[spec.document], value.what.field) if spec.document in DOCUMENTS else None
    words = list(field.codes) if field is not None else []
    said = _of_table(spec, place) if value.what.kind == "lookup" else _of_map(place)
    return list(dict.fromkeys([*said, *words]))[:_MOST_TARGETS]


def waiting(work: UnitOfWork, value: UnknownValue) -> tuple[int, list[str]]:
    """How many documents of the partner are on hold with this among their problems, and the codes of those holds."""
    what = value.what
    shown = f"'{what.code}'" if what.kind != "unmapped" else what.source
    found = [
        hold.code
        for hold in work.exchange.holds()
        if hold.partner == what.partner and hold.receipt is not None and shown in hold.reason
        for document in (work.readings.waiting(hold.id),)
        if document is not None and document.mapping == what.mapping
    ]
    return len(found), sorted(set(found))


def _of_map(place: RulePlace) -> list[str]:
    node = place.rule.steps.get("map")
    values = [each.value for each in node] if isinstance(node, YamlMap) else []
    return [each.value for each in values if isinstance(each, YamlText) and each.value not in ("", "=")]


def _of_table(spec: MappingSpec, place: RulePlace) -> list[str]:
    node = place.rule.steps.get("lookup")
    said = {each.key.value: each.value for each in node} if isinstance(node, YamlMap) else {}
    name, column = said.get("table"), said.get("value")
    table = spec.tables.get(name.value) if isinstance(name, YamlText) else None
    path = table.folder / table.file.value if table is not None else None
    if table is None or path is None or not isinstance(column, YamlText) or not path.is_file():
        return []
    delimiter = "\t" if table.delimiter == "tab" else table.delimiter
    file = delimited.read(path.read_bytes(), DelimitedOptions(delimiter=delimiter, encoding=table.encoding))
    if column.value not in file.titles:
        return []
    at = file.titles.index(column.value)
    return [cells[at].strip() for _, cells in file.rows if at < len(cells) and cells[at].strip()]


def _next_step(value: UnknownValue, targets: list[str]) -> str:
    if value.what.kind == "unmapped":
        return f"Read it in a rule of '{value.what.mapping}', or say that it is not needed: gateway values ignore {value.id}"
    example = targets[0] if targets else "VALUE"
    return f"Say what it means, e.g. gateway values set {value.id} {example}"
