"""What is watched over many units of work: files that lie in folders, and documents that an independent engine passed."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from gateway.kernel.ids import PartnerId
from gateway.store.moments import to_moment, to_text
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
_OBSERVED = (observations.c.channel == bindparam("known_channel"), observations.c.name == bindparam("known_name"))
_OBSERVATION = Prepared(select(observations).where(*_OBSERVED))
_INSERT_OBSERVATION = Prepared(insert(observations))
_UPDATE_OBSERVATION = Prepared(
    update(observations)
    .where(*_OBSERVED)
    .values(signature=bindparam("new_signature"), first_seen=bindparam("new_first_seen"))
)


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

    def observe(self, channel: str, name: str, signature: str, at: datetime) -> tuple[str, datetime]:
        """What a file looked like when it was last seen, and since when it looks as it does now."""
        own = {"known_channel": channel, "known_name": name}
        self._session.alone_with(f"seen:{channel}:{name}")
        row = self._session.first(_OBSERVATION, own)
        if row is None:
            values = {
                "channel": channel,
                "name": name,
                "signature": signature,
                "first_seen": to_text(at),
                "observed_at": None,
            }
            self._session.run(_INSERT_OBSERVATION, [values])
            return "", at
        if row.signature == signature:
            return row.signature, to_moment(row.first_seen)
        self._session.run(
            _UPDATE_OBSERVATION, [{**own, "new_signature": signature, "new_first_seen": to_text(at)}]
        )  # fmt: skip
        return row.signature, at
