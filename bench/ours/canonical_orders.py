"""The gateway in one process: check a file, map each 850 to a canonical order, write the 997.

Usage: python -m bench.ours.canonical_orders FILE OUT
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from gateway.app import collecting
from gateway.exchange.acknowledgment import AckRules, Verdict
from gateway.flows.judging.examine import examine
from gateway.flows.judging.standalone import acknowledgment
from gateway.mapping import inbound
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import prepare

TODAY = date(2026, 3, 2)


def main(file: Path, out: Path) -> bool:
    """Whether every set was accepted and became an order."""
    mapping, problems = prepare("x12/850", site_mappings=None)
    if mapping is None:
        raise SystemExit(f"the mapping is not usable: {problems}")
    environment = Environment(params={"id": "bench"}, today=TODAY)
    with file.open("rb") as source:
        seen = examine(source, AckRules())
    good = bool(seen.interchanges) and not seen.issues
    for interchange in seen.interchanges:
        for each in interchange.sets:
            mapped = inbound.run(mapping, each.record, environment)
            good = good and each.verdict.verdict is Verdict.ACCEPTED and mapped.document is not None
    out.write_bytes(acknowledgment(seen, datetime.combine(TODAY, datetime.min.time(), UTC)))
    return good


if __name__ == "__main__":
    collecting.seldom()
    sys.exit(not main(Path(sys.argv[1]), Path(sys.argv[2])))
