"""pyx12: read the segments and check the envelope only. Usage: python -m bench.peers.pyx12_envelope FILE."""

import sys

from pyx12.x12file import X12Reader

reader = X12Reader(sys.argv[1])
faults = 0
for _ in reader:
    faults += len(reader.pop_errors())
reader.cleanup()
sys.exit(faults + len(reader.pop_errors()) > 0)
