"""Tiles cut from the drawn map by ST_AsMVT.

One statement per tile, one subquery per layer. Geometries lie in EPSG:3857 already. A road that the mappers have cut
into twenty ways comes as one line per kind and name, so that its name is written once.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import TextClause, text

from gis.database import Transaction
from gis.model import DistrictId

EXTENT = 4096
BUFFER = 128  #: units around a tile, so that lines and labels meet across its edge

#: layer in the tile -> table
LAYERS: Mapping[str, str] = {
    "land": "land",
    "water": "water",
    "roads": "road",
    "buildings": "building",
    "boundaries": "boundary",
    "places": "place",
    "points": "point",
    "doors": "door",
}


def base_tile(tx: Transaction, district: DistrictId, z: int, x: int, y: int) -> bytes:
    """The base map of one tile, empty where nothing is drawn."""
    return _cut(tx, BASE, district, z, x, y)


def cell_tile(tx: Transaction, district: DistrictId, z: int, x: int, y: int) -> bytes:
    """The cells in force and the points of their codes."""
    return _cut(tx, CELLS, district, z, x, y)


def _cut(tx: Transaction, statement: TextClause, district: DistrictId, z: int, x: int, y: int) -> bytes:
    body = tx.scalar(statement, {"district": district, "z": z, "x": x, "y": y})
    return bytes(body) if body else b""


def _shape(column: str) -> str:
    """A geometry in the tile's own units."""
    return f"ST_AsMVTGeom({column}, tile.box, {EXTENT}, {BUFFER}, true)"


def _layer(layer: str, table: str) -> str:
    """The subquery that makes one layer; every name in it is a constant of this file."""
    rows = (_ROADS if table == "road" else _ROWS).format(
        table=table, shape=_shape("b.geom"), big=_BIG if table in ("land", "building") else "", order=_order(table)
    )
    return f"(SELECT ST_AsMVT(t, '{layer}', {EXTENT}, 'geom') FROM ({rows}) t WHERE t.geom IS NOT NULL)"  # noqa: S608 - constants


def _order(table: str) -> str:
    """Large surfaces first, so that the pitch lies on the park; labels by rank."""
    return "ST_Area(b.geom) DESC, b.id" if table in ("land", "water") else "b.rank, b.id"


_BIG = "AND ST_Area(b.geom) >= tile.pixel"
_ROWS = """
    SELECT b.kind, b.name, b.rank, b.min_zoom, b.tags, {shape} AS geom
    FROM basemap_{table} b, tile
    WHERE b.district = :district AND b.geom && tile.wide AND b.min_zoom <= :z {big}
    ORDER BY {order}
"""
_ROADS = """
    SELECT b.kind, b.name, b.rank, b.min_zoom, b.tags, {shape} AS geom
    FROM (
        SELECT b.kind, b.name, b.rank, min(b.min_zoom) AS min_zoom, b.tags, ST_LineMerge(ST_Collect(b.geom)) AS geom
        FROM basemap_road b, tile
        WHERE b.district = :district AND b.geom && tile.wide AND b.min_zoom <= :z
        GROUP BY b.kind, b.name, b.rank, b.tags
    ) b, tile
    ORDER BY b.rank DESC, b.kind, b.name, b.tags
"""
_TILE = """WITH tile AS MATERIALIZED (
    SELECT box, ST_Expand(box, (ST_XMax(box) - ST_XMin(box)) / 16) AS wide,
           power((ST_XMax(box) - ST_XMin(box)) / 512, 2) AS pixel
    FROM (SELECT ST_TileEnvelope(:z, :x, :y) AS box) t
)
"""
_CELLS = """
SELECT (
    SELECT ST_AsMVT(t, 'cells', {extent}, 'geom') FROM (
        SELECT c.id, c.code, c.area, a.name AS area_name, {outline} AS geom
        FROM cell c JOIN area a ON a.id = c.area, tile
        WHERE c.version = current_grid(:district) AND c.geom && ST_Transform(tile.wide, 4326) ORDER BY c.id
    ) t WHERE t.geom IS NOT NULL
) || (
    SELECT ST_AsMVT(t, 'cell_labels', {extent}, 'geom') FROM (
        SELECT c.id, c.code, c.seq, right(c.code, 3) AS label, a.name AS area_name, {centre} AS geom
        FROM cell c JOIN area a ON a.id = c.area, tile
        WHERE :z >= 14 AND c.version = current_grid(:district) AND c.centre && ST_Transform(tile.wide, 4326)
        ORDER BY c.id
    ) t WHERE t.geom IS NOT NULL
)
"""
_PLANAR = "ST_Transform({}, 3857)"

BASE = text(_TILE + "SELECT " + " || ".join(_layer(layer, table) for layer, table in LAYERS.items()))
CELLS = text(
    _TILE
    + _CELLS.format(extent=EXTENT, outline=_shape(_PLANAR.format("c.geom")), centre=_shape(_PLANAR.format("c.centre")))
)
