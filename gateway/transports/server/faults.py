"""What a client is told when its request is not done: a code of the protocol and a sentence."""

from typing import ClassVar

EOF, NO_SUCH_FILE, DENIED, FAILURE, BAD_MESSAGE, UNSUPPORTED = 1, 2, 3, 4, 5, 8


class SftpError(Exception):
    """A request that is not done."""

    code: ClassVar[int] = FAILURE

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class MissingError(SftpError):
    """There is no such file or folder, or none that this partner may know of."""

    code = NO_SUCH_FILE


class DeniedError(SftpError):
    """It is not allowed."""

    code = DENIED


class FullError(SftpError):
    """There is no room."""


class EndError(SftpError):
    """There is no more."""

    code = EOF


class BadMessageError(SftpError):
    """The request is not as the protocol says."""

    code = BAD_MESSAGE


class UnsupportedError(SftpError):
    """Nothing that our server does."""

    code = UNSUPPORTED
