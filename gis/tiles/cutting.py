"""One tile: from those that are kept, else cut now and kept."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass

from gis.database import Transaction
from gis.errors import BadQuestion
from gis.model import DistrictId
from gis.store import basemap, kept
from gis.tiles.memory import Memory
from gis.tiles.squares import DEEPEST


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A tile and the mark by which a browser asks whether it has changed. `packed` is its body by gzip."""

    packed: bytes
    etag: str

    @property
    def body(self) -> bytes:
        return gzip.decompress(self.packed) if self.packed else b""


NOTHING = Tile(packed=b"", etag="empty")


def tile(tx: Transaction, district: DistrictId, z: int, x: int, y: int) -> bytes:
    """The base map of one tile. Raises BadQuestion for a tile that does not exist."""
    return tile_with_etag(tx, district, z, x, y).body


def tile_with_etag(tx: Transaction, district: DistrictId, z: int, x: int, y: int, memory: Memory | None = None) -> Tile:
    """The same with its etag; `memory` spares the way of its bytes."""
    return _kept_or_cut(tx, district, "base", z, x, y, basemap.base_tile, memory)


def cells_tile(tx: Transaction, district: DistrictId, z: int, x: int, y: int) -> bytes:
    """The cells in force. Raises BadQuestion for a tile that does not exist."""
    return cells_tile_with_etag(tx, district, z, x, y).body


def cells_tile_with_etag(
    tx: Transaction, district: DistrictId, z: int, x: int, y: int, memory: Memory | None = None
) -> Tile:
    """The same with its etag. A new division is a new layer: what was kept of the old one is never shown."""
    return _kept_or_cut(tx, district, kept.cells_layer(tx, district), z, x, y, basemap.cell_tile, memory)


def _kept_or_cut(
    tx: Transaction,
    district: DistrictId,
    layer: str,
    z: int,
    x: int,
    y: int,
    cut: Callable[[Transaction, DistrictId, int, int, int], bytes],
    memory: Memory | None,
) -> Tile:
    require(z, x, y)
    key = (district, layer, z, x, y)
    known = memory.get(key) if memory else None
    if (found := kept.kept(tx, *key, known=known[0] if known else "")) is not None:
        etag, packed = found
        if packed is None and known is not None:
            return Tile(packed=known[1], etag=etag)
        return _remembered(memory, key, Tile(packed=packed or b"", etag=etag))
    may_keep = kept.may_keep(tx, district)  # before the cut: see gis.store.kept
    body = cut(tx, district, z, x, y)
    if not body:  # kept empties would let anybody fill the table with the rest of the world
        return NOTHING
    etag, packed = kept.keep(tx, *key, body) if may_keep else kept.pack(body)
    return _remembered(memory, key, Tile(packed=packed, etag=etag))


def _remembered(memory: Memory | None, key: tuple[int, str, int, int, int], tile: Tile) -> Tile:
    if memory is not None:
        memory.put(key, tile.etag, tile.packed)
    return tile


def require(z: int, x: int, y: int) -> None:
    """Raise BadQuestion for a tile that does not exist."""
    if not 0 <= z <= DEEPEST:
        raise BadQuestion(field="z", value=z, allowed=f"0..{DEEPEST}")
    for name, value in (("x", x), ("y", y)):
        if not 0 <= value < 2**z:
            raise BadQuestion(field=name, value=value, allowed=f"0..{2**z - 1}")
