"""What stands on and in a carton: the GS1-128 label in ZPL, and the packing slip in plain text."""

from collections.abc import Iterator

from gateway.canonical.parts import Party
from gateway.canonical.shipment import Pack, PackedItem, Shipment, ShippedOrder
from gateway.kernel.quantity import ZERO, plain
from gateway.kernel.words import counted

WIDTH = 92
LEFT, BELOW = 30, 40
"""Where the first line of a label stands, and how far below it the next one does; in dots of a printer of 203 to the inch."""


def labels(shipment: Shipment) -> str:
    """One label for each carton in the order of the ship notice; a carton of several orders has one."""
    told: dict[str, str] = {}
    for order in shipment.orders:
        for pack in order.packs:
            if pack.sscc:
                told.setdefault(pack.sscc, _label(shipment, order, pack, len(told) + 1))
    return "".join(told.values())


def packing_slip(shipment: Shipment) -> str:
    """What is in the shipment, carton by carton."""
    return "\n".join(_slip(shipment)) + "\n"


def _label(shipment: Shipment, order: ShippedOrder, pack: Pack, at: int) -> str:
    """Shipped from and to, order and carton, and the SSCC as GS1-128: subset C, FNC1, application identifier 00."""
    code = pack.sscc or ""
    carrier = " ".join(each for each in (shipment.carrier_scac, shipment.pro_number) if each)
    lines = [
        *_address("FROM", shipment.ship_from), *_address("TO", shipment.ship_to), f"CARRIER {carrier}" if carrier else "",
        f"BOL {shipment.bol}" if shipment.bol else "", f"PO {order.po_number}", f"STORE {pack.store}" if pack.store else "",
        f"CARTON {at} OF {shipment.carton_count}",
    ]  # fmt: skip
    fields = [
        f"^FO{LEFT},{LEFT + BELOW * row}^A0N,32,32^FD{_safe(line)}^FS" for row, line in enumerate(each for each in lines if each)
    ]  # fmt: skip
    foot = LEFT + BELOW * (len(fields) + 1)
    bars = [
        f"^FO{LEFT},{foot}^BY3^BCN,240,N,N,N^FD>;>8{code}^FS",
        f"^FO{LEFT},{foot + 260}^A0N,36,36^FD({code[:2]}) {code[2:]}^FS",
    ]
    return "\n".join(["^XA", *fields, *bars, "^XZ"]) + "\n"


def _address(word: str, party: Party | None) -> Iterator[str]:
    if party is None:
        return
    yield f"{word} {party.name or party.id or ''}".strip()
    yield from (each for each in (party.address1, party.address2) if each)
    place = " ".join(each for each in (party.city, party.state, party.postal_code) if each)
    if place:
        yield place


def _safe(text: str) -> str:
    """Text without what commands of the printer begin with."""
    return text.replace("^", " ").replace("~", " ")


def _slip(shipment: Shipment) -> Iterator[str]:
    yield f"PACKING SLIP  shipment {shipment.shipment_number}  {shipment.ship_date or ''}".rstrip()
    yield ""
    yield from _address("From:", shipment.ship_from)
    yield from _address("To:", shipment.ship_to)
    for order in shipment.orders:
        yield ""
        yield f"Purchase order {order.po_number}  our order {order.order_number}"
        for at, pack in enumerate(order.packs, start=1):
            store = f"  store {pack.store}" if pack.store else ""
            yield f"  Carton {at}  {pack.sscc or ''}{store}".rstrip()
            yield from (f"    {_item(item)}" for item in pack.items)
        total = sum((item.quantity or ZERO for item in order.items), ZERO)
        yield f"  {counted(len(order.packs), 'carton')}, {plain(total)} in all"


def _item(item: PackedItem) -> str:
    ids = item.ids.vendor_sku or item.ids.buyer_sku or item.ids.upc or ""
    return f"{item.line_number:>4} {plain(item.quantity or ZERO):>8} {item.uom:<3} {ids:<20} {item.description or ''}".rstrip()[
        :WIDTH
    ]
