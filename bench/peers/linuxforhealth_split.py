"""linuxforhealth-x12: split into segments and elements. Usage: python -m bench.peers.linuxforhealth_split FILE."""

import sys

from linuxforhealth.x12.io import X12SegmentReader

with X12SegmentReader(sys.argv[1]) as reader:
    for _ in reader.segments():
        pass
