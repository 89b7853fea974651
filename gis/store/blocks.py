"""What a grid is cut from: communities, roads, water, rails and buildings of a district, on its sheet of metres."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, func, select

from gis import tables
from gis.database import Transaction
from gis.errors import NotFound
from gis.grid import Barrier, Blocks, Building, Community, Plane, rank_of
from gis.model import DistrictId

BASINS = ("swimming_pool", "fountain")  #: water that bounds nothing


def blocks(tx: Transaction, district: DistrictId) -> Blocks:
    """Everything that `gis.grid` asks for. Raises NotFound."""
    plane = plane_of(tx, district)
    surfaces, streams = _water(tx, district, plane)
    return Blocks(
        communities=_communities(tx, district, plane),
        barriers=(*_roads(tx, district, plane), *_rails(tx, district, plane), *streams),
        water=surfaces,
        buildings=_buildings(tx, district, plane),
        plane=plane,
    )


def plane_of(tx: Transaction, district: DistrictId) -> Plane:
    """The sheet of metres of a district. Raises NotFound."""
    d = tables.district.c
    row = tx.execute(select(func.ST_X(d.centre), func.ST_Y(d.centre)).where(d.id == district)).first()
    if row is None:
        raise NotFound(what="district", id=district)
    return Plane(lon=row[0], lat=row[1])


def _communities(tx: Transaction, district: DistrictId, plane: Plane) -> tuple[Community, ...]:
    area = tables.area.c
    question = select(area.code, _wkb(area.geom)).where(area.district == district, area.level == "community")
    rows = tx.execute(question.order_by(area.id)).all()
    return tuple(Community(code=row[0], polygon=shape) for row, shape in _shapes(rows, plane))


def _buildings(tx: Transaction, district: DistrictId, plane: Plane) -> tuple[Building, ...]:
    b = tables.building.c
    question = select(b.people, func.ST_AsBinary(b.point), _wkb(b.geom)).where(b.district == district)
    rows = tx.execute(question.order_by(b.id)).all()
    points = _moved([row[1] for row in rows], plane)
    pairs = zip(_shapes(rows, plane), points, strict=True)
    return tuple(Building(polygon=shape, people=row[0], point=point) for (row, shape), point in pairs)


def _roads(tx: Transaction, district: DistrictId, plane: Plane) -> Iterable[Barrier]:
    road = tables.road.c
    question = select(road.highway, road.tags, _wkb(road.geom)).where(road.district == district).order_by(road.id)
    return _barriers(tx, question, plane, "highway")


def _rails(tx: Transaction, district: DistrictId, plane: Plane) -> Iterable[Barrier]:
    drawn = tables.basemap["road"].c
    question = select(drawn.kind, drawn.tags, _wkb(drawn.geom, 4326)).where(drawn.district == district)
    return _barriers(tx, question.order_by(drawn.id), plane, "railway")


def _water(tx: Transaction, district: DistrictId, plane: Plane) -> tuple[tuple[Any, ...], Iterable[Barrier]]:
    """Water surfaces, and streams as barriers."""
    drawn = tables.basemap["water"].c
    question = select(drawn.kind, drawn.tags, _wkb(drawn.geom, 4326)).where(drawn.district == district)
    surface = func.ST_Dimension(drawn.geom) == 2
    rows = tx.execute(question.where(surface, drawn.kind.not_in(BASINS)).order_by(drawn.id)).all()
    streams = _barriers(tx, question.where(~surface).order_by(drawn.id), plane, "waterway")
    return tuple(shape for _, shape in _shapes(rows, plane)), streams


def _barriers(tx: Transaction, question: Select[Any], plane: Plane, key: str) -> Iterable[Barrier]:
    """Rows (kind, tags, shape) that divide anything; `key` is what the kind is the value of."""
    found = []
    for row, shape in _shapes(tx.execute(question).all(), plane):
        rank = rank_of(_tags(row[0], row[1], key))
        if rank is not None:
            found += [Barrier(line=line, rank=rank) for line in shapely.get_parts(shape)]
    return found


def _tags(kind: str, tags: Mapping[str, object], key: str) -> dict[str, str]:
    """What the drawn map says as yes or true is yes; what it leaves out stays out."""
    words = {name: "yes" if value is True else str(value) for name, value in tags.items() if value not in (None, False)}
    return {key: kind} | words


def _shapes(rows: Sequence[Any], plane: Plane) -> Iterable[tuple[Any, Any]]:
    """Each row with its last column as a shape in metres."""
    return zip(rows, _moved([row[-1] for row in rows], plane), strict=True)


def _moved(wkb: Sequence[Any], plane: Plane) -> NDArray[Any]:
    return plane.to_metres(shapely.from_wkb(np.array([bytes(one) for one in wkb], dtype=object)))


def _wkb(column: ColumnElement[Any], srid: int | None = None) -> ColumnElement[Any]:
    return func.ST_AsBinary(func.ST_Transform(column, srid) if srid else column)
