"""One order told in text: what it is, what waits, its lines, goods, money, changes, returns, documents and events."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from gateway.cli import output
from gateway.cli.terminal.moments import spoken
from gateway.flows.showing import refused_views

View = dict[str, Any]

LINE = (
    "number", "sku", "ordered", "uom", "unit_price", "allocated", "backordered", "shipped", "delivered", "invoiced",
    "cancelled", "rejected", "returned", "credited", "codes", "promised_date",
)  # fmt: skip
DOCUMENT = ("document", "number", "control_number", "partner", "state", "answer", "path")
BILL = ("invoice_number", "kind", "invoice_date", "due_date", "total", "paid", "open", "currency", "state")
CLAIM = ("claim_number", "invoice_number", "claimed", "open", "state", "reason")
MAY_GO = (
    "promised_date", "credited", "returned", "delivered", "allocated", "invoiced", "uom", "unit_price", "codes", "control_number",
    "partner", "invoice_date", "kind", "paid", "sequence", "claim_number", "payment_number",
)  # fmt: skip
"""What goes first of the tables of an order where the terminal is narrow."""
_SELDOM = {"pending", "delivered", "cancelled", "rejected", "returned", "credited", "answer"}
_DAYS = ("ship_date", "delivery_due", "eta", "delivered_on", "signed_by")
_MOST_CARTONS = 6


def show(view: View) -> None:
    """Print an order."""
    store = f" for store {view['store']}" if view["store"] else ""
    test = ", a test" if view["test"] else ""
    output.line(
        f"{view['order_number']}  PO {view['po_number']} of {view['partner']}{store}, {view['po_date']}{test}: {view['status']}"
    )
    for name, said in _heads(view):
        output.told(f"{name:<10}{said}", indent="  ", hanging=" " * 10)
    for hold in view["holds"]:
        output.told(f"on hold {hold['id']} {hold['code']}: {hold['reason']}", indent="  ")
        output.line(f"      -> gateway holds show {hold['id']}")
    rejected(view["rejected"])
    _section("lines", view["lines"], LINE)
    for line in view["lines"]:
        for said in _of_line(line):
            output.told(f"line {line['number']}: {said}", indent="  ")
    for title, told in (
        ("shipments", _shipments(view)), ("adjustments", map(_adjustment, view["adjustments"])),
        ("changes", _changes(view)), ("returns", _returns(view)),
    ):  # fmt: skip
        _sentences(title, list(told))
    _section("invoices and credits", view["bills"], BILL)
    for bill in view["bills"]:
        others = [each for each in bill["order_numbers"] if each != view["order_number"]]
        if others:
            output.told(f"{bill['invoice_number']} also bills {', '.join(others)}", indent="  ")
    _section(
        "settled by",
        view["payments"],
        ("at", "invoice_number", "kind", "amount", "payment_number", "claim_number", "reason"),
    )
    _section("claims", view["claims"], CLAIM)
    _section("documents", view["documents"], DOCUMENT)
    notes(view["documents"], said={each["reason"] for each in view["rejected"]})
    _section("events", view["events"], ("sequence", "at", "who", "told"))


def marked(row: View) -> View:
    """A row of a list, with the documents that a partner did not take in one word each."""
    return {**row, "rejected": list(dict.fromkeys(each["document"] for each in row["rejected"]))}


def rejected(documents: Sequence[View]) -> None:
    """What a partner did not take as it stands now, why, and what to do."""
    for each in documents:
        output.told(f"{each['state']}: {each['reason']}", indent="  ")
        output.line(f"      -> gateway dispatch show {each['dispatch']}")
    if documents:
        output.told(refused_views.next_step(), indent="      ")


def notes(documents: Sequence[View], *, said: Collection[str] = ()) -> None:
    """What of our data could not leave as it was, and why a partner did not take a document; not what is ``said`` already."""
    for each in documents:
        for note in each["notes"]:
            output.told(f"{each['document']} {each['control_number']}: {note}", indent="  ")
        for answer in each["answers"]:
            if answer["verdict"] in ("R", "P") and answer["reason"] not in said:
                output.told(f"{each['document']} {each['control_number']}: {answer['reason']}", indent="  ")
        if each.get("answer_state") == "overdue":
            since = f" since {spoken(each['answer_due'])}" if each["answer_due"] else ""
            output.told(f"{each['document']} {each['control_number']}: the answer is overdue{since}", indent="  ")


def _heads(view: View) -> Iterator[tuple[str, str]]:
    """What is said of the whole order, each with its name; nothing where there is nothing to say."""
    place, route, terms, credit = view["ship_to"], view["carrier"], view["terms"], view["credit"]
    if place:
        parts = ("name", "address1", "city", "state", "postal_code", "country")
        code = f" ({place['id']})" if place.get("id") else ""
        yield "ship to", ", ".join(place[each] for each in parts if place.get(each)) + code
    if view["dates"]:
        yield "dates", ", ".join(f"{_spaced(name)} {day}" for name, day in view["dates"].items())
    if route["scac"]:
        said = " ".join(each for each in (route["scac"], route["service"], route["freight_terms"]) if each)
        yield "carrier", f"{said} ({route['reason']})" if route["reason"] else said
    yield "delivery", _spaced(view["delivery_status"])
    yield "billing", _spaced(view["billing_status"])
    yield "payment", _spaced(view["payment_status"])
    if terms:
        yield "terms", _terms(terms)
    if credit:
        yield "credit", _credit(credit)
    if view["reserved"]:
        kept = ", ".join(f"{each['quantity']} {each['sku']} in {each['warehouse']}" for each in view["reserved"])
        yield "reserved", f"{kept}, until {spoken(view['reserved_until'])}" if view["reserved_until"] else kept
    if view["duplicate_of"]:
        yield "same as", view["duplicate_of"]
    if view["notes"]:
        yield "notes", view["notes"]


def _terms(terms: View) -> str:
    net = f"net {terms['net_days']} days" if terms["net_days"] is not None else "due at once"
    discount = (
        f", {terms['discount_percent']} % within {terms['discount_days']} days" if terms["discount_percent"] else ""
    )
    origins = "".join(f"; {_spaced(name)} from {origin}" for name, origin in terms["origins"].items())
    return f"{net}{discount} ({terms['payment_terms_of']}), price list '{terms['price_list']}'{origins}"


def _credit(credit: View) -> str:
    owed = credit["exposure"]
    whose = f" with {', '.join(owed['customers'])}" if len(owed["customers"]) > 1 else ""
    limit = f" of {credit['limit']}, {credit['room']} left" if credit["limit"] is not None else ""
    parts = [
        f"{_spaced(name)} {amount}"
        for name, amount in owed.items()
        if name not in ("total", "customers") and amount != "0.00"
    ]
    made = f" ({', '.join(parts)})" if parts else ""
    approved = f"; approved up to {credit['approved_up_to']}" if credit["approved_up_to"] is not None else ""
    status = f"; status {credit['status']}" if credit["status"] else ""
    return f"owes {owed['total']}{whose}{limit}{made}{status}{approved}"


def _of_line(line: View) -> Iterator[str]:
    if line["substitute_for"]:
        yield f"{line['sku']} instead of {line['substitute_for']}"
    for source in line["warehouses"]:
        yield f"{source['quantity']} from {source['warehouse']}, {source['reason']}"
    for each in line["stores"]:
        short = f", {each['short']} short" if each["short"] != "0" else ""
        yield f"store {each['store']}: {each['quantity']}, {each['shipped']} shipped{short}"
    for each in line["adjustments"]:
        yield _adjustment(each)


def _adjustment(each: View) -> str:
    how = [f"{each['percent']} %"] if each["percent"] else []
    how += [each["amount"]] if each["amount"] else []
    how += [f"{each['rate']} per unit"] if each["rate"] else []
    name = " ".join(text for text in (each["kind"], each["code"], each["description"]) if text)
    billed = f", {each['billed']} billed" if each["billed"] != "0.00" else ""
    return f"{name}: {', '.join(how)} by {each['origin']}{billed}"


def _shipments(view: View) -> Iterator[str]:
    for each in view["shipments"]:
        days = [f"{_spaced(name)} {each[name]}" for name in _DAYS if each[name]]
        carried = [each["carrier_scac"]] if each["carrier_scac"] else []
        carried += [f"bill of lading {each['bol']}"] if each["bol"] else []
        where = f" from {each['warehouse']}" if each["warehouse"] else ""
        yield f"{each['shipment_number']}{where}: {', '.join([_spaced(each['state']), *days, *carried])}"
        for name, numbers in (("tracking", each["tracking"]), ("cartons", each["cartons"])):
            if numbers:
                more = f" and {len(numbers) - _MOST_CARTONS} more" if len(numbers) > _MOST_CARTONS else ""
                yield f"  {name} {', '.join(numbers[:_MOST_CARTONS])}{more}"
        others = [number for number in each["order_numbers"] if number != view["order_number"]]
        if others:
            yield f"  together with {', '.join(others)}"
        for line in each["lines"]:
            if line["short"] != "0":
                why = f": {line['reason']}" if line["reason"] else ""
                yield f"  line {line['line']}: {line['short']} did not arrive{why}"


def _changes(view: View) -> Iterator[str]:
    for each in view["changes"]:
        yield f"{each['change_number'] or 'without a number'}: {each['status']}"
    waiting = view["change"]
    if waiting:
        yield f"{waiting['change_number'] or 'without a number'}: waits for {', '.join(waiting['holds'])}"
        yield from (f"  {_spaced(name)} {day}" for name, day in waiting["dates"].items())
        if waiting["ship_to"]:
            yield f"  ship to {waiting['ship_to']}"
        for line in waiting["lines"]:
            figures = "".join(f", {_spaced(name)} {line[name]}" for name in ("quantity", "unit_price") if line[name])
            why = f": {line['reason']}" if line["reason"] else ""
            yield f"  line {line['line']}: {line['action']}{figures}, {line['verdict']}{why}"


def _returns(view: View) -> Iterator[str]:
    for each in view["returns"]:
        until = f", to be back by {each['valid_until']}" if each["valid_until"] else ""
        theirs = f" (theirs: {each['return_number']})" if each["return_number"] else ""
        yield f"{each['rma']}{theirs}: {_spaced(each['state'])}{until}"
        for line in each["lines"]:
            counts = (f"{line[name]} {name}" for name in ("authorised", "received", "credited") if line[name] != "0")
            refused = f"; refused: {line['refusal']}" if line["refusal"] else ""
            yield f"  line {line['line']}: {line['quantity']} asked for, {', '.join(counts) or 'nothing authorised'}{refused}"
        if each["replacements"]:
            yield f"  replaced by {', '.join(each['replacements'])}"


def _section(title: str, rows: Sequence[View], columns: Sequence[str]) -> None:
    """A table under its title; columns that are seldom used stand only where something is in them."""
    if rows:
        used = [
            name for name in columns if name not in _SELDOM or any(row.get(name) not in (None, "", "0") for row in rows)
        ]
        output.line()
        output.line(f"{title}:")
        output.table(rows, used, indent="  ", may_go=MAY_GO)


def _sentences(title: str, told: Sequence[str]) -> None:
    if told:
        output.line()
        output.line(f"{title}:")
    for each in told:
        bare = each.lstrip()
        output.told(bare, indent="  " + each[: len(each) - len(bare)])


def _spaced(name: str) -> str:
    return name.replace("_", " ")
