"""The command that runs the tests of mappings, and writes what they give as what is expected."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.cli import output
from gateway.cli.desk import desk_of
from gateway.config import mapping_files
from gateway.flows.tools import cases
from gateway.flows.tools.cases import Outcome
from gateway.flows.tools.desk import Desk
from gateway.kernel.errors import GatewayError, NotFoundError, UsageError
from gateway.kernel.words import counted
from gateway.mapping.prepare import PreparedMapping

FAILED = 1
_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Tried:
    """One case of one mapping; without an outcome it could not be run, and ``why`` says so."""

    mapping: str
    case: str
    outcome: Outcome | None
    why: str = ""

    @property
    def is_ok(self) -> bool:
        return self.outcome is not None and self.outcome.is_ok

    @property
    def is_new(self) -> bool:
        """Whether nothing is expected of it yet."""
        return self.outcome is not None and self.outcome.missing

    @property
    def differences(self) -> tuple[str, ...]:
        if self.outcome is None:
            return (self.why,)
        return (*self.outcome.differences, *(["there is no expected.* yet"] if self.outcome.missing else []))


def cases_of(name: str, file: str, site: Path | None, *, update: bool, yes: bool, as_json: bool) -> int:
    """Every case with what it gave; 1 when one is not as expected and was not updated."""
    desk = desk_of(site)
    names = [name] if name else desk.own()
    tried: list[_Tried] = []
    with output.progress("running the tests of mappings", unit="tests") as bar:
        for each in (one for mapping in names for one in _cases(desk, mapping, file)):
            tried.append(each)
            bar.step()
    if name and not tried:
        where = f"mappings/{name}{mapping_files.TESTS}"
        raise NotFoundError(
            f"'{name}' has no test{f' {file}' if file else ''}.", next_step=f"Put a sample into {where}/first/input.*"
        )
    if as_json:
        output.data([_view(each) for each in tried])
    else:
        _show(tried, update=update)
    if update:
        return _update(desk, tried, yes=yes)
    bad = sum(1 for each in tried if not each.is_ok)
    if bad and not as_json:
        output.talk("To accept what they give now: gateway mapping test NAME --update")
    return FAILED if bad else 0


def _cases(desk: Desk, name: str, file: str) -> Iterator[_Tried]:
    path, _ = mapping_files.find(name, desk.mappings)
    if path is None:
        raise desk.missing(name)
    prepared: PreparedMapping | None = None
    for folder in cases.case_folders(path):
        if file and not _is_meant(folder, file):
            continue
        prepared = prepared or desk.prepared(name)
        try:
            yield _Tried(name, folder.name, cases.run(prepared, cases.case_of(folder)))
        except GatewayError as error:
            yield _Tried(name, folder.name, None, cases.problem_of(error))


def _is_meant(folder: Path, file: str) -> bool:
    """Whether a case is the one said: its name, its folder, or a file in it."""
    path = Path(file).resolve()
    return file.rstrip("/") == folder.name or folder.resolve() in (path, path.parent)


def _show(tried: list[_Tried], *, update: bool) -> None:
    """Each case with how it ended; a new one that is about to be written has not failed, and differs from nothing."""
    new = [each for each in tried if update and each.is_new]
    for each in tried:
        word = "new" if each in new else "ok" if each.is_ok else "failed"
        output.line(f"{word:<6}  {each.mapping}  {each.case}")
        told: tuple[str, ...] = () if each.is_ok or each in new else each.differences
        for sentence in told[:_MOST_SHOWN]:
            output.line(f"        {sentence}")
        if len(told) > _MOST_SHOWN:
            output.line(f"        and {len(told) - _MOST_SHOWN} more")
    bad = sum(1 for each in tried if not each.is_ok and each not in new)
    counts = [f"{len(tried) - bad - len(new)} ok", f"{bad} failed", *([f"{len(new)} new"] if new else [])]
    output.line(f"{counted(len(tried), 'case')}: {', '.join(counts)}")


def _update(desk: Desk, tried: list[_Tried], *, yes: bool) -> int:
    """Write what the cases give; asked first on a terminal, refused without one unless that was said."""
    changed = [each for each in tried if each.outcome is not None and not each.is_ok]
    if not changed:
        return FAILED if any(not each.is_ok for each in tried) else 0
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("Nobody can be asked here.", next_step="Look at the differences, then add --yes.")
        sys.stderr.write(f"Write {counted(len(changed), 'expected result')}? [y/N] ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            return FAILED
    for each in changed:
        if each.outcome is not None:
            for path in cases.update(desk.prepared(each.mapping), each.outcome):
                output.talk(f"wrote {_shown(desk, path)}")
    if any(each.is_new for each in changed):
        output.talk("Look at what was written: from now on that is what is expected.")
    return FAILED if any(each.outcome is None for each in tried) else 0


def _shown(desk: Desk, path: Path) -> str:
    return path.relative_to(desk.mappings.parent).as_posix() if desk.mappings is not None else path.name


def _view(each: _Tried) -> dict[str, Any]:
    return {
        "mapping": each.mapping, "case": each.case, "ok": each.is_ok,
        "differences": [] if each.is_ok else list(each.differences),
    }  # fmt: skip
