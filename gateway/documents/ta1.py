"""The TA1: the answer to one interchange envelope."""

from gateway.exchange.acknowledgment import InterchangeVerdict
from gateway.exchange.interchange import ReceivedInterchange

_CONTROL, _DATE, _TIME = 9, 6, 4


def segment(judged: InterchangeVerdict) -> list[str]:
    """TA101..TA105: ISA13, ISA09 and ISA10 as received, the verdict and the note code."""
    received = judged.received
    return ["TA1", *_echoed(received), judged.verdict.value, judged.code]


def _echoed(received: ReceivedInterchange) -> tuple[str, str, str]:
    # what cannot be echoed because it is not a number is answered with zeros of the right length
    return (
        _numeric(received.control_number, _CONTROL, "0" * _CONTROL),
        _numeric(received.date, _DATE, "000101"),
        _numeric(received.time, _TIME, "0000"),
    )


def _numeric(text: str, length: int, otherwise: str) -> str:
    text = text.strip()
    return text.zfill(length)[-length:] if text.isascii() and text.isdigit() else otherwise
