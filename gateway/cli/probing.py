"""The command that probes ask: does the gateway live here, and can it work?"""

import os
import socket
from pathlib import Path

from gateway.app import health as looks
from gateway.app.health import Health
from gateway.app.pulse import read
from gateway.cli import output
from gateway.cli.context import site_of
from gateway.config.load import load_site
from gateway.kernel.errors import ConfigurationError


def health(site: Path | None, *, live: bool, as_json: bool) -> int:
    """Tell what is in order and what is not; 1 when something is not."""
    directory = site_of(site)
    host = socket.gethostname()
    found = looks.processes(read(directory / "var", host), host)
    if not live:
        ready, problems = load_site(directory, dict(os.environ))
        if ready is None:
            raise ConfigurationError(problems)
        more = looks.ready(ready, None)
        found = Health((*found.findings, *more.findings), {**found.facts, **more.facts})
    if as_json:
        output.data(found.as_json())
    else:
        _tell(found)
    return 0 if found.ok else 1


def _tell(found: Health) -> None:
    for each in found.findings:
        output.line(f"{each.name}: {'in order' if each.ok else each.says}")
        if each.next_step:
            output.line(f"  {each.next_step}")
