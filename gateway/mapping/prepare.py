"""Prepare a mapping: every mistake found before the first file, everything compiled that runs per document."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from gateway.canonical.base import Canonical
from gateway.canonical.registry import model_of
from gateway.config import x12_ways
from gateway.config.mapping_files import TESTS, is_builtin
from gateway.config.mapping_reading import load_spec
from gateway.config.mapping_spec import MappingSpec
from gateway.config.problems import Origin, Problems
from gateway.formats import delimited
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.fixed import RecordOptions
from gateway.formats.x12.charset import BASIC, CHARSETS, ON_BAD_CHARACTER, WritingOptions
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.guide_overlay import PartnerGuide
from gateway.kernel.problem import Problem, has_errors
from gateway.mapping import identity
from gateway.mapping.language.plugins import Plugins
from gateway.mapping.language.rules import Tools
from gateway.mapping.language.steps import Forms
from gateway.mapping.language.tables import Tables
from gateway.mapping.notations import record_options, row_options, x12_layouts, xml_options
from gateway.mapping.notations.notation import Ignored, Notation
from gateway.mapping.notations.records import RecordsNotation
from gateway.mapping.notations.rows import RowsNotation
from gateway.mapping.notations.x12 import X12Notation
from gateway.mapping.notations.xml_options import XmlOptions
from gateway.mapping.options import Options
from gateway.mapping.planning import inbound_plan, outbound_plan
from gateway.mapping.planning.inbound_compiler import Compiler
from gateway.mapping.planning.inbound_names import Names
from gateway.mapping.planning.inbound_plan import InGroup
from gateway.mapping.planning.inbound_rules import RuleMaker
from gateway.mapping.settings import read_settings
from gateway.mapping.writing.plans import OutPlan

X12_OPTIONS = ("set", "version", "versions", "guide")
WRITING_OPTIONS = ("charset", "replace_delimiters", "on_bad_char")
LACKING = ("M066", "M091", "M093")
"""Codes that tell of something no rule does."""


@dataclass(frozen=True, slots=True)
class PreparedMapping:
    """A mapping ready to run in its one direction; ``spec_hash`` names this exact version of it and of its tables.

    ``notation`` and ``ignored`` are how an inbound mapping names the data and what it knowingly leaves; ``unmapped``
    (ignore, warn, hold; sample: warn now and then) says what data without a rule does, ``on_conflict`` (hold, warn,
    first) what rows of one document do that say different things; ``refuses``: a rule or check of it may reject the
    document; ``place`` is the mapping's file and line. ``out`` is the plan of a mapping that writes, ``out_versions``
    those of the X12 versions it names, ``asks_control`` tells that it writes a number of the file.
    """

    name: str
    direction: str
    document: str
    format: str
    model: type[Canonical]
    spec_hash: str
    place: str = ""
    set_id: str = ""
    versions: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    delimited: DelimitedOptions = field(default_factory=DelimitedOptions)
    columns_required: tuple[str, ...] = ()
    columns_used: frozenset[str] = frozenset()
    inbound: InGroup | None = None
    notation: Notation | None = None
    ignored: tuple[Ignored, ...] = ()
    unmapped: str = "sample"
    refuses: bool = False
    on_conflict: str = "hold"
    records: RecordOptions | None = None
    xml: XmlOptions | None = None
    out: OutPlan | None = None
    out_versions: Mapping[str, OutPlan] = field(default_factory=dict)
    asks_control: bool = False
    guides: tuple[PartnerGuide, ...] = ()
    writing: WritingOptions = field(default_factory=WritingOptions)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a mapping may count on: the mappings of the site, plug-ins it allows, fields it declares, what it demands."""

    site_mappings: Path | None
    allow_plugins: Collection[str] = ()
    custom_fields: Mapping[str, Collection[str]] = field(default_factory=dict)
    require_tests: bool = False


def prepare(
    name: str, *, site_mappings: Path | None, allow_plugins: Collection[str] = (),
    custom_fields: Mapping[str, Collection[str]] | None = None, require_tests: bool = False,
) -> tuple[PreparedMapping | None, tuple[Problem, ...]]:  # fmt: skip
    """The mapping of a name with every problem of it and of what it extends; None with at least one error.

    Warnings stop nothing. ``custom_fields`` are those that a site declares, by document.
    """
    around = Surroundings(site_mappings, allow_plugins, custom_fields or {}, require_tests)
    spec, found = load_spec(name, site_mappings=site_mappings)
    if spec is None:
        return None, found
    problems = Problems()
    prepared = _Preparation(spec, problems, around).prepared()
    # what cannot be read may be what seems to lack
    told = [each for each in problems if each.code not in LACKING] if has_errors(found) else problems
    everything = sorted({*found, *told})
    return (None if has_errors(everything) else prepared), tuple(everything)


class _Preparation:
    """The checks and the compilation of one mapping."""

    def __init__(self, spec: MappingSpec, problems: Problems, around: Surroundings) -> None:
        self.spec = spec
        self.around = around
        self.problems = problems
        self.options = Options(spec, problems)
        self.settings = read_settings(spec, problems)
        self.plugins = Plugins(around.allow_plugins)
        self.tables = Tables(spec.tables, problems)

    def prepared(self) -> PreparedMapping | None:
        """The mapping compiled; problems are collected."""
        spec = self.spec
        self.tested()
        base = PreparedMapping(
            spec.name, spec.direction, spec.document, spec.format, model_of(spec.document, spec.direction), "",
            place=f"{spec.origin.file}:{spec.origin.line}", params=tuple(each.value for each in spec.params),
            unmapped=self.settings.unmapped,
        )  # fmt: skip
        made = (
            self.x12(base)
            if spec.format == "x12"
            else self.written(base)
            if spec.direction == "out"
            else self.read(base)
        )
        self.tables.all()
        if made is None:
            return None
        return replace(made, spec_hash=identity.of(spec, self.tables, self.plugins))

    def tested(self) -> None:
        """A mapping of the site must have a test where the site demands it (M090)."""
        if not self.around.require_tests or is_builtin(self.spec.name) or any(self.samples()):
            return
        hint = f"add {self.spec.name}{TESTS}/CASE/ with an input and what it must become"
        self.problems.at(Origin(self.spec.origin.file, 1, 1), "M090", "the mapping has no test", hint)

    def samples(self) -> Iterator[Path]:
        """The inputs of the mapping's tests."""
        if self.around.site_mappings is not None:
            yield from sorted((self.around.site_mappings / f"{self.spec.name}{TESTS}").glob("*/input.*"))

    def read(self, base: PreparedMapping) -> PreparedMapping | None:
        """A mapping that reads another format than X12."""
        if base.format == "fixed" or (base.format == "csv" and "records" in self.spec.options):
            return self.record_file(base)
        if base.format == "csv":
            return self.csv(base)
        if base.format == "xml":
            notation, options, forms = xml_options.of(self.options, self.problems)
            return replace(self.inbound(base, notation, forms), xml=options)
        self.problems.at(self.spec.origin, "M020", f"a mapping 'in' cannot read the format '{base.format}'")
        return None

    def tools(self, forms: Forms) -> Tools:
        """What the rules may use."""
        return Tools(self.tables, self.plugins, forms, self.settings.on_error)

    def inbound(self, base: PreparedMapping, notation: Notation, forms: Forms) -> PreparedMapping:
        """The plan of a mapping that reads."""
        names = Names(base.document, base.params, self.around.custom_fields.get(base.document, ()))
        maker = RuleMaker(names, notation, self.tools(forms), self.settings.validate, self.problems)
        plan = Compiler(names, maker, self.problems).compile(self.spec.body, base.model, notation.top())
        ignored = tuple(each for text in self.spec.ignore if (each := notation.ignored(text)) is not None)
        return replace(base, inbound=plan, notation=notation, ignored=ignored, refuses=inbound_plan.refuses(plan))

    def x12(self, base: PreparedMapping) -> PreparedMapping | None:
        """An X12 mapping, against the guides of its versions."""
        self.options.known((*X12_OPTIONS, *WRITING_OPTIONS))
        laid = x12_layouts.of(self.spec, self.options, self.around.site_mappings, self.problems)
        if laid is None:
            return None
        base = replace(base, set_id=laid.set_id, versions=laid.versions, guides=laid.partner_guides)
        if base.direction == "in":
            for name in WRITING_OPTIONS:
                if name in self.spec.options:
                    self.problems.at(self.options.at(name), "M020", f"'{name}' is an option of mappings that write")
            return self.inbound(base, X12Notation(self.problems, laid.guides, x12_ways.of(self.spec)), Forms())
        base = replace(base, writing=self.writing_options())
        return self.written(base, {each.version: each for each in laid.guides})

    def writing_options(self) -> WritingOptions:
        """How characters are written; the character set only where the mapping names one."""
        plain = WritingOptions()
        instead = self.options.word("replace_delimiters", plain.instead)
        if len(instead) != 1 or instead not in BASIC:
            sentence = f"'replace_delimiters' is one character of the basic set, not '{instead}'"
            self.problems.at(self.options.at("replace_delimiters"), "M020", sentence)
        named = self.options.one_of("charset", CHARSETS, "") if "charset" in self.spec.options else ""
        charset = next((each for each in CHARSETS if each == named), None)
        on_bad = self.options.one_of("on_bad_char", ON_BAD_CHARACTER, plain.on_bad)
        return WritingOptions(charset, next(each for each in ON_BAD_CHARACTER if each == on_bad), instead)

    def csv(self, base: PreparedMapping) -> PreparedMapping | None:
        """A delimited mapping."""
        read = row_options.of(self.options, self.problems)
        seen = (delimited.titles(each.read_bytes(), read.delimited) for each in self.samples())
        titles = tuple(dict.fromkeys(title for titles in seen for title in titles))
        notation = RowsNotation(self.problems, read.delimited.columns, read.delimited.group_by, titles)
        made = self.inbound(base, notation, read.forms)
        used = list(dict.fromkeys(inbound_plan.sources(made.inbound))) if made.inbound is not None else []
        required = tuple(used) if read.columns_required is None else read.columns_required
        everything = frozenset({*required, *read.delimited.group_by, *used})
        return replace(
            made, delimited=read.delimited, on_conflict=read.on_conflict, columns_required=required,
            columns_used=everything,
        )  # fmt: skip

    def record_file(self, base: PreparedMapping) -> PreparedMapping | None:
        """A file of records, of fixed width or delimited."""
        read = record_options.of(self.options, self.problems)
        if read is None:
            return None
        columns = {each.name: tuple(column.name for column in each.columns) for each in read.options.layouts}
        notation = RecordsNotation(self.problems, columns, read.options.document)
        return replace(self.inbound(base, notation, read.forms), records=read.options)

    def written(self, base: PreparedMapping, laid: Mapping[str, Guide] | None = None) -> PreparedMapping:
        """A mapping that writes; ``laid`` are the guides of its X12 versions."""
        ground = outbound_plan.Ground(
            base.model, self.tools(Forms()), self.around.site_mappings, laid or {},
            tuple(self.around.custom_fields.get(base.document, ())), self.settings.validate,
        )  # fmt: skip
        planned = outbound_plan.planned(self.spec, ground, self.problems)
        return replace(
            base, out=planned.plan, delimited=planned.delimited, out_versions=planned.versions,
            asks_control=planned.asks_control,
        )  # fmt: skip
