"""pyx12: validate a file against the maps and write the 997. Usage: python -m bench.peers.pyx12_validate FILE MAPS OUT."""

import sys
from pathlib import Path

from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

file, maps, out = sys.argv[1:]
with Path(out).open("w", encoding="ascii") as answer:
    sys.exit(not x12n_document(ParamsBase(), file, answer, None, map_path=maps))
