"""Write an XML file: elements in the order of the rules, none that has nothing to say."""

from dataclasses import dataclass

from gateway.formats import markup
from gateway.formats.markup import Markup
from gateway.formats.markup_schema import Schema, SchemaFault
from gateway.formats.markup_writing import Builder, Element
from gateway.mapping.language.values import StepError
from gateway.mapping.problem import MappingProblem
from gateway.mapping.writing import values
from gateway.mapping.writing.plans import MarkupPlan, OutMarkup, OutNode
from gateway.mapping.writing.scope import Scope


@dataclass(slots=True)
class _Evaluated:
    """An entry with what it gave: the text of a rule, or the items of a group."""

    node: OutNode
    text: str = ""
    items: "list[list[_Evaluated]] | None" = None

    def has_value(self) -> bool:
        """Whether it has something to say, constants aside."""
        if self.items is not None:
            return any(each.has_value() or each.is_alone() for item in self.items for each in item)
        return bool(self.text) and self.node.rule is not None and not self.node.rule.is_constant

    def is_alone(self) -> bool:
        """Whether it is a constant that stands for itself."""
        return bool(self.text) and self.node.needs is None


def content(plan: MarkupPlan, document: Scope) -> bytes:
    """The bytes of one document; problems are noted in its run."""
    builder = Builder(plan.options)
    for whole in values.items(plan.body.group, document):
        _put(builder, builder.root, _evaluated(plan.body, whole))
    written = builder.to_bytes().content
    if plan.schema is not None:
        _validated(plan.schema, written, document)
    return written


def _validated(schema: Schema, written: bytes, document: Scope) -> None:
    """What does not fit the schema of the site is a problem of the document."""
    read = markup.parse(written)
    faults = schema.faults(read.root) if isinstance(read, Markup) else (SchemaFault(1, read.message),)
    for fault in faults:
        sentence = f"{schema.name}: {fault.sentence} (line {fault.line} of what was written)"
        document.run.problems.append(MappingProblem("M080", "", "", "", schema.name, sentence))


def _evaluated(plan: OutMarkup, scope: Scope) -> list[_Evaluated]:
    """Every entry of the root or of an item with what it gives."""
    found: list[_Evaluated] = []
    for node in plan.entries:
        if node.inner is not None:
            items = [_evaluated(node.inner, item) for item in values.items(node.inner.group, scope)]
            found.append(_Evaluated(node, items=items))
        elif node.rule is not None:
            found.append(_Evaluated(node, values.cell(node.rule, scope, _fits).text))
    if scope.run.traces:
        _untraced(found, scope)
    return found


def _untraced(found: list[_Evaluated], scope: Scope) -> None:
    """Constants that are not written after all have no row."""
    left_out = {(each.node.rule.target, scope.label) for each in found if each.node.rule and not _counts(each, found)}
    trace = scope.run.trace
    trace.rows[:] = [row for row in trace.rows if (row.target, row.item) not in left_out]


def _put(builder: Builder, parent: Element, entries: list[_Evaluated]) -> None:
    """Create the elements of entries; an empty one keeps its place for a later rule."""
    for each in entries:
        node = each.node
        if node.inner is None:
            builder.put(parent, node.path, each.text if _counts(each, entries) else "")
            continue
        for item in each.items or ():
            element = builder.element(parent, node.path.steps, fresh=bool(node.inner.group.each))
            _put(builder, element, item)


def _counts(entry: _Evaluated, entries: list[_Evaluated]) -> bool:
    """Whether a text is written: a constant among others only when one of them has a value."""
    needs = entry.node.needs
    return needs is None or any(entries[at].has_value() for at in needs)


def _fits(text: str, _value: object) -> str:
    """A text that XML can hold."""
    bad = [each for each in dict.fromkeys(text) if not _is_xml(each)]
    if bad:
        raise StepError(f"{values.listed(''.join(bad))} cannot stand in XML")
    return text


def _is_xml(character: str) -> bool:
    # XML 1.0, production 2
    return (
        character in "\t\n\r"
        or " " <= character <= "\ud7ff"
        or "\ue000" <= character <= "\ufffd"
        or character > "\uffff"
    )
