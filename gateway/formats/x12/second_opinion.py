"""An independent engine's opinion on an X12 file: pyx12, used nowhere else."""

import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from gateway.formats.record import Segment
from gateway.formats.x12 import second_opinion_maps
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.second_opinion_compare import Failure, Finding, Level, Opinion

_UNUSED = "\ue000"  # stands for a separator the interchange does not have; no data holds a private character
_NOTE = re.compile(r"\(([PRECL])((?:\d\d)+)\)")
_MOST_MAPS = 128
# what pyx12 raises on data it did not expect; its own EngineError and X12Error are ordinary Exceptions
_ITS_BUGS = (AssertionError, AttributeError, IndexError, KeyError, LookupError, RuntimeError, TypeError, ValueError)


def errors(content: bytes) -> list[str]:
    """Every error pyx12's X12Reader finds in envelopes, counts and separators; empty when it agrees.

    It refuses ISA12 00403; ``opinion`` judges the sets of that version.
    """
    import pyx12.errors  # noqa: PLC0415 - an import of 0.1 s that only checks of outgoing files need
    import pyx12.x12file  # noqa: PLC0415 - same

    try:
        reader = pyx12.x12file.X12Reader(io.StringIO(content.decode("utf-8")))
        found = [f"{kind} {code}: {text}" for _ in reader for kind, code, text, *_rest in reader.pop_errors()]
        reader.cleanup()
    except pyx12.errors.X12Error as error:
        return [str(error)]
    return [*found, *(f"{kind} {code}: {text}" for kind, code, text, *_rest in reader.pop_errors())]


def opinion(segments: Sequence[Segment], guide: Guide, separators: Separators) -> Opinion:
    """What pyx12's map engine says about one set, ST to SE; an exception of it is told, and is never a pass."""
    import pyx12.errors  # noqa: PLC0415 - see errors
    import pyx12.map_walker  # noqa: PLC0415 - same
    import pyx12.segment  # noqa: PLC0415 - same

    try:
        node = _map(guide).getnodebypath("/ISA_LOOP/GS_LOOP/GS")
    except (*_ITS_BUGS, OSError, pyx12.errors.EngineError) as error:
        return Opinion((), (Failure(0, "", f"its map could not be loaded: {error}"),))
    walker = pyx12.map_walker.walk_tree()
    walker.forceWalkCounterToLoopStart("/ISA_LOOP", "/ISA_LOOP/ISA")
    walker.forceWalkCounterToLoopStart("/ISA_LOOP/GS_LOOP", "/ISA_LOOP/GS_LOOP/GS")
    found: list[Finding] = []
    failures: list[Failure] = []
    last = segments[-1].position + 1 if segments else 1
    for segment in (*segments, Segment(["GE", "1", "1"], last)):
        try:
            shapes = [
                _segment(pyx12.segment.Segment, each, separators) for each in _unrolled(segment, guide, separators)
            ]
            placed, _, _, faults = walker.walk_errors(node, shapes[0], segment.position, segment.position, None)
            found.extend(_structural(fault, segment) for fault in faults)
            if placed is None or segment.position == last:
                continue
            node = placed
            for shape in shapes:
                news = [_of_element(fault, segment) for fault in node.is_valid_errors(shape)[1]]
                found.extend(each for each in news if each not in found)
        except (*_ITS_BUGS, pyx12.errors.EngineError, pyx12.errors.X12Error) as error:
            failures.append(Failure(segment.position, segment[0][:20], f"{type(error).__name__}: {error}"))
    return Opinion(tuple(found), tuple(failures))


@lru_cache(maxsize=_MOST_MAPS)
def _map(guide: Guide) -> Any:
    """The map of a guide, loaded from a folder that is gone afterwards."""
    import pyx12.map_if  # noqa: PLC0415 - see errors
    import pyx12.params  # noqa: PLC0415 - same

    with tempfile.TemporaryDirectory(prefix="gateway-maps-") as folder:
        second_opinion_maps.write(guide, Path(folder))
        parameters = pyx12.params.ParamsBase()  # params() would read a file of the home directory
        return pyx12.map_if.load_map_file(second_opinion_maps.MAP_FILE, parameters, folder)


def _segment(kind: Any, segment: Sequence[str], separators: Separators) -> Any:
    element, component = separators.element, separators.component or _UNUSED
    return kind(element.join(segment), separators.terminator[-1:], element, component)


def _unrolled(segment: Segment, guide: Guide, separators: Separators) -> Iterator[Sequence[str]]:
    """The segment once per repetition of an element that may repeat: pyx12 knows no repetitions."""
    spec = guide.segments.get(segment[0])
    repeated = [
        at
        for at, element in enumerate(spec.elements if spec else (), start=1)
        if element.repeat > 1 and at < len(segment) and separators.repetition and separators.repetition in segment[at]
    ]
    if not repeated:
        yield segment
        return
    for at in repeated:
        for value in segment[at].split(separators.repetition):
            firsts = [each.split(separators.repetition)[0] if n in repeated else each for n, each in enumerate(segment)]
            firsts[at] = value
            yield firsts


def _structural(fault: Any, segment: Segment) -> Finding:
    name = fault.seg_data.get_seg_id() if fault.seg_data is not None else segment[0]
    return Finding(Level.SEGMENT, segment.position, str(name)[:20], fault.err_cde, text=fault.err_str)


def _of_element(fault: Any, segment: Segment) -> Finding:
    node, at, component = fault.map_node, 0, 0
    related: tuple[int, ...] = ()
    note = _NOTE.search(fault.err_str)
    if node is not None and node.parent.is_composite():
        at, component = node.parent.seq, node.seq
    elif node is not None:
        at = node.seq
    elif isinstance(fault.refdes, int) and note is not None:
        at = fault.refdes
        related = tuple(int(note[2][each : each + 2]) for each in range(0, len(note[2]), 2))
    elif isinstance(fault.refdes, str):  # "09" for an element too many, "MEA04" for a composite
        at = int(fault.refdes[-2:])
    value = segment[at] if 0 < at < len(segment) else ""
    return Finding(
        Level.ELEMENT, segment.position, segment[0][:20], fault.err_cde, at, component,
        str(fault.err_val) if fault.err_val else value, fault.err_str, related,
    )  # fmt: skip
