"""The manual: a page for every command and group, by name."""

from gateway.cli.manual import house, money, orders, partners, start
from gateway.cli.manual.page import Pages, Sheet, sheet

PAGES: Pages = {**start.PAGES, **orders.PAGES, **money.PAGES, **partners.PAGES, **house.PAGES}


def sheet_of(name: str, said: str) -> Sheet:
    """Everything that is to be said of a command; ``said`` are the sentences at its function."""
    return sheet(said, PAGES.get(name))
