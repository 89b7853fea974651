"""Whoever stands on a closed road: not lost, but joined to the nearest road that leads somewhere.

OSRM snaps to a road whose other segments are closed, or to the stub between two closed ones, as to any other, and then
finds no way from it. So near closures every position is tried first: from it a way has to lead to one of the anchors,
positions spread over the place away from the closures, and back. Who has none is moved to the nearest position that
has. Farther from closures nobody is moved: what lies cut off behind a closure has no way, as it should.

Where OSRM leaves a closed road out by itself and snaps to the next one, that is a move all the same: it is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from gis.errors import TravelUnavailable
from gis.model import Mode, Point
from gis.travel.beeline import degrees, great_circle
from gis.travel.engine import Floats
from gis.travel.matching import DEGREE
from gis.travel.segments import BIT, Ints, Segments

FILE: Final = "closed.npz"
STANDS: Final = 15.0  #: metres from a closed segment within which somebody stands on that road, if no other is nearer
MEANT: Final = 1.0  #: metres of difference that are no rounding
INTO: Final = 2.0  #: metres from a closed junction into an open road, where OSRM snaps to nothing else
TRIED: Final = 48  #: positions on open roads that are tried, the nearest first
REMEMBERED: Final = 20_000  #: positions
DRAWN, ANCHORS, FEWEST = 400, 24, 8  #: nodes looked at, wanted, and too few
AWAY: Final = 600.0  #: metres from every closed segment, if possible


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Where somebody on a closed road joins the open ones, and how far that is."""

    point: Point
    metres: float


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of the engine itself."""

    near: Callable[[Point, int], list[Point]]  #: the nearest positions on the network
    connected: Callable[[Sequence[Point], Sequence[Point]], list[bool]]  #: each with any of the others, there and back


@dataclass
class Closures:
    """The closed segments of one graph."""

    lines: NDArray[Any]  #: of shapely, degrees
    mouths: Floats  #: (n, 2) degrees: a little way into every open road that joins a closed one
    anchors: tuple[Point, ...]
    _known: dict[Point, Moved | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tree = STRtree(self.lines)

    def moved(self, asked: Asked, points: Iterable[Point], reach: float) -> dict[Point, Moved]:
        """Those of `points` that stand on a closed road and have an open one within `reach` metres."""
        near = self._near(list(dict.fromkeys(points)), reach) if self.anchors else []  # none: nothing is open
        new = [point for point in near if point not in self._known]
        if new:
            self._learn(asked, new, reach)
        return {point: to for point in near if (to := self._known.get(point)) is not None}

    def _near(self, points: list[Point], metres: float) -> list[Point]:
        """Those within `metres` of a closed segment."""
        good = [p for p in points if abs(p.lat) < 89 and abs(p.lon) <= 180]
        if not good:
            return []
        at = degrees(good)
        wide = metres / (DEGREE * float(np.cos(np.radians(np.abs(at[:, 1]).max()))))
        found = self._tree.query(shapely.points(at), predicate="dwithin", distance=wide)[0]
        return [good[k] for k in np.unique(found)]

    def _learn(self, asked: Asked, points: list[Point], reach: float) -> None:
        if len(self._known) > REMEMBERED:
            self._known.clear()
        on_it = frozenset(self._near(points, STANDS))
        for point, good in zip(points, asked.connected(points, self.anchors), strict=True):
            if not good:
                self._known[point] = self._move(asked, point, reach)
            else:
                self._known[point] = self._left_out(asked, point) if point in on_it else None

    def _left_out(self, asked: Asked, point: Point) -> Moved | None:
        """Where OSRM snaps to by itself, if a closed segment is nearer than that."""
        (first,) = asked.near(point, 1) or (point,)
        metres = float(great_circle(degrees([point]), degrees([first]))[0])
        nearer = self._near([point], max(0.0, metres - MEANT))
        return Moved(point=first, metres=metres) if metres > MEANT and nearer else None

    def _move(self, asked: Asked, point: Point, reach: float) -> Moved | None:
        tried = np.concatenate([degrees(asked.near(point, TRIED)), self.mouths])
        metres = great_circle(tried, degrees([point]))
        order = [k for k in np.argsort(metres, kind="stable")[: 2 * TRIED] if metres[k] <= reach]
        positions = [Point(float(tried[k, 0]), float(tried[k, 1])) for k in order]
        opened = asked.connected(positions, self.anchors)
        first = next((k for k, good in enumerate(opened) if good), None)
        return None if first is None else Moved(point=positions[first], metres=float(metres[order[first]]))


def save(roads: Segments, rows: Ints, mode: Mode, folder: Path) -> None:
    """Keep what `load` needs beside a graph that leaves out the segments in `rows`."""
    used = roads.of(mode, rows)
    lines = roads.at[roads.ends[used if len(used) else rows]]
    np.savez(folder / FILE, lines=lines, mouths=_mouths(roads, rows), anchors=_anchors(roads, rows, mode))


def load(folder: Path) -> Closures:
    """Raises TravelUnavailable(reason="graph_broken")."""
    try:
        with np.load(folder / FILE) as kept:
            anchors = tuple(Point(float(lon), float(lat)) for lon, lat in kept["anchors"])
            return Closures(lines=shapely.linestrings(kept["lines"]), mouths=kept["mouths"], anchors=anchors)
    except (OSError, ValueError, KeyError) as error:
        raise TravelUnavailable(reason="graph_broken", said=str(error)) from error


def _anchors(roads: Segments, rows: Ints, mode: Mode) -> Floats:
    """Nodes spread over the roads of `mode`, away from what is closed; in a small place the farthest from it."""
    open_to_it = (roads.usable & BIT[mode]) > 0
    open_to_it[rows] = False
    some = np.random.default_rng(1).permutation(np.flatnonzero(open_to_it))[:DRAWN]
    drawn = roads.ends[some, 0]
    shut = roads.at[np.unique(roads.ends[rows])]
    metres = np.array([great_circle(shut, at).min() for at in roads.at[drawn]])
    away = np.flatnonzero(metres > AWAY)[:ANCHORS]
    chosen = away if len(away) >= FEWEST else np.argsort(-metres, kind="stable")[:FEWEST]
    found: Floats = roads.at[drawn[chosen]].reshape(-1, 2)
    return found


def _mouths(roads: Segments, rows: Ints) -> Floats:
    """INTO metres (at most half of it) into each open segment that shares a node with a closed one."""
    shut = np.zeros(len(roads.ends), dtype=bool)
    shut[rows] = True
    ends = np.zeros(len(roads.ids), dtype=bool)
    ends[roads.ends[rows].ravel()] = True
    found = []
    for near, far in ((0, 1), (1, 0)):
        joining = np.flatnonzero(~shut & ends[roads.ends[:, near]])
        a, b = roads.at[roads.ends[joining, near]], roads.at[roads.ends[joining, far]]
        share = np.minimum(0.5, INTO / np.maximum(great_circle(a, b), 0.01))
        found.append(a + (b - a) * share[:, None])
    return np.concatenate(found)
