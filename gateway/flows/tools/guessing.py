"""What the columns of a sample are probably called by us, and how its numbers and dates are written; never more than a draft."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from gateway.canonical.base import Canonical
from gateway.mapping import catalogue

# fmt: off
_KNOWN_AS: Mapping[str, str] = MappingProxyType({
    "po_number": "po ponumber pono purchaseorder purchaseordernumber ordernumber orderno orderid order bestellnr bestellnummer bestellung bestnr auftrag auftragsnr auftragsnummer belegnr belegnummer",
    "po_date": "podate orderdate date datum bestelldatum auftragsdatum belegdatum issuedate",
    "currency": "currency waehrung currencycode documentcurrencycode",
    "dates.delivery_requested": "deliverydate requesteddeliverydate delivery liefertermin lieferdatum wunschtermin",
    "dates.ship_requested": "shipdate requestedshipdate versanddatum",
    "dates.cancel_after": "canceldate cancelafter stornodatum",
    "customer_order_number": "customerorder customerorderno customerordernumber kundenauftrag",
    "contract_number": "contract contractno contractnumber rahmenvertrag vertrag",
    "department": "department dept abteilung",
    "vendor_number": "vendor vendornumber vendorno supplier suppliernumber lieferantennummer lieferantennr",
    "payment_terms": "terms paymentterms zahlungsbedingung",
    "buyer.name": "buyer buyername customer customername kunde kundenname besteller",
    "buyer.id": "buyerid customerid customerno customernumber kundennr kundennummer",
    "ship_to.id": "shipto shiptoid store storeno storenumber filiale filialnr location deliverylocation",
    "ship_to.name": "shiptoname storename recipient empfaenger lieferadresse lieferanschrift",
    "ship_to.address1": "shiptoaddress address address1 street strasse streetname",
    "ship_to.city": "shiptocity city ort stadt cityname",
    "ship_to.state": "shiptostate state region bundesland",
    "ship_to.postal_code": "shiptozip zip zipcode postalcode postcode plz postalzone",
    "ship_to.country": "countryidentificationcode shiptocountry country land countrycode",
    "lines.number": "lineitemid orderlineid line lineno linenumber lineid pos position positionsnr item itemno itemnumber",
    "lines.ids.vendor_sku": "sellersitemidentificationid sku vendorsku vendoritem supplieritem partno partnumber product productcode artikel artikelnr artikelnummer",
    "lines.ids.buyer_sku": "buyersitemidentificationid buyersku buyeritem customeritem kundenartikel kundenartikelnr",
    "lines.ids.upc": "upc upccode",
    "lines.ids.ean": "ean eancode ean13",
    "lines.ids.gtin": "standarditemidentificationid gtin gtin14",
    "lines.description": "itemname itemdescription description desc itemdescription productname bezeichnung artikelbezeichnung beschreibung",
    "lines.quantity": "quantity qty orderqty orderedquantity orderquantity menge anzahl bestellmenge stueckzahl",
    "lines.uom": "uom unit unitofmeasure me einheit mengeneinheit unitcode",
    "lines.unit_price": "price unitprice cost unitcost preis einzelpreis stueckpreis priceamount",
    "lines.extended_price": "lineextensionamount amount total lineamount linetotal extendedprice betrag gesamtpreis positionsbetrag",
})
# fmt: on
_DATE_FORMS = {
    r"\d{4}-\d\d-\d\d": "YYYY-MM-DD",
    r"\d{8}": "YYYYMMDD",
    r"\d\d\.\d\d\.\d{4}": "DD.MM.YYYY",
    r"\d\d\.\d\d\.\d\d": "DD.MM.YY",
    r"\d{4}/\d\d/\d\d": "YYYY/MM/DD",
}  # fmt: skip
_SLASHED = re.compile(r"(\d\d)/(\d\d)/\d{4}")
_MONTHS = 12
_WEAK = frozenset(
    [
        "amount",
        "total",
        "name",
        "date",
        "id",
        "item",
        "line",
        "order",
        "price",
        "unit",
        "cost",
        "terms",
        "store",
        "vendor",
        "buyer",
        "customer",
        "address",
        "code",
        "value",
    ]
)
"""Words that mean something as a title and nothing as the name of an inner element."""
_RECEIVER = re.compile(r"deliver|ship|recipient|store|empf")
_UMLAUTS: dict[int, str] = {ord(letter): text for letter, text in zip("äöüß", ("ae", "oe", "ue", "ss"), strict=True)}


@dataclass(frozen=True, slots=True)
class Guess:
    """One column: our field for it, or none where nothing is near enough."""

    title: str
    field: str


def fields(titles: Sequence[str], model: type[Canonical]) -> list[Guess]:
    """Our field for each title; each field once, the first title that fits has it."""
    known = _known(model)
    taken: set[str] = set()
    found: list[Guess] = []
    for title in titles:
        field = known.get(_plain(title), "")
        found.append(Guess(title, field if field not in taken else ""))
        taken.add(field)
    return found


def date_form(values: Iterable[str]) -> str:
    """How the dates of a column are written; empty where it is none, or where day and month could be either."""
    there = [value.strip() for value in values if value.strip()]
    if not there:
        return ""
    for pattern, form in _DATE_FORMS.items():
        if all(re.fullmatch(pattern, value) for value in there):
            return form
    slashed = [match for value in there if (match := _SLASHED.fullmatch(value))]
    if len(slashed) < len(there):
        return ""
    if any(int(match[1]) > _MONTHS for match in slashed):
        return "DD/MM/YYYY"
    return "MM/DD/YYYY" if any(int(match[2]) > _MONTHS for match in slashed) else ""


def number_signs(values: Iterable[str]) -> tuple[str, str] | None:
    """The decimal and the thousands sign of numbers; None where nothing in them says it for certain.

    A thousands sign is named where one of the numbers has it.

    >>> number_signs(["1.200", "0,05"]), number_signs(["12,5"]), number_signs(["1,200"]), number_signs(["9.95", "1,200"])
    ((',', '.'), (',', ''), None, ('.', ','))
    """
    there = [value.strip() for value in values]
    proven = [
        (decimal, thousands if any(thousands in value for value in there) else "")
        for decimal, thousands in ((",", "."), (".", ","))
        if any(_proves(decimal, thousands, value) for value in there)
    ]
    return proven[0] if len(proven) == 1 else None


def _proves(decimal: str, thousands: str, value: str) -> bool:
    """Whether a number can be read with these signs only: 1 or 2 digits after it, a leading zero, or both signs."""
    d, t = re.escape(decimal), re.escape(thousands)
    return bool(
        re.fullmatch(
            rf"-?(\d+{d}(\d{{1,2}}|\d{{4,}})|0{d}\d+|\d{{1,3}}({t}\d{{3}})+{d}\d+|\d{{1,3}}({t}\d{{3}}){{2,}})", value
        )
    )


def delimiter(head: str) -> str:
    """What separates the columns of the first line."""
    first = head.splitlines()[0] if head.strip() else ""
    return max(",;\t|", key=first.count)


def _known(model: type[Canonical]) -> dict[str, str]:
    """Titles by what they mean: the words of the trade, and our own names."""
    names = [*catalogue.dotted_names(model)]
    for name in catalogue.dotted_names(model):
        field = catalogue.find(model, name)
        if field is not None and field.is_list and field.model is not None and name in ("lines", "rows"):
            names += [f"{name}.{inner}" for inner in catalogue.dotted_names(field.model)]
    found = {_plain(name.removeprefix("lines.").removeprefix("rows.")): name for name in names}
    for name, words in _KNOWN_AS.items():
        if name in names:
            found |= dict.fromkeys(words.split(), name)
    return found


def _plain(title: str) -> str:
    """A title without case, blanks, signs and accents.

    >>> _plain("Bestell-Nr."), _plain("Währung")
    ('bestellnr', 'waehrung')
    """
    spelled = title.strip().lower().translate(_UMLAUTS)
    bare = unicodedata.normalize("NFKD", spelled)
    return re.sub(r"[^a-z0-9]", "", bare)


def of_paths(paths: Sequence[tuple[str, bool]], model: type[Canonical]) -> list[str]:
    """Our field for each path of a document, or nothing; those that belong to a line only get fields of a line."""
    known = _known(model)
    taken: set[str] = set()
    found: list[str] = []
    for path, is_line in paths:
        steps = [step.rpartition(":")[2].lstrip("@") for step in path.split("/")]
        names = [_plain("".join(steps[-2:])) if len(steps) > 1 else f"order{_plain(steps[-1])}"]
        names += [each for each in (_plain(steps[-1]),) if each not in _WEAK or len(steps) == 1]
        fits = (_owned(known.get(name, ""), path) for name in names)
        field = next((each for each in fits if each and each.startswith("lines.") == is_line and each not in taken), "")
        found.append(field)
        taken.add(field)
    return found


def _owned(field: str, path: str) -> str:
    """An address is that of whoever it stands below; where nothing says whose it is, it is nobody's."""
    if not field.startswith("ship_to."):
        return field
    return field if _RECEIVER.search(path.lower()) else ""
