"""Rows of a view as columns of numpy, a batch at a time, in the plane that was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Engine

from gis import datum
from gis.database import begin
from gis.layers.planes import WGS84, plane
from gis.model import Point
from gis.store import published
from gis.store.published import Question, View

ROWS: Final = 2_000
DATUMS: Final = {"GCJ-02": ("gcj02",), "BD-09": ("bd09",)}
BLANK: Final[dict[str, Any]] = {"integer": 0, "bigint": 0, "double precision": np.nan, "boolean": False, "text": None}
KINDS: Final[dict[str, np.dtype[Any]]] = {
    "integer": np.dtype("int32"),
    "bigint": np.dtype("int64"),
    "double precision": np.dtype("float64"),
    "boolean": np.dtype("bool"),
    "date": np.dtype("datetime64[D]"),
    "timestamp with time zone": np.dtype("datetime64[ms]"),
}


@dataclass(frozen=True, kw_only=True)
class Plane:
    """Where coordinates of a file lie. `datum` names an offset of China (GCJ-02, BD-09), which no EPSG code has."""

    srid: int
    datum: str | None = None

    @property
    def crs(self) -> str | None:
        return None if self.datum else f"EPSG:{self.srid}"

    @property
    def name(self) -> str:
        """As it stands in the name of the file."""
        return DATUMS[self.datum][0] if self.datum else f"epsg{self.srid}"


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Some rows: fields in the order of the view with `id` before them, which values are missing, shapes."""

    fields: Sequence[NDArray[Any]]
    missing: Sequence[NDArray[np.bool_]]
    shapes: NDArray[np.object_]


def target(name: str) -> Plane:
    """A plane by name: EPSG:n, CRS84, GCJ-02 or BD-09. Raises BadQuestion."""
    known = {"GCJ-02": "GCJ-02", "GCJ02": "GCJ-02", "BD-09": "BD-09", "BD09": "BD-09"}
    if said := known.get(name.upper()):
        return Plane(srid=WGS84, datum=said)
    return Plane(srid=plane(name)[0])


def batches(engine: Engine, view: View, asked: Question, wanted: Plane, seconds: int) -> Iterator[Batch]:
    """What answers `asked`, by id; each batch in a transaction of its own, so that writing the file holds none open."""
    kinds = ["bigint", *view.fields.values()]
    while True:
        with begin(engine) as tx:
            published.reading(tx, seconds)
            some = published.wkb(tx, view, asked, srid=wanted.srid, limit=ROWS)
        if not some:
            return
        asked = replace(asked, after=int(some[-1][0]))
        columns = list(zip(*some, strict=True))
        missing = [np.array([value is None for value in column]) for column in columns[:-1]]
        shapes = np.asarray(shapely.from_wkb([None if one is None else bytes(one) for one in columns[-1]]))
        yield Batch(
            fields=[_column(column, kind) for column, kind in zip(columns[:-1], kinds, strict=True)],
            missing=missing,
            shapes=moved(shapes, wanted.datum) if wanted.datum else shapes,
        )
        if len(some) < ROWS:
            return


def moved(shapes: NDArray[np.object_], name: str) -> NDArray[np.object_]:
    """WGS 84 shapes where a map of GCJ-02 or BD-09 draws them."""

    def shift(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        found = [datum.gcj_from_wgs(Point(float(lon), float(lat))) for lon, lat in lonlat]
        if name == "BD-09":  # which lies on top of GCJ-02, and only where that has its offset
            here = [Point(float(lon), float(lat)) for lon, lat in lonlat]
            found = [
                datum.bd_from_gcj(one) if datum.in_mainland(was) else one for one, was in zip(found, here, strict=True)
            ]
        return np.array([(one.lon, one.lat) for one in found], dtype=float).reshape(-1, 2)

    return np.asarray(shapely.transform(shapes, shift))


def _column(values: Sequence[Any], kind: str) -> NDArray[Any]:
    """One column; what is missing is filled, the mask says so."""
    if kind == "timestamp with time zone":
        values = [None if one is None else one.astimezone(UTC).replace(tzinfo=None) for one in values]
    dtype = KINDS.get(kind)
    if dtype is None:
        return np.array([None if one is None else str(one) for one in values], dtype=object)
    if dtype.kind == "M":
        return np.array(values, dtype=dtype)
    return np.array([BLANK[kind] if one is None else one for one in values], dtype=dtype)
