"""Which scene produces which code: the table that the catalogue is tested with."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gateway.kernel.catalogue import acknowledged, book
from gateway.kernel.catalogue.entry import HOLDS
from gateway.kernel.causes import CAUSES
from tests.codes import answers, bad_files, business, configured, servers
from tests.codes.seen import Scene, Seen

GOLDEN = Path(__file__).parents[1] / "golden"

SCENES: dict[Scene, str] = {
    bad_files.brought: (
        "F-SILENT F-EMPTY F-BINARY F-MARKER F-TOO-LARGE F-ENCODING F-COLUMNS F-RECORDS F-XML S-XML-DTD S-SENDER S-FILETYPE "
        "X-ISA X-SEPARATORS X-LIMIT X-TRUNCATED X-CHARSET X-REPAIR X-REJECTED X-STRUCTURE P-NOT-ACTED-ON P-NO-MAPPING P-SUSPENDED "
        "P-GUIDE M072 C-CHECK C-MAPPING C-UNMAPPED C-GROUP-CONFLICT C-ROW"
    ),
    bad_files.reported: "F-EMPTY F-BINARY X-ISA X-SEPARATORS X-TRUNCATED X-CHARSET",
    bad_files.disks: "T-DISK F-UNREADABLE T-FOLDER",
    bad_files.gap: "F-GAP",
    business.goods: "C-SHIP-TWICE C-SSCC C-STORE C-SHIP-STOPPED C-CREDIT-MEMO C-CLAIM",
    business.waiting: "A-REJECTED A-TWICE A-UNREADABLE A-OVERDUE",
    business.late: "P-NO-WAREHOUSE C-PROMISE C-PRICE",
    business.undelivered: "D-GIVEN-UP D-NAME-TAKEN T-CHANNEL",
    servers.refused: "S-HOST-KEY S-LOGIN",
    servers.named: "T-REMOTE-NAME",
    servers.unsure: "D-UNSURE",
    servers.gone: "P-NO-CHANNEL T-CHANNEL",
    servers.hooked: "S-WEBHOOK",
    configured.shared: (
        "M001 M003 M004 M010 M011 M020 M021 M022 M030 M031 M032 M033 M035 M040 M041 M042 M043 M045 M050 M051 M052 M060 M061 M062 M063 M064 "
        "M065 M066 M101 M102 M103 P001 P002 P003 P004"
    ),
    configured.own: "M002 M012 M034 M044 M053 M090 M091 M092 M093 M100 M104 P006 P030 P031 P032 P033 P034 P035 P036 P037",
    configured.unwritten: "M-OUT M080 M081",
    answers.judged: ", ".join(
        [*(f"AK403 {each}" for each in range(1, 10)), *(f"AK304 {each}" for each in (1, 3, 4, 5, 6, 7)),
         *(f"AK502 {each}" for each in (1, 2, 3, 5, 7, 23)), *(f"AK905 {each}" for each in range(1, 7)), "AK901 P", "AK501 R",
         *(f"TA104 {each}" for each in "AER"), *(f"TA105 0{each}" for each in ("00", "01", "05", 14, 15, 17, 19, 20, 21))]
    ),
    answers.received: ", ".join(each for each in acknowledged.ENTRIES if not each.startswith("TA104") and each != "TA105 000"),
}  # fmt: skip
"""Each scene with the codes it must show; several of AK and TA, which have a blank in them, are parted by commas."""


def codes_of(scene: Scene) -> list[str]:
    """The codes a scene must show."""
    listed = SCENES[scene]
    return [each.strip() for each in listed.split(",")] if ", " in listed else listed.split()


def of_golden_cases() -> dict[str, Seen]:
    """The holds that the golden cases show, which are played byte for byte by their own test: the first of each code."""
    found: dict[str, Seen] = {}
    for path in sorted(GOLDEN.glob("*/*/expected-shows/*.json")):
        for each in _objects(json.loads(path.read_text(encoding="utf-8"))):
            if each.get("code") in CAUSES and each.get("reason"):
                found.setdefault(each["code"], Seen(each["code"], each["reason"], HOLDS))
    return found


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(each)


def without_a_scene() -> list[str]:
    """Codes of the catalogue that nothing here produces."""
    played = {code for scene in SCENES for code in codes_of(scene)}
    return sorted(set(book.ENTRIES) - played - set(of_golden_cases()))
