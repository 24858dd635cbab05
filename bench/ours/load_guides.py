"""The gateway's guides, loaded and nothing else. Usage: python -m bench.ours.load_guides none|850|all."""

import sys

from gateway.formats.x12 import guide

wanted = sys.argv[1]
if wanted == "850":
    guide.load("004010", "850")
if wanted == "all":
    for version in guide.versions():
        for set_id in guide.set_ids(version):
            guide.load(version, set_id)
