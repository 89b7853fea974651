"""What somebody drew, or a feed sent, as a geometry to close roads by; and back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from gis.errors import BadShape
from gis.travel.matching import DEGREE

KINDS: Final = ("LineString", "MultiLineString", "Polygon", "MultiPolygon", "Point")
MOST: Final = 1000  #: vertices
RADIUS: Final = (5.0, 2000.0)  #: metres around a point
LARGEST: Final = 20e6  #: square metres of an area
LONGEST: Final = 50_000.0  #: metres of a line

type Degrees = tuple[float, float]


def shape(given: Mapping[str, Any], *, radius_m: float | None, within: BaseGeometry) -> BaseGeometry:
    """The lines or polygons of a GeoJSON geometry; a Point becomes a circle of `radius_m`.

    Raises BadShape with a reason: kind, coordinates, vertices, radius, short, crossing, large, outside.
    """
    kind = given.get("type")
    if kind not in KINDS:
        raise _bad("kind", field="geometry.type", value=kind, allowed=list(KINDS))
    depth = {"Point": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}[str(kind)]
    at = _positions(given.get("coordinates"), depth)
    count = _count(at, depth)
    if count > MOST:
        raise _bad("vertices", value=count, allowed=MOST)
    made = _circle(at, radius_m) if kind == "Point" else _made(str(kind), at)
    _check(made, within)
    return made


def geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """The GeoJSON of a geometry."""
    return dict(mapping(geometry))


def _positions(given: Any, depth: int) -> Any:
    """Nested positions as (lon, lat); a third number, the height, is dropped."""
    if depth:
        if not isinstance(given, Sequence) or isinstance(given, str) or not given:
            raise _bad("coordinates", field="geometry.coordinates", value=given)
        return [_positions(one, depth - 1) for one in given]
    try:
        lon, lat = float(given[0]), float(given[1])
    except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
        raise _bad("coordinates", field="geometry.coordinates", value=given) from error
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise _bad("coordinates", field="geometry.coordinates", value=[lon, lat])
    return lon, lat


def _count(at: Any, depth: int) -> int:
    return 1 if depth == 0 else sum(_count(one, depth - 1) for one in at)


def _made(kind: str, at: Any) -> BaseGeometry:
    try:
        match kind:
            case "LineString":
                return LineString(at)
            case "MultiLineString":
                return MultiLineString(at)
            case "Polygon":
                return Polygon(at[0], at[1:])
            case _:
                return MultiPolygon([(rings[0], rings[1:]) for rings in at])
    except (ValueError, shapely.errors.ShapelyError) as error:  # a line of one position, a ring of two
        raise _bad("short", value=kind) from error


def _circle(at: Degrees, radius_m: float | None) -> Polygon:
    least, most = RADIUS
    if radius_m is None or not least <= radius_m <= most:
        raise _bad("radius", field="radius_m", value=radius_m, allowed=[least, most])
    scale = _scale(at[1])
    circle = Point(at[0] * scale[0], at[1] * scale[1]).buffer(radius_m, quad_segs=8)
    made: Polygon = shapely.transform(circle, lambda found: found / scale)
    return made


def _check(made: BaseGeometry, within: BaseGeometry) -> None:
    if not made.is_valid:
        why = explain_validity(made)
        raise _bad("crossing", value=made.geom_type, at=_place(why), said=why)
    flat = shapely.transform(made, lambda at: at * _scale(made.centroid.y))
    if isinstance(made, Polygon | MultiPolygon):
        if flat.area > LARGEST:
            raise _bad("large", value=round(flat.area), allowed=LARGEST)
    elif flat.length > LONGEST:
        raise _bad("large", value=round(flat.length), allowed=LONGEST)
    elif flat.length == 0:
        raise _bad("short", value=made.geom_type)
    if not made.intersects(within):
        raise _bad("outside", value=geojson(made.centroid)["coordinates"])


def _scale(lat: float) -> Any:
    return shapely.get_coordinates(Point(DEGREE * max(0.01, math.cos(math.radians(lat))), DEGREE))[0]


def _place(why: str) -> dict[str, float] | None:
    """Where a polygon crosses itself: GEOS says `Self-intersection[9.5 47.1]`."""
    numbers = why.rpartition("[")[2].rstrip("]").split()
    try:
        return {"lon": float(numbers[0]), "lat": float(numbers[1])}
    except (ValueError, IndexError):
        return None


def _bad(reason: str, *, field: str = "geometry", **params: Any) -> BadShape:
    return BadShape(reason=reason, field=field, **params)
