"""What partners answer to what we sent: TA1, 997, 999 and 824 as verdicts on interchanges, groups, sets, documents."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from gateway.exchange.acknowledgment import Verdict
from gateway.kernel.ids import DispatchId, OrderNumber, PartnerId, ReceiptId
from gateway.kernel.issue import Place

Kind = Literal["TA1", "997", "999", "824"]


@dataclass(frozen=True, slots=True)
class ToldFault:
    """One fault as the partner told it: AK304 or AK403 at a place of our set (TED01 in an 824).

    ``place.element`` 0 means the segment as a whole; ``words`` is what they wrote in free text.
    """

    place: Place
    code: str
    value: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class AnsweredSet:
    """One AK2 loop: AK202 as sent, AK501 (None where AK5 is left out), AK502.. and the faults told."""

    set_id: str
    control_number: str
    verdict: Verdict | None
    codes: tuple[str, ...] = ()
    faults: tuple[ToldFault, ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredGroup:
    """One 997 or 999: AK101, AK102 as sent, AK901 (None where AK9 is left out), AK905.., and the sets listed."""

    kind: Kind
    functional_id: str
    control_number: str
    verdict: Verdict | None
    codes: tuple[str, ...] = ()
    sets: tuple[AnsweredSet, ...] = ()

    def about(self, control_number: str) -> AnsweredSet:
        """What is said of one set of ours: its own AK5, else what AK9 says of the group.

        Sets that were accepted may be left out of the list (AK1 and AK9 alone are legal), rejected ones
        of a partly accepted group may not.

        >>> AnsweredGroup("997", "PR", "7", Verdict.PARTIAL).about("0001").verdict
        <Verdict.ACCEPTED: 'A'>
        """
        own = next((each for each in self.sets if same_number(each.control_number, control_number)), None)
        if self.verdict is Verdict.REJECTED:
            own = own or AnsweredSet("", control_number, None)
            return replace(own, verdict=Verdict.REJECTED)
        if own is not None and own.verdict is not None:
            return own
        faults = own.faults if own is not None else ()
        verdict = self.verdict or _worst(self.sets)
        if verdict is Verdict.PARTIAL:
            verdict = Verdict.REJECTED if faults else Verdict.ACCEPTED
        return AnsweredSet(own.set_id if own is not None else "", control_number, verdict, (), faults)


@dataclass(frozen=True, slots=True)
class AnsweredInterchange:
    """One TA1: TA101 to TA103 as sent, TA104 and TA105."""

    control_number: str
    date: str
    time: str
    verdict: Verdict
    code: str


@dataclass(frozen=True, slots=True)
class AnsweredDocument:
    """One OTI of an 824: what their application did with a document of ours.

    ``reference`` is OTI03, the business number; ``group_number`` and ``set_number`` are OTI08 and OTI09,
    ``set_id`` is OTI10; each may be empty. ``code`` is OTI01 as sent.
    """

    verdict: Verdict
    code: str
    reference: str
    group_number: str = ""
    set_number: str = ""
    set_id: str = ""
    faults: tuple[ToldFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict on one dispatch of ours: who said it how, in which file, and why in words.

    ``set_number`` is the one document that is meant of several that left together, empty for the whole file.
    """

    dispatch: DispatchId
    kind: Kind
    verdict: Verdict
    codes: tuple[str, ...]
    reason: str
    receipt: ReceiptId
    received_at: datetime
    set_number: str = ""

    def is_about(self, dispatch: DispatchId, set_number: str) -> bool:
        """Whether it is said of a document, or of the whole file in which that left."""
        return self.dispatch == dispatch and self.set_number in ("", set_number)


@dataclass(frozen=True, slots=True)
class Refused:
    """A document of ours that a partner did not take, as it stands now, with the orders that it is about."""

    answer: Answer
    partner: PartnerId
    document: str
    number: str
    control_number: str
    order_number: str
    orders: tuple[OrderNumber, ...] = ()

    def is_about(self, order: OrderNumber) -> bool:
        """Whether it is the document of an order, or one that the order shares with others."""
        return order == self.order_number or order in self.orders


def same_number(one: str, other: str) -> bool:
    """Whether two control numbers are the same: as numbers where both are, leading zeros mean nothing.

    >>> same_number("0007", "7"), same_number("A7", "7")
    (True, False)
    """
    one, other = one.strip(), other.strip()
    if _is_number(one) and _is_number(other):
        return int(one) == int(other)
    return one == other


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 20  # noqa: PLR2004 - far more than any control number


def standing(answers: list[Answer]) -> Answer | None:
    """The answer that counts: the last of each kind, and of those the worst; None when nothing was answered.

    A TA1 or 997 that accepts says nothing about what the application does with the document later.
    """
    last = {each.kind: each for each in answers}
    return max(last.values(), key=lambda each: _BADNESS.index(each.verdict), default=None)


_BADNESS = (Verdict.ACCEPTED, Verdict.ERRORS, Verdict.PARTIAL, Verdict.REJECTED)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of some verdicts, of which there is at least one."""
    return max(verdicts, key=_BADNESS.index)


def _worst(sets: tuple[AnsweredSet, ...]) -> Verdict | None:
    told = [each.verdict for each in sets if each.verdict is not None]
    return worst(told) if told else None
