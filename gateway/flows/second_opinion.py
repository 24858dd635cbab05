"""Ask pyx12 what it says about a file, and hold a document of ours when it disagrees for no reason we know."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO

from gateway.config.partner import Partner
from gateway.config.settings import SecondOpinion
from gateway.flows.ports import UnitOfWork
from gateway.formats.x12 import reader, second_opinion
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.second_opinion_compare import Disagreement, Finding, disagreements
from gateway.formats.x12.second_opinion_judged import Judged, Judgement, Situation, judge
from gateway.kernel.ids import PartnerId
from gateway.mapping.prepare import PreparedMapping

_SAMPLE_OF = 1 << 32


@dataclass(frozen=True, slots=True)
class Difference:
    """One disagreement about one set of a file; ``judged`` is its known class, None when nobody judged it yet."""

    set_id: str
    control_number: str
    found: Disagreement
    judged: Judged | None

    @property
    def holds(self) -> bool:
        """Whether it keeps a document of ours from leaving."""
        return self.judged is None or self.judged.judgement is Judgement.THEIRS

    def view(self) -> dict[str, Any]:
        """The disagreement as JSON; ``known`` is the key of its class in docs/explanation/second-opinion.md, or null."""
        failure = self.found.failure
        return {
            "set": self.set_id, "control_number": self.control_number, "position": self.found.position,
            "segment": self.found.segment, "element": self.found.element, "component": self.found.component,
            "level": self.found.level.value, "ours": _side(self.found.ours), "theirs": _side(self.found.theirs),
            "could_not_validate": failure.text if failure else None,
            "known": self.judged.key if self.judged else None,
            "judgement": self.judged.judgement.value if self.judged else None,
        }  # fmt: skip

    def line(self) -> str:
        """The disagreement in one line for people."""
        found = self.found
        element = f"{found.element:02d}" if found.element else ""
        component = f"-{found.component:02d}" if found.component else ""
        theirs = f"could not validate it ({found.failure.text})" if found.failure else _said(found.theirs)
        known = f" [{self.judged.judgement.value}: {self.judged.reason}]" if self.judged else ""
        return (
            f"set {self.control_number or self.set_id}, segment {found.position} ({found.segment}{element}{component}): "
            f"the gateway {_said(found.ours)}; pyx12 {theirs}{known}"
        )


def compare(content: bytes | BinaryIO) -> list[Difference]:
    """Every disagreement about the sets of a file, in file order; sets without a guide have no second opinion."""
    return [each for part in reader.read(content) if isinstance(part, SetRead) for each in of_set(part)]


def objections(
    work: UnitOfWork, partner: Partner, mapping: PreparedMapping, version: str, content: bytes, rules: SecondOpinion
) -> list[str]:
    """What keeps a document of ours from leaving, one line each; empty when it passed or was not asked about."""
    name, mark = PartnerId(partner.partner), fingerprint(partner, mapping, version)
    passed = work.exchange.opinions_passed(name, mapping.name, mark)
    if passed >= rules.first and not in_sample(content, rules):
        return []
    found = [each.line() for each in compare(content) if each.holds]
    if found or passed < rules.first:
        work.exchange.remember_opinion(name, mapping.name, mark, passed=not found)
    return found


def fingerprint(partner: Partner, mapping: PreparedMapping, version: str) -> str:
    """Names the mapping, the partner's terms and the version that made a document; a change begins a new row."""
    return _named(mapping.spec_hash, partner.in_json, version)


@lru_cache(maxsize=1024)
def _named(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def in_sample(content: bytes, rules: SecondOpinion) -> bool:
    """Whether a document is in the sample; its own bytes decide, so that a second run decides alike."""
    drawn = int.from_bytes(hashlib.sha256(content).digest()[:4], "big")
    return drawn < rules.sample * _SAMPLE_OF


def of_set(part: SetRead) -> Iterator[Difference]:
    """Every disagreement about one set that was read; none without a guide."""
    if part.guide is None:
        return
    theirs = second_opinion.opinion(part.segments, part.guide, part.separators)
    found = disagreements(part.issues, theirs)
    situation = Situation(part.segments, part.guide, part.separators, found)
    for each in found:
        yield Difference(part.set_id, part.control_number, each, judge(each, situation))


def _side(finding: Finding | None) -> dict[str, str] | None:
    return {"code": finding.code, "message": finding.text} if finding else None


def _said(finding: Finding | None) -> str:
    return f"says {finding.code}: {finding.text}" if finding else "finds nothing"
