"""Draft a partner from a CSV file: a built-in mapping that knows its columns, else one to be completed."""

import csv
import io
from collections.abc import Sequence

from gateway.config import mapping_files
from gateway.config.yaml_text import written
from gateway.flows.drafts.draft import Draft, DraftedMapping, Sample, commented
from gateway.mapping.prepare import PreparedMapping, prepare

_DELIMITERS = (",", ";", "\t", "|")
_ENCODINGS = ("utf-8-sig", "utf-8", "cp1252", "latin-1")
_LONGEST = 40
_ROWS = 2


def draft(partner: str, sample: Sample) -> Draft | str:
    """The draft, or why none can be made."""
    encoding, text = _decoded(sample.content)
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter)
    if not rows or not any(title.strip() for title in rows[0]):
        return f"{sample.name} has no row of titles"
    titles = [title.strip() for title in rows[0]]
    if len(titles) == 1:
        return f"{sample.name} has a single column, so it is probably no CSV file"
    if encoding in ("utf-8", "utf-8-sig") and delimiter == ",":
        known = _built_in(titles)
        if known is not None:
            line = f"{known.document}: {{in: {known.name}}}"
            return Draft(documents=[line], notes=(f"Its columns are those of the built-in mapping {known.name}.",))
    name = f"{partner}/{sample.stem()}"
    complete = [f"order: {{in: {name}}}"]
    lines = [f"# Complete mappings/{name}.yaml, then take the mark away from the next line:", *commented(complete)]
    mapping = DraftedMapping(name, _skeleton(name, sample, encoding, delimiter, rows))
    return Draft(
        documents=lines,
        complete=complete,
        mapping=mapping,
        notes=(f"mappings/{name}.yaml has a line for each of its columns.",),
    )


def _decoded(content: bytes) -> tuple[str, str]:
    for encoding in _ENCODINGS:
        if encoding == "utf-8-sig" and not content.startswith(b"\xef\xbb\xbf"):
            continue
        try:
            return encoding, content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return "latin-1", content.decode("latin-1")


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(_DELIMITERS, key=lambda sign: (first.count(sign), -_DELIMITERS.index(sign)))


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """The titles and the first rows below them."""
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                found.append(row)
            if len(found) > _ROWS:
                break
    except csv.Error:
        return found
    return found


def _built_in(titles: Sequence[str]) -> PreparedMapping | None:
    """The built-in mapping that knows every column and finds those it needs; the one that knows most."""
    found: list[tuple[int, PreparedMapping]] = []
    for name in mapping_files.builtin_names():
        if not name.startswith("csv/"):
            continue
        prepared, _ = prepare(name, site_mappings=None)
        if prepared is None or prepared.direction != "in":
            continue
        if set(prepared.columns_required) <= set(titles) <= prepared.columns_used:
            found.append((len(prepared.columns_required), prepared))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _skeleton(name: str, sample: Sample, encoding: str, delimiter: str, rows: Sequence[Sequence[str]]) -> str:
    titles, first = rows[0], rows[1] if len(rows) > 1 else ()
    shown = "tab" if delimiter == "\t" else delimiter
    lines = [
        f"# Drafted from {sample.name}. Write our field to the left of each column you need and take the mark away;",
        "# what belongs to a line of the order stands below 'lines'.",
        "gateway: 1",
        f"mapping: {name}",
        "direction: in",
        "document: order",
        "format: csv",
        "csv:",
        f"  encoding: {encoding}",
        f"  delimiter: {written(shown)}",
        *(f"  {line}" for line in commented(["dates: DD.MM.YYYY", f"group_by: [{written(titles[0].strip())}]"])),
        "fields:",
        *(
            f"  # ...: {written(title.strip())}{_example(first, at)}"
            for at, title in enumerate(titles)
            if title.strip()
        ),
        *(f"  {line}" for line in commented(["lines:", "  each: row", "  fields:", "    quantity: ..."])),
    ]
    return "\n".join(lines) + "\n"


def _example(row: Sequence[str], at: int) -> str:
    value = row[at].strip() if at < len(row) else ""
    shown = "".join(letter if letter.isprintable() else " " for letter in value)
    return f"    # {shown[:_LONGEST]}" if shown else ""
