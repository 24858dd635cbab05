"""The gateway in one process: check files, map each 850 to a canonical order, write the orders as JSON.

Usage: python -m bench.ours.canonical_json FILE|FOLDER OUT
"""

import sys
from datetime import date
from pathlib import Path

from gateway.app import collecting
from gateway.formats.x12 import reader
from gateway.formats.x12.parts import SetRead
from gateway.mapping import inbound
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import prepare

TODAY = date(2026, 3, 2)


def main(source: Path, out: Path) -> bool:
    """Whether every set was without a fault and became an order."""
    mapping, problems = prepare("x12/850", site_mappings=None)
    if mapping is None:
        raise SystemExit(f"the mapping is not usable: {problems}")
    environment = Environment(params={"id": "bench"}, today=TODAY)
    good = True
    with out.open("w", encoding="utf-8") as written:
        for file in sorted(source.iterdir()) if source.is_dir() else (source,):
            with file.open("rb") as content:
                for part in reader.read(content):
                    if isinstance(part, SetRead):
                        mapped = inbound.run(mapping, part.record, environment)
                        good = good and not part.issues and mapped.document is not None
                        if mapped.document is not None:
                            written.write(mapped.document.model_dump_json(exclude_none=True))
    return good


if __name__ == "__main__":
    collecting.seldom()
    sys.exit(not main(Path(sys.argv[1]), Path(sys.argv[2])))
