"""Values of an extract, before anything is stored. Geometries in WGS 84 unless a name says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from gis.model import AreaLevel, Names, Rejection

type Tags = Mapping[str, str]
type Box = tuple[float, float, float, float]  #: west, south, east, north


@dataclass(frozen=True, slots=True)
class Thing[G: BaseGeometry]:
    """One object of the extract: where it comes from, what it says of itself, and its shape."""

    osm_type: str  #: node, way, relation
    osm_id: int
    tags: Tags
    geom: G


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """An administrative relation, whole or cut: its ways may lead out of the extract."""

    osm_id: int
    level: int
    tags: Tags
    ways: frozenset[int]
    nodes: frozenset[int] = frozenset()  #: label and centre


@dataclass(frozen=True, kw_only=True)
class Extract:
    """Everything that a file holds and that we know how to read."""

    box: Box | None  #: what the file says of itself; may reach far outside
    nodes: tuple[Thing[Point], ...]
    lines: tuple[Thing[LineString], ...]
    areas: tuple[Thing[MultiPolygon], ...]
    boundaries: tuple[Boundary, ...]
    rejected: tuple[Rejection, ...]


@dataclass(frozen=True, kw_only=True)
class Community:
    """The lowest area above the cell, or the street office above it."""

    name: str
    names: Names
    level: AreaLevel
    geom: MultiPolygon
    parent: int | None = None  #: index of the area above, in the same list


@dataclass(frozen=True, kw_only=True)
class Extent:
    """The place itself: its name, its outline, and where the outline comes from."""

    name: str
    names: Names
    clip: MultiPolygon
    source: str  #: administrative, box, hull


@dataclass(frozen=True, kw_only=True, slots=True)
class Building:
    osm_type: str
    osm_id: int
    kind: str
    name: str | None
    names: Names
    levels: float | None
    people: float
    area_m2: float
    geom: MultiPolygon
    point: Point


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    osm_type: str
    osm_id: int
    street: str | None
    number: str
    unit: str | None
    postcode: str | None
    city: str | None
    names: Names
    label: str
    point: Point
    building: int | None  #: index in the list of buildings


@dataclass(frozen=True, kw_only=True, slots=True)
class Street:
    name: str
    names: Names
    geom: MultiLineString
    point: Point


@dataclass(frozen=True, kw_only=True, slots=True)
class FacilityFound:
    osm_type: str
    osm_id: int
    kind: str
    name: str | None
    names: Names
    tags: Tags
    point: Point


@dataclass(frozen=True, kw_only=True, slots=True)
class Road:
    osm_id: int
    highway: str
    name: str | None
    names: Names
    tags: Tags
    metres: float
    drive: bool
    walk: bool
    geom: LineString


@dataclass(frozen=True, kw_only=True, slots=True)
class Feature:
    """One drawn thing of the base map."""

    layer: str  #: land, water, building, road, boundary, place, point, door
    kind: str
    name: str | None
    names: Names
    rank: float  #: which label wins: 1 before 9
    min_zoom: int
    tags: Mapping[str, object]
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The place, read and clipped: what an import stores."""

    extent: Extent
    areas: tuple[Community, ...]
    buildings: tuple[Building, ...]
    addresses: tuple[Address, ...]
    streets: tuple[Street, ...]
    facilities: tuple[FacilityFound, ...]
    roads: tuple[Road, ...]
    features: tuple[Feature, ...]
    counts: Mapping[str, float]
    rejected: tuple[Rejection, ...] = field(default_factory=tuple)
