"""The demo: what is said of it while it plays and when it has ended."""

import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from gateway.app import logs
from gateway.app.demo import story
from gateway.app.demo.acme_sftp import Acme
from gateway.app.demo.script import AFTER, FRIDAY, STEPS, TRIES, done
from gateway.app.demo.stage import Stage, has_players, our_site, staged
from gateway.cli import output
from gateway.cli.context import site_of
from gateway.config.settings import Logging
from gateway.kernel.errors import NotFoundError, UsageError

COLUMNS = ("partner", "order", "came_as", "what_was_special", "status", "went_back")


def demo(site: Path | None, keep: Path | None) -> int:
    """Play the demo in a copy of the site and print the story; the copy is kept and its place printed."""
    logs.configure(verbose=False, agreed=Logging(level="error"))  # what is held is told by the story
    origin = _origin(site)
    folder = _folder(keep)
    output.line("A month of Northwind, a distributor of camping goods, with three customers:")
    output.line()
    with staged(origin, folder, FRIDAY) as stage:
        told = output.steps()
        for step in STEPS:
            with told.doing(f"{step.day:<10}  {step.what}") as doing:
                if result := done(stage, step):
                    doing.says(result)
        _story(stage.at(AFTER))
        _sftp(stage)
    return 0


def _origin(site: Path | None) -> Path:
    """The site named or stood in, if the players of the demo are its partners; else the one that comes with us."""
    try:
        found = site_of(site)
    except NotFoundError:
        if site is not None:
            raise
    else:
        if has_players(found):
            return found
    return our_site()


def _folder(keep: Path | None) -> Path:
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="gateway-demo-"))
    if keep.exists() and any(keep.iterdir()):
        raise UsageError(f"{keep} is not empty.", next_step="Name a new folder; the demo overwrites nothing.")
    keep.mkdir(parents=True, exist_ok=True)
    return keep.resolve()


def _story(stage: Stage) -> None:
    output.line()
    output.table(story.orders(stage), COLUMNS)
    output.line()
    output.line("Look here; all of it are files:")
    found = story.looks(stage)
    width = max((len(path) for path, _ in found), default=0)
    for path, says in found:
        output.line(f"  {path:<{width}}  {says}")
    output.line()
    output.line(f"Try this next, on the site that is left in {stage.folder}:")
    output.line()
    for command in entering(stage.folder):
        output.line(f"    {command}")
    for each in TRIES:
        if each.says:
            output.line(f"  {each.says}")
        output.line(f"    {each.command}")
    output.line()


def entering(folder: Path) -> list[str]:
    """How one comes to where the commands work."""
    activate = Path(sys.prefix) / "bin" / "activate"
    unknown = shutil.which("gateway") is None and activate.is_file()
    return [*([f". {shlex.quote(str(activate))}"] if unknown else []), f"cd {shlex.quote(str(folder))}"]


def _sftp(stage: Stage) -> None:
    """How ACME's files came and went, and how a person does the same."""
    acme = stage.acme
    if isinstance(acme, Acme):
        output.line(
            f"ACME fetched {len(acme.fetched())} files over SFTP. While 'gateway run' works here, it logs in with:"
        )
        output.line(f"  {acme.command()}")
    else:
        output.line(acme.why)
