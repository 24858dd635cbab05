"""Read the options of a delimited file that comes in; what is wrong is told at its place."""

from dataclasses import dataclass

from gateway.config.problems import Problems
from gateway.config.strict_yaml import YamlList, YamlText
from gateway.formats import plain_text
from gateway.formats.delimited import DelimitedOptions
from gateway.mapping.language import forms as date_forms
from gateway.mapping.language import numerals
from gateway.mapping.language.steps import Forms
from gateway.mapping.options import YES_NO, Options

READING = (
    "encoding", "delimiter", "quote", "quoting", "header", "columns", "columns_required", "skip", "footer", "decimal",
    "thousands", "dates", "group_by", "on_conflict",
)  # fmt: skip
ON_CONFLICT = ("hold", "warn", "first")
_MOST_SKIPPED = 1000
RECORDS = ("records", "document")
_WRITING = ("newline", "formula_guard", "on_bad_char")


@dataclass(frozen=True, slots=True)
class RowOptions:
    """How a file is read; ``columns_required`` None asks for all columns that rules use."""

    delimited: DelimitedOptions
    forms: Forms
    columns_required: tuple[str, ...] | None
    on_conflict: str


def of(options: Options, problems: Problems, *, records: bool = False) -> RowOptions:
    """The options of a mapping, each checked; a file of ``records`` has no header."""
    for name in _WRITING:
        if name in options.spec.options:
            problems.at(options.at(name), "M020", f"'{name}' is an option of mappings that write")
    options.known((*READING, *_WRITING, *(RECORDS if records else ())))
    header = not records and options.one_of("header", YES_NO, "true") == "true"
    columns = texts(options, "columns", problems)
    if not header and not columns and not records:
        hint = "write columns: [first, second, ...]"
        problems.at(
            options.at("header"), "M020", "a file without header needs 'columns', the names of its columns", hint
        )
    grouped = options.node("group_by")
    group_by = texts(options, "group_by", problems)
    plain = DelimitedOptions()
    delimited = DelimitedOptions(
        delimiter=options.character("delimiter", plain.delimiter), quote=options.character("quote", plain.quote),
        encoding=encoding(options, problems), header=header, columns=columns, skip=count(options, "skip", problems),
        footer=count(options, "footer", problems), group_by=group_by,
        whole_file=isinstance(grouped, YamlList) and not grouped.items,
    )  # fmt: skip
    required = texts(options, "columns_required", problems) if options.node("columns_required") is not None else None
    conflict = options.one_of("on_conflict", ON_CONFLICT, "hold")
    return RowOptions(delimited, forms(options, problems), required, conflict)


def forms(options: Options, problems: Problems) -> Forms:
    """How all numbers and dates of a file are written."""
    signs = options.word("decimal", "."), options.word("thousands")
    wrong = numerals.fault(*signs)
    if wrong is not None:
        problems.at(options.value_at("decimal" if options.node("decimal") is not None else "thousands"), "M020", wrong)
        signs = ".", ""
    dates = options.word("dates")
    wrong = date_forms.fault(dates, "date") if dates else None
    if wrong is not None:
        problems.at(options.value_at("dates"), "M020", wrong, "write a form like YYYY-MM-DD or DD.MM.YYYY")
        dates = date_forms.ANY
    return Forms(dates=dates, decimal=signs[0], thousands=signs[1], iso=True)


def encoding(options: Options, problems: Problems) -> str:
    """The encoding of a file, by any of its names."""
    said = options.word("encoding", "utf-8")
    found = plain_text.encoding_named(said)
    if found is None:
        known = ", ".join(plain_text.ENCODINGS)
        problems.unknown(
            options.at("encoding"), "M020", f"'encoding' is one of {known}, not '{said}'", said, plain_text.ENCODINGS
        )
    return found or "utf-8"


def count(options: Options, name: str, problems: Problems, *, most: int = _MOST_SKIPPED) -> int:
    """An option that is a whole number."""
    said = options.word(name, "0")
    if not (said.isascii() and said.isdigit() and len(said) <= len(str(most)) and int(said) <= most):
        problems.at(options.at(name), "M020", f"'{name}' is a whole number up to {most}, not '{said}'")
        return 0
    return int(said)


def texts(options: Options, name: str, problems: Problems) -> tuple[str, ...]:
    """An option that is a list of texts."""
    node = options.node(name)
    if isinstance(node, YamlText) and node.is_removal:
        return ()
    if node is not None and not (isinstance(node, YamlList) and all(isinstance(each, YamlText) for each in node.items)):
        problems.at(options.at(name), "M020", f"'{name}' is a list, written like [a, b]")
        return ()
    return tuple(each.value for each in node.items if isinstance(each, YamlText)) if isinstance(node, YamlList) else ()
