"""What a coverage asks the ground: buildings, cells, facilities, and a map to draw it on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon
from sqlalchemy import ColumnElement, func, select

from gis import tables
from gis.database import Transaction
from gis.errors import NotFound
from gis.model import AreaId, CellId, DistrictId, Facility, Point
from gis.store.cells import outlines

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

MAIN = ("motorway", "trunk", "primary", "secondary", "tertiary")
STREETS = ("unclassified", "residential", "living_street", "pedestrian")


@dataclass(frozen=True, kw_only=True)
class Buildings:
    """The buildings of a district as columns of one length."""

    id: Ints
    cell: Ints
    people: Floats
    points: Sequence[Point]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A cell as the answer needs it."""

    id: CellId
    code: str
    area: AreaId
    outline: Polygon  #: WGS 84


@dataclass(frozen=True, kw_only=True)
class Backdrop:
    """What is drawn beneath, as GeoJSON geometries: enough to know where one is."""

    name: str
    names: Mapping[str, str]
    attribution: str
    water: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    roads: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    streets: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def buildings(tx: Transaction, district: DistrictId) -> Buildings:
    """All buildings of a district."""
    b = tables.building.c
    question = select(b.id, b.cell, b.people, func.ST_X(b.point), func.ST_Y(b.point)).where(b.district == district)
    rows = tx.execute(question.order_by(b.id)).all()
    return Buildings(
        id=np.array([row[0] for row in rows], dtype=np.int64),
        cell=np.array([row[1] or 0 for row in rows], dtype=np.int64),
        people=np.array([row[2] for row in rows], dtype=np.float64),
        points=[Point(row[3], row[4]) for row in rows],
    )


def cells(tx: Transaction, district: DistrictId) -> list[Ground]:
    """The cells in force with their outlines."""
    shapes = outlines(tx, district)
    c = tables.cell.c
    rows = tx.execute(select(c.id, c.code, c.area).where(c.id.in_(shapes)).order_by(c.id))
    return [Ground(id=row[0], code=row[1], area=row[2], outline=shapes[row[0]]) for row in rows]


def facilities(tx: Transaction, district: DistrictId, kind: str) -> list[Facility]:
    """The facilities of one kind."""
    f = tables.facility.c
    columns = (f.id, f.kind, f.name, f.names, f.cell, func.ST_X(f.point).label("lon"), func.ST_Y(f.point).label("lat"))
    rows = tx.execute(select(*columns).where(f.district == district, f.kind == kind).order_by(f.id)).mappings()
    return [
        Facility(point=Point(row["lon"], row["lat"]), **{k: row[k] for k in ("id", "kind", "name", "names", "cell")})
        for row in rows
    ]


def backdrop(tx: Transaction, district: DistrictId) -> Backdrop:
    """Water and roads of a district, simplified to about two metres. Raises NotFound."""
    d = tables.district.c
    place = tx.execute(select(d.name, d.names, d.attribution).where(d.id == district)).first()
    if place is None:
        raise NotFound(what="district", id=district)
    return Backdrop(
        name=place[0], names=place[1], attribution=place[2], water=_water(tx, district), **_roads(tx, district)
    )


def _water(tx: Transaction, district: DistrictId) -> Sequence[Mapping[str, Any]]:
    clip = select(tables.district.c.clip).where(tables.district.c.id == district).scalar_subquery()
    water = tables.basemap["water"].c
    inside = func.ST_Intersection(func.ST_Transform(water.geom, 4326), func.ST_Envelope(clip))
    wide = func.ST_Dimension(water.geom) == 2
    rows = tx.execute(select(_drawn(inside)).where(water.district == district, wide).order_by(water.id))
    return [shape for row in rows if (shape := json.loads(row[0])).get("coordinates")]


def _roads(tx: Transaction, district: DistrictId) -> dict[str, Sequence[Mapping[str, Any]]]:
    road = tables.road.c
    kind = func.regexp_replace(road.highway, "_link$", "")
    drawn: dict[str, Sequence[Mapping[str, Any]]] = {}
    for name, kinds in (("roads", MAIN), ("streets", STREETS)):
        rows = tx.execute(select(_drawn(road.geom)).where(road.district == district, kind.in_(kinds)).order_by(road.id))
        drawn[name] = [json.loads(row[0]) for row in rows]
    return drawn


def _drawn(shape: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.ST_AsGeoJSON(func.ST_SimplifyPreserveTopology(shape, 2e-5), 5, 0)
