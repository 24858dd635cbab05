"""What rules of both directions share: reading their steps from the file and checking the expressions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gateway.config.mapping_spec import RuleSpec
from gateway.config.problems import Located, Origin, Problems, suggestion
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText
from gateway.mapping import transforms
from gateway.mapping.expressions import Expression, Unparsable, Use, parse
from gateway.mapping.functions import FUNCTIONS
from gateway.mapping.transforms import Step

ON_ERROR = ("hold", "warn", "empty")
NameCheck = Callable[[str], str | None]
"""Says None when a name is known, else the hint for an unknown one."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps between source and type, and what happens without a value or with a bad one."""

    steps: tuple[Step, ...]
    default: str | None
    required: bool
    on_error: str
    form: str
    implied_decimals: int
    table: tuple[tuple[Located, str], ...]


class RuleReader:
    """Reads the nodes of one rule; every problem is collected with its place."""

    def __init__(self, rule: RuleSpec, problems: Problems) -> None:
        self.rule = rule
        self.problems = problems

    def text(self, key: str) -> Located | None:
        """One step that is a text."""
        node = self.rule.steps.get(key)
        if node is None:
            return None
        if isinstance(node, YamlText):
            return Located(node.value, self.rule.at(node))
        self.problems.at(self.rule.at(node), "M021", f"'{key}' is one text")
        return None

    def sources(self) -> list[Located]:
        """The paths of ``from``: one, or a list in order of preference."""
        node = self.rule.steps.get("from")
        if isinstance(node, YamlList):
            return [Located(each.value, self.rule.at(each)) for each in node.items if isinstance(each, YamlText)]
        found = self.text("from")
        return [found] if found is not None else []

    def steps(self, *, trims: bool) -> Steps:
        """Everything between source and type."""
        found: list[Step] = []
        if (by := self.text("join")) is not None:
            found.append(transforms.joined(by.value))
        side = self.choice("trim", ("both", "left", "right", "none"), "both" if trims else "none")
        if side != "none":
            found.append(transforms.trim(side))
        found.extend(self.cut())
        table = self.table()
        if table:
            found.append(transforms.mapped({key.value: value for key, value in table}))
        if (places := self.number("round")) is not None:
            found.append(transforms.rounded(places))
        default, form = self.text("default"), self.text("format")
        return Steps(
            steps=tuple(found), default=default.value if default else None,
            required=self.choice("required", ("true", "false"), "false") == "true",
            on_error=self.choice("on_error", ON_ERROR, "hold"), form=form.value if form else "",
            implied_decimals=self.number("implied_decimals") or 0, table=table,
        )  # fmt: skip

    def cut(self) -> Iterable[Step]:
        """``slice: 3-7``."""
        found = self.text("slice")
        if found is None:
            return
        first, dash, last = found.value.partition("-")
        if not dash or not first.isdigit() or (last and not last.isdigit()):
            self.problems.at(found.origin, "M021", f"'slice' is written like 3-7 or 3-, not '{found.value}'")
            return
        yield transforms.cut_out(int(first), int(last) if last else None)

    def last_steps(self) -> tuple[Step, ...]:
        """The steps after the type: cut and fill up."""
        found: list[Step] = []
        if (length := self.number("max_length")) is not None:
            found.append(transforms.shortened(length))
        node = self.rule.steps.get("pad")
        if isinstance(node, YamlMap):
            width, fill, side = (
                self._word(node, key, other) for key, other in (("width", ""), ("with", " "), ("side", "left"))
            )
            if width.isdigit() and int(width) <= 1000 and len(fill) == 1 and side in ("left", "right"):  # noqa: PLR2004 - the language's limit
                found.append(transforms.padded(int(width), fill, side))
            else:
                self.problems.at(
                    self.rule.at(node), "M021", "'pad' is written like {width: 10, with: \"0\", side: left}"
                )
        elif node is not None:
            self.problems.at(self.rule.at(node), "M021", "'pad' is written like {width: 10, with: \"0\", side: left}")
        return tuple(found)

    def table(self) -> tuple[tuple[Located, str], ...]:
        """The code list of ``map``: each target with its place, beside the code."""
        node = self.rule.steps.get("map")
        if node is None:
            return ()
        if not isinstance(node, YamlMap):
            self.problems.at(self.rule.at(node), "M021", "'map' is written like {EA: each, CA: case}")
            return ()
        rows = [(each.key.value, each.value) for each in node if isinstance(each.value, YamlText)]
        return tuple((Located(key, self.rule.at(value)), value.value) for key, value in rows)

    def expression(self, key: str, known: NameCheck) -> Expression | None:
        """One step that is an expression, its names and functions checked."""
        found = self.text(key)
        return expression(found, known, self.problems) if found is not None else None

    def number(self, key: str) -> int | None:
        """One step that is a whole number."""
        found = self.text(key)
        if found is None:
            return None
        if not found.value.isdigit() or len(found.value) > 4:  # noqa: PLR2004 - no length is larger
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
            if key == "on_error" and found.value == "reject":
                sentence = "'on_error: reject' is not obeyed by this version yet; use hold, warn or empty"
            self.problems.at(found.origin, "M021", sentence, suggestion(found.value, words))
            return otherwise
        return found.value

    @staticmethod
    def _word(node: YamlMap, key: str, otherwise: str) -> str:
        found: Node | None = node.get(key)
        return found.value if isinstance(found, YamlText) else otherwise


def expression(text: Located, known: NameCheck, problems: Problems) -> Expression | None:
    """An expression with every name and function checked; None when something is wrong."""
    parsed = parse(text.value)
    if isinstance(parsed, Unparsable):
        problems.at(_moved(text.origin, parsed.column), "M030", parsed.sentence)
        return None
    before = len(problems)
    for use in parsed.names:
        hint = known(use.name)
        if hint is not None:
            problems.at(_moved(text.origin, use.column), "M031", f"unknown name '{use.name}'", hint)
    for use in parsed.calls:
        _check_call(text, use, problems)
    return parsed if len(problems) == before else None


def _check_call(text: Located, use: Use, problems: Problems) -> None:
    where = _moved(text.origin, use.column)
    function = FUNCTIONS.get(use.name)
    if function is None:
        problems.at(where, "M032", f"unknown function '{use.name}'", suggestion(use.name, FUNCTIONS))
    elif use.arguments < function.least or (function.most is not None and use.arguments > function.most):
        most = "any number" if function.most is None else str(function.most)
        wanted = most if most == str(function.least) else f"{function.least} to {most}"
        problems.at(where, "M033", f"'{use.name}' takes {wanted} arguments, not {use.arguments}")


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
