"""The text of a file read forward in a window: one byte is one character, offsets count from the start of the file."""

import io
from typing import BinaryIO

CHUNK = 64 * 1024
FILE_LIMIT = 2 * 1024**3


class Source:
    """A window over bytes or a binary file; only what is still needed is kept in memory."""

    def __init__(self, content: bytes | BinaryIO, base: int = 0) -> None:
        """Read from the start of a file, or a part of one that begins at the offset ``base``."""
        self._file = io.BytesIO(content) if isinstance(content, bytes) else content
        self.text = ""
        self.base = base
        self.ended = False
        self.is_too_long = False

    @property
    def end(self) -> int:
        """The offset behind what has been read so far."""
        return self.base + len(self.text)

    def more(self) -> bool:
        """Read on; false when the file has no more, or more than ``FILE_LIMIT`` bytes."""
        if self.ended:
            return False
        chunk = self._file.read(CHUNK)
        if chunk and self.end + len(chunk) > FILE_LIMIT:
            self.is_too_long, chunk = True, b""
        if not chunk:
            self.ended = True
            return False
        self.text += chunk.decode("latin-1")
        return True

    def forget(self, offset: int) -> None:
        """Let go of everything before ``offset``; the text then begins there."""
        if offset > self.base:
            self.text = self.text[offset - self.base :]
            self.base = offset

    def window(self, offset: int, size: int) -> str:
        """Up to ``size`` characters from ``offset``, which must not be forgotten yet; fewer only at the end."""
        while self.end < offset + size and self.more():
            pass
        return self.text[offset - self.base : offset - self.base + size]
