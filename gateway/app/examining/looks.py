"""The table of all looks; another one is added here and nowhere else."""

from collections.abc import Iterator

from gateway.app.examining import configured, database, folders, machine, network, processes, secrets
from gateway.app.examining.finding import Case, Finding, Look, found_by

LOOKS: tuple[tuple[str, Look], ...] = (
    ("python", machine.python),
    ("libraries", machine.libraries),
    ("limits", machine.limits),
    ("time zones", machine.zones),
)
"""Of the machine."""
OF_SITE: tuple[tuple[str, Look], ...] = (
    ("configuration", configured.site_files),
    ("partners", configured.partners),
    ("secrets", secrets.secrets),
    ("host keys", configured.host_keys),
    ("our host key", secrets.own_host_key),
    ("alert routes", configured.told),
    ("folders", folders.folders),
    ("claims", folders.claims),
    ("work folder", folders.left),
    ("disk", folders.disk),
    ("disk clock", folders.disk_clock),
    ("database", database.database),
    ("process", processes.at_work),
    ("ports", processes.ports),
)
"""Of a site."""
OVER_NETWORK: tuple[tuple[str, Look], ...] = (
    ("server", network.partner_servers),
    ("mail server", network.mail_server),
)
"""Of servers elsewhere."""


def examined(case: Case, *, connecting: bool = False) -> Iterator[Finding]:
    """Everything that is found, as it is found."""
    looks = [*LOOKS, *(OF_SITE if case.directory is not None else ())]
    looks += OVER_NETWORK if connecting and case.directory is not None else ()
    for name, look in looks:
        yield from found_by(name, look, case)
