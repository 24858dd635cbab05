"""Check an outbound mapping whole and make its plan, whatever the format."""

from dataclasses import dataclass, field
from pathlib import Path

from gateway.canonical.base import Canonical
from gateway.config.mapping_spec import MappingSpec
from gateway.config.problems import Problems
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.x12.guide import Guide
from gateway.mapping.planning import columns, markup, records, template, x12
from gateway.mapping.planning.names import Names, Place
from gateway.mapping.planning.options import Options
from gateway.mapping.planning.rules import RuleMaker
from gateway.mapping.rules import Tools
from gateway.mapping.writing.plans import DumpPlan, OutPlan, Style


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan, None for a format that cannot be written, and how a delimited file is."""

    plan: OutPlan | None
    delimited: DelimitedOptions = field(default_factory=DelimitedOptions)


def planned(
    spec: MappingSpec, model: type[Canonical], params: tuple[str, ...], guide: Guide | None, tools: Tools,
    problems: Problems, site_mappings: Path | None,
) -> Planned:  # fmt: skip
    """The plan of a mapping; every problem is collected. ``guide`` is that of an X12 set as it was agreed."""
    names, place, options = Names(spec.document, params), Place(model), Options(spec, problems, site_mappings)

    def maker(style: Style) -> RuleMaker:
        return RuleMaker(names, options.style(style), tools, problems)

    body = spec.body
    if spec.format == "x12" and guide is not None:
        return Planned(x12.Planner(RuleMaker(names, Style(), tools, problems), guide, problems).plan(body, place))
    if spec.format == "csv" and "records" not in spec.options:
        delimited = columns.delimited(options, problems)
        return Planned(columns.plan(body, place, maker(columns.ISO_DATES), problems), delimited)
    if spec.format in ("csv", "fixed"):
        return Planned(records.plan(body, place, maker(columns.ISO_DATES), options, problems))
    if spec.format == "xml":
        return Planned(markup.plan(body, place, maker(markup.ISO), options, problems))
    if spec.format == "template":
        return Planned(template.plan(body, place, maker(template.ISO), options, problems))
    if spec.format == "json":
        _no_rules(spec, problems)
        return Planned(DumpPlan())
    return Planned(None)


def _no_rules(spec: MappingSpec, problems: Problems) -> None:
    """The canonical document leaves as it is; a rule would change nothing."""
    for entry in spec.body.fields:
        sentence = "the format 'json' writes the whole document; it takes no rules"
        problems.at(entry.target.origin, "M021", sentence, "write 'fields: {}'")
