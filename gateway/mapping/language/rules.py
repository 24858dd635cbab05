"""What rules of both directions share: their steps read from the file, every mistake told at its place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from gateway.config.mapping_spec import LEVELS, RuleSpec
from gateway.config.problems import Located, Origin, Problems, suggestion
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText
from gateway.mapping.language import forms, numerals, patterns, transforms
from gateway.mapping.language.expression_types import Names, check
from gateway.mapping.language.expressions import Expression, Unparsable, parse
from gateway.mapping.language.plugins import Plugin, Plugins
from gateway.mapping.language.steps import AnyStep, Forms, Lookup, PluginCall, Step, Steps
from gateway.mapping.language.tables import Tables

ON_ERROR = (*LEVELS, "empty")
TYPES = ("text", "integer", "decimal", "date", "time", "datetime", "bool")
MOST_DIGITS = 4
_PAD = "'pad' is written like {width: 10, with: \"0\", side: left}"
_SPLIT = "'split' is written like {by: \"-\", part: 2}"
_LOOKUP = ("table", "key", "value", "also", "missing")
_MISSING = ("error", "keep", "empty")


@dataclass(frozen=True, slots=True)
class Tools:
    """What the rules of one mapping may use, and what holds for all of them unless one says otherwise."""

    tables: Tables
    plugins: Plugins
    forms: Forms = field(default_factory=Forms)
    on_error: str = "hold"


class RuleReader:
    """Reads the nodes of one rule; every problem is collected with its place."""

    def __init__(self, rule: RuleSpec, tools: Tools, names: Names, problems: Problems) -> None:
        self.rule = rule
        self.tools = tools
        self.names = names
        self.problems = problems

    def sources(self) -> list[Located]:
        """The paths of ``from``: one, or a list in order of preference."""
        node = self.rule.steps.get("from")
        if not isinstance(node, YamlList):
            found = self.text("from")
            return [found] if found is not None else []
        if not node.items or not all(isinstance(each, YamlText) for each in node.items):
            self.wrong(node, "'from' is a path, or a list of paths in order of preference")
        return [Located(each.value, self.rule.at(each)) for each in node.items if isinstance(each, YamlText)]

    def steps(self, *, trims: bool) -> Steps:
        """Every step of the rule; ``trims``: white space goes unless the rule says otherwise."""
        table = self.table()
        kind, codes = self.type()
        return Steps(
            before=tuple(self.before(table, trims=trims)), type=kind, codes=codes, forms=self.forms(), rounding=self.rounding(), last=tuple(self.last()), default=self.text("default"),
            required=self.choice("required", ("true", "false"), "false") == "true",
            on_error=self.choice("on_error", ON_ERROR, self.tools.on_error), table=table,
        )  # fmt: skip

    def before(self, table: tuple[tuple[Located, str], ...], *, trims: bool) -> Iterator[AnyStep]:
        """The steps on the text as it was read: join to plugin."""
        if (by := self.text("join")) is not None:
            yield Step("join", (by.value,), transforms.joined(by.value))
        side = self.choice("trim", ("both", "left", "right", "none"), "both" if trims else "none")
        if side != "none":
            yield Step("trim", (side,), transforms.trim(side))
        yield from self.match()
        yield from self.cut()
        yield from self.split()
        if table:
            codes = {key.value: value for key, value in table}
            yield Step("map", (tuple(codes.items()),), transforms.mapped(codes))
        for step in (self.lookup(), self.plugin()):
            if step is not None:
                yield step

    def type(self) -> tuple[str, tuple[str, ...]]:
        """The type that the rule names itself: one of the words, or ``code(a, b)``."""
        found = self.text("type")
        if found is None or not found.value.startswith("code("):
            return self.choice("type", TYPES, ""), ()
        codes = tuple(each.strip() for each in found.value.removeprefix("code(").removesuffix(")").split(","))
        if not found.value.endswith(")") or not all(codes):
            self.problems.at(found.origin, "M021", f"'type' with codes is written like code(a, b), not '{found.value}'")
        return "code", codes

    def match(self) -> Iterator[Step]:
        r"""``match: '^\d{12}$'`` (M034)."""
        found = self.text("match")
        if found is None:
            return
        pattern = patterns.usable(found.value)
        if isinstance(pattern, str):
            self.problems.at(found.origin, "M034", f"the pattern '{found.value[:60]}' cannot be used: {pattern}")
            return
        yield Step("match", (found.value,), transforms.matched(pattern))

    def cut(self) -> Iterator[Step]:
        """``slice: 3-7``."""
        found = self.text("slice")
        if found is None:
            return
        first, dash, last = (each.strip() for each in found.value.partition("-"))
        good = (
            dash
            and _is_number(first)
            and int(first) > 0
            and (not last or (_is_number(last) and int(last) >= int(first)))
        )
        if not good:
            sentence = f"'slice' is written like 3-7 or 3-, the first character being 1, not '{found.value}'"
            self.problems.at(found.origin, "M021", sentence)
            return
        limits = int(first), int(last) if last else None
        yield Step("slice", limits, transforms.cut_out(*limits))

    def split(self) -> Iterator[Step]:
        """``split: {by: "-", part: 2}``."""
        node = self.options("split", ("by", "part"), _SPLIT)
        if node is None:
            return
        by, part = self.word(node, "by", ""), self.word(node, "part", "")
        if not by or not _is_number(part.removeprefix("-")) or int(part) == 0:
            self.wrong(node, f"{_SPLIT}; parts are counted from 1, from the end from -1")
            return
        yield Step("split", (by, int(part)), transforms.split(by, int(part)))

    def table(self) -> tuple[tuple[Located, str], ...]:
        """The code list of ``map``: each target with its place, beside the code."""
        node = self.rule.steps.get("map")
        if node is None:
            return ()
        if not isinstance(node, YamlMap) or not all(isinstance(each.value, YamlText) for each in node):
            self.wrong(node, "'map' is written like {EA: each, CA: case}")
            return ()
        for each in (pair.key for pair in node if isinstance(pair.value, YamlText) and pair.value.is_removal):
            if ":" in each.value:
                hint = f"a blank belongs behind the colon: {each.value.replace(':', ': ', 1)}"
                self.problems.at(self.rule.at(each), "M021", f"'map' has no value for '{each.value}'", hint)
        rows = [(each.key.value, each.value) for each in node if isinstance(each.value, YamlText)]
        return tuple(
            (Located(key, self.rule.at(value)), "" if value.is_removal else value.value) for key, value in rows
        )

    def lookup(self) -> Lookup | None:
        """``lookup: {table: stores, key: theirs, value: ours, also: {...}, missing: error}``."""
        node = self.options("lookup", _LOOKUP, "'lookup' is written like {table: stores, key: theirs, value: ours}")
        if node is None:
            return None
        table, key, value = (self.located(node, each) for each in _LOOKUP[:3])
        missing = self.word(node, "missing", "error")
        if missing not in _MISSING:
            at = self.rule.at(node.get("missing") or node)
            sentence = f"'missing' is one of {', '.join(_MISSING)}, not '{missing}'"
            self.problems.unknown(at, "M021", sentence, missing, _MISSING)
        also = self.also(node.get("also"))
        if table is None or key is None or value is None:
            lacking = " and ".join(f"'{each}'" for each in _LOOKUP[:3] if self.located(node, each) is None)
            self.wrong(
                node, f"the 'lookup' lacks {lacking}; it is written like {{table: stores, key: theirs, value: ours}}"
            )
            return None
        rows = self.tools.tables.rows(table, key, value, tuple(column for column, _ in also))
        if rows is None:
            return None
        return Lookup(table.value, rows, tuple((column.value, each) for column, each in also), missing)

    def also(self, node: Node | None) -> list[tuple[Located, Expression]]:
        """Further columns of a lookup with what each must equal."""
        if node is None:
            return []
        if not isinstance(node, YamlMap):
            self.wrong(node, "'also' is written like {column: expression}")
            return []
        found = []
        for each in node:
            made = self.value_of(each.value)
            if made is not None:
                found.append((Located(each.key.value, self.rule.at(each.key)), made))
        return found

    def value_of(self, node: Node) -> Expression | None:
        """An expression that stands as the value of a key."""
        if not isinstance(node, YamlText):
            self.wrong(node, "an expression is one text")
            return None
        return self.checked(Located(node.value, self.rule.at(node)))

    def plugin(self) -> PluginCall | None:
        """``plugin: name``, or ``{name: ..., argument: text or =expression}``."""
        node = self.rule.steps.get("plugin")
        if node is None:
            return None
        name = node if isinstance(node, YamlText) else node.get("name") if isinstance(node, YamlMap) else None
        if not isinstance(name, YamlText):
            self.wrong(node, "'plugin' is a name, or written like {name: ..., argument: ...}")
            return None
        found = self.tools.plugins.find(name.value)
        if isinstance(found, str):
            self.problems.at(self.rule.at(name), "M032", found, self.tools.plugins.advice(name.value))
            return None
        entries = [each for each in node if each.key.value != "name"] if isinstance(node, YamlMap) else []
        more = []
        for each in entries:
            argument = self.argument(each.value)
            if argument is not None:
                more.append((each.key.value, argument))
        self.check_arguments(node, found, [key for key, _ in more])
        return PluginCall(found, tuple(more))

    def argument(self, node: Node) -> str | Expression | None:
        """An argument of a plug-in: a text, or an expression after ``=``."""
        if isinstance(node, YamlText) and node.value.startswith("="):
            return self.value_of(YamlText(node.value[1:], node.line, node.column + 1, node.plain))
        if isinstance(node, YamlText):
            return node.value
        self.wrong(node, "an argument of a plug-in is one text")
        return None

    def check_arguments(self, node: Node, found: Plugin, given: list[str]) -> None:
        """Whether a plug-in gets the arguments it takes besides the value (M033)."""
        wanted = [name for name, _ in found.signature.arguments[1:]]
        unknown = [name for name in given if name not in wanted]
        lacking = [name for name in wanted if name not in given]
        if unknown or lacking:
            takes = ", ".join(wanted) or "nothing else"
            sentence = f"'{found.name}' takes the value and {takes}; " + (
                f"it has no argument {', '.join(unknown)}" if unknown else f"{', '.join(lacking)} is missing"
            )
            self.problems.at(self.rule.at(node), "M033", sentence)

    def forms(self) -> Forms:
        """How this rule's numbers and dates are written."""
        plain = self.tools.forms
        decimal, thousands = self.text("decimal"), self.text("thousands")
        signs = decimal.value if decimal else plain.decimal, thousands.value if thousands else plain.thousands
        at = decimal or thousands
        wrong = numerals.fault(*signs) if at is not None else None
        if wrong is not None and at is not None:
            self.problems.at(at.origin, "M021", wrong)
            signs = plain.decimal, plain.thousands
        form = self.text("format")
        if form is not None and isinstance(said := forms.parse(form.value), str):
            self.problems.at(form.origin, "M021", said)
            form = None
        implied = self.number("implied_decimals")
        return replace(
            plain, form=form.value if form else plain.form, decimal=signs[0], thousands=signs[1],
            implied_decimals=plain.implied_decimals if implied is None else implied,
        )  # fmt: skip

    def rounding(self) -> Step | None:
        """``round: 2``, or ``round: {to: 2, mode: even}``."""
        node = self.rule.steps.get("round")
        if not isinstance(node, YamlMap):
            places = self.number("round")
            return Step("round", (places, "half_up"), transforms.rounded(places)) if places is not None else None
        for each in node:
            if each.key.value not in ("to", "mode"):
                self.problems.at(self.rule.at(each.key), "M021", f"'{each.key.value}' is not a key of 'round'")
        to, mode = self.word(node, "to", "0"), self.word(node, "mode", "half_up")
        if not _is_number(to) or mode not in transforms.MODES:
            self.wrong(
                node, f"'round' is written like 2 or {{to: 2, mode: even}}; modes are {', '.join(transforms.MODES)}"
            )
            return None
        return Step("round", (int(to), mode), transforms.rounded(int(to), mode))

    def last(self) -> Iterator[Step]:
        """The steps after the type: cut and fill up."""
        if (length := self.number("max_length")) is not None:
            yield Step("max_length", (length,), transforms.shortened(length))
        node = self.options("pad", ("width", "with", "side"), _PAD)
        if node is None:
            return
        width, fill, side = self.word(node, "width", ""), self.word(node, "with", " "), self.word(node, "side", "left")
        if (
            not _is_number(width)
            or int(width) > transforms.WIDEST_PAD
            or len(fill) != 1
            or side not in ("left", "right")
        ):
            self.wrong(node, f"{_PAD}; the width is at most {transforms.WIDEST_PAD}, 'with' one character")
            return
        yield Step("pad", (int(width), fill, side), transforms.padded(int(width), fill, side))

    def expression(self, key: str, *, condition: bool = False) -> Expression | None:
        """One step that is an expression, everything in it checked."""
        found = self.text(key)
        return self.checked(found, condition=condition) if found is not None else None

    def checked(self, text: Located, *, condition: bool = False) -> Expression | None:
        """An expression with everything in it checked."""
        return expression(text, self.names, self.problems, self.tools.plugins, condition=condition)

    def text(self, key: str) -> Located | None:
        """One step that is a text."""
        node = self.rule.steps.get(key)
        if node is None or isinstance(node, YamlText):
            return Located(node.value, self.rule.at(node)) if node is not None else None
        self.wrong(node, f"'{key}' is one text")
        return None

    def number(self, key: str) -> int | None:
        """One step that is a whole number."""
        found = self.text(key)
        if found is None:
            return None
        if not _is_number(found.value):
            self.problems.at(found.origin, "M021", f"'{key}' is a whole number, not '{found.value}'")
            return None
        return int(found.value)

    def choice(self, key: str, words: tuple[str, ...], otherwise: str) -> str:
        """One step that is one of a few words."""
        found = self.text(key)
        if found is None:
            return otherwise
        if found.value not in words:
            sentence = f"'{key}' is one of {', '.join(words)}, not '{found.value}'"
            self.problems.at(found.origin, "M021", sentence, suggestion(found.value, words))
            return otherwise
        return found.value

    def options(self, key: str, known: tuple[str, ...], how: str) -> YamlMap | None:
        """A step that is written with keys of its own."""
        node = self.rule.steps.get(key)
        if node is None:
            return None
        if not isinstance(node, YamlMap):
            self.wrong(node, how)
            return None
        for each in node:
            if each.key.value not in known:
                sentence = f"'{each.key.value}' is not a key of '{key}'"
                self.problems.unknown(self.rule.at(each.key), "M021", sentence, each.key.value, known)
        return node

    def located(self, node: YamlMap, key: str) -> Located | None:
        """A text of a step, with its place."""
        found = node.get(key)
        return Located(found.value, self.rule.at(found)) if isinstance(found, YamlText) else None

    def wrong(self, node: Node, sentence: str) -> None:
        """A step that is written wrongly."""
        self.problems.at(self.rule.at(node), "M021", sentence)

    @staticmethod
    def word(node: YamlMap, key: str, otherwise: str) -> str:
        """A text of a step, or another."""
        found = node.get(key)
        return found.value if isinstance(found, YamlText) else otherwise


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def expression(
    text: Located, names: Names, problems: Problems, plugins: Plugins, *, condition: bool = False
) -> Expression | None:
    """An expression with every name, function and type checked; None when something is wrong."""
    parsed = parse(text.value, plugins.functions)
    if isinstance(parsed, Unparsable):
        problems.at(_moved(text.origin, parsed.column), "M030", parsed.sentence, parsed.hint)
        return None
    faults = check(parsed, names, condition=condition).faults
    for each in faults:
        name = each.sentence.split("'")[1] if each.code == "M032" else ""
        why = plugins.find(name) if plugins.knows(name) else None
        sentence, hint = (why, plugins.advice(name)) if isinstance(why, str) else (each.sentence, each.hint)
        problems.at(_moved(text.origin, each.column), each.code, sentence, hint)
    return None if faults else parsed


def _moved(origin: Origin, columns: int) -> Origin:
    return Origin(origin.file, origin.line, origin.column + columns)


DOLLAR_NAMES = ("$today", "$index", "$row", "$key", "$value", "$hl_count", "$file.name")
ENVELOPE_NAMES = tuple(
    f"$envelope.{name}"
    for name in ("sender_id", "sender_qualifier", "receiver_id", "receiver_qualifier", "control_number",
                 "group_control_number", "set_control_number", "usage", "version", "date", "time")
)  # fmt: skip


def dollar_hint(name: str, params: Iterable[str]) -> str | None:
    """None when a $-name is known, else a hint."""
    if name.startswith("$partner."):
        wanted = name.removeprefix("$partner.")
        if wanted == "id" or wanted in params:
            return None
        return f"add '{wanted}' to 'params' of the mapping and to 'params' of the partner file"
    known = (*DOLLAR_NAMES, *ENVELOPE_NAMES)
    return None if name in known else suggestion(name, known)
