"""Write a map directory with which pyx12 checks the 004010 850, made of the product's own guide: the same rules for both.

Usage: python -m bench.peers.pyx12_maps DIRECTORY

The maps are flat: no wrapper loops, and codes of a first element as a pattern, so that pyx12 does not take them for the
segment's identity. That is the form in which its findings are exact and its walk is short.
"""

import sys
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pyx12

from gateway.formats.x12 import guide
from gateway.formats.x12.guide import ElementSpec, LoopNode, Node, SegmentSpec

VERSION, SET_ID, MAP = "004010", "850", "850.xml"
GIVEN = ("codes.xml", "x12.control.00401.xml", "x12.control.00501.xml")
INDEX = f"""<maps><version icvn="00401"><map vriic="{VERSION}" fic="PO" abbr="{SET_ID}">{MAP}</map></version></maps>"""
MANY = "&gt;1"


def write(directory: Path) -> None:
    """Fill a directory with everything that pyx12 looks for."""
    layout = guide.load(VERSION, SET_ID)
    assert layout is not None
    envelope = guide.envelope(VERSION)
    directory.mkdir(parents=True, exist_ok=True)
    for name in GIVEN:
        shipped = Path(pyx12.__file__).parent / "map" / name
        (directory / name).write_bytes(shipped.read_bytes())
    used = [*envelope.values(), *layout.segments.values()]
    (directory / "dataele.xml").write_text(_elements(used), encoding="utf-8")
    (directory / "maps.xml").write_text(INDEX, encoding="utf-8")
    whole = _interchange("".join(_nodes(layout.nodes, "ST")), {name: _control(spec) for name, spec in envelope.items()})
    (directory / MAP).write_text(whole, encoding="utf-8")


def _interchange(body: str, control: dict[str, str]) -> str:
    inner = _loop("ST_LOOP", 20, required=True, times=MANY, body=body)
    group = _loop("GS_LOOP", 20, required=True, times=MANY, body=control["GS"] + inner + control["GE"])
    whole = _loop("ISA_LOOP", 10, required=True, times=MANY, body=control["ISA"] + group + control["IEA"])
    return f'<transaction xid="{SET_ID}"><name>{SET_ID}</name>{whole}</transaction>'


def _control(spec: SegmentSpec) -> str:
    return _segment(spec, 10 if spec.id in ("ISA", "GS") else 30, required=True, times="1")


def _nodes(nodes: Iterable[Node], path: str) -> Iterator[str]:
    """The places of one level in their order; a loop's name is made of its path, so that it is unique."""
    for position, node in zip(count(10, 10), nodes, strict=False):
        times = str(node.maximum) if node.maximum else MANY
        if isinstance(node, LoopNode):
            name = f"{path}_{node.id}"
            body = "".join(_nodes(node.body, name))
            yield _loop(f"{name}_LOOP", position, required=node.required, times=times, body=body)
        else:
            yield _segment(node.spec, position, required=node.required, times=times)


def _loop(name: str, position: int, *, required: bool, times: str, body: str) -> str:
    kind = ' type="explicit"' if name in ("ISA_LOOP", "GS_LOOP", "ST_LOOP") else ""
    usage = "R" if required else "S"
    return (
        f"<loop xid={quoteattr(name)}{kind}><name>{name}</name><usage>{usage}</usage><pos>{position}</pos>"
        f"<repeat>{times}</repeat>{body}</loop>\n"
    )


def _segment(spec: SegmentSpec, position: int, *, required: bool, times: str) -> str:
    notes = "".join(f"<syntax>{n.kind}{''.join(f'{p:02}' for p in n.positions)}</syntax>" for n in spec.syntax)
    parts = "".join(_part(f"{spec.id}{at:02}", at, element) for at, element in enumerate(spec.elements, start=1))
    usage = "R" if required else "S"
    return (
        f"<segment xid={quoteattr(spec.id)}><name>{escape(spec.name)}</name><usage>{usage}</usage><pos>{position}</pos>"
        f"<max_use>{times}</max_use>{notes}{parts}</segment>\n"
    )


def _part(name: str, at: int, spec: ElementSpec) -> str:
    usage = "R" if spec.required else "S"
    told = (
        f"<data_ele>{spec.reference}</data_ele><name>{escape(spec.name)}</name><usage>{usage}</usage><seq>{at:02}</seq>"
    )
    if spec.components:
        inner = "".join(_part(f"{name}-{n}", n, each) for n, each in enumerate(spec.components, start=1))
        return f"<composite xid={quoteattr(name)}>{told}{inner}</composite>"
    return f"<element xid={quoteattr(name)}>{told}{_codes(spec, first=at == 1)}</element>"


def _codes(spec: ElementSpec, *, first: bool) -> str:
    if spec.codes is None:
        return ""
    codes = sorted(spec.codes)
    if first and len(codes) > 1:
        return f"<regex>^({'|'.join(codes)})$</regex>"
    return f"<valid_codes>{''.join(f'<code>{code}</code>' for code in codes)}</valid_codes>"


def _elements(specs: Iterable[SegmentSpec]) -> str:
    plain = {each.reference: each for spec in specs for part in spec.elements for each in (part.components or (part,))}
    rows = "".join(
        f'<data_ele ele_num="{reference}" data_type="{spec.type}" min_len="{spec.minimum}" max_len="{spec.maximum}"'
        f" name={quoteattr(spec.name)}/>"
        for reference, spec in sorted(plain.items())
    )
    return f"<data_elements>{rows}</data_elements>"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
