"""What a running gateway is told by signals, however many come at once."""

import os
import signal
import threading

from gateway.app.signals import Signals


def test_a_signal_while_another_one_is_told_waits_for_nothing() -> None:
    """Whoever listens takes locks; a handler that took them would wait for itself for ever."""
    signals, guard, told = Signals(), threading.Lock(), threading.Event()

    def listener() -> None:
        with guard:
            if signals.ended:
                told.set()

    signals.listener = listener
    with signals.heard():
        with guard:  # as when a signal comes while the main thread has it
            for _ in range(50):
                os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
            assert (signals.reload, signals.ended) == (True, True)
        assert told.wait(10)
