"""Small received files, and the lines of what answers them."""

from datetime import UTC, datetime

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging.examine import examine
from gateway.flows.judging.standalone import acknowledgment

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
ISA = "ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*0815*U*00401*000000007*0*P*>~"
ISA_005010 = ISA.replace("*U*00401*", "*^*00501*")
GS = "GS*PO*ACMESTORES*NORTHWIND*20261120*0815*7*X*004010~"
IEA = "IEA*1*000000007~"
BEG = "BEG*00*SA*PO1**20261120~"
LINE = "PO1*1*2*EA*9.95**VP*SKU-1~"
BODY = f"{BEG}{LINE}CTT*1~"


def a_set(number: str = "0001", body: str = BODY, *, set_id: str = "850", count: str = "", closing: str = "") -> str:
    """One ST..SE around a body."""
    counted = count or str(body.count("~") + 2)
    return f"ST*{set_id}*{number}~{body}SE*{counted}*{closing or number}~"


def a_group(*sets: str, gs: str = GS, ge: str | None = None) -> str:
    """One GS..GE around sets."""
    return gs + "".join(sets) + (f"GE*{len(sets)}*{gs.split('*')[6]}~" if ge is None else ge)


def a_file(*groups: str, isa: str = ISA, iea: str | None = None) -> str:
    """One interchange around groups."""
    return isa + "".join(groups) + (f"IEA*{len(groups)}*000000007~" if iea is None else iea)


def with_body(body: str, *, version: str = "004010") -> str:
    """An interchange with one 850 of a version."""
    isa = ISA_005010 if version.startswith("005") else ISA
    return a_file(a_group(a_set(body=body), gs=GS.replace("004010", version)), isa=isa)


def answer_bytes(text: str, rules: AckRules | None = None) -> bytes:
    """What would be sent back."""
    return acknowledgment(examine(text.encode("utf-8"), rules or AckRules()), NOW)


def answer_lines(text: str, rules: AckRules | None = None) -> list[str]:
    """The segments of what would be sent back."""
    return answer_bytes(text, rules).decode("utf-8").split("~")[:-1]


def told(text: str, rules: AckRules | None = None) -> list[str]:
    """What the answer says, without its envelope."""
    return [line for line in answer_lines(text, rules) if line[:2] in ("AK", "IK", "TA")]
