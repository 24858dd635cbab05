"""What templates may use: nothing that runs for ever, multiplies texts or grows without bound."""

import functools
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from jinja2 import StrictUndefined, Template, nodes
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

LARGEST = 4 * 1024 * 1024
"""Bytes that a template may make of one document."""
MOST_MADE = 16 * LARGEST
"""Characters that its filters and joined texts may make on the way."""
MOST_STEPS = 10_000_000
"""Turns of all loops, each counted with all that stands in the loop."""
LARGEST_NUMBER = 10**30
MOST_DECIMALS = 20

FILTERS = (
    "abs", "capitalize", "count", "d", "default", "e", "escape", "first", "float", "forceescape", "groupby", "int",
    "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse",
    "round", "safe", "select", "selectattr", "sort", "string", "striptags", "sum", "title", "tojson", "trim",
    "truncate", "unique", "upper", "urlencode", "wordcount",
)  # fmt: skip
METHODS = (
    "capitalize", "casefold", "changed", "count", "cycle", "endswith", "find", "get", "isalnum", "isalpha", "isdigit",
    "islower", "isspace", "isupper", "items", "keys", "lower", "lstrip", "removeprefix", "removesuffix", "rstrip",
    "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper", "values",
)  # fmt: skip
GLOBALS = ("cycler", "dict", "joiner", "lipsum", "namespace", "range")
"""What Jinja gives to templates elsewhere."""
_TAGS: dict[type[nodes.Node], str] = {
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.AssignBlock: "set ... endset",
}
_LITERALS = (nodes.Const, nodes.TemplateData, nodes.List, nodes.Tuple, nodes.Dict)
_TURNS = "turns of a loop"
"""The name of an own filter, which no template can spell."""

Refused = tuple[int, str]
Filter = Callable[..., object]


class TooMuchError(Exception):
    """A template made more than it may, or used what is not for templates; the text says it."""


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one showing; it counts what is made."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, *, escapes: bool) -> None:
        # texts for people are not mark-up, so nothing in them is escaped
        super().__init__(autoescape=escapes, undefined=StrictUndefined, keep_trailing_newline=True)
        self.made = 0
        self.steps = 0
        self.globals.clear()
        self.filters = {name: self._counted(self.filters[name]) for name in FILTERS}
        self.filters["join"] = self._before(self.filters["join"], self._join)
        self.filters["replace"] = self._before(self.filters["replace"], self._replace)
        self.filters["round"] = self._before(self.filters["round"], _round)
        self.filters[_TURNS] = self._turns

    def pieces(self, source: str, shown: dict[str, object]) -> Iterator[bytes]:
        """The text of a document piece by piece; raises TooMuchError."""
        tree = _Bounded().visit(self.parse(source))
        template = Template.from_code(self, self.compile(tree), {})
        size = 0
        for text in template.generate(shown):
            piece = text.encode("utf-8", "replace")
            size += len(piece)
            if size > LARGEST:
                raise TooMuchError(f"it makes more than {LARGEST // 1024 // 1024} MiB of one document")
            yield piece

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Calculate with numbers, and put two texts together."""
        if operator == "**":
            raise TooMuchError("'**' is not for templates; the mapping calculates")
        if isinstance(left, str) and isinstance(right, str) and operator == "+":
            self._more(len(left) + len(right))
        elif not (isinstance(left, int | float | Decimal) and isinstance(right, int | float | Decimal)):
            raise TooMuchError(f"'{operator}' is for numbers; texts and lists cannot be multiplied or filled in")
        found: object = super().call_binop(context, operator, left, right)
        if isinstance(found, int) and abs(found) > LARGEST_NUMBER:
            raise TooMuchError("it calculates with numbers that are too large")
        return found

    def is_safe_callable(self, obj: object) -> bool:
        """Only methods of texts, groups and loops that make nothing large."""
        holder = getattr(obj, "__self__", None)
        return isinstance(holder, str | dict | LoopContext) and getattr(obj, "__name__", "") in METHODS

    def call(self, context: Context, obj: object, /, *args: object, **kwargs: object) -> object:
        """Call a method; what it makes counts."""
        if not self.is_safe_callable(obj):
            raise TooMuchError(f"'{getattr(obj, '__name__', 'a call')}()' is not for templates")
        return self._count(super().call(context, obj, *args, **kwargs))

    def _more(self, count: int) -> None:
        self.made += count
        if self.made > MOST_MADE:
            raise TooMuchError("it makes too much text on the way")

    def _count(self, value: object) -> object:
        self._more(1 + (len(value) if isinstance(value, str | list | tuple) else 0))
        return value

    def _counted(self, filter_: Filter) -> Filter:
        # the marks that say what a filter is given come along
        @functools.wraps(filter_)
        def counted(*args: object, **kwargs: object) -> object:
            return self._count(filter_(*args, **kwargs))

        return counted

    def _before(self, filter_: Filter, check: Callable[..., tuple[object, ...]]) -> Filter:
        """The same filter with a look at what it is given; the first argument is Jinja's where it wants one."""
        skipped = 1 if hasattr(filter_, "jinja_pass_arg") else 0

        @functools.wraps(filter_)
        def checked(*args: object, **kwargs: object) -> object:
            return filter_(*args[:skipped], *check(*args[skipped:], **kwargs), **kwargs)

        return checked

    def _join(self, value: Iterable[object], *args: object, **kwargs: object) -> tuple[object, ...]:
        between = len(str(args[0] if args else kwargs.get("d", "")))
        kept = []
        for each in value:
            self._more(len(str(each)) + between)
            kept.append(each)
        return (kept, *args)

    def _replace(self, value: object, *args: object, **kwargs: object) -> tuple[object, ...]:
        old, new = (*args, *(str(kwargs[key]) for key in ("old", "new") if key in kwargs))[:2]
        self._more(str(value).count(str(old)) * (len(str(new)) + 5))
        return (value, *args)

    def _turns(self, value: Iterable[object], weight: int) -> list[object]:
        """The items of a loop, whose turns are counted; ``weight`` is what stands in it."""
        found: list[object] = []
        for each in value:
            self.steps += weight
            if self.steps > MOST_STEPS:
                raise TooMuchError("its loops have too many turns")
            found.append(each)
        return found


class _Bounded(NodeTransformer):
    """Counts the turns of loops and what ``~`` makes."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja's name
        weight = 1 + sum(1 for _ in node.find_all(nodes.Node))
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, _TURNS, [nodes.Const(weight)], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "join", [], [], None, None, lineno=node.lineno)


def _round(value: object, precision: int = 0, *args: object, **kwargs: object) -> tuple[object, ...]:
    wanted = kwargs.get("precision", precision)
    if not isinstance(wanted, int) or abs(wanted) > MOST_DECIMALS:
        raise TooMuchError(f"'round' is for at most {MOST_DECIMALS} decimals")
    return (value,) if "precision" in kwargs else (value, precision, *args)


def refused(tree: nodes.Template) -> Iterator[Refused]:
    """What a template uses and may not, by line, as far as its text says it."""
    for tag, name in _TAGS.items():
        for node in tree.find_all(tag):
            yield node.lineno, f"'{{% {name} %}}' is not for templates"
    for loop in tree.find_all(nodes.For):
        if isinstance(loop.iter, _LITERALS) or loop.recursive:
            yield loop.lineno, "a template goes through the lists of the document, not through others"
    for pair in tree.find_all((nodes.List, nodes.Tuple, nodes.Dict)):
        if getattr(pair, "ctx", "load") == "load" and not _is_plain(pair):
            yield pair.lineno, "a list in a template holds nothing but texts and numbers that stand there"
    yield from _calculations(tree)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr not in METHODS:
            yield call.lineno, f"'{call.node.attr}()' is not for templates"


def _calculations(tree: nodes.Template) -> Iterator[Refused]:
    for power in tree.find_all(nodes.Pow):
        yield power.lineno, "'**' is not for templates; the mapping calculates"
    for each in tree.find_all((nodes.Mul, nodes.Mod)):
        if _is_text(each.left) or _is_text(each.right):
            sign = each.operator
            yield each.lineno, f"'{sign}' is for numbers; texts and lists cannot be multiplied or filled in"


def _is_plain(node: nodes.Node) -> bool:
    return all(isinstance(each, nodes.Const) for each in node.find_all(nodes.Expr))


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.List) or (isinstance(node, nodes.Const) and isinstance(node.value, str))
