"""Write a delimited file: one row per document or per item of a list, texts guarded against spreadsheets."""

from collections.abc import Sequence

from gateway.formats import delimited
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.x12.charset import plain
from gateway.mapping.transforms import StepError
from gateway.mapping.writing import values
from gateway.mapping.writing.plans import ColumnsPlan
from gateway.mapping.writing.scope import Scope

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def content(plan: ColumnsPlan, options: DelimitedOptions, documents: Sequence[Scope]) -> bytes:
    """The bytes of one file with the rows of all documents; problems are noted in their runs."""
    rows = [[rule.target for rule in plan.rules]] if options.header else []
    fits = _Fit(plan, options)
    for document in documents:
        for whole in values.items(plan.document, document):
            rows.extend(
                [values.cell(rule, item, fits).text for rule in plan.rules] for item in values.items(plan.group, whole)
            )
    return delimited.write(rows, options)


class _Fit:
    """Makes a text fit a cell: no formula, and only characters that the encoding has."""

    def __init__(self, plan: ColumnsPlan, options: DelimitedOptions) -> None:
        self.guard = plan.formula_guard
        self.transliterates = plan.on_bad_char == "transliterate"
        self.encoding = options.encoding

    def __call__(self, text: str, value: object) -> str:
        """The text as it may leave; numbers and dates are never touched."""
        if isinstance(value, str) and text.startswith(_FORMULA):
            if self.guard == "reject":
                raise StepError(f"'{text[: values.SHOWN]}' would be taken for a formula by a spreadsheet")
            if self.guard == "prefix":
                text = f"'{text}"
        return text if self.is_good(text) else "".join(self.character(each) for each in text)

    def is_good(self, text: str) -> bool:
        """Whether the encoding has every character."""
        if text.isascii():
            return "\x00" not in text
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return "\x00" not in text

    def character(self, character: str) -> str:
        """A character that the encoding has, or what may stand for it."""
        if self.is_good(character):
            return character
        instead = plain(character) if self.transliterates else ""
        if not instead:
            raise StepError(f"the character {character!r} cannot be written in {self.encoding}")
        return instead
