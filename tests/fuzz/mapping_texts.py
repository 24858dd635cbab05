"""Mapping texts to begin with, the shipped ones and those of the examples, and their mutants."""

import re
import shutil
from pathlib import Path
from random import Random

NAME = "fuzz/one"
"""What every text is called, so that it stands in one file."""
TESTS = Path(__file__).parents[1] / "mapping"

STEPS = """
    when: po_number is not empty
    from: [BEG03, REF(DP)02]
    trim: left
    match: '^(.*)$'
    slice: 1-20
    split: {by: "-", part: 1}
    map: {EA: EA, "*": "="}
    lookup: {table: sac, key: code, value: ours, missing: keep}
    type: text
    max_length: 12
    pad: {width: 12, with: " ", side: right}
    default: none
    required: true
    on_error: warn
"""
RECORDS = """gateway: 1
mapping: fuzz/one
direction: in
document: order
format: fixed
fixed:
  encoding: cp1252
  decimal: "."
  dates: YYYYMMDD
  document: H
  records:
    H: {when: 1-1 = H, columns: {po: 2-16, date: 17-24, store: 25-30}}
    L: {when: 1-1 = L, columns: {line: 2-5, sku: 6-20, qty: 21-27, price: 28-36}}
    T: {when: 1-1 = T, columns: {count: 2-6}, optional: true}
fields:
  po_number: po
  po_date: date
  ship_to.id: store
  totals.lines: {from: T.count, default: 0}
  lines:
    each: L
    when: quantity > 0
    fields: {number: line, ids.vendor_sku: sku, quantity: {from: qty, implied_decimals: 0}, uom: ='EA', unit_price: {from: price, implied_decimals: 4}}
"""
PIECES = (
    "~", "''", '""', "='00'", "=quantity * unit_price", "=1/0", "=count(lines)", "BEG03", "BEG99", "N1(ST)/N401", "REF(DP)02",
    "PO1.UP", "SDQ.*", "$key", "$value", "$row", "$today", "$partner.id", "$partner.x", "$index", "$hl_count", "$envelope.usage",
    "$file.name", "=outer.po_number", "=outer.outer.x", "=sum(lines.quantity)", "=first_of(lines.uom)", "lines", "lines.uom", "ship_to",
    "{}", "[]", "{each: PO1, fields: {}}", "{each: row, fields: {text: a}}", "{fields: {name: ='x'}}", "{from: [], required: true}",
    "{const: x, calc: y}", '{calc: "=1"}', "0", "-1", "99999999999", "1.5", "true", "DD.MM.YYYY", "YYYYMMDD", "MON", "hold", "reject",
    "warn", "empty", "error", "keep", "{table: sac, key: code, value: ours}", "{table: uom, key: theirs, value: ours}", "(", ")", "|", "&",
    "/", "..", ".", "//x", "@id", "x[1]", "é", "\u202e", "\ufeff", "\U0001f600", "x" * 300, "'", '"', ": ", "- ", "#", "*", "MSG(#*)01",
    "N3(#2)01", "/BEG03", "PID(F & 02=73)05", "before", "after", "{before: po_number, from: BEG03}", "=pad_left('x', 1000, '0')",
    "=left(description, -1)", "=mid('x', 0, 99999)", "=date", "=round(1/3, 28)", "=9999999999999999999999999999*9999999999999999999999999999",
    "=workdays($today, 99999999)", "=days($today, 9999999)", "=format_date($today, 'YYYY')", "=if(1 == 1, 'a', 2)", "=sscc('1', 2)",
    "=check_digit('x')", "=po_date + 1", "=-description", "=not x", "='a' & 1 & $today", "=replace('aaaa', 'a', 'aaaaaaaaaaaaaaaaaaaa')",
    "16", "32", "implied_decimals", "latin-1", "utf-16", "cp037", "tab", ";", "x12/850", "x12/856", "csv/order", "fuzz/one", "in", "out",
    "order", "invoice", "shipment", "csv", "xml", "fixed", "x12", "json", "template", "each", "fields", "from", "when", "default", "map",
)  # fmt: skip
KEYS = (
    "from", "const", "calc", "when", "join", "trim", "match", "slice", "split", "map", "lookup", "plugin", "type", "format", "decimal",
    "thousands", "implied_decimals", "round", "max_length", "pad", "default", "required", "on_error", "before", "after", "doc", "each",
    "fields", "vars", "checks", "sort", "limit", "that", "say", "level", "code", "tables", "rows", "records", "ignore", "settings", "params",
    "group_by", "columns", "header", "skip", "footer", "encoding", "delimiter", "set", "version", "versions", "guide", "validate", "unmapped",
)  # fmt: skip
ADDED = (
    "when: po_number is not empty", "when: quantity > 1", "when: $today > '2026'", "trim: left", "trim: none", "match: '^(.)'",
    "match: 'x*'", "slice: 2-3", "slice: 2-", "split: {by: '-', part: -1}", 'map: {"*": "="}', 'map: {EA: x, "*": y}',
    'map: {"1": "2"}', "lookup: {table: uom, key: code, value: name, missing: keep}", "type: text", "type: decimal", "type: date",
    "type: integer", "type: bool", "type: time", "type: datetime", "format: YYYYMMDD", "format: DD.MM.YY", "format: hhmm",
    "decimal: ','", "thousands: '.'", "implied_decimals: 2", "round: 0", "round: {to: 1, mode: even}", "max_length: 2", "max_length: 0",
    "pad: {width: 5, with: '0'}", "pad: {width: 3, side: right}", "default: x", "default: '1'", "default: '2026-11-20'", "required: true",
    "on_error: warn", "on_error: empty", "on_error: reject", "join: ', '", "join: ''",
)  # fmt: skip
_RULE = re.compile(r"(?m)(?<=: )[A-Za-z][^\n{}\[\],'\"=:#|]*$")
_TOKEN = re.compile(r"[A-Za-z0-9_.$/]+|[^\sA-Za-z0-9_]")
_VALUE = re.compile(r"(?m)(?<=: )[^\n{}\[\],]+")
_KEY = re.compile(r"(?m)[\w.$()/|&=#-]+(?=:(?: |$))")


def seeds(builtin: Path) -> list[str]:
    """Every shipped mapping and every one of the examples, under one name."""
    paths = [
        *sorted(builtin.rglob("*.yaml")),
        *sorted(TESTS.rglob("mappings/**/*.yaml")),
        *sorted(TESTS.rglob("printed.yaml")),
    ]
    texts = [named(path.read_text(encoding="utf-8")) for path in paths if "-result" not in path.name]
    shipped = [each.relative_to(builtin).as_posix()[:-5] for each in sorted(builtin.rglob("*.yaml"))]
    head = f"gateway: 1\nmapping: {NAME}\nextends: "
    children = [f"{head}{name}\nfields: {{}}\n" for name in shipped]
    table = "tables:\n  sac: {file: tables/bigmart-allowances.csv}\n"
    return [*texts, *children, RECORDS, f"{head}x12/850\n{table}fields:\n  department:{STEPS}"]


def named(text: str) -> str:
    """The text as the mapping of our name."""
    return re.sub(r"(?m)^mapping:.*$", f"mapping: {NAME}", text)


def install_tables(folder: Path) -> None:
    """Every table of the examples, where the mapping that is tried finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in [*TESTS.rglob("tables/*.csv"), *TESTS.rglob("revenue-accounts.csv")]:
        shutil.copy(path, folder / path.name)


def mutant(known: list[str], rng: Random) -> str:
    """One changed mapping; most stay YAML."""
    text = rng.choice(known)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        text = _changed(text, known, rng)
    return text


def _changed(text: str, known: list[str], rng: Random) -> str:
    """One change: of a value, a key, a word, a line, the structure, or of any sign."""
    match rng.randrange(14):
        case 9 | 10 | 11 | 12 | 13:
            return _stepped(text, rng)
        case 0 | 1:
            return _replaced(text, _VALUE, rng.choice(PIECES), rng)
        case 2:
            return _replaced(text, _KEY, rng.choice(KEYS), rng)
        case 3:
            other = rng.choice(known)
            found = _TOKEN.findall(other)
            return _replaced(text, _TOKEN, rng.choice(found) if found else "x", rng)
        case 4:
            return _value_of_another(text, rng.choice(known), rng)
        case 5 | 6:
            return _lines_changed(text, rng.choice(known), rng)
        case 7:
            return _replaced(text, _VALUE, _nested(rng), rng)
        case _:
            at = rng.randrange(len(text) + 1)
            return text[:at] + rng.choice(PIECES) + text[at + rng.randrange(4) :]


def _replaced(text: str, pattern: re.Pattern[str], by: str, rng: Random) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return text
    at = rng.choice(found)
    return text[: at.start()] + by + text[at.end() :]


def _stepped(text: str, rng: Random) -> str:
    """A rule with steps added that the language knows."""
    found = list(_RULE.finditer(text))
    if not found:
        return text
    at = rng.choice(found)
    steps = {each.partition(":")[0]: each for each in rng.sample(ADDED, rng.choice((1, 1, 2, 3)))}
    return f"{text[: at.start()]}{{from: {at.group().strip()}, {', '.join(steps.values())}}}{text[at.end() :]}"


def _value_of_another(text: str, other: str, rng: Random) -> str:
    found = _VALUE.findall(other)
    return _replaced(text, _VALUE, rng.choice(found), rng) if found else text


def _lines_changed(text: str, other: str, rng: Random) -> str:
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(lines) + 1)
    until = at + rng.randrange(4)
    match rng.randrange(5):
        case 0:
            del lines[at:until]
        case 1:
            lines[at:at] = lines[at:until]
        case 2:
            lines[at:at] = rng.choice((text, other)).splitlines(keepends=True)[-rng.randrange(1, 12) :]
        case 3:
            lines[at:until] = [f"  {line}" if rng.random() < 0.7 else line[1:] for line in lines[at:until]]
        case _:
            extra = f"{' ' * rng.choice((0, 2, 4, 6, 8))}{rng.choice(KEYS)}: {rng.choice(PIECES)}\n"
            lines.insert(at, extra)
    return "".join(lines)


def _nested(rng: Random) -> str:
    depth = rng.choice((1, 2, 5, 20, 45))
    return "{" + "fields: {a: " * depth + rng.choice(PIECES[:40]) + "}" * depth + "}"
