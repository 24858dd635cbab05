"""Keep a file back that waits at its channel: as long as the partner cannot see any of it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import structlog

from gateway.exchange.dispatch import Dispatch
from gateway.flows import send
from gateway.flows.file_ports import Outlet
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import RefusedError, TransportError
from gateway.kernel.ids import ChannelKey

log = structlog.get_logger()


@contextmanager
def kept_back(bench: Workbench, file: Dispatch) -> Iterator[None]:
    """Nobody hands a file over meanwhile; inside it is said that it does not leave, then what waits is taken away.

    Only in this order: a file that is called staged and is not there any more counts as handed over (rulings 3). Raises
    RefusedError where the partner has it, may have it, or is about to get it.
    """
    with bench.alone(send.lock(ChannelKey(file.channel))) as alone:
        if not alone:
            raise RefusedError(
                f"{file.file_name} is being handed over just now.",
                next_step=f"Wait a moment, then see with 'gateway dispatch show {file.id}' what came of it.",
            )
        try:
            with closing(bench.outlet(file.channel)) as outlet:
                if not outlet.is_unseen(file.id, file.file_name):
                    raise RefusedError(
                        f"{file.file_name} was handed over already; it cannot be kept from leaving.",
                        next_step="Tell the partner to ignore it.",
                    )
                yield
                _withdraw(outlet, file)
        except TransportError as error:
            raise RefusedError(
                f"{file.file_name} was about to be handed over when the channel failed, so the partner may have it, and the "
                f"channel cannot be asked now: {error.sentence}",
                next_step="Say it again when the channel works ('gateway channels list'), or tell the partner to ignore the file.",
            ) from error  # fmt: skip


def _withdraw(outlet: Outlet, file: Dispatch) -> None:
    """What is left where nobody looks harms nobody: it is written anew if the file is to leave after all."""
    try:
        outlet.withdraw(file.id, file.file_name)
    except TransportError as error:
        log.warning("dispatch.not_withdrawn", partner=file.partner, file=file.file_name, error=error.sentence)
