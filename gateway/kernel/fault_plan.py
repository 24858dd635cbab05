"""What is to fail on purpose, as the fault tests say it: ``fsync:3:EIO`` is the third sync, ``commit:2:LOST`` the second commit."""

from dataclasses import dataclass

STATEMENT, COMMIT = "statement", "commit"
OF_DATABASE = (STATEMENT, COMMIT)
"""What is counted at the database; everything else is of files."""
LASTING = "+"


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """What is counted, the how manieth of it is hit, by what, and whether all that follow are hit too."""

    counted: str
    nth: int
    fault: str
    lasting: bool = False

    @property
    def of_database(self) -> bool:
        """Whether the database is to fail, and not the files."""
        return self.counted in OF_DATABASE

    def hits(self, number: int) -> bool:
        """Whether this is one that is to fail; the first one has number 1."""
        return number == self.nth or (self.lasting and number > self.nth)


def plan_of(said: str) -> FaultPlan | None:
    """The plan that is said, with or without ``+`` at its end; None where nothing is. Raises ValueError for what is no plan."""
    if not said:
        return None
    try:
        counted, nth, fault = said.split(":")
        plan = FaultPlan(counted, int(nth), fault.removesuffix(LASTING), lasting=fault.endswith(LASTING))
    except ValueError as error:
        raise no_plan(said) from error
    if plan.nth < 1 or not plan.fault:
        raise no_plan(said)
    return plan


def no_plan(said: str) -> ValueError:
    """What is said is not understood."""
    return ValueError(f"'{said}' is no plan of a fault; write it like fsync:3:EIO or commit:2:LOST")
