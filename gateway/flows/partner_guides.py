"""The partner guides in force between us and one partner, and what breaks them in words."""

from collections.abc import Mapping

from gateway.config.partner import Partner
from gateway.exchange.interchange import ReceivedSet
from gateway.formats.x12.guide_overlay import PartnerGuides
from gateway.mapping.prepare import PreparedMapping

_MOST_TOLD = 10


def of_received(partner: Partner, mappings: Mapping[str, PreparedMapping]) -> PartnerGuides:
    """The guides of what the partner sends: those of the first mapping that reads a set."""
    readers: dict[str, PreparedMapping] = {}
    for entry in partner.inputs():
        prepared = mappings[entry.mapping]
        if prepared.format == "x12":
            readers.setdefault(prepared.set_id, prepared)
    return {key: guide for prepared in readers.values() for key, guide in of_mapping(prepared).items()}


def of_mapping(prepared: PreparedMapping) -> PartnerGuides:
    """The guides that one mapping names."""
    return {(guide.standard.set_id, guide.standard.version): guide for guide in prepared.guides}


def sentences(received: ReceivedSet) -> tuple[str, ...]:
    """What breaks the guide, the first sentence naming it; after very many the number of the rest."""
    issues = received.guide_issues
    told = [f"segment {issue.place.position}: {issue.message}" for issue in issues[:_MOST_TOLD]]
    if len(issues) > _MOST_TOLD:
        told.append(f"And {len(issues) - _MOST_TOLD} more.")
    return (f"{received.guide_name}: {told[0]}", *told[1:]) if told else ()
