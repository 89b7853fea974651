"""Values of an extract, before anything is stored. Geometries in WGS 84 unless a name says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from gis.model import AreaLevel, Names, Rejection

if TYPE_CHECKING:
    from gis.osm.spool import Spool

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
    """Everything that a file holds and that we know how to read. Spools may lie on disk: go through them seldom."""

    box: Box | None  #: what the file says of itself; may reach far outside
    nodes: Spool[Point]
    lines: Spool[LineString]
    areas: Spool[MultiPolygon]
    boundaries: tuple[Boundary, ...]
    rejected: tuple[Rejection, ...]
    voters: NDArray[np.float64]  #: (n, 2) degrees: where buildings and house numbers are, else ways; a fair sample
    outlines: tuple[Thing[MultiPolygon], ...]  #: administrative areas that are whole and named
    borders: tuple[Thing[LineString], ...]  #: ways of administrative relations
    coast: tuple[LineString, ...]
    places: tuple[Thing[Point], ...]  #: nodes that carry the name of a place, or stand for a boundary
    languages: frozenset[str]  #: in which many of its roads have names


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
    people: float  #: where it has no house number
    people_numbered: float  #: where it has one
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
class Landmark:
    """Something that people know by name and that is neither facility nor building nor drawn."""

    osm_type: str
    osm_id: int
    kind: str
    name: str
    names: Names
    point: Point


@dataclass(frozen=True, kw_only=True, slots=True)
class Milestone:
    """A post that says at which kilometre of a road or railway it stands."""

    osm_type: str
    osm_id: int
    way: str  #: road, railway
    line: str  #: the road's or the railway's number; empty where it is not said
    km: float
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
    """One drawn thing of the base map. `key` is its object in OSM: n1, w1, r1; two of one key are told apart later."""

    key: str
    layer: str  #: land, water, building, road, boundary, place, point, door
    kind: str
    name: str | None
    names: Names
    rank: float  #: which label wins: 1 before 9
    min_zoom: int
    tags: Mapping[str, object]
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class Laid:
    """Some of what lies in the place, read and clipped: a batch of what an import stores."""

    buildings: tuple[Building, ...] = ()
    addresses: tuple[Address, ...] = ()
    facilities: tuple[FacilityFound, ...] = ()
    roads: tuple[Road, ...] = ()
    features: tuple[Feature, ...] = ()
    squares: tuple[Thing[MultiPolygon], ...] = ()  #: named ones: streets, if no road carries their name
    landmarks: tuple[Landmark, ...] = ()
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What is known of a place before its things are laid out."""

    extent: Extent
    areas: tuple[Community, ...]
    srid: int  #: a plane in metres
    box: Box  #: to which the map is drawn
    sea: MultiPolygon
