"""The least that can be done: split the text into segments and elements. Usage: python -m bench.peers.bare_split FILE."""

import sys
from pathlib import Path


def main() -> None:
    text = Path(sys.argv[1]).read_text(encoding="ascii")
    for segment in text.split("~"):
        segment.split("*")


main()
