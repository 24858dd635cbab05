"""Plan the showing of a document with a template: its variables, and the template checked against them."""

from dataclasses import replace

from gateway.config.mapping_spec import EntrySpec, GroupSpec
from gateway.config.problems import Origin, Problems
from gateway.mapping.options import Options
from gateway.mapping.planning.names import Place
from gateway.mapping.planning.rules import RuleMaker
from gateway.mapping.writing import template
from gateway.mapping.writing.plans import OutGroup, OutVariables, Style, TemplatePlan

OPTIONS = ("template", "decimal", "thousands", "dates")
ISO = Style("YYYY-MM-DD", keeps_zeros=True, iso=True)
LARGEST = 1024 * 1024
PLAIN = (".txt", ".text", ".eml")
"""Endings of templates that make plain text; in all others what the variables say is escaped."""


def plan(body: GroupSpec, place: Place, maker: RuleMaker, options: Options, problems: Problems) -> TemplatePlan | None:
    """The template with its variables; None when it cannot be read."""
    options.known(OPTIONS)
    made = maker.group(replace(body, each=None, when=None, sort=None), place)
    variables = OutVariables(made[0] if made is not None else OutGroup("", body.target.origin))
    _fill(variables, body.fields, made[1] if made is not None else place, maker)
    if not options.word("template"):
        problems.at(options.spec.origin, "M020", "the mapping names no template", "write template: invoice.html.j2")
        return None
    file = options.file("template")
    if file is None:
        return None
    source = _text(file.read_bytes(), options, problems)
    if source is None:
        return None
    name = options.word("template")
    escapes = not name.removesuffix(".j2").endswith(PLAIN)
    found = TemplatePlan(name, source, variables, escapes)
    for fault in template.faults(found):
        shown = f"{options.at('template').file.rpartition('/')[0]}/{name}"
        problems.at(Origin(shown, fault.line, 1), fault.code, fault.sentence, fault.hint)
    return found


def _text(content: bytes, options: Options, problems: Problems) -> str | None:
    origin = options.value_at("template")
    if len(content) > LARGEST:
        problems.at(origin, "M020", "the template is larger than 1 MiB")
        return None
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        problems.at(origin, "M020", f"the template is not UTF-8: byte {error.start} cannot be read")
        return None


def _fill(variables: OutVariables, entries: tuple[EntrySpec, ...], place: Place, maker: RuleMaker) -> None:
    """Rules are texts by name, groups are lists of them, or one without 'each'."""
    for entry in entries:
        name = entry.target.value
        if not all(part.isidentifier() for part in name.split(".")):
            sentence = f"'{name}' is not a name that a template can use"
            maker.problems.at(entry.target.origin, "M044", sentence, "letters, digits and _, beginning with a letter")
        elif isinstance(entry, GroupSpec):
            made = maker.group(entry, place)
            if made is not None:
                variables.groups[name] = OutVariables(made[0])
                _fill(variables.groups[name], entry.fields, made[1], maker)
        elif (rule := maker.rule(entry, place)) is not None:
            variables.rules[name] = rule
