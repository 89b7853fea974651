"""A service with patience: not too often, not while it is down, and nothing twice."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from gis.geocode.outside.asking import Silent, ask
from gis.geocode.outside.services import Service, Told
from gis.geocode.pasted import Bounds

FAILURES: Final = 3  #: in a row after which it is left alone
ALONE: Final = 60.0  #: seconds
PATIENCE: Final = 1.5  #: seconds that somebody waits for the turn
KEPT: Final = 2_000  #: answers
FRESH: Final = 86_400.0  #: seconds for which an answer is believed
MOST: Final = 5  #: places of one answer
BROKEN: Final = (KeyError, ValueError, TypeError, AttributeError, IndexError)

type Question = tuple[str, Bounds]


@dataclass(eq=False)
class Guarded:
    """One service. Safe to ask from many threads at once."""

    service: Service
    since: datetime | None = None  #: it is left alone
    _failures: int = 0
    _until: float = 0.0
    _next: float = 0.0
    _known: OrderedDict[Question, tuple[float, tuple[Told, ...]]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, text: str, bounds: Bounds) -> tuple[Told, ...]:
        """What the service knows of `text`. Raises Silent: it is down, too slow, or others are before us."""
        question = (" ".join(text.split()).casefold(), bounds)
        with self._lock:
            at, known = self._known.get(question, (0.0, ()))
            if at and time.monotonic() - at < FRESH:
                self._known.move_to_end(question)
                return known
            wait = self._turn()
        time.sleep(wait)
        try:
            found = self._asked(text, bounds)
        except Silent as silent:
            self._failed(silent)
            raise
        with self._lock:
            self._failures, self.since = 0, None
            self._known[question] = (time.monotonic(), found)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found

    def _turn(self) -> float:
        """Seconds until it is our turn, which is taken."""
        now = time.monotonic()
        if now < self._until:
            raise Silent("left_alone")
        wait = max(0.0, self._next - now)
        if wait > PATIENCE:
            raise Silent("busy")
        self._next = now + wait + self.service.of.pause
        return wait

    def _asked(self, text: str, bounds: Bounds) -> tuple[Told, ...]:
        service = self.service
        parameters = service.of.asked(text, service.key, bounds, MOST)
        answer = ask(service.url or service.of.url, parameters, seconds=service.seconds)
        try:
            return tuple(service.of.told(answer))
        except BROKEN:
            raise Silent("form") from None

    def _failed(self, silent: Silent) -> None:
        with self._lock:
            self._failures += 1
            if silent.pause or self._failures >= FAILURES:
                self._until = time.monotonic() + (silent.pause or ALONE)
                self.since = self.since or datetime.now(UTC)
