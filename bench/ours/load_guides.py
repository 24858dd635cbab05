"""The gateway's guides, loaded and nothing else, or one file read: what a process does once.

Usage: python -m bench.ours.load_guides none|850|all|FILE. Reading one order compiles the checks of what stands in it.
"""

import sys
from collections import deque
from pathlib import Path

from gateway.formats.x12 import guide, reader


def main(wanted: str) -> None:
    if wanted == "850":
        guide.load("004010", "850")
    elif wanted == "all":
        for version in guide.versions():
            for set_id in guide.set_ids(version):
                guide.load(version, set_id)
    elif wanted != "none":
        deque(reader.read(Path(wanted).read_bytes()), maxlen=0)


main(sys.argv[1])
