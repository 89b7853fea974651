"""What is given, on one sheet of millimetres: lines that divide, faces between them, buildings that stand in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Point, Polygon

from gis.errors import BadGeometry
from gis.grid import arrangement
from gis.grid.arrangement import UNIT, Borders, Floats, Ints, Lines, Polygons, parts
from gis.grid.footprints import Footprints, footprints
from gis.grid.load import plot
from gis.grid.merging import Pieces, sums
from gis.grid.model import Barrier, Building, Community, GridCell, Measure, Rank


@dataclass(frozen=True, kw_only=True)
class Houses:
    """The buildings as columns: points in millimetres, plots in m². `spots` are what is counted: the buildings, and
    after them incidents, each with its weight."""

    prints: Footprints
    points: NDArray[np.object_]
    people: Floats
    spots: NDArray[np.object_]
    plots: Floats
    weight: Floats

    def cell(self, cells: Sequence[GridCell]) -> Ints:
        """The cell of each building by its point; -1 for none."""
        polygons = arrangement.to_units([cell.polygon for cell in cells])
        return arrangement.holder(polygons, self.points)


def houses(buildings: Sequence[Building], measure: Measure = Measure.AREA, incidents: Sequence[Point] = ()) -> Houses:
    """`buildings` and `incidents` (metres) as columns."""
    prints = footprints(buildings)
    count = len(buildings)
    area = np.bincount(prints.owner, weights=shapely.area(prints.parts) / UNIT**2, minlength=count)
    inner = [b.point if b.point is not None else shapely.point_on_surface(b.polygon) for b in buildings]
    people = np.array([b.people for b in buildings], dtype=float)
    points = arrangement.to_units(inner)
    happened = arrangement.to_units(incidents if measure is Measure.INCIDENTS else ())
    nothing = np.zeros(len(happened))
    return Houses(
        prints=prints,
        points=points,
        people=people,
        spots=np.append(points, happened),
        plots=np.append(plot(area), nothing),
        weight=np.append(_weight(buildings, people, measure), nothing + 1),
    )


def _weight(buildings: Sequence[Building], people: Floats, measure: Measure) -> Floats:
    if measure is Measure.INCIDENTS:
        return np.zeros(len(buildings))
    households = np.array([building.households for building in buildings], dtype=float)
    return households if measure is Measure.HOUSEHOLDS else people


@dataclass(frozen=True, kw_only=True)
class Linework:
    """Lines that divide with their ranks, and the borders of the communities, which no cell passes."""

    lines: Lines
    rank: Ints
    hard: Lines

    @property
    def all(self) -> Lines:
        return np.concatenate([self.hard, self.lines])

    def adding(self, lines: Lines, rank: Rank) -> Linework:
        """With more lines of one rank."""
        ranks = np.full(len(lines), int(rank), dtype=np.int64)
        return Linework(lines=np.append(self.lines, lines), rank=np.append(self.rank, ranks), hard=self.hard)

    def faces(self, *more: Lines) -> Polygons:
        """The faces that the lines cut out, together with `more`."""
        return arrangement.faces(np.concatenate([self.all, *more]))

    def ranks(self, shared: Borders) -> Ints:
        """The rank of each shared segment; -1 where it lies on no line."""
        strongest = np.full(len(self.hard), int(Rank.SHORE), dtype=np.int64)
        return arrangement.ranks(shared, self.all, np.append(strongest, self.rank))


def linework(
    communities: Sequence[Community], barriers: Sequence[Barrier], water: Sequence[Polygon | MultiPolygon]
) -> Linework:
    """What of barriers and shores (metres) lies in the place. Raises BadGeometry."""
    areas = arrangement.to_units([community.polygon for community in communities])
    if not len(areas) or not shapely.area(areas).sum() > 0:
        raise BadGeometry(what="communities", reason="empty")
    if len({community.code for community in communities}) < len(communities):
        raise BadGeometry(what="communities", reason="same_code")
    lines = arrangement.to_units([barrier.line for barrier in barriers])
    ranks = np.array([int(barrier.rank) for barrier in barriers], dtype=np.int64)
    given = Linework(lines=lines, rank=ranks, hard=arrangement.edges(areas))
    return _near(given.adding(arrangement.edges(arrangement.to_units(water)), Rank.SHORE), areas)


def _near(given: Linework, areas: Polygons) -> Linework:
    """What of the lines lies in the place or within a metre of it."""
    frame = shapely.box(*shapely.total_bounds(areas)).buffer(UNIT)
    place = shapely.make_valid(shapely.union_all(areas, grid_size=1.0)).buffer(UNIT, quad_segs=1)
    pieces, line = parts(shapely.intersection(shapely.intersection(given.lines, frame), place))
    kept = (shapely.get_type_id(pieces) == 1) & ~shapely.is_empty(pieces)
    pieces = arrangement.rounded(pieces[kept])
    return Linework(lines=pieces, rank=given.rank[line[kept]], hard=given.hard)


@dataclass(frozen=True, kw_only=True)
class Faces:
    """Faces (mm) with what is known of each."""

    polygons: Polygons
    community: Ints
    pieces: Pieces
    house: Ints  #: the face of each spot; -1 outside

    @classmethod
    def of(
        cls, found: Polygons, communities: Sequence[Community], water: Sequence[Polygon | MultiPolygon], houses: Houses
    ) -> Faces:
        inner = shapely.point_on_surface(found)
        community = arrangement.holder(arrangement.to_units([c.polygon for c in communities]), inner)
        here = community >= 0
        found, inner, community = found[here], inner[here], community[here]
        wet = arrangement.holder(arrangement.to_units(water), inner) >= 0
        house = arrangement.holder(found, houses.spots)
        at, count = house[house >= 0], len(found)
        pieces = Pieces(
            area=shapely.area(found) / UNIT**2,
            plots=sums(houses.plots[house >= 0], at, count),
            weight=sums(houses.weight[house >= 0], at, count),
            water=wet.astype(np.int64),
        )
        return cls(polygons=found, community=community, pieces=pieces, house=house)
