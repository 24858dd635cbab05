"""The command that judges files without any effect, and can judge them again whenever they change."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from gateway.cli import inputs, output
from gateway.cli.inputs import Input
from gateway.cli.moment import clock_of
from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging.examine import ALL_REPAIRS, Examination
from gateway.flows.judging.marked import WIDE, Look, printable
from gateway.flows.judging.report import first_code, is_clean, validation_view
from gateway.flows.judging.report_text import validation_lines
from gateway.flows.judging.validation import validate as judged
from gateway.formats.x12.charset import Charset
from gateway.formats.x12.guide_overlay import PartnerGuides
from gateway.kernel.clock import Clock
from gateway.kernel.errors import NotFoundError, TransportError, UsageError
from gateway.kernel.faults import Repair
from gateway.kernel.ids import PartnerId
from gateway.kernel.issue import FileIssue


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line, besides the files."""

    partner: str = ""
    site: Path | None = None
    ack: Path | None = None
    now: str | None = None
    as_json: bool = False
    second_opinion: bool = False
    watch: bool = False


@dataclass(frozen=True, slots=True)
class _Judge:
    """The agreement everything is judged by, and the clock of the answers."""

    rules: AckRules
    repairs: frozenset[Repair]
    clock: Clock
    guides: PartnerGuides = field(default_factory=dict)
    charset: Charset = "extended"


def validate(words: list[str], wanted: Wanted) -> int:
    """Judge files, each on its own; 0 when everything is accepted, 1 when something is rejected or unreadable.

    When watched they are judged again whenever one changes, until Ctrl-C; that is 0.
    """
    judge = _judge(wanted)
    output.never_fail()
    if not wanted.watch:
        found, several = inputs.listed(words)
        return _judge_all(found, wanted, judge, several=several)
    if inputs.STDIN in words:
        raise UsageError("Standard input cannot be watched.", next_step="Give the names of files.")
    from gateway.cli import watching  # noqa: PLC0415 - watchdog is only needed here

    return watching.whenever_changed(words, lambda found, several: _judge_all(found, wanted, judge, several=several))


def _judge(wanted: Wanted) -> _Judge:
    clock = clock_of(wanted.now)
    if not wanted.partner:
        return _Judge(AckRules(), ALL_REPAIRS, clock)
    from gateway.cli.context import loaded  # noqa: PLC0415 - without a partner no configuration is read
    from gateway.config.agreement import ack_rules  # noqa: PLC0415 - same
    from gateway.config.selection import Facts  # noqa: PLC0415 - same
    from gateway.flows.partner_guides import of_received  # noqa: PLC0415 - same

    ready = loaded(wanted.site)
    partner = ready.site.partners.get(PartnerId(wanted.partner))
    if partner is None:
        raise NotFoundError(f"There is no partner '{wanted.partner}'.", next_step="Look into the folder 'partners'.")
    if partner.x12 is None:
        mapping = next((use.mapping for use in partner.inputs()), "MAPPING")
        raise UsageError(
            f"Only X12 is judged by the standard, and '{partner.partner}' sends none: "
            f"partners/{partner.partner}.yaml has no 'x12'.",
            next_step=f"See what the mapping reads of a file: gateway mapping run {mapping} FILE",
        )
    rules, repairs = ack_rules(partner)
    facts = Facts("x12", "", clock().astimezone(ready.site.zone_of(partner)).date())
    return _Judge(rules, repairs, clock, of_received(partner, ready.mappings, facts), partner.x12.charset)


def _judge_all(found: list[Input], wanted: Wanted, judge: _Judge, *, several: bool) -> int:
    answers = _targets(found, wanted.ack, several=several)
    good = 0
    with output.progress("checking", len(found), "files", drawn=not sys.stdout.isatty()) as bar:
        for number, one in enumerate(found):
            if number and not wanted.as_json:
                output.line()
            good += _judge_one(one, wanted, judge, answers.get(number), several=several)
            bar.step()
    if several and not wanted.as_json:
        output.line()
        output.line(f"{len(found)} files: {good} accepted, {len(found) - good} not accepted as a whole.")
    return 0 if good == len(found) else 1


def _judge_one(one: Input, wanted: Wanted, judge: _Judge, answer: Path | None, *, several: bool) -> bool:
    seen, disagreements = _examined(one, wanted, judge)
    if answer is not None:
        _write_answer(answer, one, seen, judge.clock, several=several)
    if wanted.as_json:
        more = {"second_opinion": [each.view() for each in disagreements]} if wanted.second_opinion else {}
        output.stream({**validation_view(one.name, seen), **more}, one_line=several or wanted.watch)
    else:
        for line in validation_lines(one.name, seen, _look()):
            output.painted(line)
        if not several and (code := first_code(seen)):
            output.suggest(f"gateway explain-code {code}")
        if wanted.second_opinion:
            for line in _opinion_lines(disagreements):
                output.line(line)
    return is_clean(seen)


def _examined(one: Input, wanted: Wanted, judge: _Judge) -> tuple[Examination, list[Any]]:
    source = inputs.opened(one)
    if isinstance(source, FileIssue):
        return Examination((), (), (source,)), []
    try:
        with source, output.waiting(f"checking {one.name}", drawn=sys.stdout.isatty()):
            seen = judged(
                source, judge.rules, repairs=judge.repairs, guides=judge.guides, charset=judge.charset
            )  # fmt: skip
            return seen, _second_opinion(source) if wanted.second_opinion and seen.interchanges else []
    except OSError as error:
        return Examination((), (), (inputs.unreadable(error),)), []


def _second_opinion(source: BinaryIO) -> list[Any]:
    """Where the independent engine sees a file differently."""
    from gateway.flows.second_opinion import compare  # noqa: PLC0415 - pyx12 is imported only where it is asked

    source.seek(0)
    return list(compare(source))


def _opinion_lines(disagreements: list[Any]) -> Iterator[str]:
    if not disagreements:
        yield "  Second opinion: the other engine agrees about segments and elements."
        return
    yield "  Second opinion: the other engine sees it differently here:"
    yield from (f"    {printable(each.line())}" for each in disagreements)


def _look() -> Look:
    """How the report may look: as wide as the terminal, in colour where somebody sees it and did not refuse it."""
    if not sys.stdout.isatty():
        return Look()
    try:
        width = os.get_terminal_size(sys.stdout.fileno()).columns
    except OSError:
        width = WIDE
    return Look(width or WIDE, colour=not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")


def _targets(found: list[Input], ack: Path | None, *, several: bool) -> dict[int, Path]:
    """Where the answer to each file goes: to OUT, or with several files into the folder OUT.

    Raises UsageError when OUT cannot be that, or when an answer would overwrite one of the files.
    """
    if ack is None:
        return {}
    if not several and ack.is_dir():
        raise UsageError(f"{ack} is a folder.", next_step="With one file --ack names the file of the answer.")
    if several and ack.exists() and not ack.is_dir():
        raise UsageError(f"{ack} is a file.", next_step="With several files --ack names the folder of the answers.")
    targets = dict(enumerate(_names(found, ack))) if several else {0: ack}
    for target in targets.values():
        if target.exists() and any(each.path and each.path.exists() and target.samefile(each.path) for each in found):
            raise UsageError(f"{target} is one of the files to be checked.", next_step="Give --ack another name.")
    return targets


def _names(found: list[Input], folder: Path) -> Iterator[Path]:
    """``po.edi.ack`` for ``po.edi``; equal names of different folders are numbered."""
    taken: set[str] = set()
    for one in found:
        base = "stdin" if one.path is None else one.path.name
        name, number = f"{base}.ack", 1
        while name in taken:
            number += 1
            name = f"{base}.{number}.ack"
        taken.add(name)
        yield folder / name


def _write_answer(target: Path, one: Input, seen: Examination, clock: Clock, *, several: bool) -> None:
    from gateway.flows.judging.standalone import acknowledgment  # noqa: PLC0415 - only who wants the answer waits for it

    content = acknowledgment(seen, clock())
    try:
        if several:
            target.parent.mkdir(parents=True, exist_ok=True)
        if content or not several or target.exists():
            target.write_bytes(content)
    except OSError as error:
        raise TransportError(f"{target} cannot be written: {error.strerror}.") from error
    if not content:
        output.talk(f"gateway: no answer is due for {one.name}.")
