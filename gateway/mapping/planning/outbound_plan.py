"""Check an outbound mapping whole and make its plan, whatever the format."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from gateway.canonical.base import Canonical
from gateway.config import x12_ways
from gateway.config.mapping_spec import MappingSpec
from gateway.config.problems import Problems
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.x12.guide import Guide
from gateway.mapping.language.rules import Tools
from gateway.mapping.options import Options
from gateway.mapping.planning import columns, markup, records, template, x12
from gateway.mapping.planning.names import Names, Place
from gateway.mapping.planning.rules import RuleMaker
from gateway.mapping.writing.plans import DumpPlan, OutPlan, Style


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan, None for a format that cannot be written, and how a delimited file is.

    ``versions`` are the plans of an X12 mapping by the versions it names; ``asks_control``: a rule writes a number of
    the file.
    """

    plan: OutPlan | None
    delimited: DelimitedOptions = field(default_factory=DelimitedOptions)
    versions: Mapping[str, OutPlan] = field(default_factory=dict)
    asks_control: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What a mapping is checked against: its model, the guides of its versions, what its rules may use."""

    model: type[Canonical]
    tools: Tools
    site_mappings: Path | None
    guides: Mapping[str, Guide] = field(default_factory=dict)
    custom: tuple[str, ...] = ()
    validate: tuple[str, ...] = ()


def planned(spec: MappingSpec, ground: Ground, problems: Problems) -> Planned:
    """The plan of a mapping; every problem is collected."""
    names = Names(spec.document, tuple(each.value for each in spec.params), ground.custom)
    found = _by_version(spec, ground, names, problems) if spec.format == "x12" else _file(spec, ground, names, problems)
    return replace(found, asks_control=bool(names.control))


def _by_version(spec: MappingSpec, ground: Ground, names: Names, problems: Problems) -> Planned:
    """One plan for each version, the first being that of a partner who says none."""
    plans: dict[str, OutPlan] = {}
    told: set[tuple[int, int, str]] = set()
    ways = x12_ways.of(spec)
    for version, guide in ground.guides.items():
        own = Problems()
        maker = RuleMaker(names, Style(), ground.tools, own, ground.validate)
        plans[version] = x12.Planner(maker, guide, own, ways).plan(spec.body, Place(ground.model))
        # what is wrong in a later version only is told with that version
        for each in own:
            if (each.line, each.column, each.code) not in told:
                problems.append(each if len(plans) == 1 else replace(each, sentence=f"{each.sentence} in {version}"))
        told |= {(each.line, each.column, each.code) for each in own}
    return Planned(next(iter(plans.values()), None), versions=plans)


def _file(spec: MappingSpec, ground: Ground, names: Names, problems: Problems) -> Planned:
    """The plan of a file in any other format."""
    body, place, options = spec.body, Place(ground.model), Options(spec, problems, ground.site_mappings)

    def maker(style: Style) -> RuleMaker:
        return RuleMaker(names, options.style(style), ground.tools, problems, ground.validate)

    match spec.format:
        case "csv" if "records" not in spec.options:
            delimited = columns.delimited(options, problems)
            return Planned(columns.plan(body, place, maker(columns.ISO_DATES), problems), delimited)
        case "csv" | "fixed":
            return Planned(records.plan(body, place, maker(columns.ISO_DATES), options, problems))
        case "xml":
            return Planned(markup.plan(body, place, maker(markup.ISO), options, problems))
        case "template":
            return Planned(template.plan(body, place, maker(template.ISO), options, problems))
        case _:
            _no_rules(spec, problems)
            return Planned(DumpPlan())


def _no_rules(spec: MappingSpec, problems: Problems) -> None:
    """The canonical document leaves as it is; a rule would change nothing."""
    for entry in spec.body.fields:
        sentence = "the format 'json' writes the whole document; it takes no rules"
        problems.at(entry.target.origin, "M021", sentence, "write 'fields: {}'")
