"""What the program says of itself: its release, the help of a command, and the scripts for shells."""

from typing import Annotated, Any

import typer

from gateway.cli import output
from gateway.cli.manual import layout
from gateway.kernel.errors import UsageError

SHELLS = ("bash", "zsh", "fish")


def said(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with nothing else
    """Print the release and end, where somebody wants it."""
    if wanted:
        from gateway.files.release import release  # noqa: PLC0415 - only who asks waits for it

        output.line(f"gateway {release()}")
        raise typer.Exit(0)


Version = Annotated[
    bool, typer.Option("--version", "-V", callback=said, is_eager=True, help="Print the release, and end.")
]


def root(version: Version = False) -> None:
    """Purchase orders in, 997, 855, 856 and 810 out: an EDI gateway that keeps the orders too."""


def help_(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND]...", help="A command, a group, exit-codes or environment.")
    ] = None,
) -> None:
    """Show the help of a command, of a group of commands, or of everything.

    Example: gateway help orders ship
    """
    from gateway.cli.manual import topics  # noqa: PLC0415 - --help must answer in 0.3 s

    wanted = words or []
    if len(wanted) == 1 and wanted[0] in topics.TOPICS:
        output.block(layout.topic(*topics.TOPICS[wanted[0]]))
        return
    found = ctx.find_root()
    for number, word in enumerate(wanted):
        found = typer.Context(_within(found, word, wanted[:number]), parent=found, info_name=word)
    output.block(found.get_help())


def _within(of: Any, word: str, before: list[str]) -> Any:
    if not hasattr(of.command, "commands"):
        raise UsageError(f"'gateway {' '.join(before)}' has no commands.", next_step=f"gateway help {' '.join(before)}")
    return of.command.resolve_command(of, [word])[1]


def completion(
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")],
) -> None:
    """Print the script by which a shell completes commands, options and names of the site.

    Example: gateway completion bash
    """
    from gateway.cli import completing  # noqa: PLC0415 - same

    if shell not in SHELLS:
        raise UsageError(f"There is no completion for '{shell}'.", next_step=f"Say one of: {', '.join(SHELLS)}.")
    output.block(completing.SCRIPTS[shell].strip("\n"))
    output.suggest(completing.PLACES[shell])
