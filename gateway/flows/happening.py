"""Say what happened, once: to the log, and to whoever counts. Of what is not committed nothing is said."""

from collections.abc import Callable, Mapping
from functools import partial

import structlog
from structlog.contextvars import bound_contextvars, get_contextvars

from gateway.exchange.dispatch import Dispatch
from gateway.flows.ports import UnitOfWork
from gateway.kernel.happenings import HAPPENINGS

Observer = Callable[[str, Mapping[str, object]], None]
"""Called with the name of what happened and its fields, at any level of the log; must be cheap, and never raise."""

about = bound_contextvars
"""Every line that is said inside has these fields: ``with about(trace_id=..., partner=..., file=...)``."""
log = structlog.get_logger()
WHOLE = "file"
"""What a document is called when it is a whole file that waits."""


def thread(otherwise: str) -> str:
    """What the lines of now are about; else what is named."""
    return str(get_contextvars().get("trace_id") or otherwise)


def trace_of(dispatch: Dispatch) -> str:
    """What a file of ours is found by: the file that it answers, the order that it belongs to, else itself."""
    return dispatch.receipt or dispatch.order_number or dispatch.id


def nobody(_event: str, _facts: Mapping[str, object]) -> None:
    """The observer of a process that counts nothing."""


def happened(observer: Observer, event: str, **facts: object) -> None:
    """Say it now; an empty field is left out."""
    _say(observer, event, facts)


def at_commit(observer: Observer, work: UnitOfWork, event: str, **facts: object) -> None:
    """Say it when the unit of work is committed, with what the lines are about now."""
    work.when_committed(partial(_say, observer, event, {**get_contextvars(), **facts}))


def _say(observer: Observer, event: str, facts: Mapping[str, object]) -> None:
    said = {name: value for name, value in facts.items() if value not in ("", None)}
    observer(event, said)
    getattr(log, HAPPENINGS[event].level)(event, **said)
