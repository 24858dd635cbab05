"""What flows need of documents that leave together, as a Protocol."""

from collections.abc import Iterable
from typing import Protocol

from gateway.exchange.owed import OwedDocument, WaitingBundle
from gateway.kernel.ids import DispatchId


class OwedRepository(Protocol):
    """Documents that leave together; ``waiting`` are ours until the end of the transaction, each leaves once."""

    def add(self, document: OwedDocument) -> None: ...
    def bundles(self) -> list[WaitingBundle]: ...
    def waiting(self, bundle: str, *, most: int) -> list[tuple[int, OwedDocument]]: ...
    def put_apart(self, bundle: str) -> list[WaitingBundle]: ...
    def leave(self, dispatch: DispatchId, numbered: Iterable[tuple[int, str]]) -> None: ...
