"""Which carton left in which shipment: a serial shipping container code stands on one carton only."""

from collections.abc import Iterable, Mapping

from sqlalchemy import insert, select

from gateway.kernel.ids import OrderNumber
from gateway.store.schema import cartons
from gateway.store.session import Session
from gateway.store.statements import Among, Prepared

_INSERT = Prepared(insert(cartons))
_LEFT = Prepared(
    select(cartons.c.sscc, cartons.c.shipment_number)
    .where(Among(cartons.c.sscc, "codes"))
    .order_by(cartons.c.sscc, cartons.c.order_number)
)


class Cartons:
    """The cartons and pallets of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._fresh: dict[str, str] = {}
        session.keeps(forget=self._fresh.clear)

    def note(self, shipment_number: str, order: OrderNumber, codes: Iterable[str]) -> None:
        """These cartons and pallets left with goods of an order."""
        for code in codes:
            self._session.add(_INSERT, {"sscc": code, "shipment_number": shipment_number, "order_number": order})
            self._fresh[code] = shipment_number

    def shipments(self, codes: Iterable[str]) -> Mapping[str, str]:
        """The shipment in which each of these codes left before."""
        wanted = set(codes)
        rows = self._session.rows(_LEFT, {"codes": self._session.listed(wanted)}) if wanted else []
        fresh = {code: self._fresh[code] for code in wanted & self._fresh.keys()}
        return {row.sscc: row.shipment_number for row in rows} | fresh
