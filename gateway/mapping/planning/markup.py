"""Plan the writing of XML: every target a path that can be created, constants only beside what they belong to."""

from dataclasses import replace

from gateway.config.mapping_spec import EntrySpec, GroupSpec
from gateway.config.problems import Origin, Problems
from gateway.formats import markup_schema, markup_writing
from gateway.formats.markup_schema import Schema
from gateway.formats.markup_writing import ENCODINGS, CreationPath, CreationStep, WritingOptions
from gateway.formats.xpath import Unusable
from gateway.mapping.options import Options
from gateway.mapping.planning.names import Place
from gateway.mapping.planning.rules import RuleMaker
from gateway.mapping.writing.plans import MarkupPlan, OutGroup, OutMarkup, OutNode, Style

OPTIONS = ("root", "default_prefix", "namespaces", "encoding", "xsd", "dates")
INDENT = 2
ISO = Style(keeps_zeros=True, iso=True)


def plan(body: GroupSpec, place: Place, maker: RuleMaker, options: Options, problems: Problems) -> MarkupPlan:
    """The root with everything below it."""
    options.known(OPTIONS)
    writing = _writing(options, problems)
    made = maker.group(replace(body, each=None, when=None, sort=None), place)
    group, inner = made if made is not None else (OutGroup("", body.target.origin), place)
    content = _Planner(maker, writing, problems).content(group, body.fields, inner, is_root=True)
    return MarkupPlan(content, writing, _schema(options, problems))


def _writing(options: Options, problems: Problems) -> WritingOptions:
    """The root and its namespaces."""
    namespaces = {prefix: each.value for prefix, each in options.texts("namespaces").items()}
    default = options.word("default_prefix")
    encoding = options.one_of("encoding", ENCODINGS, "UTF-8")
    writing = WritingOptions(options.word("root"), namespaces, default, encoding, INDENT)
    if default and default not in namespaces:
        sentence = f"the prefix '{default}' is not declared"
        problems.at(options.value_at("default_prefix"), "M045", sentence, "declare it in xml.namespaces")
    elif not writing.root:
        problems.at(options.spec.origin, "M020", "the mapping names no root element", "write xml: {root: Invoice}")
    elif (wrong := markup_writing.name_fault(writing.root, writing)) is not None:
        _tell(problems, options.value_at("root"), wrong, "")
    return writing


def _schema(options: Options, problems: Problems) -> Schema | None:
    """The schema that what is written must fit."""
    file = options.file("xsd")
    if file is None:
        return None
    found = markup_schema.load(file, file.parent)
    if isinstance(found, str):
        problems.at(options.value_at("xsd"), "M020", found)
        return None
    return found


def _tell(problems: Problems, origin: Origin, wrong: Unusable, path: str) -> None:
    place = Origin(origin.file, origin.line, origin.column + max(wrong.column - 1, 0))
    about = f" (path '{path}')" if path else ""
    problems.at(place, "M045" if wrong.undeclared else "M044", f"{wrong.sentence}{about}", wrong.hint)


class _Planner:
    """Makes the entries of the root and of every group."""

    def __init__(self, maker: RuleMaker, writing: WritingOptions, problems: Problems) -> None:
        self.maker = maker
        self.writing = writing
        self.problems = problems

    def content(
        self, group: OutGroup, fields: tuple[EntrySpec, ...], place: Place, *, is_root: bool = False
    ) -> OutMarkup:
        """The entries of one level in the order of the rules."""
        made = OutMarkup(group)
        for entry in fields:
            path = markup_writing.creation_path(entry.target.value, self.writing)
            if isinstance(path, Unusable):
                _tell(self.problems, entry.target.origin, path, entry.target.value)
            elif (node := self.node(entry, path, place)) is not None:
                made.entries.append(node)
        self.one_rule_each(made, fields)
        for node in made.entries:
            if node.rule is not None and node.rule.is_constant:
                node.needs = _needs(node, made, is_root=is_root)
        return made

    def node(self, entry: EntrySpec, path: CreationPath, place: Place) -> OutNode | None:
        """One rule or one group."""
        if not isinstance(entry, GroupSpec):
            rule = self.maker.rule(entry, place)
            return OutNode(path, rule) if rule is not None else None
        if path.attribute or not path.steps:
            sentence = f"'{entry.target.value}' is one value; a group is an element"
            self.problems.at(entry.target.origin, "M044", sentence)
            return None
        made = self.maker.group(entry, place)
        return OutNode(path, inner=self.content(made[0], entry.fields, made[1])) if made is not None else None

    def one_rule_each(self, made: OutMarkup, fields: tuple[EntrySpec, ...]) -> None:
        """Two paths that are written differently and mean the same place cannot both have a rule."""
        seen: set[tuple[tuple[CreationStep, ...], str]] = set()
        for node in made.entries:
            key = (node.path.steps, node.path.attribute)
            if node.rule is not None and key in seen:
                origin = next(each.target.origin for each in fields if each.target.value == node.rule.target)
                self.problems.at(origin, "M044", f"'{node.rule.target}' is written by two rules")
            if node.rule is not None:
                seen.add(key)


def _needs(node: OutNode, made: OutMarkup, *, is_root: bool) -> tuple[int, ...] | None:
    """The entries of which one must have a value: those of the nearest element around a constant that has any."""
    steps = node.path.steps if node.path.attribute else node.path.steps[:-1]
    for length in range(len(steps), -1 if not is_root else 0, -1):
        beside = tuple(
            at
            for at, other in enumerate(made.entries)
            if other.path.steps[:length] == steps[:length] and not (other.rule is not None and other.rule.is_constant)
        )
        if beside:
            return beside
    return None
