"""The hook of the fault tests: which operation on files, statement or commit is to fail."""

from collections.abc import Mapping

from gateway.kernel.fault_plan import plan_of

FAULT = "GATEWAY_FAULT"
"""Says what is to fail, as in ``statement:7:FULL``."""


def fail(environ: Mapping[str, str]) -> None:
    """Let the database fail where GATEWAY_FAULT asks for it; nothing happens, and costs nothing, anywhere else."""
    said = environ.get(FAULT, "")
    plan = plan_of(said)
    if plan is not None and plan.of_database:
        from gateway.store import faults  # noqa: PLC0415 - nobody else pays for it

        faults.begin(said)
