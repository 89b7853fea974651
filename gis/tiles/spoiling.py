"""What makes tiles old, and what makes them new again before somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine

from gis.database import Transaction, begin, quiet
from gis.model import DistrictId
from gis.store import districts, kept
from gis.tiles.cutting import cells_tile_with_etag, tile_with_etag
from gis.tiles.squares import Box, ranges, within

MANY = 20_000  #: ranges from which on it is cheaper to drop everything
WARM = range(10, 15)  #: zooms that people look at first
MOST = 4_000  #: tiles of a layer that are cut ahead


def spoil(tx: Transaction, district: DistrictId, touched: Iterable[BaseGeometry | Box] | None = None) -> None:
    """Drop the kept tiles that show something of `touched`; None: all of the district.

    `touched` are shapes or boxes (west, south, east, north) in WGS 84: those before a change and those after it. Call
    it in the transaction that changes the ground: who asks after its commit gets the new state, and until then nobody
    keeps what is about to be old. It holds a lock of the district until the end, so call it late.
    """
    if touched is None:
        kept.forget(tx, district)
        return
    found = []
    for one in ranges(touched):
        found.append(one)
        if len(found) > MANY:
            kept.forget(tx, district)
            return
    if found:
        kept.drop(tx, district, found)


def warm(engine: Engine, district: DistrictId, stop: Callable[[], bool] = lambda: False) -> int:
    """Cut what is missing of the zooms that people look at first; how many tiles. One transaction each."""
    with begin(engine) as tx:
        clip = districts.district(tx, district).clip
        layers = (("base", tile_with_etag), (kept.cells_layer(tx, district), cells_tile_with_etag))
    done = 0
    for layer, cut in layers:
        for z in WARM:
            with begin(engine) as tx:
                there = kept.there(tx, district, layer, z)
            for x, y in within(clip, z):
                if stop() or done >= MOST:
                    return done
                if (x, y) not in there:
                    with begin(engine) as tx:
                        quiet(tx)
                        if not kept.may_keep(tx, district):  # somebody changes the ground: later
                            return done
                        cut(tx, district, z, x, y)
                    done += 1
    return done
