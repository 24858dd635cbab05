"""Show a document with a template: sandboxed, escaped, and strict about names it does not know."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from jinja2 import TemplateAssertionError, TemplateSyntaxError, UndefinedError, meta, nodes

from gateway.config.problems import suggestion
from gateway.mapping.problem import MappingProblem
from gateway.mapping.writing import sandbox, values
from gateway.mapping.writing.plans import OutVariables, TemplatePlan
from gateway.mapping.writing.sandbox import Sandbox
from gateway.mapping.writing.scope import Scope

_UNDEFINED = re.compile("has no attribute '([^']*)'|'([^']*)' is undefined")
Shown = dict[str, object]
Groups = Mapping[str, OutVariables]


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """What is wrong with a template, by line."""

    line: int
    code: str
    sentence: str
    hint: str = ""


def faults(plan: TemplatePlan) -> Iterator[TemplateFault]:
    """Everything that can be known before a document comes: its syntax, other files, names without a rule."""
    try:
        tree = Sandbox(escapes=plan.escapes).parse(plan.source)
    except TemplateSyntaxError as error:
        yield TemplateFault(error.lineno, "M030", f"the template cannot be read: {error.message}")
        return
    for name in meta.find_referenced_templates(tree):
        yield TemplateFault(1, "M020", f"the template asks for '{name or 'another file'}'; it must stand alone")
    told = [*_refused(tree)]
    yield from told
    try:
        undeclared = meta.find_undeclared_variables(tree)
    except TemplateAssertionError as error:
        if not told:
            yield TemplateFault(error.lineno, "M030", f"the template cannot be read: {error.message}")
        return
    known = {name.partition(".")[0] for name in (*plan.variables.rules, *plan.variables.groups)}
    for name in sorted(undeclared - known):
        yield TemplateFault(
            _line(plan.source, name),
            "M031",
            f"the template names '{name}', for which there is no rule",
            _near(name, known),
        )
    assigned = {each.target.name for each in tree.find_all(nodes.Assign) if isinstance(each.target, nodes.Name)}
    yield from _inside(tree, {name: each for name, each in plan.variables.groups.items() if name not in assigned}, {})


def _refused(tree: nodes.Template) -> Iterator[TemplateFault]:
    """Filters that there are not, and what could run for ever."""
    for used in tree.find_all(nodes.Filter):
        if used.name not in sandbox.FILTERS:
            hint = suggestion(used.name, sandbox.FILTERS) or f"filters: {', '.join(sandbox.FILTERS)}"
            yield TemplateFault(used.lineno, "M031", f"a template has no filter '{used.name}'", hint)
    for line, sentence in sandbox.refused(tree):
        yield TemplateFault(line, "M020", sentence)


def _inside(node: nodes.Node, lists: Groups, items: Groups) -> Iterator[TemplateFault]:
    """The names behind a point: ``line.text``, where ``line`` goes through a group; ``items`` are such names."""
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        around, name = items, node.target.name
        group = _group(node.iter, lists, around)
        items = {**{each: held for each, held in around.items() if each != name}, **({name: group} if group else {})}
    elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name in items:
        holder = items[node.node.name]
        known = {name.partition(".")[0] for name in (*holder.rules, *holder.groups)}
        if node.attr not in known:
            sentence = f"the template names '{node.attr}', for which '{holder.group.target}' has no rule"
            yield TemplateFault(node.lineno, "M031", sentence, _near(node.attr, known))
    for each in node.iter_child_nodes():
        yield from _inside(each, lists, items)


def _group(node: nodes.Node, lists: Groups, items: Groups) -> OutVariables | None:
    """The group of items that a template goes through."""
    if isinstance(node, nodes.Name) and node.name not in items:
        found = lists.get(node.name)
    elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name in items:
        found = items[node.node.name].groups.get(node.attr)
    else:
        return None
    return found if found is not None and found.group.each else None


def _near(name: str, known: Collection[str]) -> str:
    if name in sandbox.GLOBALS:
        return "a template shows what the mapping gives it and makes nothing of its own"
    return suggestion(name, known) or f"add a rule '{name}' to 'fields'"


def _line(source: str, name: str) -> int:
    lines = source.splitlines()
    return next((at for at, line in enumerate(lines, start=1) if name in line), 1)


def content(plan: TemplatePlan, document: Scope) -> bytes:
    """The text of one document; what goes wrong is noted in its run."""
    shown: Shown = {}
    for whole in values.items(plan.variables.group, document):
        shown |= _variables(plan.variables, whole)
    try:
        return b"".join(Sandbox(escapes=plan.escapes).pieces(plan.source, shown))
    except Exception as error:  # noqa: BLE001 - whatever a template does wrong is a problem of its document
        sentence = f"the template {plan.name} cannot be shown: {_why(error)}"
        document.run.problems.append(MappingProblem("M081", plan.name, "", "", plan.name, sentence))
        return b""


def _why(error: Exception) -> str:
    """What went wrong, without the words of programmers where that can be."""
    name = _UNDEFINED.search(str(error)) if isinstance(error, UndefinedError) else None
    return f"it names '{name[1] or name[2]}', which is not there" if name else str(error)[:200]


def _variables(plan: OutVariables, scope: Scope) -> Shown:
    """The texts by name and the groups below them; an empty value is an empty text, never unknown."""
    shown: Shown = {}
    for name, rule in plan.rules.items():
        _put(shown, name, values.cell(rule, scope).text)
    for name, group in plan.groups.items():
        found = [_variables(group, item) for item in values.items(group.group, scope)]
        _put(shown, name, found if group.group.each else found[0] if found else _nothing(group))
    return shown


def _nothing(plan: OutVariables) -> Shown:
    """The variables of a group that is left out: known, and empty."""
    shown: Shown = {}
    for name in plan.rules:
        _put(shown, name, "")
    for name, group in plan.groups.items():
        _put(shown, name, [] if group.group.each else _nothing(group))
    return shown


def _put(shown: Shown, dotted: str, value: object) -> None:
    head, _, rest = dotted.partition(".")
    if not rest:
        shown[head] = value
        return
    inner = shown.setdefault(head, {})
    if isinstance(inner, dict):
        _put(inner, rest, value)
