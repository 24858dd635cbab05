"""What the site knows of itself, by name: its generation, when it was brought back, what its files were."""

from collections.abc import Mapping

from sqlalchemy import bindparam, insert, select, update

from gateway.store.schema import site
from gateway.store.session import Session
from gateway.store.statements import Prepared

_FIND = Prepared(select(site).where(site.c.name == bindparam("wanted")))
_ALL = Prepared(select(site).order_by(site.c.name))
_INSERT = Prepared(insert(site))
_UPDATE = Prepared(update(site).where(site.c.name == bindparam("known")).values(value=bindparam("new_value")))


class SiteValues:
    """What one unit of work knows of it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str) -> str | None:
        """A value by its name."""
        row = self._session.first(_FIND, {"wanted": name})
        return row.value if row is not None else None

    def put(self, name: str, value: str) -> bool:
        """Note a value; False when it was that already."""
        self._session.alone_with(f"site:{name}")
        known = self.get(name)
        if known == value:
            return False
        if known is None:
            self._session.run(_INSERT, [{"name": name, "value": value}])
        else:
            self._session.run(_UPDATE, [{"known": name, "new_value": value}])
        return True

    def all(self) -> Mapping[str, str]:
        """Every value."""
        return {row.name: row.value for row in self._session.rows(_ALL, {})}
