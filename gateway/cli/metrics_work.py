"""The command that prints what Prometheus would be told of a site that no process keeps a port for."""

import os
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

from gateway.app.metrics import Metrics
from gateway.cli import output
from gateway.cli.context import site_of
from gateway.config.known_secrets import secrets_of
from gateway.config.load import load_site
from gateway.kernel import hiding
from gateway.kernel.errors import ConfigurationError, DiskError, StoreError

READABLE = 0o644


def metrics(site: Path | None, *, write: Path | None, as_json: bool) -> int:
    """Print the metrics, or put them into a file in one step; 7 when the database did not answer, which they say as well."""
    directory = site_of(site)
    ready, problems = load_site(directory, dict(os.environ))
    if ready is None:
        raise ConfigurationError(problems)
    hiding.keep_secret(secrets_of(ready.settings, ready.partners.values(), directory, dict(os.environ)))
    found = Metrics(ready)
    if as_json:
        output.data(found.samples())
    elif write is None:
        sys.stdout.write(found.text()[0].decode())
    else:
        _put(write, found.text()[0])
    if not found.is_up:
        output.talk("gateway: The database did not answer. Look with: gateway health")
        return StoreError.exit_code
    return os.EX_OK


def _put(path: Path, text: bytes) -> None:
    """Whoever reads the file sees the old text or the new one, never a part; a pipe or device stays what it is."""
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(text)
            return
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
            part = Path(file.name)
            try:
                file.write(text)
                file.flush()
                part.chmod(READABLE)
                part.replace(path)
            except OSError:
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise DiskError(
            f"{path} cannot be written: {error.strerror}.",
            next_step="Look whether its folder is there, and at its rights.",
        ) from error
