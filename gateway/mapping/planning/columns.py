"""Plan the writing of a delimited file: its columns in the order of the rules, its rows, its options."""

from dataclasses import replace

from gateway.config.mapping_spec import GroupSpec
from gateway.config.problems import Problems
from gateway.formats import plain_text
from gateway.formats.delimited import FORMULA_GUARDS, QUOTING, DelimitedOptions, FormulaGuard
from gateway.formats.plain_text import ON_BAD_CHARACTER
from gateway.mapping.options import NEWLINES, YES_NO, Options
from gateway.mapping.planning.names import Place
from gateway.mapping.planning.rules import RuleMaker
from gateway.mapping.writing.plans import ColumnsPlan, OutGroup, Style

OPTIONS = (
    "encoding", "delimiter", "quote", "quoting", "header", "newline", "decimal", "thousands", "dates", "formula_guard",
    "on_bad_char", "records",
)  # fmt: skip
ISO_DATES = Style("YYYY-MM-DD", keeps_zeros=True, iso=True)


def plan(body: GroupSpec, place: Place, maker: RuleMaker, problems: Problems) -> ColumnsPlan:
    """The columns; document fields are ``<document>.x`` where there is a row per item."""
    whole = OutGroup("", body.target.origin, checks=maker.checks(body.checks, place))
    made = maker.group(replace(body, checks=()), place)
    if made is None:
        return ColumnsPlan(OutGroup("rows", body.target.origin), (), whole)
    group, inner = made
    found = []
    for entry in body.fields:
        if isinstance(entry, GroupSpec):
            hint = "a row per item of a list is written 'rows: {each: ...}'"
            problems.at(
                entry.target.origin, "M021", f"'{entry.target.value}' is a column; it has a rule, not a group", hint
            )
        elif (rule := maker.rule(entry, inner)) is not None:
            found.append(rule)
    return ColumnsPlan(group, tuple(found), whole)


def delimited(options: Options, problems: Problems) -> DelimitedOptions:
    """How the file is written."""
    options.known(OPTIONS)
    return DelimitedOptions(
        delimiter=options.character("delimiter", ","), quote=options.character("quote", '"'),
        quoting=options.one_of("quoting", QUOTING, "minimal"), encoding=encoding(options, problems),
        header=options.one_of("header", YES_NO, "true") == "true",
        newline=NEWLINES[options.one_of("newline", tuple(NEWLINES), "crlf")],
        on_bad_char=options.one_of("on_bad_char", ON_BAD_CHARACTER, "error"), formula_guard=_guard(options, problems),
    )  # fmt: skip


def encoding(options: Options, problems: Problems) -> str:
    """The encoding of a text file."""
    said = options.word("encoding", "utf-8")
    found = plain_text.encoding_named(said)
    if found is None:
        known = ", ".join(plain_text.ENCODINGS)
        problems.at(options.value_at("encoding"), "M020", f"'encoding' is one of {known}, not '{said}'")
    return found or "utf-8"


def _guard(options: Options, problems: Problems) -> FormulaGuard:
    """Texts that a spreadsheet would take for formulas; to leave them as they are must be said twice."""
    guard = options.one_of("formula_guard", FORMULA_GUARDS, "prefix")
    if guard == "off" and not options.is_known_risk("formula_guard"):
        hint = "add 'settings: {i_know: [formula_guard]}', so that a reviewer sees it"
        problems.at(
            options.value_at("formula_guard"), "M020", "'formula_guard: off' lets formulas into spreadsheets", hint
        )
    return guard
