"""What somebody sees of a site: each code with its message, and which command shows it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.kernel.catalogue.entry import ALERTS, CHANNELS, CONFIG, HOLDS, VALIDATE
from tests.site.harness import PlayedSite

_IDS = re.compile(r"\b([HA])-[0-9a-f]{8}\b")
_PLACE = re.compile(r"^(\S+?):\d+:\d+: (?:error|warning) (\w+): (.*)$")


@dataclass(frozen=True, slots=True)
class Seen:
    """A message with its code, and the command that shows it."""

    code: str
    message: str
    shown: str


Scene = Callable[[Path, pytest.MonkeyPatch], Iterator[Seen]]
"""Plays in a folder of its own, and tells what is to be seen."""


def looked(site: PlayedSite, *, channels: bool = False) -> Iterator[Seen]:
    """Every hold and every alert as the lists show them."""
    for command, words in ((HOLDS, ("holds", "list")), (ALERTS, ("alerts", "list"))):
        rows = site.json(*words)
        text = site.gateway(*words).out
        for each in rows:
            if each["code"]:
                assert each["code"] in text, each
                yield Seen(each["code"], each["reason"], command)
    if channels:
        for each in site.json("channels", "list"):
            if each["code"]:
                yield Seen(each["code"], each["reason"], CHANNELS)


def validated(site: PlayedSite, *contents: str | bytes, partner: str = "") -> Iterator[Seen]:
    """The codes of files as 'gateway validate' tells them, those of the file itself and those of its envelopes and sets."""
    for content in contents:
        path = site.folder / "validated.edi"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        words = ["validate", "validated.edi", *(["--partner", partner] if partner else [])]
        text, told = site.gateway(*words).out, site.gateway(*words, "--json").out
        yield from _reported(told, text)


def checked(site: PlayedSite) -> Iterator[Seen]:
    """The problems of the configuration with their hints."""
    for line in site.gateway("config", "check").out.splitlines():
        found = _PLACE.match(line)
        if found is not None:
            yield Seen(found[2], found[3], CONFIG)


def said(site: PlayedSite, command: str, *words: str) -> Iterator[Seen]:
    """What a command says that refuses: its sentence ends with the code."""
    answer = site.gateway(*words)
    assert answer.code != 0, answer
    found = re.search(r"^gateway: (.*) \(([A-Z]-[A-Z-]+)\)$", answer.err, re.MULTILINE)
    assert found is not None, answer
    yield Seen(found[2], found[1], command)


def plain(message: str) -> str:
    """A message without what differs from run to run: ids and folders of the test."""
    return re.sub(
        r"/\S*/(?=[\w.-]+)", "/…/", re.sub(r"127\.0\.0\.1:\d+", "sftp.example.com", _IDS.sub(r"\1-…", message))
    )


def _reported(told: str, text: str) -> Iterator[Seen]:
    report = json.loads(told)
    for each in report["issues"]:
        assert each["code"] in text
        yield Seen(each["code"], each["message"], VALIDATE)
    for interchange in report["interchanges"]:
        verdict = interchange["ta1"]
        message = " ".join(each["message"] for each in interchange["issues"])
        yield Seen(f"TA104 {verdict['verdict']}", message, VALIDATE)
        yield Seen(f"TA105 {verdict['code']}", message, VALIDATE)
        for each in interchange["issues"]:
            yield Seen(f"TA105 {each['code']}", each["message"], VALIDATE)
        for group in interchange["groups"]:
            yield Seen(f"AK901 {group['verdict']}", "", VALIDATE)
            for code in group["codes"]:
                yield Seen(f"AK905 {code}", "", VALIDATE)
            for one in group["sets"]:
                yield from _of_set(one)


def _of_set(one: dict[str, object]) -> Iterator[Seen]:
    yield Seen(f"AK501 {one['verdict']}", "", VALIDATE)
    faults = one["faults"]
    assert isinstance(faults, list)
    for code in one["codes"]:  # type: ignore[attr-defined]
        of_set = [each["message"] for each in faults if (each["level"], each["code"]) == ("set", code)]
        yield Seen(f"AK502 {code}", " ".join(of_set), VALIDATE)
    for each in faults:
        element = {"element": "AK403", "segment": "AK304"}.get(each["level"])
        if element:
            yield Seen(f"{element} {each['code']}", each["message"], VALIDATE)
