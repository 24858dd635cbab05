"""The commands of the gateway, their exit codes, and how an error becomes a sentence."""

import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from gateway.cli import (
    about,
    acks,
    alerts,
    audit,
    claims,
    config,
    db,
    dispatch,
    files,
    holds,
    invoices,
    mapping,
    orders,
    output,
    partner,
    payments,
    promises,
    returns,
    sftp,
    stock,
    units,
    values,
)
from gateway.cli.manual.dress import dress
from gateway.cli.options import Json, Now, PartnerName, Site, Who
from gateway.kernel.errors import GatewayError, TransportError

app = typer.Typer(
    name="gateway", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)  # fmt: skip
app.callback()(about.root)
schema = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What editors need to know of our files.")
app.add_typer(files.commands, name="files")
app.add_typer(config.commands, name="config")
app.add_typer(schema, name="schema")
app.add_typer(audit.commands, name="audit")
app.add_typer(db.commands, name="db")
app.add_typer(partner.commands, name="partner")
app.add_typer(holds.commands, name="holds")
app.add_typer(orders.commands, name="orders")
app.add_typer(invoices.commands, name="invoices")
app.add_typer(returns.commands, name="returns")
app.add_typer(stock.commands, name="stock")
app.add_typer(payments.commands, name="payments")
app.add_typer(claims.commands, name="claims")
app.add_typer(mapping.commands, name="mapping")
app.add_typer(values.commands, name="values")
app.add_typer(units.commands, name="units")
app.add_typer(sftp.commands, name="sftp")
app.add_typer(alerts.commands, name="alerts")
app.add_typer(acks.commands, name="acks")
app.command("promises")(promises.promises)
app.command("help")(about.help_)
app.command("completion")(about.completion)
app.add_typer(dispatch.commands, name="dispatch")
app.add_typer(dispatch.channels, name="channels")


@app.command()
def init(directory: Annotated[Path, typer.Argument(help="The folder of the new site.")] = Path()) -> None:
    """Make a new site: gateway.yaml, folders and one example partner. Nothing is overwritten.

    Example: gateway init my-site
    """
    from gateway.cli import site  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(site.init(directory))


@app.command()
def demo(
    site: Site = None,
    keep: Annotated[Path | None, typer.Option("--keep", help="Play in this new folder and keep it.")] = None,
) -> None:
    """Copy the demo site, drop real-looking orders, play the warehouse, and tell the story.

    Example: gateway demo
    """
    from gateway.cli import demo as command  # noqa: PLC0415 - same

    raise typer.Exit(command.demo(site, keep))


@app.command()
def run(
    site: Site = None,
    now: Now = None,
    once: Annotated[bool, typer.Option("--once", help="Take what is there, finish it, and end.")] = False,
    every: Annotated[float, typer.Option("--every", help="Seconds between two scans of the folders.")] = 5.0,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log each step to stderr.")] = False,
    health_port: Annotated[
        int, typer.Option("--health-port", min=0, max=65535, help="Answer here: /health, /ready and /metrics.")
    ] = 0,
) -> None:
    """Take files from the inboxes, process them and deliver the answers.

    Example: gateway run --once
    """
    from gateway.cli import work  # noqa: PLC0415 - same

    raise typer.Exit(work.run(site, now, once=once, every=every, verbose=verbose, health_port=health_port))


@app.command()
def health(
    site: Site = None,
    live: Annotated[bool, typer.Option("--live", help="Only whether the processes live and turn.")] = False,
    as_json: Json = False,
) -> None:
    """Say whether 'gateway run' lives on this machine and can work: database, folders, disk. Exit 1 when something is wrong.

    Example: gateway health --json
    """
    from gateway.cli import probing  # noqa: PLC0415 - same

    raise typer.Exit(probing.health(site, live=live, as_json=as_json))


@app.command()
def doctor(
    site: Site = None,
    connect: Annotated[
        bool, typer.Option("--connect", help="Also try the servers of partners and the mail server; takes longer.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 when there are warnings only.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what is not in order.")] = False,
    as_json: Json = False,
) -> None:
    """Look at everything that the gateway needs, and say what repairs what is not in order. Nothing is changed.

    Python, libraries, files of the site, secrets, folders, disk, clock, database, channels, processes, ports. Without a
    site only the machine is looked at.

    Exit codes: 0 nothing keeps the gateway from working, 1 there is a problem, 3 there are warnings and --strict was said.

    Example: gateway doctor --connect
    """
    from gateway.cli import doctor as command  # noqa: PLC0415 - same

    raise typer.Exit(command.doctor(site, connecting=connect, strict=strict, as_json=as_json, short=quiet))


@app.command()
def metrics(
    site: Site = None,
    write: Annotated[
        Path | None, typer.Option("--write", help="Put them into this file in one step, for the textfile collector.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print what stands open as metrics for Prometheus: for a site that only 'run --once' works on, from cron.

    A gateway that stays answers on its health port instead, and counts there what it does as well.

    Example: gateway metrics --write /var/lib/prometheus/node-exporter/gateway.prom
    """
    from gateway.cli import metrics_work  # noqa: PLC0415 - same

    raise typer.Exit(metrics_work.metrics(site, write=write, as_json=as_json))


@app.command()
def bench(
    site: Site = None,
    orders: Annotated[int, typer.Option("--orders", help="How many orders to measure with.")] = 1000,
    lines: Annotated[int, typer.Option("--lines", help="How many lines each order has.")] = 10,
    workers: Annotated[int, typer.Option("--workers", help="Also measure so many processes at once; PostgreSQL.")] = 1,
    sqlite: Annotated[
        bool, typer.Option("--sqlite", help="Measure on SQLite also where the site has PostgreSQL.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Measure how many orders a second this machine and database can do, where the time goes, and what bounds it.

    Works in a site and a database of its own, on the disk and the server of your site; both are gone afterwards.

    Exit codes: 0 measured, 2 wrong usage, 4 broken configuration, 5 no such site, 7 the database does not let us make one of
    our own.

    Example: gateway bench --orders 5000
    """
    from gateway.cli import bench as command  # noqa: PLC0415 - same

    raise typer.Exit(command.bench(site, orders=orders, lines=lines, workers=workers, sqlite=sqlite, as_json=as_json))


@app.command()
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="X12 files, folders of them, or - for stdin.")],
    partner: PartnerName = "",
    site: Site = None,
    as_json: Json = False,
    ack: Annotated[
        Path | None,
        typer.Option("--ack", help="Write the answers that would be sent: a file, or a folder for several."),
    ] = None,
    now: Now = None,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a file changes; Ctrl-C ends.")] = False,
    second_opinion: Annotated[
        bool, typer.Option("--second-opinion", help="Also tell where an independent engine judges differently.")
    ] = False,
) -> None:
    """Check X12 files against the standard, without any effect; each fault is shown in its segment.

    A folder stands for the files in it. With --json a single file gives one object, several give one object a line.

    Exit codes: 0 everything is accepted, 1 something is rejected or cannot be read, 2 wrong usage, 4 broken
    configuration, 5 no such file or partner.

    Example: gateway validate order.edi --ack answer.edi
    """
    from gateway.cli import validate as command  # noqa: PLC0415 - same

    wanted = command.Wanted(partner, site, ack, now, as_json, second_opinion, watch)
    raise typer.Exit(command.validate(files, wanted))


@app.command()
def trace(
    name: Annotated[
        str,
        typer.Argument(
            help="A PO, order, shipment, tracking, carton (SSCC), invoice, credit, payment, claim, return (RMA) or control "
            "number, or a file name."
        ),
    ],
    site: Site = None,
    as_json: Json = False,
    now: Now = None,
) -> None:
    """Tell the life of a document as a story: received, acknowledged, decided, shipped, invoiced, paid.

    Example: gateway trace PO-4471
    """
    from gateway.cli import tracing  # noqa: PLC0415 - same

    raise typer.Exit(tracing.trace(name, site, now, as_json=as_json))


@app.command("explain-code")
def explain_code(
    code: Annotated[
        list[str] | None,
        typer.Argument(
            help="A code, also of a 997 or TA1 (AK403 7), or the id of a hold or alert; none lists all codes."
        ),
    ] = None,
    site: Site = None,
    as_json: Json = False,
) -> None:
    """Explain a code: what happened, who must act and what to do. Without a code, list them by their letter.

    A letter, or an element like AK403, lists the codes that begin so. A line of a 997 can be given as it stands there.

    Exit codes: 0 explained, 5 no such code, hold or alert.

    Example: gateway explain-code X-STRUCTURE
    """
    from gateway.cli import explain_code as command  # noqa: PLC0415 - same

    raise typer.Exit(command.explain(code or [], site, as_json=as_json))


@app.command()
def replenish(
    site: Site = None,
    warehouse: Annotated[str, typer.Option("--warehouse", help="Only this warehouse.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Send it to the ERP and the warehouses as files.")] = False,
    as_json: Json = False,
    now: Now = None,
    who: Who = "operator",
) -> None:
    """Show what to move between warehouses and what to buy, each with its figures; --write sends it.

    Example: gateway replenish --warehouse DAL
    """
    from gateway.cli import stock_work  # noqa: PLC0415 - same

    raise typer.Exit(stock_work.replenish(site, warehouse, now, who, write=write, as_json=as_json))


@app.command()
def workers(site: Site = None, as_json: Json = False) -> None:
    """List the processes that work on this site: since when, where, and what each does now.

    A process is listed as long as it holds its lock, whatever it was last heard of.

    Example: gateway workers
    """
    from gateway.cli import units_work  # noqa: PLC0415 - same

    raise typer.Exit(units_work.workers(site, as_json=as_json))


@app.command("import")
def import_(
    kind: Annotated[
        str,
        typer.Argument(
            help="items, item-ids, prices, warehouses, locations, customers, open-items, stock, incoming, goods-receipts, "
            "ship-confirmations, tracking or deliveries."
        ),
    ],
    file: Annotated[Path, typer.Argument(help="A CSV file.")],
    site: Site = None,
    partner: PartnerName = "",
    now: Now = None,
    who: Who = "operator",
) -> None:
    """Do what the channel would do with a CSV file. Example: gateway import stock count.csv."""
    from gateway.cli import work  # noqa: PLC0415 - same

    raise typer.Exit(work.import_file(kind, file, site, partner, now, who))


@schema.command("export")
def schema_export(
    site: Site = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder to write to; default: .schemas in the site.")
    ] = None,
) -> None:
    """Write the JSON Schemas of gateway.yaml, partners, mappings and guides, and attach them for editors.

    Example: gateway schema export
    """
    from gateway.cli import schema as command  # noqa: PLC0415 - same

    raise typer.Exit(command.export(site, out, dict(os.environ)))


def run_app(arguments: list[str] | None = None) -> int:
    """Run the command line; every GatewayError becomes a sentence and its exit code."""
    return guarded(lambda: tree()(args=arguments, standalone_mode=False))


@cache
def tree() -> Any:
    """All commands with their help, made once in a process: it takes as long as reading a small file."""
    return get_command(dress(app))


def guarded(call: Callable[[], Any]) -> int:
    """The exit code of what is called; whatever it meets becomes a sentence, never a traceback."""
    try:
        result = call()
    except GatewayError as problem:
        output.error(problem)
        return problem.exit_code
    except KeyboardInterrupt as stop:
        output.talk(f"gateway: {str(stop) or 'stopped'}.")
        return 130
    except BrokenPipeError:
        return 0
    except OSError as problem:  # a folder or disk that does not let us is no mistake of the program
        output.error(TransportError(
            f"{problem.filename or 'A file or folder'} cannot be used: {problem.strerror or problem}.",
            next_step="Look at its rights, at what stands in its place, and at the space on the disk.",
        ))  # fmt: skip
        return TransportError.exit_code
    except Exception as problem:  # noqa: BLE001 - the last door: never a traceback at a user
        shown = getattr(problem, "show", None)  # click's own usage errors know how to show themselves
        if shown is None:
            output.talk(f"gateway: this is a bug, please report it: {type(problem).__name__}: {problem}")
            return 70
        shown()
        return int(getattr(problem, "exit_code", 2))
    return result if isinstance(result, int) else 0


def run_main() -> None:
    """The entry point of the command; a shell that asks what may be typed next gets its answer and nothing else."""
    if shell := os.environ.get("_GATEWAY_COMPLETE"):
        from gateway.cli import completing  # noqa: PLC0415 - only a shell asks

        completing.answer(tree(), sys.argv[1:], shell)
        sys.exit(0)
    output.never_fail()
    sys.exit(run_app())
