"""Read the options of an outbound mapping's format and its settings; what is wrong is told at its place."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gateway.config import mapping_files
from gateway.config.mapping_files import is_by_link, is_file
from gateway.config.mapping_spec import MappingSpec
from gateway.config.problems import Located, Origin, Problems, suggestion
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText
from gateway.mapping.language import forms
from gateway.mapping.writing.plans import Style

NEWLINES = {"crlf": "\r\n", "lf": "\n"}
YES_NO = ("true", "false")

Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one mapping."""

    spec: MappingSpec
    problems: Problems
    site_mappings: Path | None = None

    def known(self, names: Collection[str]) -> None:
        """Tell of options that do not exist."""
        for name, (_, origin) in self.spec.options.items():
            if name not in names:
                does = "writes" if self.spec.direction == "out" else "reads"
                sentence = f"'{name}' is not an option of the format {self.spec.format} in a mapping that {does}"
                self.problems.unknown(origin, "M020", sentence, name, names)

    def word(self, name: str, otherwise: str = "") -> str:
        """An option that is one text."""
        node = self.node(name)
        if node is not None and not isinstance(node, YamlText):
            self.problems.at(self.at(name), "M020", f"'{name}' is one text")
        return node.value if isinstance(node, YamlText) and not node.is_removal else otherwise

    def one_of(self, name: str, words: Collection[Word], otherwise: Word) -> Word:
        """An option that is one of a few words."""
        said = self.word(name, otherwise)
        found = next((word for word in words if word == said), None)
        if found is None:
            sentence = f"'{name}' is one of {', '.join(words)}, not '{said}'"
            self.problems.at(self.value_at(name), "M020", sentence, suggestion(said, words))
        return found or otherwise

    def character(self, name: str, otherwise: str) -> str:
        """An option that is one character, or ``tab``."""
        said = self.word(name, otherwise)
        if said == "tab":
            return "\t"
        if len(said) != 1:
            self.problems.at(self.value_at(name), "M020", f"'{name}' is one character or 'tab', not '{said}'")
            return otherwise
        return said

    def texts(self, name: str) -> dict[str, Located]:
        """An option that holds texts by name."""
        node = self.node(name)
        if node is not None and not isinstance(node, YamlMap):
            self.problems.at(self.at(name), "M020", f"'{name}' is written like {{name: text}}")
        entries = node.entries if isinstance(node, YamlMap) else ()
        file = self.at(name).file
        return {
            each.key.value: Located(each.value.value, Origin(file, each.value.line, each.value.column))
            for each in entries
            if isinstance(each.value, YamlText) and not each.value.is_removal
        }

    def style(self, style: Style) -> Style:
        """The signs in numbers and the form of dates of the whole file."""
        decimal = self.word("decimal", style.decimal)
        thousands = self.word("thousands", style.thousands)
        for name, sign in (("decimal", decimal), ("thousands", thousands)):
            if len(sign) > 1 or sign.isalnum() or sign in ("+", "-") or (name == "decimal" and not sign):
                self.problems.at(self.at(name), "M020", f"'{name}' is one character such as . or , and not '{sign}'")
        if decimal == thousands:
            self.problems.at(self.at("decimal"), "M020", f"'decimal' and 'thousands' cannot both be '{decimal}'")
        dates = self.word("dates", style.form)
        wrong = forms.parse(dates) if dates else None
        if isinstance(wrong, str):
            self.problems.at(self.value_at("dates"), "M020", wrong, "write a form like YYYY-MM-DD or DD.MM.YYYY")
            dates = style.form
        return Style(dates, decimal, thousands, style.keeps_zeros, style.iso)

    def file(self, name: str) -> Path | None:
        """A file that an option names, in the folder of the mapping that names it; None with the problem told."""
        said = self.word(name)
        if not said:
            return None
        found = _below(self.folder(name), said)
        if isinstance(found, str):
            self.problems.at(self.value_at(name), "M020", f"'{said}' {found}")
            return None
        return found

    def folder(self, name: str) -> Path:
        """The folder of the mapping that an option was written in."""
        file = self.at(name).file
        for each in self.spec.chain:
            path, shown = mapping_files.find(each, self.site_mappings)
            if path is not None and shown == file:
                return path.parent
        return self.spec.folder

    def is_known_risk(self, name: str) -> bool:
        """Whether ``settings: {i_know: [...]}`` names it, so that a reviewer sees it."""
        node = self.spec.settings.get("i_know", (None, None))[0]
        nodes = node.items if isinstance(node, YamlList) else (node,)
        return name in [each.value for each in nodes if isinstance(each, YamlText)]

    def at(self, name: str) -> Origin:
        """Where an option stands."""
        return self.spec.options[name][1] if name in self.spec.options else self.spec.origin

    def value_at(self, name: str) -> Origin:
        """Where the value of an option stands."""
        node = self.node(name)
        return Origin(self.at(name).file, node.line, node.column) if node is not None else self.at(name)

    def node(self, name: str) -> Node | None:
        """What an option holds."""
        return self.spec.options[name][0] if name in self.spec.options else None


def _below(folder: Path, said: str) -> Path | str:
    """A file below a folder, not by way of a link; else why it is none (S-12)."""
    parts = said.split("/")
    if said.startswith(("/", "\\", "~")) or any(each in said for each in (":", "\\", "\x00")) or ".." in parts:
        return "leads out of the folder of the mapping"
    if is_by_link(folder, said):
        return "is a symbolic link, which is not followed"
    return folder / said if is_file(folder / said) else "does not exist in the folder of the mapping"
