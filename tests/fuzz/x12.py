"""What must hold for any bytes read as X12; run for long by ``make fuzz``, for short by the tests.

Usage: python -m tests.fuzz.x12 [SECONDS] [CORPUS_FOLDER]. Whatever breaks is kept in tests/crashers/x12.
"""

import hashlib
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from random import Random

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging.examine import NOTHING, Examination, examine
from gateway.flows.judging.report import is_clean, validation_report
from gateway.flows.judging.report_text import validation_lines
from gateway.flows.judging.standalone import acknowledgment
from gateway.formats.x12 import guide
from tests.formats.x12.generate import Size, file_of, random_set

CRASHERS = Path(__file__).parents[1] / "crashers" / "x12"
NOW = datetime(2026, 11, 20, 8, 15)  # noqa: DTZ001 - ISA09 and GS04 carry no zone
SECONDS = 2.0


def holds(content: bytes) -> Examination:
    """Judge, report and answer some bytes; raises when anything that must hold does not."""
    begun = time.monotonic()
    seen = examine(content, AckRules())
    report = json.loads(json.dumps(validation_report("file", seen)))
    assert is_clean(seen) == is_clean(examine(content, AckRules(), keep=NOTHING))
    assert report["interchanges"] or report["issues"], "nothing was said about the file"
    assert all(line.isprintable() for line in validation_lines("file", seen)), "a control character reaches the screen"
    answer = acknowledgment(seen, NOW)
    if answer:
        read_again = examine(answer, AckRules())
        assert read_again.issues == (), f"an answer cannot be read: {read_again.issues[0].message}"
        assert all(each.complete for each in read_again.interchanges)
    assert time.monotonic() - begun < SECONDS, "it took too long"
    return seen


def seeds() -> list[bytes]:
    """Valid files of every set, the small ones of a corpus folder if one is named, and the crashers kept."""
    rng = Random(7)
    made = [
        file_of(layout, [random_set(layout, rng, Size(15, 0.2, 2)) for _ in range(2)])
        for version in guide.versions()
        for set_id in guide.set_ids(version)
        if (layout := guide.load(version, set_id)) is not None
    ]
    named = [Path(name) for name in sys.argv[2:3]]
    found = [path for folder in (*named, CRASHERS) for path in sorted(folder.rglob("*")) if path.is_file()]
    return made + [path.read_bytes() for path in found if path.stat().st_size < 20_000]


def mutant(known: list[bytes], rng: Random) -> bytes:
    """One damaged file."""
    content = bytearray(rng.choice(known))
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at = rng.randrange(len(content) + 1)
        until = at + rng.randrange(60)
        match rng.randrange(6):
            case 0:
                del content[at:until]
            case 1:
                content[at:at] = content[at:until]
            case 2:
                content[at : at + 1] = rng.randbytes(rng.randrange(1, 5))
            case 3:
                content[at:at] = rng.choice(_PIECES)
            case 4:
                other = rng.choice(known)
                content[at:until] = other[rng.randrange(len(other)) :][: rng.randrange(300)]
            case _:
                old = bytes(content[at : at + 1])
                content = bytearray(bytes(content).replace(old, rng.randbytes(1))) if old else content
    return bytes(content)


_PIECES = (
    b"~", b"*", b"\n", b"\r\n", b"ISA*00*", b"IEA*1*1~", b"SE*", b"ST*850*", b"GS*", b"GE*1*1~", b"\xef\xbb\xbf", b"\x00",
    b"\xc2\xa0", b" ", b">", b"^", b"TA1*", b"\x1a", b"HL*1**S~", b"LS*A~",
)  # fmt: skip


def keep(content: bytes) -> Path:
    """A crasher, kept under the hash of its bytes."""
    CRASHERS.mkdir(parents=True, exist_ok=True)
    path = CRASHERS / f"{hashlib.sha256(content).hexdigest()[:12]}.edi"
    path.write_bytes(content)
    return path


def main() -> int:
    """Mutate until the time is over, guided by coverage where atheris is installed."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    rng, known = Random(), seeds()
    end, runs, broken = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        content = mutant(known, rng)
        try:
            holds(content)
        except Exception as error:  # noqa: BLE001 - whatever breaks is kept and told, and the next one is tried
            broken += 1
            print(f"{keep(content)}: {type(error).__name__}: {error}")  # noqa: T201 - a program for the terminal
        runs += 1
    print(f"{runs} mutants of {len(known)} files in {seconds:.0f} s, {broken} broken")  # noqa: T201 - same
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
