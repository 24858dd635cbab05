"""The partner guides in force between us and one partner, and what breaks them in words."""

from collections.abc import Mapping
from dataclasses import replace

from gateway.config.partner import Partner
from gateway.config.selection import Facts, NoneFits
from gateway.exchange.interchange import ReceivedSet
from gateway.flows.judging import choosing
from gateway.formats.x12.guide_overlay import PartnerGuide, PartnerGuides
from gateway.mapping.prepare import PreparedMapping

_MOST_TOLD = 10


def of_received(partner: Partner, mappings: Mapping[str, PreparedMapping], facts: Facts) -> PartnerGuides:
    """The guides of what the partner sends in a file: for each set and version that of the mapping that reads it."""
    found: dict[tuple[str, str], PartnerGuide] = {}
    for key in {key for use in partner.inputs() for key in of_mapping(mappings[use.mapping])}:
        chosen = choosing.set_mapping(partner, mappings, replace(facts, set_id=key[0], version=key[1]))
        guide = None if isinstance(chosen, NoneFits) else of_mapping(chosen).get(key)
        if guide is not None:
            found[key] = guide
    return found


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
