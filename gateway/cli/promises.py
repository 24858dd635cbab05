"""The command ``gateway promises``: what was promised to partners, and the money at risk."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Now, PartnerName, Site


def promises(
    site: Site = None,
    partner: PartnerName = "",
    everything: Annotated[bool, typer.Option("--all", help="Also what is done, in time or late.")] = False,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """List what was promised to partners and is not done, the most urgent first, with the money at risk.

    Exit codes: 0 listed, 4 broken configuration, 5 no such site or partner, 7 the database cannot be used.

    Example: gateway promises --json
    """
    from gateway.cli import acks_work  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(acks_work.promises(site, partner, now, everything=everything, as_json=as_json))
