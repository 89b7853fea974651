"""Divisions and their cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import shapely
from geoalchemy2.shape import from_shape
from shapely import Polygon
from sqlalchemy import RowMapping, Select, func, insert, select, text, update

from gis import tables
from gis.database import Transaction
from gis.errors import BadQuestion, GridBroken, NotFound
from gis.grid import PLAIN, TARGET_M2, CodePattern, Grid, GridCell, compile_place, silent
from gis.model import Cell, CellId, DistrictId, Point
from gis.store.blocks import blocks

MANY = 500  #: rows sent at once
SRID = 4326


def save_grid(
    tx: Transaction,
    district: DistrictId,
    grid: Grid,
    target_m2: float | None = None,
    *,
    pattern: CodePattern = PLAIN,
    note: str = "",
) -> int:
    """Put `grid` in force in `district` and give everything that stands there its cell. Returns the version.

    `grid` must know its plane. Its communities are codes of areas. The division before ends; its codes stay taken, so
    the numbers of a community go on where they were. Raises SequenceFull, GridBroken, NotFound, BadQuestion.
    """
    if grid.plane is None:
        raise BadQuestion(field="grid.plane", value=None, allowed="plane")
    tx.execute(update(tables.grid_version).where(_current(district)).values(state="past", ends=func.now()))
    version = _version(tx, district, target_m2 or grid.target_m2, note, pattern)
    rows = [_row(cell, grid, version) for cell in grid.cells]
    _name(tx, district, grid.cells, rows, pattern)
    for start in range(0, len(rows), MANY):
        tx.execute(insert(tables.cell), [{**row, "district": district} for row in rows[start : start + MANY]])
    tx.execute(select(func.grid_assign(version)))
    assert_sound(tx, version)
    return version


def cut_grid(
    tx: Transaction,
    district: DistrictId,
    *,
    target_m2: float = TARGET_M2,
    pattern: CodePattern = PLAIN,
    progress: Callable[[str, float], None] = silent,
) -> Grid:
    """Divide `district` by what the tables say of it, and put the division in force.

    For an import, whose one transaction ends with this. Raises like `gis.grid.compile_place` and `save_grid`.
    """
    grid = compile_place(blocks(tx, district), target_m2=target_m2, limit=pattern.limit, progress=progress)
    save_grid(tx, district, grid, pattern=pattern)
    return grid


def assert_sound(tx: Transaction, version: int) -> None:
    """Raise GridBroken where the cells of `version` gap, overlap, leave their community or leave a building out."""
    faults = tx.execute(text("SELECT * FROM grid_faults(:version)"), {"version": version}).mappings().all()
    if faults:
        count = {kind: sum(row["fault"] == kind for row in faults) for kind in ("gap", "spill", "overlap", "stray")}
        worst = max(faults, key=lambda row: row["area_m2"] or 0)
        raise GridBroken(
            gaps=count["gap"] + count["spill"],
            overlaps=count["overlap"],
            strays=count["stray"],
            worst=dict(worst),
        )


def cell_at(tx: Transaction, district: DistrictId, point: Point) -> Cell | None:
    """The cell that `point` lies in; on a border the one with the lowest id; None outside the place."""
    position = func.ST_SetSRID(func.ST_MakePoint(point.lon, point.lat), SRID)
    wanted = func.cell_of(func.current_grid(district), position)
    row = tx.execute(_cells().where(tables.cell.c.id == wanted)).mappings().first()
    return _cell(row) if row else None


def cells(tx: Transaction, district: DistrictId) -> list[Cell]:
    """The cells in force, by community and number."""
    c = tables.cell.c
    rows = tx.execute(_cells().where(c.version == func.current_grid(district)).order_by(c.area, c.seq)).mappings()
    return [_cell(row) for row in rows]


def cell(tx: Transaction, cell_id: CellId) -> Cell:
    """One cell, of whatever division. Raises NotFound."""
    row = tx.execute(_cells().where(tables.cell.c.id == cell_id)).mappings().first()
    if row is None:
        raise NotFound(what="cell", id=cell_id)
    return _cell(row)


def outlines(tx: Transaction, district: DistrictId) -> dict[CellId, Polygon]:
    """The outlines of the cells in force, WGS 84."""
    c = tables.cell.c
    rows = tx.execute(
        select(c.id, func.ST_AsBinary(c.geom)).where(c.version == func.current_grid(district)).order_by(c.id)
    )
    found = [(int(row[0]), bytes(row[1])) for row in rows]
    return {key: shape for (key, _), shape in zip(found, shapely.from_wkb([wkb for _, wkb in found]), strict=True)}


def neighbours(tx: Transaction, district: DistrictId) -> list[tuple[CellId, CellId]]:
    """Pairs of cells in force that share a stretch of border: what a duty grid may be put together from."""
    a, b = tables.cell.alias("a"), tables.cell.alias("b")
    touching = a.c.geom.bool_op("&&")(b.c.geom) & func.ST_Relate(a.c.geom, b.c.geom, "****1****")
    same = (a.c.version == b.c.version) & (a.c.version == func.current_grid(district))
    rows = tx.execute(select(a.c.id, b.c.id).where(a.c.id < b.c.id, same, touching).order_by(a.c.id, b.c.id))
    return [(int(row[0]), int(row[1])) for row in rows]


def _current(district: DistrictId) -> Any:
    version = tables.grid_version.c
    return (version.district == district) & (version.state == "standing")


def _version(tx: Transaction, district: DistrictId, target_m2: float, note: str, pattern: CodePattern) -> int:
    row = insert(tables.grid_version).values(district=district, target_m2=target_m2, note=note, pattern=pattern.text)
    return int(tx.execute(row.returning(tables.grid_version.c.id)).scalar_one())


def _row(cell: GridCell, grid: Grid, version: int) -> dict[str, Any]:
    assert grid.plane is not None  # noqa: S101 - save_grid has asked
    shape = grid.plane.to_degrees(cell.polygon)
    return {
        "version": version,
        "since": version,
        "seq": cell.seq,
        "area_m2": cell.area_m2,
        "geom": from_shape(shape, srid=SRID),
        "centre": from_shape(shapely.point_on_surface(shape), srid=SRID),
    }


def _name(
    tx: Transaction,
    district: DistrictId,
    cells: Sequence[GridCell],
    rows: Sequence[dict[str, Any]],
    pattern: CodePattern,
) -> None:
    """Fill in area, number and code."""
    communities = _communities(tx, district)
    for cell, row in zip(cells, rows, strict=True):
        community = communities.get(cell.community)
        if community is None:
            raise NotFound(what="community", id=cell.community)
        seq = community["taken"] + cell.seq
        fields = {name: str(community[name]) for name in ("district", "county", "street", "community")}
        row |= {"area": community["id"], "seq": seq, "code": pattern.code(seq=seq, **fields)}


def _communities(tx: Transaction, district: DistrictId) -> Mapping[str, RowMapping]:
    """What the codes of cells are put together from, by code of the community; `taken` is its highest number so far."""
    area, above, place = tables.area, tables.area.alias("above"), tables.district
    taken = select(func.coalesce(func.max(tables.cell.c.seq), 0)).where(tables.cell.c.area == area.c.id)
    rows = tx.execute(
        select(
            area.c.id,
            area.c.code.label("community"),
            func.coalesce(above.c.code, "").label("street"),
            place.c.code.label("district"),
            place.c.code.label("county"),
            taken.scalar_subquery().label("taken"),
        )
        .select_from(area.join(place, place.c.id == area.c.district))
        .outerjoin(above, (above.c.id == area.c.parent) & (above.c.level == "street"))
        .where(area.c.district == district, area.c.level == "community")
    ).mappings()
    return {row["community"]: row for row in rows}


def _cells() -> Select[Any]:
    c = tables.cell.c
    centre = (func.ST_X(c.centre).label("lon"), func.ST_Y(c.centre).label("lat"))
    return select(c.id, c.district, c.area, c.code, c.seq, c.area_m2, c.buildings, c.people, *centre)


def _cell(row: RowMapping) -> Cell:
    fields = dict(row)
    centre = Point(fields.pop("lon"), fields.pop("lat"))
    return Cell(**fields, centre=centre)
