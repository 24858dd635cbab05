"""Draft a mapping from a record file: its records by their first letters, its columns where blanks part them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from gateway.config.yaml_text import written
from gateway.flows.drafts.draft import Draft, DraftedMapping, Sample, commented

_SEPARATORS = ",;\t|"
_FEWEST, _MOST_KINDS, _MOST_COLUMNS = 2, 12, 60
_LONGEST_KEY, _LONGEST = 3, 40
_ALL = ""
"""The key of a file all of whose lines are of one kind."""


def records_of(content: bytes) -> Mapping[str, Sequence[str]]:
    r"""The lines of a record file by the letters that begin them; nothing where it is none.

    It is one where no separator parts its lines, and they are of one length or begin with one of a few letters.

    >>> {key: len(lines) for key, lines in records_of(b"HPO-1 20261101\nLA-1  00012\nLB-7  00003\nT002\n").items()}
    {'H': 1, 'L': 2, 'T': 1}
    >>> records_of(b"number;date\n1;2\n"), records_of(b"just some words\n")
    ({}, {})
    """
    lines = [line for line in _text(content)[1].splitlines() if line.strip()]
    if len(lines) < _FEWEST or any(all(sign in line for line in lines) for sign in _SEPARATORS):
        return {}
    by_key = _by_key(lines)
    if by_key:
        return by_key
    return {_ALL: lines} if len({len(line) for line in lines}) == 1 else {}


def draft(partner: str, sample: Sample) -> Draft:
    """The draft of a partner who sends a record file."""
    name = f"{partner}/{sample.stem()}"
    complete = [f"order: {{in: {name}}}"]
    lines = [f"# Complete mappings/{name}.yaml, then take the mark away from the next line:", *commented(complete)]
    note = f"mappings/{name}.yaml has each of its records; divide them into columns as their paper says."
    return Draft(
        documents=lines,
        complete=complete,
        mapping=DraftedMapping(name, text(name, "order", sample.content)),
        notes=(note,),
    )


def text(name: str, document: str, content: bytes) -> str:
    """The text of the mapping: the records as the sample has them, columns and rules as comments to be completed."""
    records = records_of(content)
    first = next(iter(records))
    begins = f"document: {first}  # as the sample has it: each begins a document"
    lines = [
        "gateway: 1",
        f"mapping: {name}",
        "direction: in",
        f"document: {document}",
        "format: fixed",
        "fixed:",
        f"  encoding: {_text(content)[0]}  # as the sample has it",
        *([f"  {begins}"] if first != _ALL else []),
        *(f"  {each}" for each in commented(["dates: YYYYMMDD"])),
        "  records:",
        *(f"    {line}" for key, rows in records.items() for line in _record(key, rows)),
        "fields:",
        "  # our field, and the name you gave to the column above",
        *(f"  {each}" for each in commented(["po_number: ..."])),
        *(f"  {each}" for each in commented(["lines:", f"  each: {_each(records)}", "  fields:", "    quantity: ..."])),
    ]
    return "\n".join(lines) + "\n"


def _text(content: bytes) -> tuple[str, str]:
    try:
        return "utf-8", content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return "cp1252", content.decode("cp1252", "replace")


def _by_key(lines: Sequence[str]) -> dict[str, list[str]]:
    """Lines by the capitals that they begin with: HDR where all are as long, else H; nothing where those tell no kinds."""
    short = _grouped(lines, 1)
    if not _FEWEST <= len(short) <= min(_MOST_KINDS, len(lines)):
        return {}
    if any(line[1:2].islower() for line in lines):
        return {}  # words, not records
    for length in range(_LONGEST_KEY, 1, -1):
        found = _grouped(lines, length)
        if len(found) == len(short) < len(lines):
            return found
    return short


def _grouped(lines: Sequence[str], length: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        key = line[:length]
        if len(key) < length or not (key.isascii() and key.isalpha() and key.isupper()):
            return {}
        found.setdefault(key, []).append(line)
    return found


def _each(records: Mapping[str, Sequence[str]]) -> str:
    """The record that is probably a line of the order: the one that comes most often."""
    return max(records, key=lambda key: len(records[key])) or "line"


def _record(key: str, lines: Sequence[str]) -> Iterator[str]:
    """One record: its condition, the whole line as a column, and how blanks would divide it."""
    start = len(key) + 1
    widest = max(len(line) for line in lines)
    yield f"{key or 'line'}:"
    if key:
        yield f"  when: 1-{len(key)} = {key}  # as the sample has it"
    yield "  columns:  # name them, and give each its positions as their paper says; then take 'whole' away"
    yield f"    whole: {start}-{max(widest, start)}"
    for number, (left, right) in enumerate(_parts(lines, start), start=1):
        value = lines[0][left - 1 : right].strip()
        yield f"    # column{number}: {left}-{right}  # {written(value)[:_LONGEST]}"


def _parts(lines: Sequence[str], start: int) -> list[tuple[int, int]]:
    """From which position to which something stands in any line: what blanks in all of them part."""
    widest = max(len(line) for line in lines)
    filled = [(at, any(at <= len(line) and line[at - 1] != " " for line in lines)) for at in range(start, widest + 1)]
    runs = [[at for at, _ in run] for is_filled, run in groupby(filled, key=lambda each: each[1]) if is_filled]
    return [(run[0], run[-1]) for run in runs][:_MOST_COLUMNS]
