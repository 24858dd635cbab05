"""A log that takes no line, for its disk is full or its terminal is gone, keeps nothing from being done."""

import io
import sys

import pytest
import structlog

from gateway.app import logs


class Full(io.RawIOBase):
    """What a file of a full disk is."""

    def writable(self) -> bool:
        return True

    def write(self, _said: object, /) -> int:
        raise OSError(28, "No space left on device")


def test_a_log_that_takes_no_line_keeps_nothing_from_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = io.TextIOWrapper(io.BufferedWriter(Full()), write_through=True)
    monkeypatch.setattr(sys, "stderr", lost)
    before = structlog.get_config()
    try:
        logs.configure(verbose=True)
        structlog.get_logger().error("run.failed", error="whatever it is")
        structlog.get_logger().error("run.failed", error="x" * 100_000)
    finally:
        structlog.configure(**before)
        with pytest.raises(OSError, match="No space left"):
            lost.close()
