"""What mappings see besides their document: the partner, the day and the zone it lives in, the file and its envelope."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.config.partner import Partner
from gateway.flows.workbench import Workbench
from gateway.mapping.environment import Environment

NO_ENVELOPE: Mapping[str, str] = MappingProxyType({})


def received(
    bench: Workbench, partner: Partner, file_name: str, envelope: Mapping[str, str] = NO_ENVELOPE
) -> Environment:
    """The inputs of a mapping that reads a file of a partner now."""
    return Environment(
        params={**partner.params, "id": partner.partner}, today=bench.today(partner, bench.clock()), envelope=envelope,
        file_name=file_name, zone=bench.site.zone_of(partner),
    )  # fmt: skip
