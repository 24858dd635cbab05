"""Write a map directory with which pyx12 checks the 004010 850: the map of the second opinion, so the same rules for both.

Usage: python -m bench.peers.pyx12_maps DIRECTORY
"""

import sys
from pathlib import Path

import pyx12

from gateway.formats.x12 import guide, second_opinion_maps

VERSION, SET_ID = "004010", "850"
GIVEN = ("x12.control.00401.xml", "x12.control.00501.xml")
INDEX = (
    f'<maps><version icvn="{VERSION[:5]}"><map vriic="{VERSION}" fic="PO" abbr="{SET_ID}">'
    f"{second_opinion_maps.MAP_FILE}</map></version></maps>"
)


def write(directory: Path) -> None:
    """Fill a directory with everything that pyx12 looks for."""
    layout = guide.load(VERSION, SET_ID)
    assert layout is not None
    directory.mkdir(parents=True, exist_ok=True)
    second_opinion_maps.write(layout, directory)
    for name in GIVEN:
        shipped = Path(pyx12.__file__).parent / "map" / name
        (directory / name).write_bytes(shipped.read_bytes())
    (directory / "maps.xml").write_text(INDEX, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
