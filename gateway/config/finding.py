"""Where the site is that a command means; read by what must answer at once, so it knows nothing but paths."""

from collections.abc import Mapping
from pathlib import Path

from gateway.kernel.errors import NotFoundError

FILE = "gateway.yaml"
OF_THE_MACHINE = Path("/etc/gateway")
"""The site of a machine that has one, for commands that are given anywhere."""


def find_site(cwd: Path, explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """The folder of the site: named, from GATEWAY_CONFIG, the nearest gateway.yaml from here upwards, or the machine's.

    A site is named by its folder or by its gateway.yaml. Raises NotFoundError when there is none.
    """
    named = explicit or (Path(environ["GATEWAY_CONFIG"]) if environ.get("GATEWAY_CONFIG") else None)
    if named is not None:
        folder = named.parent if named.name == FILE else named
        if (folder / FILE).is_file():
            return folder.resolve()
        raise NotFoundError(
            f"There is no {FILE} in {folder}.", next_step="Name a site's folder, or make one with: gateway init DIR"
        )
    for folder in (cwd, *cwd.parents, OF_THE_MACHINE):
        if (folder / FILE).is_file():
            return folder.resolve()
    raise NotFoundError(
        f"There is no {FILE} here or above.", next_step="Say --site DIR, or make a site with: gateway init DIR"
    )
