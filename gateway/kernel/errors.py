"""We or the world are broken: the exceptions, caught only at the doors. Wrong partner data never raises."""

from typing import ClassVar

from gateway.kernel.problem import Problem


class GatewayError(Exception):
    """Base of all our exceptions: a sentence for people, a catalogue code, the next step."""

    exit_code: ClassVar[int] = 70

    def __init__(self, sentence: str, *, code: str = "", next_step: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.next_step = next_step


class UsageError(GatewayError):
    """The command was given something it cannot work with."""

    exit_code = 2


class ConfigurationError(GatewayError):
    """The site's own files, or ``what`` was given, are wrong; carries every problem found."""

    exit_code = 4

    def __init__(self, problems: tuple[Problem, ...], what: str = "The configuration") -> None:
        count = len([problem for problem in problems if problem.level == "error"])
        super().__init__(f"{what} has {count} error{'s' if count != 1 else ''}; nothing was processed.")
        self.problems = problems


class NotFoundError(GatewayError):
    """The thing asked for does not exist."""

    exit_code = 5


class TransportError(GatewayError):
    """A partner, folder or network could not be reached; trying again may help."""

    exit_code = 6


class ChannelDownError(TransportError):
    """A whole channel could not be used, whatever the file: later files wait too, in their order."""

    retryable: ClassVar[bool] = True


class UnsureError(ChannelDownError):
    """The same in the middle of a message: the other side may have it or not, and nobody can tell."""


class ChannelStoppedError(ChannelDownError):
    """A channel that no further try will mend: a host key, a refused login, its configuration; a person must act."""

    retryable: ClassVar[bool] = False

    def __init__(self, sentence: str, *, code: str, next_step: str) -> None:
        super().__init__(sentence, code=code, next_step=next_step)


class NameTakenError(TransportError):
    """A file of ours cannot have its name, for another one lies there: a fault of this file, not of its channel."""


class DiskError(TransportError):
    """Our own disk is full or broken: nothing more is taken until that is cured, and what was begun waits."""


class StoppingError(TransportError):
    """This process is to end: what it was at goes on with the next one, and is nobody's fault."""


class StoreError(GatewayError):
    """The database or its schema is not as it must be."""

    exit_code = 7


class UnavailableError(StoreError):
    """The database cannot be reached, or takes nothing, whatever it is asked: it helps to wait until that is cured."""


class ConflictError(StoreError):
    """Somebody else was at the same at the same moment, and nothing was done: another attempt may succeed."""

    exit_code = 8


class RefusedError(GatewayError):
    """Another process has the site, or the state forbids what was asked."""

    exit_code = 8


class TransitionError(GatewayError):
    """An event that the lifecycle table does not allow in the present state."""

    exit_code = 8
