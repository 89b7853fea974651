"""Cells and what they are judged by, out of any file that `gis.sources` opens. Degrees inside the file or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.errors import BadSource
from gis.grid.given import GivenCell
from gis.grid.model import Barrier, Building, Community, Rank
from gis.grid.plane import Plane
from gis.grid.ranks import rank_of
from gis.sources.crs import DEGREES, convert, named
from gis.sources.opening import opened

CODE = ("code", "cell_code", "grid_code", "cellcode", "网格编码", "網格編碼", "编码", "編碼", "id")
COMMUNITY = ("community", "community_code", "area", "area_code", "社区编码", "社區編碼", "社区", "社區")
PEOPLE = ("people", "population", "人口")
HOUSEHOLDS = ("households", "户数", "戶數")


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which columns say what; None: the first one with a usual name."""

    code: str | None = None
    community: str | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A shape in degrees with what the file says of it."""

    line: int
    values: Mapping[str, object]
    shape: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class Read:
    """Cells as they were given, the sheet of metres that they are on, and rows that have no shape."""

    cells: tuple[GivenCell, ...]
    plane: Plane
    rejected: tuple[tuple[int, str], ...]  #: line and reason


def read_cells(file: Path, columns: Columns | None = None, plane: Plane | None = None) -> Read:
    """The cells of a file. A cell is called by its code where no other has it, else by its line. Raises BadSource."""
    columns = columns or Columns()
    rows, rejected = _rows(file)
    plane = plane or _plane(rows)
    named_code = [_text(row, columns.code, CODE) for row in rows]
    keys: list[str] = []
    for row, code in zip(rows, named_code, strict=True):
        keys.append(code if code and named_code.count(code) == 1 else f"line {row.line}")
    cells = tuple(
        GivenCell(
            key=key,
            polygon=plane.to_metres(row.shape),
            code=code,
            community=_text(row, columns.community, COMMUNITY),
        )
        for row, key, code in zip(rows, keys, named_code, strict=True)
    )
    return Read(cells=cells, plane=plane, rejected=rejected)


def read_communities(
    file: Path, plane: Plane | None = None, column: str | None = None
) -> tuple[Plane, list[Community]]:
    """The communities of a file, in the metres of `plane` or of one round them. Raises BadSource."""
    rows, _ = _rows(file)
    plane = plane or _plane(rows)
    found = []
    for row in rows:
        code = _text(row, column, (*COMMUNITY, *CODE)) or str(row.line)
        found.append(Community(code=code, polygon=_surface(plane.to_metres(row.shape))))
    return plane, found


def read_buildings(file: Path, plane: Plane) -> list[Building]:
    """Footprints, with people and households where the file has them."""
    rows, _ = _rows(file)
    return [
        Building(
            polygon=_surface(plane.to_metres(row.shape)),
            people=_number(row, PEOPLE),
            households=_number(row, HOUSEHOLDS),
        )
        for row in rows
        if row.shape.geom_type in ("Polygon", "MultiPolygon")
    ]


def read_barriers(file: Path, plane: Plane) -> list[Barrier]:
    """Lines that divide, by their tags; what has none that are known divides like a minor street."""
    rows, _ = _rows(file)
    found = []
    for row in rows:
        tags = {name: str(value) for name, value in row.values.items() if value not in (None, "")}
        ranked = any(name in tags for name in ("highway", "railway", "waterway", "barrier", "natural"))
        rank = rank_of(tags) if ranked else Rank.MINOR
        if rank is not None:
            parts = shapely.get_parts(plane.to_metres(row.shape))
            found += [Barrier(line=part, rank=rank) for part in parts if part.geom_type == "LineString"]
    return found


def read_points(file: Path, plane: Plane) -> list[shapely.Point]:
    """Points, like past incidents."""
    rows, _ = _rows(file)
    parts = shapely.get_parts(np.array([plane.to_metres(row.shape) for row in rows], dtype=object))
    return [part for part in parts if part.geom_type == "Point"]


def read_surfaces(file: Path, plane: Plane) -> list[shapely.Polygon]:
    """Polygons, like water or parcels."""
    rows, _ = _rows(file)
    parts = shapely.get_parts(np.array([plane.to_metres(row.shape) for row in rows], dtype=object))
    return [part for part in parts if part.geom_type == "Polygon"]


def _rows(file: Path) -> tuple[list[Row], tuple[tuple[int, str], ...]]:
    with opened(file) as source:
        layer = source.layers()[0]
        records = list(source.records(layer.name))
    rejected = tuple((r.line, r.fault.reason if r.fault else "no_shape") for r in records if r.geom is None or r.fault)
    kept = [r for r in records if r.geom is not None and not r.fault]
    if not kept:
        raise BadSource(file=file.name, reason="empty")
    shapes = _degrees(file, [r.geom for r in kept], layer.crs)
    return [Row(line=r.line, values=r.values, shape=s) for r, s in zip(kept, shapes, strict=True)], rejected


def _degrees(file: Path, shapes: Sequence[BaseGeometry | None], crs: str | None) -> Sequence[BaseGeometry]:
    """Shapes in WGS 84. Raises BadSource where the file does not say in what system they are, and it cannot be that."""
    name = named(crs) if crs else None
    if name is None:
        west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise BadSource(file=file.name, reason="crs", found=crs)
        name = DEGREES
    return list(convert(shapes, name))


def _surface(shape: BaseGeometry) -> shapely.MultiPolygon:
    """The surfaces of a shape, drawn again where they are invalid."""
    parts = shapely.get_parts(shape if shape.is_valid else shapely.make_valid(shape))
    flat = [part for whole in parts for part in shapely.get_parts(whole)]
    return shapely.MultiPolygon([part for part in flat if part.geom_type == "Polygon" and not part.is_empty])


def _plane(rows: Sequence[Row]) -> Plane:
    """The same sheet for a set and for what mending makes of it."""
    west, south, east, north = shapely.total_bounds(np.array([row.shape for row in rows], dtype=object))
    return Plane(lon=round((west + east) / 2, 2), lat=round((south + north) / 2, 2))


def _text(row: Row, column: str | None, usual: Sequence[str]) -> str | None:
    known = {name.casefold(): value for name, value in row.values.items()}
    for name in (column,) if column else usual:
        value = known.get(name.casefold())
        if value not in (None, ""):
            return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return None


def _number(row: Row, usual: Sequence[str]) -> float:
    text = _text(row, None, usual)
    try:
        return float(text) if text else 0.0
    except ValueError:
        return 0.0
