"""The command line: the doors of the gateway for people and scripts."""


def main() -> None:
    """Run the command line; imported lazily so that importing the package costs nothing."""
    from gateway.app import collecting  # noqa: PLC0415 - only a process of ours decides that

    collecting.seldom()
    from gateway.cli.main import run_main  # noqa: PLC0415 - typer is only needed here

    try:
        run_main()
    finally:
        collecting.never_again()
