"""What the catalogue says of one code."""

from dataclasses import dataclass

HOLDS, ALERTS, CHANNELS = "gateway holds list", "gateway alerts list", "gateway channels list"
VALIDATE, FILES = "gateway validate", "gateway files list"
CONFIG, MAPPING = "gateway config check", "gateway mapping check"
RUNS = "gateway mapping run"
THEIRS, OURS = "a 997, 999 or TA1 that a partner sent", "a 997, 999 or TA1 that we send"

PARTNER, US, BOTH = "the partner", "we", "both: agree with the partner first"


@dataclass(frozen=True, slots=True)
class Told:
    """The long half of an entry: what happened and why it matters, who must act, where it is seen, what helps."""

    meaning: str
    who: str
    shown: tuple[str, ...] = (HOLDS, ALERTS)
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One code whole; ``example`` is a message as it is really given."""

    code: str
    title: str
    meaning: str
    who: str
    next_step: str
    shown: tuple[str, ...]
    commands: tuple[str, ...] = ()
    example: str = ""
