"""Write a delimited file: one row per document or per item of a list, texts guarded against spreadsheets."""

from collections.abc import Iterable

from gateway.formats import delimited, plain_text
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.plain_text import OnBadCharacter
from gateway.mapping.language.values import StepError
from gateway.mapping.writing import values
from gateway.mapping.writing.plans import ColumnsPlan
from gateway.mapping.writing.scope import Scope

Rows = tuple[tuple[str, ...], ...]
"""The cells of each row."""


def rows(plan: ColumnsPlan, options: DelimitedOptions, document: Scope) -> Rows:
    """The rows of one document; problems are noted in its run."""

    def fits(text: str, value: object) -> str:
        return written(guarded(text, value, options), options.encoding, options.on_bad_char)

    return tuple(
        tuple(values.cell(rule, item, fits).text for rule in plan.rules)
        for whole in values.items(plan.document, document)
        for item in values.items(plan.group, whole)
    )


def content(plan: ColumnsPlan, options: DelimitedOptions, documents: Iterable[Rows]) -> bytes:
    """The bytes of one file with the rows of all documents."""
    table = [tuple(rule.target for rule in plan.rules)] if options.header else []
    for each in documents:
        table.extend(each)
    return delimited.write(table, options).content


def guarded(text: str, value: object, options: DelimitedOptions) -> str:
    """A text that no spreadsheet takes for a formula; numbers and dates are never touched."""
    if not isinstance(value, str):
        return text
    found = delimited.guarded(text, options.formula_guard)
    if found is None:
        raise StepError(f"'{text[: values.SHOWN]}' would be taken for a formula by a spreadsheet")
    return found


def written(text: str, encoding: str, on_bad: OnBadCharacter) -> str:
    """A text of which the encoding has every character."""
    found, _, bad = plain_text.fitted(text, encoding, on_bad)
    if bad or "\x00" in found:
        other = "" if on_bad == "transliterate" or not bad else ", or 'on_bad_char: transliterate'"
        hint = f"; choose another 'encoding'{other}" if bad else ""
        raise StepError(f"{values.listed(bad or chr(0))} cannot be written in {encoding}{hint}")
    return found
