"""Scenes of acknowledgments: every code of a TA1, 997 or 999 as a partner sends it, and those that we find ourselves."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from gateway.documents import answer_words
from gateway.kernel.catalogue import acknowledged
from gateway.kernel.catalogue.entry import THEIRS
from tests.codes.seen import Seen, validated
from tests.site.harness import PlayedSite, new_site, order, purchase_order
from tests.site.test_answers import LATER, answer_file, ta1_file, the_855

GOOD = "PO1*1*2*EA*89.95*PE*VP*TENT-2P"
REFUSING = ("R", "M", "W", "X")
LINES = (
    "PO1*1*2**89.95*PE*VP*TENT-2P", "PO1*1*2*EA*89.95*PE*VP", "PO1*1*2*QQ*89.95*PE*VP*TENT-2P", "PO1*1*two*EA*89.95*PE*VP*TENT-2P",
    f"PO1*1*2*{'E' * 3}*89.95*PE*VP*TENT-2P", "PO1*1*2*E*89.95*PE*VP*TENT-2P", f"{GOOD}\nZZZ*1", f"{GOOD}\nBIG*20261120*1",
    f"{GOOD}\nCTT*1\nPO1*2*1*EA*5*PE*VP*A", f"{GOOD}\nN1*ST", f"{GOOD}{'*VP*A' * 12}",
)  # fmt: skip
"""Lines of an order with something wrong in each."""


def judged(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """What 'gateway validate' finds in orders and envelopes with one fault each."""
    site = new_site(folder / "site")
    whole = purchase_order(order("V-1"))
    heads = (
        ("BEG*00*SA*P**20261304", "8"),
        ("BEG*00*SA***20261120", "1"),
        ("BEG*00*SA*P**20261120\nBEG*00*SA*P**20261120", "5"),
    )
    bad = [order("V-2", line) for line in LINES] + [
        order("V-3").replace("BEG*00*SA*V-3**20261120", head) for head, _ in heads
    ]
    bad += [
        order("V-4", more="FOB*PP**********X"),
        order("V-5", more="DTM*002*20261120*2561"),
        order("V-6").replace("BEG*", "XEG*"),
    ]
    yield from validated(site, purchase_order(*bad))
    yield from validated(
        site, whole.replace("GE*1*1", "GE*2*1"), whole.replace("GE*1*1", "GE*1*7"), whole.replace("GE*1*1~\n", ""), whole.replace("SE*10", "SE*99"),
        re.sub(r"SE\*(\d+)\*0001", r"SE*\1*0009", whole), re.sub(r"SE\*\d+\*0001~\n", "", whole), whole.replace("ST*850*0001", "ST*850*"),
        whole.replace("ST*850", "ST*999"), whole.replace("X*004010", "X*009999"), whole.replace("GS*PO", "GS*QQ"), whole.replace("*1*X*", "*A1B*X*"),
        purchase_order(order("V-7"), order("V-8")).replace("*0002", "*0001"), whole.replace("IEA*1*000000001", "IEA*1*000000002"),
        whole.replace("IEA*1*", "IEA*3*"), whole.replace("*ZZ*ACME", "*Q?*ACME"), whole.replace("*261120*0815*U", "*261399*2561*U"),
        whole.replace("*0*P*>", "*0*Q*>"), whole.replace("*0*P*>", "*7*P*>"), whole.replace("*00401*", "*99999*"),
    )  # fmt: skip


def codes_of(element: str) -> list[str]:
    return [code.partition(" ")[2] for code in acknowledged.ENTRIES if code.startswith(f"{element} ")]


def told(site: PlayedSite, element: str, words: Mapping[str, str]) -> Iterator[Seen]:
    """The codes of an element that stand in the reasons of what is on hold, each in the words of the program."""
    reasons = [each["reason"] for each in site.json("holds", "list") if each["code"] == "A-REJECTED"]
    for code in codes_of(element):
        said = f"{words[code]} ({code})" if code in words else ""
        for reason in reasons:
            if said and said in reason:
                yield Seen(f"{element} {code}", reason if element == "TA105" else said, THEIRS)
                break


def received(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """A partner answers with each code there is; every one is told in words, and a refusal counts as one."""
    site = new_site(folder / "site")
    site.drop_master()
    names = [f"N-{number}" for number in range(1, 22)]
    site.drop("acme", "po.edi", purchase_order(*(order(name) for name in names)))
    site.run()
    texts = [content.decode() for name, content in site.outbox("acme").items() if name.startswith("855")]
    control = {text.split("~")[3].split("*")[3]: int(re.findall(r"IEA\*1\*(\d+)", text)[0]) for text in texts}
    answers: list[tuple[str, ...]] = []
    segments = tuple(f"AK3*BAK*{at}**{code}" for at, code in enumerate(codes_of("AK304"), start=2))
    answers.append((*segments, "AK5*R*5", "AK9*R*1*1*0"))
    elements = tuple(f"AK4*{at}*373*{code}*X" for at, code in enumerate(codes_of("AK403"), start=1))
    answers.append(("AK3*BAK*2**8", *elements, "AK5*R*5", "AK9*R*1*1*0"))
    answers += [(f"AK5*R*{'*'.join(codes)}", "AK9*R*1*1*0") for codes in fives(codes_of("AK502"))]
    answers += [("AK5*R*5", f"AK9*R*1*1*0*{'*'.join(codes)}") for codes in fives(codes_of("AK905"), 4)]
    verdicts: list[tuple[str, ...]] = [(f"AK5*{verdict}", "AK9*A*1*1*1") for verdict in codes_of("AK501")]
    verdicts += [(f"AK9*{verdict}*1*1*0",) for verdict in codes_of("AK901")]
    for number, (name, answer) in enumerate(zip(names, [*answers, *verdicts], strict=False), start=901):
        about = ("AK2*855*0001",) if answer[0][:3] != "AK9" else ()
        site.drop("acme", f"{number}.edi", answer_file(number, "FA", f"AK1*PR*{control[name]}", *about, *answer))
    last = control[names[-1]]
    for number, code in enumerate(codes_of("TA105"), start=951):
        verdict = "A" if code == "000" else "R"
        site.drop("acme", f"{number}.edi", ta1_file(number, f"TA1*{last:09d}*261120*1400*{verdict}*{code}"))
    site.run(LATER)
    for element, words in (
        ("AK304", answer_words.SEGMENT_FAULTS), ("AK403", answer_words.ELEMENT_FAULTS), ("AK502", answer_words.SET_FAULTS),
        ("AK905", answer_words.GROUP_FAULTS), ("TA105", answer_words.INTERCHANGE_FAULTS),
    ):  # fmt: skip
        yield from told(site, element, words)
    yield from of_verdicts(site, names[len(answers) :])


def of_verdicts(site: PlayedSite, names: list[str]) -> Iterator[Seen]:
    """What our documents say of how they were answered."""
    every = [
        *((f"AK501 {each}", each) for each in codes_of("AK501")),
        *((f"AK901 {each}", each) for each in codes_of("AK901")),
    ]
    for name, (code, verdict) in zip(names, every, strict=False):
        shown = the_855(site, name)["answer"]
        assert shown is not None, (name, code)
        assert ("reject" in shown) == (verdict in REFUSING), (code, shown)
        yield Seen(code, "", THEIRS)


def fives(codes: list[str], most: int = 5) -> Iterator[list[str]]:
    """Codes in groups, as many as there is room for in one segment."""
    yield from (codes[at : at + most] for at in range(0, len(codes), most))
