"""Random canonical documents, and random files for the mappings that read: what the mapping names, and damage."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random

from gateway.canonical.base import Canonical, build
from gateway.mapping import catalogue
from gateway.mapping.catalogue import CatalogueField
from gateway.mapping.planning import inbound_plan
from gateway.mapping.prepare import PreparedMapping

TEXTS = (
    "A", "PO-1", "0012", "=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM", "\tx", "*", "~", "a:b^c>d", "'", '"', ";,;", "\n", "\r\n",
    " ", "  blank  ", "é", "\u202e", "漢字", "e\u0301", "012345678905", "00106141411234567897", "x" * 81, "y" * 300, "{{7*7}}",
    "<b>&amp;</b>", "]]>", "1", "1.50", "20261120", "EA", "00", "N/A", "\x7f", "\x1f", "\ud7ff", "\ufffe", "\U0001d538",
)  # fmt: skip
CELLS = (
    *TEXTS, "", "", "1", "2", "12", "1.200", "1,5", "0", "-1", "1e3", "NaN", "99999999999999999999", "02.11.2026",
    "2026-11-02", "20261102", "11/02/2026", "31.02.2026", "B01", "4006381333931", "Y", "N", "original", "true", "1200",
)  # fmt: skip

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
SPACES = {"o": f"{_UBL}Order-2", "cac": f"{_UBL}CommonAggregateComponents-2", "cbc": f"{_UBL}CommonBasicComponents-2"}


def document(model: type[Canonical], rng: Random) -> Canonical:
    """A random document of a model."""
    found = build(model, _values(model, rng, rng.choice((0.05, 0.3, 0.7))))
    assert isinstance(found, Canonical), found
    return found


def _values(model: type[Canonical], rng: Random, density: float) -> dict[str, object]:
    """Values for every field that must be there and for some others."""
    there = (
        (name, field) for name, field in catalogue.fields_of(model).items() if field.required or rng.random() < density
    )
    return {name: value for name, field in there if (value := _field(field, rng, density)) is not None}


def _field(field: CatalogueField, rng: Random, density: float) -> object:
    if field.is_list:
        return tuple(_one(field, rng, density) for _ in range(rng.choice((0, 1, 1, 2, 3))))
    return _one(field, rng, density)


def _one(field: CatalogueField, rng: Random, density: float) -> object:
    if field.kind == catalogue.CUSTOM:
        return None
    if field.model is not None:
        return _values(field.model, rng, density)
    if field.kind == "code":
        return rng.choice(field.codes)
    return _KINDS.get(field.kind, _text)(rng)


def _text(rng: Random) -> str:
    return rng.choice(TEXTS)


_KINDS: Mapping[str, Callable[[Random], object]] = {
    "decimal": lambda rng: Decimal(rng.choice(("0", "1", "-1", "12", "1.5", "-60.00", "0.000001", "123456789012345678.123456789012", "1E+3", "-0"))),
    "integer": lambda rng: rng.choice((0, 1, -1, 12, 999999999999999999)),
    "date": lambda rng: rng.choice((date(2026, 11, 20), date(1, 1, 1), date(9999, 12, 31), date(2069, 12, 31))),
    "time": lambda rng: rng.choice((time(0, 0), time(23, 59, 59, 999999), time(8, 15))),
    "datetime": lambda rng: rng.choice((datetime(2026, 11, 20, 8, 15, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC))),
    "bool": lambda rng: rng.random() < 0.5,
}  # fmt: skip


def content(prepared: PreparedMapping, rng: Random) -> bytes:
    """A file in the mapping's format, mostly such that something is read."""
    made = _markup if prepared.format == "xml" else _records if prepared.records is not None else _rows
    return made(prepared, rng)


def _rows(prepared: PreparedMapping, rng: Random) -> bytes:
    options = prepared.delimited
    titles = list(options.columns) or sorted(prepared.columns_used)
    rows = [titles] if options.header else []
    rows += [[rng.choice(CELLS) for _ in titles] for _ in range(rng.randrange(6))]
    if rng.random() < 0.2:
        rng.shuffle(rng.choice(rows) if rows else [])
    return _joined(rows, options.delimiter, rng).encode(options.encoding, "replace")


def _joined(rows: list[list[str]], delimiter: str, rng: Random) -> str:
    def quoted(cell: str) -> str:
        needs = any(sign in cell for sign in (delimiter, '"', "\n", "\r"))
        return '"' + cell.replace('"', '""') + '"' if needs and rng.random() < 0.98 else cell

    return "".join(delimiter.join(quoted(cell) for cell in row) + rng.choice(("\n", "\r\n")) for row in rows)


def _records(prepared: PreparedMapping, rng: Random) -> bytes:
    options = prepared.records
    assert options is not None
    lines = []
    for _ in range(rng.randrange(8)):
        layout = rng.choice(options.layouts)
        cells = {column.first: (column.last, rng.choice(CELLS)) for column in layout.columns}
        cells |= {each.first: (each.last, each.values[0]) for each in layout.when}
        if options.cells is not None:
            row = [cells.get(at, (at, ""))[1] for at in range(1, max(cells, default=0) + 1)]
            lines.append(_joined([row], options.cells.delimiter, rng))
            continue
        line = [" "] * max((last or first + 9 for first, (last, _) in cells.items()), default=0)
        for first, (last, cell) in cells.items():
            width = (last or first + 9) - first + 1
            line[first - 1 : first - 1 + width] = cell.replace("\n", " ").replace("\r", " ")[:width].ljust(width)
        lines.append("".join(line) + rng.choice(("\n", "\r\n")))
    return "".join(lines).encode(options.encoding, "replace")


def _markup(prepared: PreparedMapping, rng: Random) -> bytes:
    """Elements along the paths that the mapping names; predicates and functions are passed over."""
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in SPACES.items())
    paths = list(inbound_plan.sources(prepared.inbound)) if prepared.inbound is not None else []
    names = [_names(path) for path in rng.sample(paths, min(len(paths), 30))]
    inner = "".join(_element(each, rng) for each in names for _ in range(rng.randrange(3)))
    top = prepared.xml.document.text if prepared.xml is not None and prepared.xml.document is not None else "/x"
    root = _names(top.split("|")[0]) or ["x"]
    opened = "".join(f"<{name}{declared if at == 0 else ''}>" for at, name in enumerate(root))
    closed = "".join(f"</{name}>" for name in reversed(root))
    return f"{opened}{inner}{closed}".encode("utf-8", "replace")


def _names(path: str) -> list[str]:
    """``/o:Order/cbc:ID[@x='y']`` to its names."""
    depth, plain = 0, ""
    for sign in path:
        depth += (sign == "[") - (sign == "]")
        plain += sign if depth == 0 and sign != "]" else ""
    parts = (part.strip() for part in plain.split("/"))
    return [part for part in parts if part.replace(":", "").replace("-", "").isalnum() and part[:1].isalpha()]


def _element(names: list[str], rng: Random) -> str:
    text = rng.choice(CELLS)
    safe = "".join(sign for sign in text if sign >= " " and sign not in "\ufffe\x7f").replace("&", "&amp;")
    safe = safe.replace("<", "&lt;").replace(">", "&gt;")
    attributes = f' schemeID="{rng.choice(("GLN", "0160", "x"))}" unitCode="EA"' if rng.random() < 0.3 else ""
    for name in reversed(names):
        safe = f"<{name}{attributes}>{safe}</{name}>"
        attributes = ""
    return safe
