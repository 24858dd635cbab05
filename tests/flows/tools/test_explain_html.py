"""The page of an explanation shows what stands in files literally and needs nothing from elsewhere."""

import re
from datetime import date

from gateway.flows.tools import explain_html
from gateway.flows.tools.desk import Desk
from gateway.flows.tools.reading import pieces
from gateway.mapping import explain
from gateway.mapping.environment import Environment
from tests.site.harness import order, purchase_order

EVIL = "<script>alert(1)</script></td>{{7*7}}"


def page() -> str:
    content = purchase_order(order("PO-1", more=f'REF*DP*{EVIL}"')).encode()
    prepared = Desk(None, date(2026, 11, 2)).prepared("x12/850")
    (piece,) = pieces(prepared, content).documents
    told = explain.explain(prepared, piece.node, Environment({}, date(2026, 11, 2), piece.envelope))
    raw = explain_html.raw_lines(piece.node, content, "utf-8", "line")
    return explain_html.page("x12/850", "<a>.edi", [explain_html.Explained("PO-1", raw, told.rows, told.problems)])


def test_what_stands_in_the_file_is_shown_literally() -> None:
    text = page()

    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;/td&gt;{{7*7}}" in text
    assert "&lt;a&gt;.edi" in text


def test_every_link_of_the_page_leads_to_a_place_on_it() -> None:
    text = page()

    places = set(re.findall(r'id="([^"]+)"', text))
    links = re.findall(r'href="#([^"]+)"', text)
    assert links
    assert set(links) <= places
    assert not re.search(r'(?:src|href)="(?!#)', text)
