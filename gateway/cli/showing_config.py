"""What ``gateway config show`` prints: every setting with its origin."""

import os
from dataclasses import asdict
from pathlib import Path

from gateway.cli import output
from gateway.cli.context import loaded
from gateway.config.origins import settings_with_origin


def show(site: Path | None, *, as_json: bool) -> int:
    """Print the settings."""
    ready = loaded(site)
    found = settings_with_origin(ready.site.directory, ready.site.settings, os.environ)
    rows = [asdict(each) for each in found]
    if as_json:
        output.data(rows)
        return 0
    output.table([row for row in rows if row["value"]], ["name", "value", "origin"])
    return 0
