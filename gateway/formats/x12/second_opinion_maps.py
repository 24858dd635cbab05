"""Write a guide as a map of pyx12: the same tables in the other engine's words, in a folder of its own."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar
from xml.sax.saxutils import escape, quoteattr

from gateway.formats.x12.guide import ElementSpec, Guide, LoopNode, Node, SegmentSpec, envelope

MAP_FILE = "map.xml"
_COMPOSITE = "COMPOSITE"
_UNBOUNDED = ">1"
_VERSION_OF_MAP = "ISA12"
"""pyx12 reads the version of the map, and with it the character set, from this element."""

_Key = TypeVar("_Key")


def write(guide: Guide, folder: Path) -> None:
    """The three files pyx12 loads together: the map, its data elements and its code lists.

    The map is flat: every node stands where the guide has it, without the header, detail and footer loops of
    pyx12's own maps, so that one missing segment is one fault. Code lists are external ones, also that of the first
    element: pyx12 takes listed codes of a first element to tell segments apart, and a wrong code would become a
    segment it does not know.
    """
    writer = _Writer(guide)
    body = writer.transaction()
    _save(folder / MAP_FILE, body)
    _save(folder / "dataele.xml", f"<data_elements>{''.join(writer.data_elements())}</data_elements>")
    _save(folder / "codes.xml", f"<codes>{''.join(writer.code_lists())}</codes>")


def _save(path: Path, content: str) -> None:
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{content}\n', encoding="utf-8")


class _Writer:
    """One map: remembers which data elements and code lists it used, and numbers every place."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.elements: dict[tuple[str, str, int, int], str] = {}
        self.codes: dict[tuple[str, frozenset[str]], str] = {}
        self.place = 0

    def transaction(self) -> str:
        """The whole map from ISA to IEA."""
        control = envelope(self.guide.version)
        isa = self._segment(control["ISA"], required=True, maximum=1)
        group = self._segment(control["GS"], required=True, maximum=1)
        inner = self._loop("ST_LOOP", self.guide.nodes, required=True, maximum=None)
        end_of_group = self._segment(control["GE"], required=True, maximum=1)
        group_loop = self._wrapped("GS_LOOP", group + inner + end_of_group)
        end = self._segment(control["IEA"], required=True, maximum=1)
        return f"<transaction xid={quoteattr(self.guide.set_id)}>{self._wrapped('ISA_LOOP', isa + group_loop + end)}</transaction>"

    def data_elements(self) -> Iterator[str]:
        """What the map's elements are made of: type and bounds."""
        for (_, kind, minimum, maximum), name in self.elements.items():
            yield f'<data_ele ele_num="{name}" data_type="{kind}" min_len="{minimum}" max_len="{maximum}" name="{name}"/>'

    def code_lists(self) -> Iterator[str]:
        """Only the lists this set uses."""
        for (reference, listed), name in self.codes.items():
            values = "".join(f"<code>{escape(code)}</code>" for code in sorted(listed))
            yield (
                f"<codeset><id>{name}</id><name>{reference}</name><data_ele>{reference}</data_ele>"
                f"<version>{values}</version></codeset>"
            )

    def _next(self) -> int:
        # pyx12 forgets what is missing at an equal position of another level, so no position is used twice
        self.place += 1
        return self.place

    def _wrapped(self, name: str, body: str) -> str:
        return (
            f'<loop xid="{name}" type="explicit"><usage>R</usage><pos>{self._next()}</pos>'
            f"<repeat>{escape(_UNBOUNDED)}</repeat>{body}</loop>"
        )

    def _loop(self, name: str, nodes: Sequence[Node], *, required: bool, maximum: int | None) -> str:
        at = self._next()
        body = "".join(self._node(node) for node in nodes)
        return (
            f'<loop xid="{name}"><name>{name}</name><usage>{_usage(required=required)}</usage><pos>{at}</pos>'
            f"<repeat>{_most(maximum)}</repeat>{body}</loop>"
        )

    def _node(self, node: Node) -> str:
        if isinstance(node, LoopNode):
            # pyx12 counts by path, so no loop's name is used twice; a name with _ is never taken for a segment's
            name = f"L{self.place}_{node.id}"
            return self._loop(name, node.body, required=node.required, maximum=node.maximum)
        return self._segment(node.spec, required=node.required, maximum=node.maximum)

    def _segment(self, spec: SegmentSpec, *, required: bool, maximum: int | None) -> str:
        notes = "".join(f"<syntax>{note.kind}{_two(note.positions)}</syntax>" for note in spec.syntax)
        elements = "".join(
            self._composite(spec.id, at, each)
            if each.type == _COMPOSITE
            else self._element(f"{spec.id}{at:02d}", at, each)
            for at, each in enumerate(spec.elements, start=1)
        )
        return (
            f'<segment xid="{spec.id}"><name>{escape(spec.name)}</name><usage>{_usage(required=required)}</usage>'
            f"<pos>{self._next()}</pos><max_use>{_most(maximum)}</max_use>{notes}{elements}</segment>"
        )

    def _composite(self, segment_id: str, at: int, spec: ElementSpec) -> str:
        label = f"{segment_id}{at:02d}"
        parts = "".join(
            self._element(f"{label}-{number:02d}", number, each) for number, each in enumerate(spec.components, start=1)
        )
        return (
            f'<composite xid="{label}" name={quoteattr(spec.name)} usage="{_usage(required=spec.required)}" '
            f'seq="{at:02d}" data_ele="{spec.reference}">{parts}</composite>'
        )

    def _element(self, label: str, at: int, spec: ElementSpec) -> str:
        data = _named(self.elements, (spec.reference, spec.type, spec.minimum, spec.maximum), spec.reference)
        return (
            f'<element xid="{label}" data_ele="{data}" name={quoteattr(spec.name)} '
            f'usage="{_usage(required=spec.required)}" seq="{at:02d}">{self._listed(label, spec)}</element>'
        )

    def _listed(self, label: str, spec: ElementSpec) -> str:
        if label == _VERSION_OF_MAP:
            return f"<valid_codes><code>{self.guide.version[:5]}</code></valid_codes>"
        if spec.codes is None:
            return ""
        return f'<valid_codes external="{_named(self.codes, (spec.reference, spec.codes), spec.reference)}"/>'


def _named(known: dict[_Key, str], key: _Key, reference: str) -> str:
    """The name of a definition: the reference, or with a number where a partner's guide has several of one."""
    name = known.get(key)
    if name is None:
        name = f"{reference}.{len(known)}" if reference in known.values() else reference
        known[key] = name
    return name


def _usage(*, required: bool) -> str:
    return "R" if required else "S"


def _most(maximum: int | None) -> str:
    return escape(_UNBOUNDED) if maximum is None else str(maximum)


def _two(positions: Sequence[int]) -> str:
    return "".join(f"{at:02d}" for at in positions)
