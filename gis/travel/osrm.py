"""OSRM in this process, over the graphs that `graphs.build` made.

Every position is joined to the nearest road by a straight line that is walked: its time and length are added at both
ends. A position farther from a road than REACH has no way at all; OSRM by itself would carry it to any distance. One on
a small piece of network that leads nowhere is joined to the large network if that is within REACH, else it stays there.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np

from gis.errors import BadQuestion, NoWay, TravelUnavailable
from gis.model import Leg, Mode, Point
from gis.travel import built
from gis.travel.engine import Floats, Matrix

REACH: Final[Mapping[Mode, float]] = {Mode.WALK: 300.0, Mode.CYCLE: 300.0, Mode.DRIVE: 400.0}  #: metres to a road
APPROACH_SPEED: Final = 1.3  #: metres per second between a position and its road, on foot
BLOCK: Final = 1000  #: positions in one call of OSRM, which holds the interpreter's lock while it counts
LONGEST: Final = 1e6  #: seconds; a graph that was updated in place answers with more


class OutOfReach(Exception):
    """At least one position of a question has no road within REACH."""


@dataclass(frozen=True)
class Road:
    """An open graph of one build; `engine` is None where the place has no roads for the mode."""

    stamp: tuple[int, int]
    engine: Any


class Osrm:
    """A TravelEngine over a folder of graphs. Opens a graph at the first question, and again after a new build.

    Safe for many threads, but they take turns: OSRM holds the interpreter's lock. More cores need more processes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[Mode, Road] = {}
        self._lock = threading.Lock()

    def matrix(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:
        """Ways by road. np.inf where none leads or an end lies out of reach of the roads. Raises TravelUnavailable."""
        engine = self._road(mode)
        froms, tos = list(dict.fromkeys(sources)), list(dict.fromkeys(targets))
        seconds, metres = _nothing(len(froms), len(tos))
        if engine is not None:
            for rows, columns in _blocks(len(froms), len(tos)):
                seconds[rows, columns], metres[rows, columns] = _block(engine, mode, froms[rows], tos[columns])
        where, to = {p: i for i, p in enumerate(froms)}, {p: i for i, p in enumerate(tos)}
        for same in where.keys() & to.keys():
            seconds[where[same], to[same]] = metres[where[same], to[same]] = 0.0
        asked = np.ix_([where[p] for p in sources], [to[p] for p in targets])
        return Matrix(seconds=seconds[asked], metres=metres[asked], estimated=False)

    def route(self, mode: Mode, stops: Sequence[Point]) -> Leg:
        """The fastest way through `stops`, drawn from stop to stop. Raises NoWay, TravelUnavailable, BadQuestion."""
        if len(stops) < 2:
            raise BadQuestion(field="stops", value=len(stops), allowed="≥ 2")
        engine = self._road(mode)
        try:
            return _way(engine, mode, stops)
        except OutOfReach as error:
            raise NoWay(mode=mode.value) from error

    def _road(self, mode: Mode) -> Any:
        stamp = built.stamp(self.folder)
        with self._lock:
            road = self._open.get(mode)
            if road is None or road.stamp != stamp:
                road = self._open[mode] = Road(stamp, _opened(built.read(self.folder), mode))
            return road.engine


def _opened(build: built.Built, mode: Mode) -> Any:
    """The engine over one graph, or None where the place has no roads for `mode`."""
    algorithm = build.algorithms.get(mode)
    if algorithm is None:
        return None
    try:
        from osrm import OSRM

        # use_shared_memory is on by default and fails without osrm-datastore; mapped files are shared by all processes
        return OSRM(storage_config=str(build.base(mode)), use_shared_memory=False, use_mmap=True, algorithm=algorithm)
    except ImportError as error:
        raise TravelUnavailable(mode=mode.value, reason="engine_missing", said=str(error)) from error
    except RuntimeError as error:
        raise TravelUnavailable(mode=mode.value, reason="graph_broken", said=str(error)) from error


def _blocks(rows: int, columns: int) -> list[tuple[slice, slice]]:
    """Blocks of a table with at most BLOCK rows and columns together, so that other threads come to their turn."""
    high = min(rows, max(BLOCK // 2, BLOCK - columns))
    wide = min(columns, BLOCK - high)
    return [
        (slice(top, top + high), slice(left, left + wide))
        for top, left in product(range(0, rows, max(high, 1)), range(0, columns, max(wide, 1)))
    ]


def _block(engine: Any, mode: Mode, froms: Sequence[Point], tos: Sequence[Point]) -> tuple[Floats, Floats]:
    """One block. A single position out of reach fails OSRM's whole table: then those are found and left out."""
    try:
        return _table(engine, mode, froms, tos)
    except OutOfReach:
        rows = [i for i, p in enumerate(froms) if _in_reach(engine, mode, p)]
        columns = [i for i, p in enumerate(tos) if _in_reach(engine, mode, p)]
    seconds, metres = _nothing(len(froms), len(tos))
    if rows and columns:
        inner = _table(engine, mode, [froms[i] for i in rows], [tos[i] for i in columns])
        seconds[np.ix_(rows, columns)], metres[np.ix_(rows, columns)] = inner
    return seconds, metres


def _table(engine: Any, mode: Mode, froms: Sequence[Point], tos: Sequence[Point]) -> tuple[Floats, Floats]:
    """Seconds and metres with the approach at both ends. Raises OutOfReach if any position has no road near it."""
    from osrm import TableParameters

    at = {p: i for i, p in enumerate(dict.fromkeys([*froms, *tos]))}
    question = TableParameters(
        **_where(mode, [*at] * (2 if len(at) == 1 else 1)),  # OSRM asks for two, where one stands where one is needed
        sources=[at[p] for p in froms],
        destinations=[at[p] for p in tos],
        annotations=["duration", "distance"],
    )
    answer = _ask(mode, engine.Table, question)
    before, after = _approach(mode, answer["sources"]), _approach(mode, answer["destinations"])
    approach = before[:, None] + after[None, :]
    seconds, metres = _numbers(answer["durations"]), _numbers(answer["distances"])
    if np.any(seconds[np.isfinite(seconds)] > LONGEST):
        raise TravelUnavailable(mode=mode.value, reason="graph_broken")
    return seconds + approach / APPROACH_SPEED, metres + approach


def _way(engine: Any, mode: Mode, stops: Sequence[Point]) -> Leg:
    from osrm import RouteParameters

    if engine is None:
        raise OutOfReach
    question = RouteParameters(**_where(mode, stops), geometries="geojson", overview="full")
    answer = _ask(mode, engine.Route, question)
    ends = _approach(mode, answer["waypoints"])
    approach = float(ends[:-1].sum() + ends[1:].sum())  # to a stop on the way one walks from the road and back
    way = answer["routes"][0]
    seconds, metres = float(way["duration"]) + approach / APPROACH_SPEED, float(way["distance"]) + approach
    if not math.isfinite(seconds):
        raise OutOfReach
    drawn = [Point(float(c[0]), float(c[1])) for c in way["geometry"]["coordinates"]]
    return Leg(seconds=seconds, metres=metres, line=(stops[0], *drawn, stops[-1]), estimated=False)


def _where(mode: Mode, points: Sequence[Point]) -> dict[str, Any]:
    """The part that every question to OSRM shares. Raises OutOfReach for a position that is none on earth."""
    if not all(_on_earth(p) for p in points):
        raise OutOfReach
    return {
        "coordinates": [(p.lon, p.lat) for p in points],
        "radiuses": [REACH[mode]] * len(points),
        "generate_hints": False,
    }


def _ask(mode: Mode, question: Callable[[Any], Any], parameters: Any) -> Any:
    try:
        return question(parameters)
    except RuntimeError as error:
        if str(error).startswith(("NoSegment", "NoRoute", "NoTable")):
            raise OutOfReach(str(error)) from error
        raise TravelUnavailable(mode=mode.value, reason="engine_failed", said=str(error)) from error


def _approach(mode: Mode, ends: Any) -> Floats:
    """Metres from each position to its road; np.inf beyond REACH, whatever radius OSRM was told."""
    metres = np.array([float(end["distance"]) for end in ends])
    return np.where(metres <= REACH[mode] + 1.0, metres, np.inf)


def _in_reach(engine: Any, mode: Mode, point: Point) -> bool:
    from osrm import NearestParameters

    try:
        _ask(mode, engine.Nearest, NearestParameters(**_where(mode, [point])))
    except OutOfReach:
        return False
    return True


def _numbers(table: Any) -> Floats:
    """An OSRM array of arrays as float64; null, "no way", becomes np.inf."""
    numbers = np.array([list(row) for row in table], dtype=np.float64)
    return np.where(np.isnan(numbers), np.inf, numbers)


def _nothing(rows: int, columns: int) -> tuple[Floats, Floats]:
    return np.full((rows, columns), np.inf), np.full((rows, columns), np.inf)


def _on_earth(point: Point) -> bool:
    return abs(point.lon) <= 180.0 and abs(point.lat) <= 90.0  # false for NaN too
