"""What is watched over many units of work: files that lie in folders, and documents that an independent engine passed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from gateway.exchange.receipt import Seen
from gateway.kernel.ids import PartnerId
from gateway.store.moments import maybe_to_moment, to_moment, to_text
from gateway.store.schema import observations, second_opinions
from gateway.store.session import Session
from gateway.store.statements import Prepared

_OPINION = (
    second_opinions.c.partner == bindparam("wanted_partner"), second_opinions.c.mapping == bindparam("wanted_mapping")
)  # fmt: skip
_OPINIONS = Prepared(select(second_opinions).where(*_OPINION))
_INSERT_OPINION = Prepared(insert(second_opinions))
_UPDATE_OPINION = Prepared(
    update(second_opinions)
    .where(*_OPINION)
    .values(fingerprint=bindparam("new_fingerprint"), passed=bindparam("new_passed"))
)
_OBSERVATIONS = Prepared(select(observations).where(observations.c.channel == bindparam("wanted_channel")))
_OBSERVED = (observations.c.channel == bindparam("known_channel"), observations.c.name == bindparam("known_name"))
_INSERT_OBSERVATION = Prepared(insert(observations))
_UPDATE_OBSERVATION = Prepared(
    update(observations)
    .where(*_OBSERVED)
    .values(
        signature=bindparam("new_signature"), first_seen=bindparam("new_first_seen"), observed_at=bindparam("new_observed")
    )
)  # fmt: skip
_FORGET_OBSERVATION = Prepared(delete(observations).where(*_OBSERVED))


class Watched:
    """What one unit of work sees of it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._opinions: dict[tuple[PartnerId, str], tuple[str, int] | None] = {}
        session.keeps(forget=self._opinions.clear)

    def opinions_passed(self, partner: PartnerId, mapping: str, fingerprint: str) -> int:
        """How many documents in a row the second opinion passed since mapping, partner and version are these."""
        known = self._opinion(partner, mapping)
        return known[1] if known is not None and known[0] == fingerprint else 0

    def remember_opinion(self, partner: PartnerId, mapping: str, fingerprint: str, *, passed: bool) -> None:
        """One more passed in a row, or the row begins anew."""
        self._session.alone_with(f"opinion:{partner}:{mapping}")
        count = self.opinions_passed(partner, mapping, fingerprint) + 1 if passed else 0
        own = {"wanted_partner": partner, "wanted_mapping": mapping}
        if self._opinion(partner, mapping) is not None:
            self._session.run(_UPDATE_OPINION, [{**own, "new_fingerprint": fingerprint, "new_passed": count}])
        else:
            row = {"partner": partner, "mapping": mapping, "fingerprint": fingerprint, "passed": count}
            self._session.run(_INSERT_OPINION, [row])
        self._opinions[partner, mapping] = (fingerprint, count)

    def _opinion(self, partner: PartnerId, mapping: str) -> tuple[str, int] | None:
        """For which mapping, partner and version how many passed; asked once in a unit."""
        key = (partner, mapping)
        if key not in self._opinions:
            found = self._session.first(_OPINIONS, {"wanted_partner": partner, "wanted_mapping": mapping})
            self._opinions[key] = (found.fingerprint, found.passed) if found is not None else None
        return self._opinions[key]

    def observe_all(
        self, channel: str, looks: Mapping[str, str], at: datetime, *, observed: datetime
    ) -> Mapping[str, Seen]:
        """Since when files of a channel look as they do, of each by its name; what it says nothing of is forgotten.

        ``at`` is the moment of the run, ``observed`` that of the machine, which may have been put back meanwhile.
        """
        self._session.alone_with(f"seen:{channel}")
        known = {row.name: row for row in self._session.rows(_OBSERVATIONS, {"wanted_channel": channel})}
        seen = {name: _seen(known.get(name), look, at, observed) for name, look in looks.items()}
        new = [name for name in looks if name not in known]
        gone = [name for name in known if name not in looks]
        changed = [name for name in looks if name in known and _as_seen(known[name]) != (looks[name], seen[name])]
        if new:
            self._session.run(_INSERT_OBSERVATION, [_row(channel, name, looks[name], seen[name]) for name in new])
        if changed:
            self._session.run(
                _UPDATE_OBSERVATION, [_change(channel, name, looks[name], seen[name]) for name in changed]
            )
        if gone:
            own = [{"known_channel": channel, "known_name": name} for name in gone]
            self._session.run(_FORGET_OBSERVATION, own)
        return seen


def _seen(row: Any, look: str, at: datetime, observed: datetime) -> Seen:
    """What is known of a file that looks like this now; a moment that is still to come is one of another clock."""
    if row is None or row.signature != look:
        return Seen(at, observed)
    before = maybe_to_moment(row.observed_at)
    return Seen(to_moment(row.first_seen), observed if before is None or before > observed else before)


def _as_seen(row: Any) -> tuple[str, Seen | None]:
    before = maybe_to_moment(row.observed_at)
    return row.signature, None if before is None else Seen(to_moment(row.first_seen), before)


def _row(channel: str, name: str, look: str, seen: Seen) -> dict[str, Any]:
    return {
        "channel": channel, "name": name, "signature": look, "first_seen": to_text(seen.since),
        "observed_at": to_text(seen.observed),
    }  # fmt: skip


def _change(channel: str, name: str, look: str, seen: Seen) -> dict[str, Any]:
    return {
        "known_channel": channel, "known_name": name, "new_signature": look, "new_first_seen": to_text(seen.since),
        "new_observed": to_text(seen.observed),
    }  # fmt: skip
