"""Tiles that were cut before, packed by gzip as browsers take them.

Nothing old outlives the commit that made it old. Who changes the ground takes the lock of the district for itself
(`changing`) and deletes; who cuts a tile keeps it only while sharing that lock, taken before the cut. So whatever was
cut from the state before is either deleted or was never kept, and nobody who looks at the map waits.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from hashlib import blake2b

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from gis import tables
from gis.database import Transaction
from gis.model import DistrictId

LOCK = 0x74696C65  #: "tile"

type Range = tuple[int, int, int, int, int]  #: zoom, first and last column, first and last row


def kept(
    tx: Transaction, district: DistrictId, layer: str, z: int, x: int, y: int, known: str = ""
) -> tuple[str, bytes | None] | None:
    """Etag and packed body of a tile; no body where the etag is `known`; None where nothing is kept."""
    row = tx.execute(_KEPT, {"district": district, "layer": layer, "z": z, "x": x, "y": y, "known": known}).first()
    return (row[0], None if row[1] is None else bytes(row[1])) if row else None


def cells_layer(tx: Transaction, district: DistrictId) -> str:
    """What the tiles of the cells in force are kept as: a new division is a new layer."""
    return f"cells-{tx.scalar(select(func.current_grid(district))) or 0}"


def may_keep(tx: Transaction, district: DistrictId) -> bool:
    """Share the lock until this transaction ends. False while somebody changes the ground: cut, but do not keep."""
    return bool(tx.scalar(select(func.pg_try_advisory_xact_lock_shared(LOCK, district))))


def changing(tx: Transaction, district: DistrictId) -> None:
    """Take the lock until this transaction ends; waits for tiles that are being cut, a moment each."""
    tx.execute(select(func.pg_advisory_xact_lock(LOCK, district)))


def keep(tx: Transaction, district: DistrictId, layer: str, z: int, x: int, y: int, body: bytes) -> tuple[str, bytes]:
    """Keep a tile; its etag and the packed body. Two who cut the same tile at once keep it once."""
    etag, packed = pack(body)
    row = {"district": district, "layer": layer, "z": z, "x": x, "y": y, "body": packed, "etag": etag}
    tx.execute(insert(tables.tile).values(row).on_conflict_do_nothing())
    return etag, packed


def pack(body: bytes) -> tuple[str, bytes]:
    """Etag and gzip of a body; the same bytes give the same, whenever."""
    return blake2b(body, digest_size=12).hexdigest(), gzip.compress(body, 6, mtime=0)


def forget(tx: Transaction, district: DistrictId, layer: str | None = None) -> None:
    """Drop all tiles of a district, or of one of its layers."""
    changing(tx, district)
    t = tables.tile
    where = [t.c.district == district] + ([t.c.layer == layer] if layer else [])
    tx.execute(t.delete().where(*where))


def drop(tx: Transaction, district: DistrictId, ranges: Sequence[Range]) -> int:
    """Drop the tiles within `ranges`, of all layers; how many there were."""
    changing(tx, district)
    zoom, west, east, north, south = (list(values) for values in zip(*ranges, strict=True)) if ranges else ([],) * 5
    values = {"district": district, "z": zoom, "west": west, "east": east, "north": north, "south": south}
    return tx.execute(_DROP, values).rowcount


def there(tx: Transaction, district: DistrictId, layer: str, z: int) -> set[tuple[int, int]]:
    """Columns and rows of the tiles that are kept of one zoom."""
    t = tables.tile.c
    rows = tx.execute(select(t.x, t.y).where(t.district == district, t.layer == layer, t.z == z))
    return {(x, y) for x, y in rows}


_KEPT = text(
    "SELECT etag, CASE WHEN etag = :known THEN NULL ELSE body END FROM tile "
    "WHERE district = :district AND layer = :layer AND z = :z AND x = :x AND y = :y"
)
_DROP = text("""
    DELETE FROM tile USING unnest(CAST(:z AS int[]), CAST(:west AS int[]), CAST(:east AS int[]),
                                  CAST(:north AS int[]), CAST(:south AS int[])) AS r (z, west, east, north, south)
    WHERE tile.district = :district AND tile.z = r.z
      AND tile.x BETWEEN r.west AND r.east AND tile.y BETWEEN r.north AND r.south
""")
