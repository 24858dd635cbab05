"""The commands for mappings: what they are called, what they take, and an example of each."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Json, Site

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Check, show, try, test and begin mappings."
)  # fmt: skip

Name = Annotated[str, typer.Argument(metavar="NAME", help="The mapping, e.g. bigmart/850.")]
PartnerName = Annotated[str, typer.Option("--partner", help="The partner whose parameters it sees.")]
Params = Annotated[
    list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="A parameter of the partner; may be repeated.")
]
Today = Annotated[str | None, typer.Option("--today", help="The business date, e.g. 2026-11-21.")]


@commands.command("check")
def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Mappings or files of mappings; default: all.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with 3 when there are warnings.")] = False,
    site: Site = None,
    as_json: Json = False,
) -> None:
    """Check mappings, used or not; all problems at once, each with its place and what was probably meant.

    Exit codes: 0 in order, 1 an error, 3 a warning with --strict, 5 no such mapping.

    Example: gateway mapping check bigmart/850 --strict
    """
    from gateway.cli import mapping_look  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(mapping_look.check(names or [], site, strict=strict, as_json=as_json))


@commands.command("list")
def list_(site: Site = None, as_json: Json = False) -> None:
    """List every mapping there is, what it extends, its tests, and who uses it.

    Example: gateway mapping list
    """
    from gateway.cli import mapping_look  # noqa: PLC0415 - same

    raise typer.Exit(mapping_look.list_(site, as_json=as_json))


@commands.command("show")
def show(
    name: Name,
    tree: Annotated[bool, typer.Option("--tree", help="The targets as a tree, each with what it reads.")] = False,
    diff: Annotated[str, typer.Option("--diff", metavar="OTHER", help="Only what differs from this mapping.")] = "",
    site: Site = None,
    as_json: Json = False,
) -> None:
    """Show a mapping as it takes effect: what it inherits merged in, every line with the file and line it comes from.

    Example: gateway mapping show bigmart/850 --diff x12/850
    """
    from gateway.cli import mapping_look  # noqa: PLC0415 - same

    raise typer.Exit(mapping_look.show(name, site, diff, tree=tree, as_json=as_json))


@commands.command("run")
def run(
    name: Name,
    file: Annotated[Path, typer.Argument(help="A file as the partner sends it; to write one: canonical YAML or JSON.")],
    partner: PartnerName = "",
    param: Params = None,
    today: Today = None,
    site: Site = None,
    as_json: Json = False,
) -> None:
    """Run a mapping on a file without any effect: print the canonical documents, or the file that would leave.

    What is wrong is told on stderr. Exit codes: 0 everything can be taken, 1 something cannot, 2 wrong usage, 4 a
    broken mapping, 5 no such mapping or file.

    Example: gateway mapping run x12/850 order.edi
    """
    from gateway.cli import mapping_run  # noqa: PLC0415 - same

    wanted = mapping_run.Wanted(site, partner, param, today, as_json)
    raise typer.Exit(mapping_run.run(name, file, wanted))


@commands.command("test")
def cases(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The mapping; default: all of the site.")] = "",
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="Only this case: its folder or a file in it.")] = "",
    update: Annotated[bool, typer.Option("--update", help="Write what it gives as what is expected.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before writing.")] = False,
    site: Site = None,
    as_json: Json = False,
) -> None:
    """Run the tests of mappings: the folders in NAME.tests, each with input.* and expected.*.

    Exit codes: 0 as expected, 1 not, 4 a broken mapping, 5 no such mapping or case.

    Example: gateway mapping test bigmart/850
    """
    from gateway.cli import mapping_cases  # noqa: PLC0415 - same

    raise typer.Exit(mapping_cases.cases_of(name, file, site, update=update, yes=yes, as_json=as_json))


@commands.command("explain")
def explain(
    name: Name,
    file: Annotated[Path, typer.Argument(help="A file as the partner sends it.")],
    field: Annotated[str, typer.Option("--field", help="Only this field, e.g. lines[1].ids.upc.")] = "",
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with file and fields side by side.")] = None,
    partner: PartnerName = "",
    param: Params = None,
    today: Today = None,
    site: Site = None,
    as_json: Json = False,
) -> None:
    """Explain where each value comes from: its source with place and raw value, the steps, the rule's file and line.

    For a mapping that writes, FILE has canonical documents; each element or column is shown with the fields it is made of.

    Exit codes: 0, or 1 when something of the file cannot be read or sent.

    Example: gateway mapping explain x12/850 order.edi --field lines[1].quantity
    """
    from gateway.cli import mapping_explain, mapping_run  # noqa: PLC0415 - same

    wanted = mapping_run.Wanted(site, partner, param, today, as_json)
    raise typer.Exit(mapping_explain.explained(name, file, field, html, wanted))


@commands.command("coverage")
def coverage(
    name: Name,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files as the partner sends them.")],
    everything: Annotated[bool, typer.Option("--all", help="Also built-in rules that never gave a value.")] = False,
    partner: PartnerName = "",
    param: Params = None,
    today: Today = None,
    site: Site = None,
    as_json: Json = False,
) -> None:
    """Show what of files no rule reads, which rules never gave a value in any of them, and how much is used.

    Exit codes: 0, or 1 when something of a file cannot be read.

    Example: gateway mapping coverage x12/850 order.edi
    """
    from gateway.cli import mapping_explain, mapping_run  # noqa: PLC0415 - same

    wanted = mapping_run.Wanted(site, partner, param, today, as_json)
    raise typer.Exit(mapping_explain.covered(name, files, wanted, everything=everything))


@commands.command("new")
def new(
    name: Name,
    parent: Annotated[str, typer.Option("--from", metavar="PARENT", help="The mapping it starts from.")] = "",
    sample: Annotated[Path | None, typer.Option("--sample", help="A file as the partner sends it.")] = None,
    document: Annotated[str, typer.Option("--document", help="Without --from: what the file brings.")] = "order",
    site: Site = None,
) -> None:
    """Begin a mapping: a file that extends another, with a comment for each datum of the sample that is not read yet.

    Without --from a draft is made of the titles of a CSV file or the elements of an XML file; look at every line. The
    sample becomes the first test. Nothing is overwritten.

    Exit codes: 0 it passes the check, 1 something is left to be said, 2 wrong usage, 8 there is one of this name.

    Example: gateway mapping new bigmart/850 --from x12/850 --sample order.edi
    """
    from gateway.cli import mapping_new  # noqa: PLC0415 - same

    raise typer.Exit(mapping_new.new(name, parent, sample, document, site))


@commands.command("replay")
def replay(
    name: Name,
    last: Annotated[int, typer.Option("--last", help="How many of the last files.")] = 10,
    partner: Annotated[str, typer.Option("--partner", help="Only files of this partner.")] = "",
    against: Annotated[
        str, typer.Option("--against", metavar="OTHER", help="Compare with what this mapping gives today.")
    ] = "",
    site: Site = None,
    as_json: Json = False,
) -> None:
    """Try a changed mapping on the last real files that it, or what it extends, has read: field by field what differs.

    Each document is compared with what it was when it was taken. Nothing is changed or sent.

    Exit codes: 0, or 1 when a document that was taken would now be held or not be read; 5 when there is no such file.

    Example: gateway mapping replay bigmart/850 --last 50
    """
    from gateway.cli import mapping_replay  # noqa: PLC0415 - same

    raise typer.Exit(mapping_replay.replay(name, last, partner, against, site, as_json=as_json))
