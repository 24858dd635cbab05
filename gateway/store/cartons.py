"""Which carton left in which shipment: a serial shipping container code stands on one carton only."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, insert, select

from gateway.kernel.ids import OrderNumber
from gateway.store.schema import cartons


class Cartons:
    """The cartons and pallets of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, shipment_number: str, order: OrderNumber, codes: Iterable[str]) -> None:
        """These cartons and pallets left with goods of an order."""
        rows = [{"sscc": code, "shipment_number": shipment_number, "order_number": order} for code in codes]
        if rows:
            self._connection.execute(insert(cartons), rows)

    def shipments(self, codes: Iterable[str]) -> Mapping[str, str]:
        """The shipment in which each of these codes left before."""
        query = select(cartons.c.sscc, cartons.c.shipment_number).where(cartons.c.sscc.in_(sorted(set(codes))))
        return {row.sscc: row.shipment_number for row in self._connection.execute(query)}
