"""A given set laid out on whole millimetres, for checking, mending and editing alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from gis.grid import arrangement
from gis.grid.arrangement import UNIT, Floats, Ints, Polygons
from gis.grid.given import Given, GivenCell, Key
from gis.grid.model import Building, Community

AREAL = (3, 6)  #: Polygon, MultiPolygon
ROUND = 1_000.0  #: millimetres round the cells of a neighbourhood that are looked at
THIN = 500.0  #: millimetres: a gap, an overlap or a cell that is nowhere wider is a sliver
EDGE = 5.0  #: millimetres at the border of a community that are rounding: its outline has other vertices than cells

type Shapes = NDArray[np.object_]  #: Polygons or MultiPolygons, millimetres


@dataclass(frozen=True, kw_only=True)
class Laid:
    """Cells, communities and buildings in millimetres; `polygons` are valid, whatever `shapes` are."""

    cells: tuple[GivenCell, ...]
    shapes: NDArray[np.object_]  #: as given, unrounded
    polygons: Shapes
    grounds: Shapes
    communities: tuple[Community, ...]
    home: Ints  #: the community of each cell; -1 where there is none
    buildings: tuple[Building, ...]
    which: Ints  #: places of `buildings` in the input
    points: NDArray[np.object_]  #: of the buildings
    window: Polygon | None

    @property
    def keys(self) -> list[Key]:
        return [cell.key for cell in self.cells]

    def cell_of_building(self) -> Ints:
        """The cell that each building's point lies in, to the millimetre; -1 for none."""
        result = np.full(len(self.points), len(self.cells), dtype=np.int64)
        if len(self.cells) and len(self.points):
            at, on = shapely.STRtree(self.polygons).query(self.points, predicate="dwithin", distance=1.0)
            np.minimum.at(result, at, on)
        return np.where(result == len(self.cells), -1, result)


def lay(given: Given, near: Collection[Key] | None = None, over: BaseGeometry | None = None) -> Laid:
    """`given` in millimetres; with `near`, what of it meets the box round these cells, and round `over` (metres)."""
    shapes = np.array([shapely.force_2d(cell.polygon) for cell in given.cells], dtype=object)
    shapes = np.asarray(shapely.transform(shapes, lambda xy: xy * UNIT), dtype=object)
    cells, window = given.cells, None
    if near is not None:
        window = _window(shapes, [cell.key in near for cell in cells], over)
        chosen = _meeting(shapes, window)
        cells, shapes = tuple(cells[i] for i in chosen.tolist()), shapes[chosen]
    communities, grounds = _grounds(given.communities, window)
    polygons = sound(shapes)
    buildings, which, points = _standing(given.buildings, window)
    home = _home(cells, polygons, communities, grounds)
    return Laid(
        cells=cells,
        shapes=shapes,
        polygons=polygons,
        grounds=grounds,
        communities=communities,
        home=home,
        buildings=buildings,
        which=which,
        points=points,
        window=window,
    )


def sound(shapes: NDArray[np.object_]) -> Shapes:
    """Valid surfaces on whole millimetres; what encloses nothing is an empty polygon."""
    areal = np.isin(shapely.get_type_id(shapes), AREAL) & np.isfinite(shapely.bounds(shapes)).all(axis=1)
    result = np.full(len(shapes), Polygon(), dtype=object)
    result[areal] = arrangement.rounded(shapes[areal])
    bad = areal & ~shapely.is_valid(result)
    if bad.any():
        mended = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
        result[bad] = [surface(shapely.set_precision(shape, 1.0)) for shape in mended]
    return result


def surface(shape: BaseGeometry) -> BaseGeometry:
    """The surfaces in `shape`, without lines and points."""
    parts = shapely.get_parts(shape)
    solid = [part for part in parts if shapely.get_type_id(part) == 3 and not part.is_empty]
    return solid[0] if len(solid) == 1 else shapely.MultiPolygon(solid) if solid else Polygon()


def narrow(shapes: NDArray[np.object_], mm: float) -> NDArray[np.bool_]:
    """Whether each surface is nowhere wider than `mm`."""
    result = shapely.area(shapes) <= np.maximum(shapely.length(shapes), 1e-9) * mm / 2
    result[result] = shapely.is_empty(shapely.buffer(shapes[result], -mm / 2, quad_segs=2))
    return np.asarray(result, dtype=bool)


def width(shape: BaseGeometry) -> float:
    """The width (m) of a sliver where it is widest, to the millimetre."""
    low, high = 0.0, 2 * THIN
    while high - low > 0.5:
        middle = (low + high) / 2
        gone = shapely.buffer(shape, -middle / 2, quad_segs=2).is_empty
        low, high = (low, middle) if gone else (middle, high)
    return round((low + high) / 2 / UNIT, 3)


def _window(shapes: NDArray[np.object_], chosen: Sequence[bool], over: BaseGeometry | None) -> Polygon:
    bounds = shapely.bounds(shapes[np.array(chosen, dtype=bool)]).reshape(-1, 4)
    if over is not None:
        bounds = np.vstack([bounds, np.array(over.bounds) * UNIT])
    if not len(bounds):
        return Polygon()
    (west, south), (east, north) = np.nanmin(bounds[:, :2], axis=0), np.nanmax(bounds[:, 2:], axis=0)
    frame: Polygon = shapely.box(west - ROUND, south - ROUND, east + ROUND, north + ROUND)
    return frame


def _meeting(shapes: NDArray[np.object_], window: Polygon) -> Ints:
    """Places of the shapes whose boxes meet `window`."""
    return np.sort(shapely.STRtree(shapes).query(window)).astype(np.int64)


def _grounds(communities: Sequence[Community], window: Polygon | None) -> tuple[tuple[Community, ...], Shapes]:
    shapes = np.array([community.polygon for community in communities], dtype=object)
    grounds = sound(np.asarray(shapely.transform(shapes, lambda xy: xy * UNIT), dtype=object))
    if window is None:
        return tuple(communities), grounds
    frame = window.buffer(ROUND)
    chosen = _meeting(grounds, frame).tolist()
    cut = np.array([_clipped(grounds[i], frame) for i in chosen], dtype=object)
    here = [n for n, shape in enumerate(cut) if not shape.is_empty]
    return tuple(communities[chosen[n]] for n in here), cut[here]


def _clipped(shape: BaseGeometry, frame: Polygon) -> BaseGeometry:
    """What of `shape` lies in `frame`, with its own vertices where it is not cut off."""
    if frame.contains(shapely.box(*shape.bounds)):
        return shape
    return surface(shapely.intersection(shape, shapely.box(*frame.bounds)))


def _standing(
    buildings: Sequence[Building], window: Polygon | None
) -> tuple[tuple[Building, ...], Ints, NDArray[np.object_]]:
    which = np.arange(len(buildings))
    if window is not None:
        shapes = np.array([building.polygon for building in buildings], dtype=object)
        west, south, east, north = (v / UNIT for v in window.bounds) if not window.is_empty else (0.0, 0.0, 0.0, 0.0)
        x0, y0, x1, y1 = shapely.bounds(shapes).reshape(-1, 4).T
        which = np.flatnonzero((x0 <= east) & (x1 >= west) & (y0 <= north) & (y1 >= south))
    chosen = tuple(buildings[i] for i in which.tolist())
    points = [b.point if b.point is not None else shapely.point_on_surface(b.polygon) for b in chosen]
    return chosen, which.astype(np.int64), arrangement.to_units(np.array(points, dtype=object))


def _home(cells: Sequence[GivenCell], polygons: Shapes, communities: Sequence[Community], grounds: Shapes) -> Ints:
    """The community of each cell: the one it names, else the one with most of its ground."""
    number = {community.code: i for i, community in enumerate(communities)}
    home = np.array([number.get(cell.community or "", -1) for cell in cells], dtype=np.int64)
    lost = np.flatnonzero(home < 0)
    if len(lost) and len(grounds):
        home[lost] = _most(polygons[lost], grounds)
    return home


def _most(polygons: Shapes, grounds: Shapes) -> Ints:
    cell, ground = shapely.STRtree(grounds).query(polygons, predicate="intersects")
    share: Floats = shapely.area(shapely.intersection(polygons[cell], grounds[ground]))
    order = np.lexsort((ground, -share, cell))
    cell, ground = cell[order], ground[order]
    first = np.ones(len(cell), dtype=bool)
    first[1:] = cell[1:] != cell[:-1]
    result = np.full(len(polygons), -1, dtype=np.int64)
    result[cell[first]] = ground[first]
    return result


def polygons_of(shapes: Shapes) -> Polygons:
    """The single polygons of surfaces."""
    return np.asarray(shapely.get_parts(shapes), dtype=object)
