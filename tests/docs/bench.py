"""Read a page as somebody would who tries its examples; ``--write PAGE...`` puts what they give into the page."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.config.strict_yaml import YamlMap, YamlText, load
from gateway.flows.tools import problem_text, running
from gateway.formats.x12 import guide
from gateway.mapping import dump
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import PreparedMapping, prepare
from tests.docs import examples
from tests.docs.examples import Block

TODAY = date(2026, 11, 2)


@dataclass(slots=True)
class Bench:
    """The site of a page while it is read: its mapping, its input and what was said about both."""

    site: Path
    base: str = ""
    name: str = ""
    at: int = 0
    announced: bool = True
    input: Block | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    given: dict[int, str] = field(default_factory=dict)
    untold: str = ""

    def read(self, blocks: tuple[Block, ...]) -> None:
        """Every block in its order."""
        for block in blocks:
            self.take(block)
        self.clean()

    def take(self, block: Block) -> None:
        """One block."""
        if block.word != "problems" and self.untold:
            self.mistakes.append(f"above line {block.line}: the result has problems that are not shown\n{self.untold}")
            self.untold = ""
        if block.word in ("result", "problems", "mistake"):
            self.compare(block)
        elif block.word == "input":
            self.input, self.options = block, {}
        elif block.word == "options":
            self.options = dict(_texts(block))
        elif block.is_mapping or block.is_piece:
            self.mapping(block)
        elif block.path:
            _write(self.site / block.path, block.text)

    def mapping(self, block: Block) -> None:
        """A mapping; the one before must have been in order."""
        self.clean()
        text = block.text
        self.name = (
            block.path.removeprefix("mappings/").removesuffix(".yaml") or f"{self.base.partition(chr(47))[0]}/piece"
        )
        if block.is_piece:
            text = f"gateway: 1\nmapping: {self.name}\nextends: {self.base}\n{text}"
        _write(self.site / "mappings" / f"{self.name}.yaml", text)
        self.base = self.name if block.word == "base" else self.base
        self.at, self.announced = block.line, False

    def clean(self) -> None:
        """The mapping has no mistakes and gives no warnings, unless the page showed them."""
        if not self.announced:
            self.announced = True
            found = "\n".join(str(each) for each in self.prepared()[1])
            self.mistakes += [f"line {self.at}: {found}"] if found else []

    def prepared(self) -> tuple[PreparedMapping | None, tuple[object, ...]]:
        return prepare(
            self.name, site_mappings=self.site / "mappings",
            custom_fields={"order": ("route",)},
        )  # fmt: skip

    def compare(self, block: Block) -> None:
        """What a page shows with what is said."""
        if block.word == "mistake":
            self.announced = True
            said = "".join(f"{each}\n" for each in self.prepared()[1])
        else:
            said = self.ran(block)
        if not examples.agree(block.text, said):
            self.given[block.line] = said
            self.mistakes.append(f"line {block.line}: the page shows\n{block.text}\nand this was said\n{said}")

    def ran(self, block: Block) -> str:
        """The result of the mapping on the input, or the problems."""
        self.clean()
        mapping, problems = self.prepared()
        if mapping is None or self.input is None:
            return "\n".join(str(each) for each in problems)
        env = Environment(
            params={key: each for key, each in self.options.items() if key != "today"},
            today=date.fromisoformat(self.options.get("today", TODAY.isoformat())), file_name="order.csv",
        )  # fmt: skip
        result, told = (_written if mapping.direction == "out" else _read)(mapping, self.input, env, self.site)
        said = "".join(f"{each}\n" for each in told)
        self.untold = said if block.word == "result" else ""
        return result if block.word == "result" else said


def _read(mapping: PreparedMapping, block: Block, env: Environment, _site: Path) -> tuple[str, list[str]]:
    ran = running.read(mapping, content(mapping, block), env)
    told = list(ran.faults)
    for each in ran.results:
        if each.problems:
            told += problem_text.lines(f"{mapping.document} {each.title}", each.problems)
    return f"{dump.SEPARATOR}\n".join(dump.text(each.values) for each in ran.results), told


def _written(mapping: PreparedMapping, block: Block, env: Environment, site: Path) -> tuple[str, list[str]]:
    path = site / "input.yaml"
    _write(path, block.text)
    wrote = running.write(mapping, running.canonical(mapping, path), env)
    told = [*wrote.faults, *wrote.notes]
    if wrote.problems:
        told += problem_text.lines("the document", wrote.problems)
    encoding = mapping.delimited.encoding if mapping.format == "csv" else "utf-8"
    return wrote.content.decode(encoding).replace("\r\n", "\n"), told


def content(mapping: PreparedMapping, block: Block) -> bytes:
    """The bytes of an input; an X12 input without envelope gets one, a text file is in the mapping's encoding."""
    if block.kind != "edi":
        encoding = mapping.records.encoding if mapping.records is not None else mapping.delimited.encoding
        return block.text.encode(encoding)
    if block.text.startswith("ISA"):
        return block.text.encode()
    segments = [each.strip() for each in block.text.split("~") if each.strip()]
    layout = guide.load(mapping.versions[0], mapping.set_id)
    assert layout is not None
    lines = [
        f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{'ACME':15}*ZZ*{'US':15}*261102*0930*U*00401*000000101*0*P*>",
        f"GS*{layout.functional_group}*ACME*US*20261102*0930*101*X*{mapping.versions[0]}",
        f"ST*{mapping.set_id}*0001", *segments, f"SE*{len(segments) + 2}*0001", "GE*1*101", "IEA*1*000000101",
    ]  # fmt: skip
    return "".join(f"{each}~\n" for each in lines).encode()


def _texts(block: Block) -> Iterator[tuple[str, str]]:
    node, problems = load(block.text, "options")
    assert isinstance(node, YamlMap), problems
    yield from ((each.key.value, each.value.value) for each in node if isinstance(each.value, YamlText))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write(page: Path) -> None:
    """Put what the examples of a page give into the page; then read the difference as a reviewer."""
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bench.read(examples.blocks(page))
    text = page.read_text(encoding="utf-8")
    for found in reversed(list(examples.FENCE.finditer(text))):
        said = bench.given.get(text.count("\n", 0, found.start()) + 1)
        if said is not None:
            text = text[: found.start(3)] + said.rstrip("\n") + "\n" + text[found.end(3) :]
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[2:] if sys.argv[1:2] == ["--write"] else ():
        write(Path(name).resolve())
