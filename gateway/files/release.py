"""Which release of the gateway this is, as its own package says."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION = "gateway-edi"
"""What the package is called where it is installed from; the program itself is called ``gateway``."""
UNKNOWN = "unknown"


@cache
def release() -> str:
    """The number of the release; ``UNKNOWN`` where the program runs without having been installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return UNKNOWN
