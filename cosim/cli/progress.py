"""How far a set of runs has come, on the error stream: a bar in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Final, TextIO

WIDTH: Final = 28
SECONDS_BETWEEN_LINES: Final = 10.0
SECONDS_BETWEEN_DRAWINGS: Final = 0.1


def in_words(seconds: float) -> str:
    """Return a duration as a person says it.

    Examples
    --------
    >>> in_words(7.4), in_words(95), in_words(4020)
    ('7 s', '1 min 35 s', '1 h 7 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _runs(total: int) -> str:
    return f"{total} {'run' if total == 1 else 'runs'}"


class Progress:
    """Tells of runs as they are done; says nothing at all when quiet."""

    def __init__(
        self,
        *,
        quiet: bool = False,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._quiet, self._clock = quiet, clock
        self._drawn = self._stream.isatty()
        self._began = clock()
        self._said = self._heard = -SECONDS_BETWEEN_LINES
        self._first: tuple[int, float] | None = None
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._state = ""

    def begin(self, total: int, doing: str) -> None:
        """Tell from now on, where there is no terminal, at least every ten seconds that something goes on.

        Parameters
        ----------
        total : how many runs there will be
        doing : what goes on before the first of them is done
        """
        self._state = f"{doing}, 0 of {_runs(total)}"
        self._heard = self._clock()
        if not self._quiet and not self._drawn:
            threading.Thread(target=self._watch, name="cosim-progress", daemon=True).start()

    def stop(self) -> None:
        """Tell nothing more of what goes on."""
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(1.0):
            self.beat()

    def beat(self) -> None:
        """Say again how far it has come if nothing was said for ten seconds."""
        with self._lock:
            now = self._clock()
            if self._state and not self._ended.is_set() and now - self._heard >= SECONDS_BETWEEN_LINES:
                self._heard = now
                print(f"{self._state}, after {in_words(now - self._began)}", file=self._stream, flush=True)

    def say(self, line: str) -> None:
        """Write a line of its own."""
        if not self._quiet:
            print(line, file=self._stream, flush=True)

    def done(self, number: int, total: int, failed: int = 0) -> None:
        """Tell that so many of so many runs are done."""
        with self._lock:
            self._done(number, total, failed)

    def _done(self, number: int, total: int, failed: int) -> None:
        now = self._clock()
        self._state = f"{number} of {_runs(total)}"
        if self._first is None:
            self._first = (number, now)
        last = number >= total
        wait = SECONDS_BETWEEN_DRAWINGS if self._drawn else SECONDS_BETWEEN_LINES
        if self._quiet or (now - self._said < wait and not last):
            return
        self._said = self._heard = now
        text = self._text(number, total, failed, now)
        if self._drawn:
            filled = WIDTH * number // max(total, 1)
            bar = "#" * filled + "." * (WIDTH - filled)
            print(f"\r[{bar}] {text}\x1b[K", end="\n" if last else "", file=self._stream, flush=True)
        else:
            print(text, file=self._stream, flush=True)

    def _text(self, number: int, total: int, failed: int, now: float) -> str:
        fell = f", {failed} failed" if failed else ""
        if number >= total:
            return f"{number} of {_runs(total)}{fell} in {in_words(now - self._began)}"
        left = self._left(number, total, now)
        return f"{number} of {_runs(total)}{fell}" + (f", about {in_words(left)} left" if left is not None else "")

    def _left(self, number: int, total: int, now: float) -> float | None:
        """Return seconds left; the first run is not counted, because it may have waited for the compiler."""
        if self._first is None or number <= self._first[0]:
            return None
        return (total - number) * (now - self._first[1]) / (number - self._first[0])

    def break_off(self) -> None:
        """End a half-drawn bar, so that what comes next begins a line."""
        if self._drawn and not self._quiet and self._first is not None:
            print(file=self._stream, flush=True)
