"""The road engine with the straight line behind it: an answer always comes, and says when it is an estimate."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from gis.errors import TravelUnavailable
from gis.model import Leg, Mode, Point
from gis.travel.beeline import Beeline
from gis.travel.engine import Matrix, TravelEngine

PATIENCE: Final = 1.0  #: seconds that a small question may take
PATIENCE_PER_PAIR: Final = 20e-6  #: seconds more per pair: 1.8 s for 200 x 200, 6 s for 50 x 5000, 21 s for 1000 x 1000
REST: Final = 5.0  #: seconds for which a failed engine is not asked again
KEPT: Final = 100_000  #: pairs; larger matrices (coverage) do not push out the planner's
TOO_SLOW: Final = "too_slow"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Known:
    """The last matrix by road of one mode, to look pairs up in."""

    rows: Mapping[Point, int]
    columns: Mapping[Point, int]
    matrix: Matrix
    version: Hashable  #: of the roads


class Steady:
    """A TravelEngine that never raises TravelUnavailable.

    When `engine` fails or is slower than its patience, the answer is the last matrix by road for pairs that stand in it
    and the straight line for the rest, all of it marked as estimated; the engine is asked again after REST seconds.
    `version` tells the roads apart (None: not known now); what was measured on other roads than today's is forgotten.
    NoWay and BadQuestion are answers and pass through. Patience cannot interrupt an engine that holds the
    interpreter's lock: then the late answer is used, since it is there.
    """

    def __init__(
        self,
        engine: TravelEngine,
        beeline: Beeline,
        *,
        patience: float = PATIENCE,
        rest: float = REST,
        version: Callable[[], Hashable] = lambda: None,
    ) -> None:
        self._engine = engine
        self._version = version
        self._beeline = beeline
        self._patience = patience
        self._rest = rest
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="travel")
        self._lock = threading.Lock()
        self._last: dict[Mode, Known] = {}
        self._degraded: dict[Mode, tuple[str, float]] = {}

    @property
    def degraded(self) -> str | None:
        """Why answers are estimates now (no_graphs, engine_missing, graph_broken, engine_failed, too_slow), or None."""
        with self._lock:
            return next((reason for reason, _ in self._degraded.values()), None)

    def matrix(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:
        """By road, or estimated; see the class."""
        patience = self._patience + PATIENCE_PER_PAIR * len(sources) * len(targets)
        version = self._version()
        matrix = self._asked(mode, lambda: self._engine.matrix(mode, sources, targets), patience)
        if matrix is None:
            return self._estimate(mode, sources, targets)
        if not matrix.estimated and matrix.seconds.size <= KEPT:
            known = Known(_index(sources), _index(targets), matrix, version)
            with self._lock:
                self._last[mode] = known
        return matrix

    def route(self, mode: Mode, stops: Sequence[Point]) -> Leg:
        """By road, or straight and marked so. Raises NoWay, BadQuestion."""
        leg = self._asked(mode, lambda: self._engine.route(mode, stops), self._patience)
        return self._beeline.route(mode, stops) if leg is None else leg

    def _asked[Answer](self, mode: Mode, question: Callable[[], Answer], patience: float) -> Answer | None:
        """The engine's answer, None when there is none in time or the engine rests."""
        with self._lock:
            failed = self._degraded.get(mode)
        if failed and time.monotonic() < failed[1]:
            return None
        future: Future[Answer] = self._pool.submit(question)
        try:
            answer = future.result(timeout=patience)
        except TravelUnavailable as error:
            self._rests(mode, str(error.params.get("reason", error.code)))
            return None
        except TimeoutError:
            future.cancel()
            self._rests(mode, TOO_SLOW)
            return None
        self._works(mode)
        return answer

    def _rests(self, mode: Mode, reason: str) -> None:
        with self._lock:
            before = self._degraded.get(mode)
            self._degraded[mode] = (reason, time.monotonic() + self._rest)
        if before is None or before[0] != reason:
            log.warning("travel for %s is estimated: %s", mode.value, reason)

    def _works(self, mode: Mode) -> None:
        with self._lock:
            recovered = self._degraded.pop(mode, None)
        if recovered:
            log.info("travel for %s is by road again", mode.value)

    def _estimate(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:
        straight = self._beeline.matrix(mode, sources, targets)
        known, version = self._last.get(mode), self._version()
        if known is None or (version is not None and known.version != version):
            return straight
        rows = [(here, known.rows[p]) for here, p in enumerate(sources) if p in known.rows]
        columns = [(here, known.columns[p]) for here, p in enumerate(targets) if p in known.columns]
        if rows and columns:
            here = np.ix_([a for a, _ in rows], [a for a, _ in columns])
            there = np.ix_([b for _, b in rows], [b for _, b in columns])
            straight.seconds[here] = known.matrix.seconds[there]
            straight.metres[here] = known.matrix.metres[there]
        return straight


def _index(points: Sequence[Point]) -> dict[Point, int]:
    return {point: at for at, point in enumerate(points)}
