"""Prepare a mapping: every mistake found before the first file, everything compiled that runs per document."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from gateway.canonical.base import Canonical
from gateway.canonical.registry import DOCUMENTS, model_of
from gateway.config.mapping_reading import load_spec
from gateway.config.mapping_spec import MappingSpec
from gateway.config.partner_guide import load_guide
from gateway.config.problems import Located, Origin, Problems, suggestion
from gateway.config.strict_yaml import Node, YamlList, YamlText
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.x12 import guide as guides
from gateway.formats.x12.charset import BASIC, CHARSETS, ON_BAD_CHARACTER, WritingOptions
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.guide_overlay import PartnerGuide
from gateway.kernel.problem import Problem
from gateway.mapping import inbound_plan, outbound_plan
from gateway.mapping.inbound_plan import InGroup
from gateway.mapping.outbound_plan import Columns, OutLoop

X12_OPTIONS = ("set", "version", "versions", "guide")
WRITING_OPTIONS = ("charset", "replace_delimiters", "on_bad_char")
CSV_OPTIONS = (
    "delimiter",
    "quote",
    "encoding",
    "header",
    "group_by",
    "columns_required",
    "dates",
    "newline",
    "columns",
)
LATER_CSV_OPTIONS = (
    "quoting", "skip", "footer", "decimal", "thousands", "on_conflict", "records", "formula_guard", "on_bad_char"
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "latin-1", "cp1252", "cp850", "cp037", "utf-16")


Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class PreparedMapping:
    """A mapping ready to run in its one direction; ``spec_hash`` names this exact version of it."""

    name: str
    direction: str
    document: str
    format: str
    model: type[Canonical]
    spec_hash: str
    set_id: str = ""
    versions: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    delimited: DelimitedOptions = field(default_factory=DelimitedOptions)
    columns_required: tuple[str, ...] = ()
    columns_used: frozenset[str] = frozenset()
    inbound: InGroup | None = None
    segments: OutLoop | None = None
    guides: tuple[PartnerGuide, ...] = ()
    writing: WritingOptions = field(default_factory=WritingOptions)
    columns: Columns | None = None


def prepare(name: str, *, site_mappings: Path | None) -> tuple[PreparedMapping | None, tuple[Problem, ...]]:
    """The mapping of a name, or None with every problem of it and of what it extends."""
    spec, found = load_spec(name, site_mappings=site_mappings)
    if spec is None:
        return None, found
    problems = Problems()
    prepared = _Preparation(spec, problems, site_mappings).prepared()
    return (None if problems else prepared), tuple(sorted(problems))


class _Preparation:
    """The checks and the compilation of one mapping."""

    def __init__(self, spec: MappingSpec, problems: Problems, site_mappings: Path | None) -> None:
        self.spec = spec
        self.site_mappings = site_mappings
        self.problems = problems

    def prepared(self) -> PreparedMapping | None:
        """The mapping compiled; problems are collected."""
        spec = self.spec
        known = self.known("document", spec.document, DOCUMENTS)
        known &= self.known("direction", spec.direction, ("in", "out"))
        if spec.format in ("fixed", "xml", "template", "json"):
            self.problems.at(spec.origin, "M020", f"the format '{spec.format}' is not obeyed by this version yet")
            return None
        if not (known & self.known("format", spec.format, ("x12", "csv"))):
            return None
        model = model_of(spec.document, spec.direction)
        digest = hashlib.sha256(repr(spec).encode()).hexdigest()
        base = PreparedMapping(
            spec.name,
            spec.direction,
            spec.document,
            spec.format,
            model,
            digest,
            params=tuple(each.value for each in spec.params),
        )
        return self.x12(base) if spec.format == "x12" else self.csv(base)

    def known(self, key: str, value: str, words: Collection[str]) -> bool:
        """Whether a word of the head is one we know."""
        if value not in words:
            self.problems.at(self.spec.origin, "M020", f"the {key} '{value}' is not known", suggestion(value, words))
        return value in words

    def x12(self, base: PreparedMapping) -> PreparedMapping | None:
        """An X12 mapping, against the guides of its versions."""
        self.option_names((*X12_OPTIONS, *WRITING_OPTIONS), ())
        set_id = self.word("set")
        versions = self.words("versions") or tuple(filter(None, (self.word("version"),)))
        partner_guides = self.partner_guides(set_id, versions)
        layouts = [
            layout for version in versions if (layout := self.guide(set_id, version, partner_guides)) is not None
        ]
        if not layouts:
            if not self.problems:
                self.problems.at(
                    self.spec.origin,
                    "M020",
                    "the mapping names no set and version",
                    "write x12: {set: 850, versions: [004010]}",
                )
            return None
        base = replace(base, set_id=set_id, versions=versions, guides=tuple(partner_guides.values()))
        if base.direction == "in":
            for name in WRITING_OPTIONS:
                if name in self.spec.options:
                    self.problems.at(self.at(name), "M020", f"'{name}' is an option of mappings that write")
            compiler = inbound_plan.Compiler(base.document, layouts, base.params, "", self.problems)
            return replace(base, inbound=compiler.compile(self.spec.body, base.model))
        base = replace(base, writing=self.writing_options())
        writer = outbound_plan.Compiler(base.document, base.model, layouts[0], base.params, "", self.problems)
        return replace(base, segments=writer.segments(self.spec.body))

    def partner_guides(self, set_id: str, versions: tuple[str, ...]) -> dict[str, PartnerGuide]:
        """The partner guides that the mapping names, by their version; each must be for the mapping's own set."""
        found: dict[str, PartnerGuide] = {}
        for name in self.listed("guide"):
            ready, wrong = load_guide(name, site_mappings=self.site_mappings)
            self.problems.extend(wrong)
            if ready is None:
                continue
            standard = ready.standard
            said = f"the partner guide '{name.value}' is for set {standard.set_id} of version {standard.version}"
            if standard.set_id != set_id or standard.version not in map(guides.base_version, versions):
                sentence = f"{said}; the mapping is for set {set_id} of version {', '.join(versions)}"
                self.problems.at(name.origin, "M104", sentence)
            elif standard.version in found:
                sentence = f"{said}, and so is '{found[standard.version].name}'"
                self.problems.at(name.origin, "M104", sentence, "one of them may extend the other")
            found.setdefault(standard.version, ready)
        return found

    def writing_options(self) -> WritingOptions:
        """How characters are written; the character set only where the mapping names one."""
        plain = WritingOptions()
        instead = self.word("replace_delimiters") or plain.instead
        if len(instead) != 1 or instead not in BASIC:
            sentence = f"'replace_delimiters' is one character of the basic set, not '{instead}'"
            self.problems.at(self.at("replace_delimiters"), "M020", sentence)
        charset = self.one_of("charset", CHARSETS, "extended") if self.word("charset") else None
        return WritingOptions(charset, self.one_of("on_bad_char", ON_BAD_CHARACTER, plain.on_bad), instead)

    def guide(self, set_id: str, version: str, partner_guides: Mapping[str, PartnerGuide]) -> Guide | None:
        """The guide of one version, as it was agreed; one we do not have is a problem."""
        agreed = partner_guides.get(guides.base_version(version) or "")
        if agreed is not None and agreed.standard.set_id == set_id:
            return agreed.agreed
        found = guides.load(version, set_id)
        if found is None:
            sentence = f"there is no set '{set_id}' of version '{version}'"
            self.problems.at(self.at("set"), "M040", sentence, f"versions: {', '.join(guides.versions())}")
        return found

    def csv(self, base: PreparedMapping) -> PreparedMapping:
        """A delimited mapping."""
        self.option_names(CSV_OPTIONS, LATER_CSV_OPTIONS)
        dates = self.word("dates") or "YYYY-MM-DD"
        base = replace(base, delimited=self.delimited_options(), columns_required=self.words("columns_required"))
        if base.direction == "in":
            compiler = inbound_plan.Compiler(base.document, (), base.params, dates, self.problems)
            plan = compiler.compile(self.spec.body, base.model)
            used = {*base.columns_required, *base.delimited.group_by, *inbound_plan.sources(plan)}
            return replace(base, inbound=plan, columns_used=frozenset(used))
        writer = outbound_plan.Compiler(base.document, base.model, None, base.params, dates, self.problems)
        return replace(base, columns=writer.columns(self.spec.body))

    def delimited_options(self) -> DelimitedOptions:
        """The options of the file, each checked."""
        plain = DelimitedOptions()
        delimiter = self.word("delimiter")
        quote = self.word("quote")
        encoding = self.one_of("encoding", ENCODINGS, plain.encoding)
        if len(delimiter) > 1 and delimiter != "tab":
            self.problems.at(
                self.at("delimiter"), "M020", f"the delimiter is one character or 'tab', not '{delimiter}'"
            )
        if len(quote) > 1:
            self.problems.at(self.at("quote"), "M020", f"the quote is one character, not '{quote}'")
        return DelimitedOptions(
            delimiter={"": plain.delimiter, "tab": "\t"}.get(delimiter, delimiter)[:1], quote=quote[:1] or plain.quote,
            encoding=encoding, header=self.one_of("header", ("true", "false"), "true") == "true",
            columns=self.words("columns"), group_by=self.words("group_by"),
            newline={"lf": "\n"}.get(self.one_of("newline", ("crlf", "lf"), "crlf"), "\r\n"),
        )  # fmt: skip

    def option_names(self, known: tuple[str, ...], later: tuple[str, ...]) -> None:
        """Options that do not exist, or not yet."""
        for name, (_, origin) in self.spec.options.items():
            if name in later:
                self.problems.at(origin, "M020", f"'{name}' is not obeyed by this version yet")
            elif name not in known:
                hint = suggestion(name, known)
                self.problems.at(origin, "M020", f"'{name}' is not an option of the format {self.spec.format}", hint)

    def one_of(self, name: str, words: tuple[Word, ...], otherwise: Word) -> Word:
        """An option that is one of a few words."""
        said = self.word(name) or otherwise
        found = next((word for word in words if word == said), None)
        if found is None:
            sentence = f"'{name}' is one of {', '.join(words)}, not '{said}'"
            self.problems.at(self.at(name), "M020", sentence, suggestion(said, words))
        return found or otherwise

    def word(self, name: str) -> str:
        """An option that is one text, empty when it is not there."""
        node = self._option(name)
        return node.value if isinstance(node, YamlText) else ""

    def words(self, name: str) -> tuple[str, ...]:
        """An option that is a list of texts."""
        node = self._option(name)
        if isinstance(node, YamlList):
            return tuple(each.value for each in node.items if isinstance(each, YamlText))
        if node is not None:
            self.problems.at(self.at(name), "M020", f"'{name}' is a list, written like [a, b]")
        return ()

    def listed(self, name: str) -> list[Located]:
        """An option that is one text or several, each with its place."""
        node, file = self._option(name), self.at(name).file
        if node is not None and not isinstance(node, YamlList | YamlText):
            self.problems.at(self.at(name), "M020", f"'{name}' is a name, or a list written like [a, b]")
        nodes = node.items if isinstance(node, YamlList) else (node,)
        return [
            Located(each.value, Origin(file, each.line, each.column))
            for each in nodes
            if isinstance(each, YamlText) and not each.is_removal
        ]

    def at(self, name: str) -> Origin:
        """Where an option stands."""
        return self.spec.options[name][1] if name in self.spec.options else self.spec.origin

    def _option(self, name: str) -> Node | None:
        return self.spec.options[name][0] if name in self.spec.options else None
