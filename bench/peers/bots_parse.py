"""Bots' reader with its grammars: every record and field checked; with OUT the tree as JSON.

Usage: python -m bench.peers.bots_parse FILE|FOLDER [OUT]
"""

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from edi_parser.api import node_to_dict
from edi_parser.core import inmessage


def main(source: Path, out: Path | None) -> bool:
    """Whether nothing was wrong with any order of any file."""
    with out.open("w", encoding="utf-8") if out is not None else nullcontext() as written:
        return _read(source, written)


def _read(source: Path, out: TextIO | None) -> bool:
    good = True
    for file in sorted(source.iterdir()) if source.is_dir() else (source,):
        read = inmessage.parse_edi_file(
            editype="x12", messagetype="x12", charset="us-ascii", filename=file.name, checkunknownentities=True, has_structure=True,
            field_validation_mode="strict", empty_segment_handling="error", require_envelope=True,
            _edi_content=file.read_text(encoding="ascii"),
        )  # fmt: skip
        good = good and not read.errorfatal and not read.errorlist and read.root is not None
        if out is not None:
            out.write(json.dumps(node_to_dict(read.root)))
    return good


if __name__ == "__main__":
    sys.exit(not main(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else None))
