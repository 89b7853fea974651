"""One tile: from those that are kept, else cut now and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gis.database import Transaction
from gis.errors import BadQuestion
from gis.model import DistrictId
from gis.store import basemap

DEEPEST = 16


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A tile and the mark by which a browser asks whether it has changed."""

    body: bytes
    etag: str


NOTHING = Tile(body=b"", etag="empty")


def tile(tx: Transaction, district: DistrictId, z: int, x: int, y: int) -> bytes:
    """The base map of one tile. Raises BadQuestion for a tile that does not exist."""
    return tile_with_etag(tx, district, z, x, y).body


def tile_with_etag(tx: Transaction, district: DistrictId, z: int, x: int, y: int) -> Tile:
    """The same with its etag."""
    return _kept_or_cut(tx, district, "base", z, x, y, basemap.base_tile)


def cells_tile(tx: Transaction, district: DistrictId, z: int, x: int, y: int) -> bytes:
    """The cells in force. Raises BadQuestion for a tile that does not exist."""
    return cells_tile_with_etag(tx, district, z, x, y).body


def cells_tile_with_etag(tx: Transaction, district: DistrictId, z: int, x: int, y: int) -> Tile:
    """The same with its etag. A new division is a new layer: what was kept of the old one is never shown."""
    return _kept_or_cut(tx, district, f"cells-{basemap.division(tx, district)}", z, x, y, basemap.cell_tile)


def _kept_or_cut(
    tx: Transaction,
    district: DistrictId,
    layer: str,
    z: int,
    x: int,
    y: int,
    cut: Callable[[Transaction, DistrictId, int, int, int], bytes],
) -> Tile:
    _require(z, x, y)
    if found := basemap.kept(tx, district, layer, z, x, y):
        return Tile(body=found[0], etag=found[1])
    body = cut(tx, district, z, x, y)
    if not body:  # kept empties would let anybody fill the table with the rest of the world
        return NOTHING
    return Tile(body=body, etag=basemap.keep(tx, district, layer, z, x, y, body))


def _require(z: int, x: int, y: int) -> None:
    if not 0 <= z <= DEEPEST:
        raise BadQuestion(field="z", value=z, allowed=f"0..{DEEPEST}")
    for name, value in (("x", x), ("y", y)):
        if not 0 <= value < 2**z:
            raise BadQuestion(field=name, value=value, allowed=f"0..{2**z - 1}")
