"""What the agreement says about control numbers used twice: what is checked, how far back, and what then."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from gateway.config.located import Section
from gateway.config.values import Duration

Check = Literal["duplicate", "off"]


class InterchangeNumbers(Section):
    """ISA13: a number used before with other content is held, rejected with a TA1, or noted."""

    check: Check = "duplicate"
    window: Duration = "400d"
    on_duplicate: Literal["reject", "hold", "flag"] = "hold"


class GroupNumbers(Section):
    """GS06: a group whose number was used before is rejected with AK905 19, or noted."""

    check: Check = "off"
    window: Duration = "400d"
    on_duplicate: Literal["reject", "flag"] = "reject"


class SetNumbers(Section):
    """ST02: a set whose number was used before in its group is rejected with AK502 23, or noted."""

    later: ClassVar[Mapping[str, str]] = {"window": "a set is compared with the others of its own group"}

    check: Check = "duplicate"
    on_duplicate: Literal["reject", "flag"] = "reject"


class ControlNumbers(Section):
    """The checks on each level of an interchange."""

    isa13: InterchangeNumbers = InterchangeNumbers()
    gs06: GroupNumbers = GroupNumbers()
    st02: SetNumbers = SetNumbers()

    def flagged(self) -> frozenset[str]:
        """The levels on which a number used before is only noted, named as tolerances are."""
        levels = {"ISA13": self.isa13.on_duplicate, "GS06": self.gs06.on_duplicate, "ST02": self.st02.on_duplicate}
        return frozenset(level for level, action in levels.items() if action == "flag")
