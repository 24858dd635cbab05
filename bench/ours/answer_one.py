"""How long an idle `gateway run` takes from the drop of a small file to its 997 and 855 in their folder.

Usage: python -m bench.ours.answer_one SCRATCH TIMES; prints the seconds of wall time, the median of the drops. The site has
one customer; the daemon is started once and waited for; then one file is dropped after the other.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import orders
from bench.ours import chain_site
from gateway.app.speed import house

LONGEST = 60.0


def main(scratch: Path, times: int) -> float:
    """The median of the seconds waited."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        site = chain_site.make(Path(folder) / "site", bundled=False)
        source = Path(folder) / "orders"
        orders.chain_files(source, orders=1, share=1)
        command = [sys.executable, "-m", "gateway", "run", "--site", str(site)]
        daemon = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
        try:
            for inbox, name, content in house.master():
                house.drop(site, inbox, name, content)
            waited = [_waited(site, source, number) for number in range(times + 1)]
        finally:
            daemon.terminate()
            daemon.wait()
    return statistics.median(waited[1:])  # the first waits for the start and the house


def _waited(site: Path, source: Path, number: int) -> float:
    time.sleep(0 if number == 0 else 1.5)  # idle again
    wanted = {"997": number + 1, "855": number + 1}
    chain_site.drop_orders(site, source, number + 1)
    begun = time.perf_counter()
    while True:
        left = chain_site.left(site)
        waited = time.perf_counter() - begun
        if all(left[name] >= count for name, count in wanted.items()):
            return waited
        if waited > LONGEST:
            raise SystemExit(f"nothing was answered within {LONGEST:.0f} s: {left}")
        time.sleep(0.005)


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2])))
