"""OSRM in this process, over the graphs that `graphs.build` made.

Every position is joined to the nearest road by a straight line that is walked: its time and length are added at both
ends. A position farther from a road than REACH has no way at all; OSRM by itself would carry it to any distance. One on
a small piece of network that leads nowhere is joined to the large network if that is within REACH, else it stays there.
One on a closed road is joined to the nearest open one within REACH, and the answer says so.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np

from gis.errors import BadQuestion, NoWay, TravelUnavailable
from gis.model import Leg, Mode, Point
from gis.travel import aside, built
from gis.travel.aside import Asked, Closures, Moved
from gis.travel.engine import Floats, Matrix

REACH: Final[Mapping[Mode, float]] = {Mode.WALK: 300.0, Mode.CYCLE: 300.0, Mode.DRIVE: 400.0}  #: metres to a road
APPROACH_SPEED: Final = 1.3  #: metres per second between a position and its road, on foot
BLOCK: Final = 1000  #: positions in one call of OSRM, which holds the interpreter's lock while it counts
OPENED: Final = 3  #: tries to open a graph that is replaced meanwhile
LONGEST: Final = 1e6  #: seconds; a graph that was updated in place answers with more


class OutOfReach(Exception):
    """At least one position of a question has no road within REACH."""


@dataclass(frozen=True)
class Road:
    """An open graph of one build; `engine` is None where the place has no roads for the mode."""

    stamp: tuple[int, int]
    mode: Mode
    engine: Any
    closures: Closures | None = None

    def moved(self, points: Iterable[Point]) -> dict[Point, Moved]:
        """Who stands on a closed road, and where they join the open ones."""
        if self.closures is None or self.engine is None:
            return {}
        asked = Asked(near=self._near, connected=self._connected)
        return self.closures.moved(asked, points, REACH[self.mode])

    def _near(self, point: Point, count: int) -> list[Point]:
        return _near(self.engine, self.mode, point, count)

    def _connected(self, points: Sequence[Point], others: Sequence[Point]) -> list[bool]:
        return _connected(self.engine, self.mode, points, others)


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
        road = self._road(mode)
        froms, tos = list(dict.fromkeys(sources)), list(dict.fromkeys(targets))
        seconds, metres = _nothing(len(froms), len(tos))
        moved = road.moved([*froms, *tos])
        if road.engine is not None:
            starts, ends = _places(froms, moved), _places(tos, moved)
            for rows, columns in _blocks(len(froms), len(tos)):
                seconds[rows, columns], metres[rows, columns] = _block(road.engine, mode, starts[rows], ends[columns])
            walked = _walked(froms, moved)[:, None] + _walked(tos, moved)[None, :]
            seconds, metres = seconds + walked / APPROACH_SPEED, metres + walked
        where, to = {p: i for i, p in enumerate(froms)}, {p: i for i, p in enumerate(tos)}
        for same in where.keys() & to.keys():
            seconds[where[same], to[same]] = metres[where[same], to[same]] = 0.0
        asked = np.ix_([where[p] for p in sources], [to[p] for p in targets])
        return Matrix(seconds=seconds[asked], metres=metres[asked], estimated=False, moved=frozenset(moved))

    def route(self, mode: Mode, stops: Sequence[Point]) -> Leg:
        """The fastest way through `stops`, drawn from stop to stop. Raises NoWay, TravelUnavailable, BadQuestion.

        Marked as an estimate where a stop stands on a closed road.
        """
        if len(stops) < 2:
            raise BadQuestion(field="stops", value=len(stops), allowed="≥ 2")
        road = self._road(mode)
        moved = road.moved(stops)
        try:
            leg = _way(road.engine, mode, _places(stops, moved))
        except OutOfReach as error:
            raise NoWay(mode=mode.value) from error
        walked = _walked(stops, moved)
        more = float(walked[:-1].sum() + walked[1:].sum())
        return Leg(
            seconds=leg.seconds + more / APPROACH_SPEED,
            metres=leg.metres + more,
            line=(stops[0], *leg.line[1:-1], stops[-1]),
            estimated=bool(moved),
        )

    def version(self) -> Hashable:
        """Changes when the roads do: a new build, closures that begin or end. None while there are no graphs."""
        try:
            return built.stamp(self.folder)
        except TravelUnavailable:
            return None

    def _road(self, mode: Mode) -> Road:
        with self._lock:
            for attempt in range(OPENED):
                stamp = built.stamp(self.folder)
                road = self._open.get(mode)
                if road is not None and road.stamp == stamp:
                    return road
                try:
                    road = self._open[mode] = _opened(self.folder, stamp, mode)
                except TravelUnavailable:
                    if attempt == OPENED - 1 or built.stamp(self.folder) == stamp:
                        raise  # not because the build was replaced between two looks
                else:
                    return road
        raise AssertionError("unreachable")


def _opened(folder: Path, stamp: tuple[int, int], mode: Mode) -> Road:
    """The graph in force; without an engine where the place has no roads for `mode`."""
    build = built.read(folder)
    graph = build.graph(mode)
    if graph is None:
        return Road(stamp, mode, None)
    closed = build.closed is not None and mode in build.closed.updated
    return Road(stamp, mode, _engine(mode, *graph), aside.load(graph[0].parent) if closed else None)


def _engine(mode: Mode, base: Path, algorithm: str) -> Any:
    try:
        from osrm import OSRM

        # use_shared_memory is on by default and fails without osrm-datastore; mapped files are shared by all processes
        return OSRM(storage_config=str(base), use_shared_memory=False, use_mmap=True, algorithm=algorithm)
    except ImportError as error:
        raise TravelUnavailable(mode=mode.value, reason="engine_missing", said=str(error)) from error
    except RuntimeError as error:
        raise TravelUnavailable(mode=mode.value, reason="graph_broken", said=str(error)) from error


def _places(points: Sequence[Point], moved: Mapping[Point, Moved]) -> list[Point]:
    return [moved[p].point if p in moved else p for p in points]


def _walked(points: Sequence[Point], moved: Mapping[Point, Moved]) -> Floats:
    """Metres from each position to where it joins the open roads, beside the approach that is counted anyway."""
    return np.array([moved[p].metres if p in moved else 0.0 for p in points])


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


def _near(engine: Any, mode: Mode, point: Point, count: int) -> list[Point]:
    """Up to `count` positions on the network, the nearest first; none where it is out of reach."""
    from osrm import NearestParameters

    try:
        question = NearestParameters(**_where(mode, [point]))
        question.number_of_results = count
        answer = _ask(mode, engine.Nearest, question)
    except OutOfReach:
        return []
    return [Point(float(end["location"][0]), float(end["location"][1])) for end in answer["waypoints"]]


def _connected(engine: Any, mode: Mode, points: Sequence[Point], others: Sequence[Point]) -> list[bool]:
    """Whether a way leads from each position to any of `others`, and one from any of them to it."""
    found = []
    for start in range(0, len(points), BLOCK // 2):
        some = points[start : start + BLOCK // 2]
        there, _ = _block(engine, mode, some, others)
        back, _ = _block(engine, mode, others, some)
        found += (np.isfinite(there).any(axis=1) & np.isfinite(back).any(axis=0)).tolist()
    return found


def _numbers(table: Any) -> Floats:
    """An OSRM array of arrays as float64; null, "no way", becomes np.inf."""
    numbers = np.array([list(row) for row in table], dtype=np.float64)
    return np.where(np.isnan(numbers), np.inf, numbers)


def _nothing(rows: int, columns: int) -> tuple[Floats, Floats]:
    return np.full((rows, columns), np.inf), np.full((rows, columns), np.inf)


def _on_earth(point: Point) -> bool:
    return abs(point.lon) <= 180.0 and abs(point.lat) <= 90.0  # false for NaN too
