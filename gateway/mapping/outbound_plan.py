"""Check an outbound mapping whole and make its plan, whatever the format."""

from dataclasses import dataclass, field

from gateway.canonical.base import Canonical
from gateway.config.mapping_spec import MappingSpec
from gateway.config.problems import Problems
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.x12.guide import Guide
from gateway.mapping.planning import columns, x12
from gateway.mapping.planning.names import Names, Place
from gateway.mapping.planning.options import Options
from gateway.mapping.planning.rules import RuleMaker
from gateway.mapping.rules import Tools
from gateway.mapping.writing.plans import OutPlan, Style


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan, None for a format that cannot be written, and how a delimited file is."""

    plan: OutPlan | None
    delimited: DelimitedOptions = field(default_factory=DelimitedOptions)


def planned(
    spec: MappingSpec, model: type[Canonical], params: tuple[str, ...], guide: Guide | None, tools: Tools,
    problems: Problems,
) -> Planned:  # fmt: skip
    """The plan of a mapping; every problem is collected. ``guide`` is that of an X12 set as it was agreed."""
    names, place, options = Names(spec.document, params), Place(model), Options(spec, problems)
    if spec.format == "x12" and guide is not None:
        return Planned(x12.Planner(RuleMaker(names, Style(), tools, problems), guide, problems).plan(spec.body, place))
    if spec.format == "csv":
        maker = RuleMaker(names, options.style(columns.ISO_DATES), tools, problems)
        return Planned(columns.plan(spec.body, place, maker, problems), columns.delimited(options, problems))
    return Planned(None)
