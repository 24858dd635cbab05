"""Run many commands of ours, each in a process of its own, and import the program only once.

Reads a folder and arguments as one JSON line after the other; answers each with what the command said, as JSON.
"""

import importlib
import json
import os
import sys
import tempfile
from pathlib import Path

MODULES = (
    "gateway.cli.main", "gateway.app.build", "gateway.cli.mapping_run", "gateway.cli.mapping_look", "gateway.cli.partners",
    "gateway.cli.work", "gateway.cli.look", "gateway.cli.desk",
)  # fmt: skip


def run(folder: str, arguments: list[str]) -> str:
    """Standard output and errors of one command, in the order in which they were written."""
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            _child(folder, arguments, said.fileno())
        os.waitpid(child, 0)
        said.seek(0)
        return said.read().decode("utf-8", "replace")


def _child(folder: str, arguments: list[str], said: int) -> None:
    """The command itself; never returns."""
    os.chdir(folder)
    for each in (1, 2):
        os.dup2(said, each)
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115 - ends with the process
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115 - same
    sys.argv = ["gateway", *arguments]
    try:
        importlib.import_module("gateway.cli.main").run_main()
    except SystemExit:
        pass
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    for name in MODULES:
        importlib.import_module(name)
    importlib.import_module("gateway.app.build").load(
        Path(__file__).parents[2], {}
    )  # the guides and functions of most sites
    null = os.open(os.devnull, os.O_RDONLY)
    asked = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(null, 0)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - ends with the process
    for line in asked:
        where, words = json.loads(line)
        sys.stdout.write(json.dumps(run(where, words)) + "\n")
        sys.stdout.flush()
