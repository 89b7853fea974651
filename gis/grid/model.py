"""Values of the grid. Geometry is planar: metres, unless a docstring says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from gis.grid.plane import Plane


class Rank(IntEnum):
    """How firmly a line divides. A weaker line is given up before a stronger one when small blocks are merged."""

    CUT = 0  #: no line on the ground: where a block that is too big was split
    PATH = 1
    SERVICE = 2
    PARCEL = 3  #: the edge of a piece of property
    WALL = 4
    MINOR = 5
    STREAM = 6
    MAJOR = 7
    RAIL = 8
    SHORE = 9  #: the edge of a water surface


@dataclass(frozen=True, kw_only=True)
class Community:
    """An area that the grid divides. Cells never reach from one into another."""

    code: str
    polygon: Polygon | MultiPolygon
    fields: Mapping[str, str] = field(default_factory=dict)  #: what its cells' codes are put together from


@dataclass(frozen=True, kw_only=True)
class Barrier:
    """A road, a water line, a railway, a wall: where a block may end."""

    line: LineString
    rank: Rank

    @classmethod
    def around(cls, surfaces: Iterable[Polygon | MultiPolygon], rank: Rank = Rank.PARCEL) -> tuple[Barrier, ...]:
        """The outlines of surfaces, like parcels."""
        rings = [ring for surface in surfaces for ring in shapely.get_rings(shapely.get_parts(surface))]
        return tuple(cls(line=LineString(ring.coords), rank=rank) for ring in rings)


@dataclass(frozen=True, kw_only=True)
class Building:
    """A footprint that no border may cut. `point` decides its cell; without one, a point on the surface does."""

    polygon: Polygon | MultiPolygon
    people: float = 0.0
    point: Point | None = None
    households: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """What a grid is cut from. All in the metres of `plane`."""

    communities: tuple[Community, ...]
    barriers: tuple[Barrier, ...]
    water: tuple[Polygon | MultiPolygon, ...]
    buildings: tuple[Building, ...]
    plane: Plane
    incidents: tuple[Point, ...] = ()  #: where something happened before, for a grid that is cut by incidents


class Measure(StrEnum):
    """What a cell should have about the same of."""

    AREA = "area"  #: m² of built-up ground
    HOUSEHOLDS = "households"
    PEOPLE = "people"
    INCIDENTS = "incidents"


@dataclass(frozen=True, kw_only=True)
class Targets:
    """What cells aim at, in units of `measure`, and the bounds that they keep to where the ground allows it.

    `least` and `most` count what is asked for: with `area` the whole ground of a cell, in m².
    """

    measure: Measure = Measure.AREA
    aim: float = 10_000.0
    least: float | None = None
    most: float | None = None


class CutReason(StrEnum):
    """Why a border crosses a building all the same."""

    COMMUNITY = "community"  #: it stands on the border of two communities, which the grid may not move
    PARTS = "parts"  #: its parts stand apart, in two blocks
    EDGE = "edge"  #: it stands on the edge of the place


@dataclass(frozen=True, kw_only=True)
class CutBuilding:
    """A building that a border crosses: its place in the input, the reason, and the metres of border inside it."""

    building: int
    reason: CutReason
    metres: float


@dataclass(frozen=True, kw_only=True)
class GridCell:
    """One cell. `seq` counts from 1 within the community; `buildings` are places in the input."""

    community: str
    seq: int
    polygon: Polygon
    area_m2: float
    people: float
    buildings: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A division of a place. Cells share their vertices exactly: no gap and no overlap between them.

    `plane` says which metres these are, where the caller said so.
    """

    cells: tuple[GridCell, ...]
    cut: tuple[CutBuilding, ...]
    outside: tuple[int, ...]  #: buildings that stand outside the place
    target_m2: float
    seconds: Mapping[str, float]  #: how long each step took
    plane: Plane | None = None
    targets: Targets | None = None  #: what the cells aim at
