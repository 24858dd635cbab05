"""Builders for the tests of partner guides: a guide file in a folder of its own, and a set compared with it."""

from pathlib import Path

from gateway.config.partner_guide import load_guide
from gateway.config.problems import Located, Origin
from gateway.formats.x12 import reader
from gateway.formats.x12.guide_overlay import NO_GUIDES, PartnerGuide, PartnerGuides
from gateway.formats.x12.parts import SetRead
from gateway.kernel.problem import Problem

HERE = Located("bigmart/850", Origin("mappings/bigmart/850.yaml", 3, 13))
BODY = (
    "BEG*00*SA*PO1**20261120~REF*DP*45~N1*ST*DC 3*92*0003~N3*ROAD 1~N4*FORT WORTH*TX*76177~"
    "PO1*1*2*EA*9.95**VP*SKU-1~PID*F****A TENT~CTT*1~"
)


def write(folder: Path, text: str, name: str = "bigmart/850", extends: str = "004010/850") -> None:
    """A guide file; ``text`` are its rules and additions."""
    owner, _, short = name.partition("/")
    path = folder / "mappings" / owner / "guides" / f"{short}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"gateway: 1\nguide: {name}\nextends: {extends}\n{text}")


def load(folder: Path, name: Located = HERE) -> tuple[PartnerGuide | None, tuple[Problem, ...]]:
    """The guide of the folder, or its problems."""
    return load_guide(name, site_mappings=folder / "mappings")


def guide(folder: Path, text: str, extends: str = "004010/850") -> PartnerGuide:
    """A guide that is right."""
    write(folder, text, extends=extends)
    found, problems = load(folder)
    assert found is not None, problems
    return found


def read(
    body: str, *, set_id: str = "850", group: str = "PO", version: str = "004010", guides: PartnerGuides = NO_GUIDES
) -> SetRead:
    """One set as the reader finds it."""
    isa_version, mark = version[:5], "^" if version > "004020" else "U"
    text = (
        f"ISA*00*          *00*          *ZZ*A              *ZZ*B              *261120*0815*{mark}*{isa_version}*000000007*0*P*>~"
        f"GS*{group}*A*B*20261120*0815*7*X*{version}~ST*{set_id}*0001~{body}SE*{body.count('~') + 2}*0001~GE*1*7~IEA*1*000000007~"
    )
    return next(part for part in reader.read(text.encode(), guides) if isinstance(part, SetRead))


def against(partner: PartnerGuide, body: str = BODY) -> SetRead:
    """A set compared with a partner guide."""
    standard = partner.standard
    guides = {(standard.set_id, standard.version): partner}
    return read(body, set_id=standard.set_id, group=standard.functional_group, version=standard.version, guides=guides)


def codes(issues: tuple[object, ...]) -> list[str]:
    """``PO1*4*2:6`` - segment, position and element with the standard's code - of each issue."""
    return [
        f"{issue.place.segment}*{issue.place.position}*{issue.place.element or ''}:{issue.fault.value}"  # type: ignore[attr-defined]
        for issue in issues
    ]
