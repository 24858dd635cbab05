"""Which carton left in which shipment: a serial shipping container code stands on one carton only."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, insert, select

from gateway.kernel.ids import OrderNumber
from gateway.store.schema import cartons

_INSERT = insert(cartons)
_LEFT = select(cartons.c.sscc, cartons.c.shipment_number).where(cartons.c.sscc.in_(bindparam("codes", expanding=True)))


class Cartons:
    """The cartons and pallets of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, shipment_number: str, order: OrderNumber, codes: Iterable[str]) -> None:
        """These cartons and pallets left with goods of an order."""
        rows = [{"sscc": code, "shipment_number": shipment_number, "order_number": order} for code in codes]
        if rows:
            self._connection.execute(_INSERT, rows)

    def shipments(self, codes: Iterable[str]) -> Mapping[str, str]:
        """The shipment in which each of these codes left before."""
        rows = self._connection.execute(_LEFT, {"codes": sorted(set(codes))})
        return {row.sscc: row.shipment_number for row in rows}
