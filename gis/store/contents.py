"""All that the address register holds of a district, row by row, for those who make an index of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from gis.database import Transaction
from gis.model import DistrictId

AT_ONCE: Final = 20_000  #: rows that are fetched in one go

#: id, street, number, postcode, city, names, label, lon, lat, cell, block, unit, floor, room
ADDRESSES: Final = """
    SELECT id, street, number, postcode, city, names, label, ST_X(point), ST_Y(point), cell, block, unit, floor, room
    FROM address WHERE district = :district ORDER BY id
"""
#: name, names, geometry as WKB, lon, lat, reach in metres, cell
STREETS: Final = """
    SELECT name, names, ST_AsBinary(geom), ST_X(point), ST_Y(point),
        ST_Length(ST_BoundingDiagonal(geom)::geography) / 2, cell_of(current_grid(:district), point)
    FROM street WHERE district = :district ORDER BY id
"""
PLACES: Final = 3  #: the rank of villages and the like among landmarks
#: kind, name, names, lon, lat, cell, rank: facilities, then what the map names besides them, then what it does not show
LANDMARKS: Final = """
    SELECT found.kind, found.name, found.names, ST_X(found.point), ST_Y(found.point),
        coalesce(found.cell, cell_of(current_grid(:district), found.point)), found.rank
    FROM (
        SELECT 0 AS rank, id, kind, name, names, point, cell FROM facility WHERE district = :district
        UNION ALL
        SELECT 1, id, kind, name, names, ST_Transform(geom, 4326), NULL FROM basemap_point
        WHERE district = :district AND name IS NOT NULL AND kind <> 'entrance'
        UNION ALL
        SELECT 2, id, 'building', name, names, point, cell FROM building
        WHERE district = :district AND name IS NOT NULL
        UNION ALL
        SELECT 3, id, kind, name, names, ST_Transform(geom, 4326), NULL FROM basemap_place
        WHERE district = :district AND name IS NOT NULL
        UNION ALL
        SELECT 4, id, 'alias', name, '{}', point, NULL FROM register_alias
        WHERE district = :district AND (source = 'register' OR confirmed > 1)
        UNION ALL
        SELECT 5, id, kind, name, names, point, NULL FROM landmark WHERE district = :district) AS found
    ORDER BY found.rank, found.id
"""
#: name, names, lon, lat of a point on the surface, cell, reach in metres
AREAS: Final = """
    SELECT name, names, ST_X(at), ST_Y(at), cell_of(current_grid(:district), at),
        ST_Length(ST_BoundingDiagonal(geom)::geography) / 2
    FROM area, LATERAL (SELECT ST_PointOnSurface(geom) AS at) AS inside
    WHERE district = :district AND level <> 'district' ORDER BY id
"""
CELLS_AT: Final = """
    SELECT coalesce(cell_of(current_grid(:district), ST_SetSRID(ST_MakePoint(lon, lat), 4326)), 0)
    FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[])) WITH ORDINALITY AS asked(lon, lat, at) ORDER BY at
"""
#: id, code, area, name of the area; outline as WKB of those in force; lon, lat of the middle, reach in metres
CELLS: Final = """
    SELECT c.id, c.code, c.area, a.name, CASE WHEN c.version = current_grid(:district) THEN ST_AsBinary(c.geom) END,
        ST_X(c.centre), ST_Y(c.centre), sqrt(c.area_m2) / 2
    FROM cell c JOIN area a ON a.id = c.area WHERE c.district = :district ORDER BY c.id
"""
#: number of the road or railway, kilometre, lon, lat
POSTS: Final = """
    SELECT line, km, ST_X(point), ST_Y(point) FROM milestone WHERE district = :district ORDER BY line, km, id
"""


def rows(tx: Transaction, question: str, district: DistrictId) -> Iterator[Sequence[Any]]:
    """The answers to one of the questions above, without holding all of them."""
    found = tx.execution_options(stream_results=True, yield_per=AT_ONCE).execute(text(question), {"district": district})
    for part in found.partitions():
        yield from part


def cells_at(tx: Transaction, district: DistrictId, lon: list[float], lat: list[float]) -> NDArray[np.int32]:
    """The cell of each position, 0 where there is none."""
    found = tx.execute(text(CELLS_AT), {"district": district, "lon": lon, "lat": lat}).scalars().all()
    return np.array(found, np.int32)


def place_names(tx: Transaction, district: DistrictId) -> list[str]:
    """What the district itself is called, in every language."""
    name, names = tx.execute(
        text("SELECT name, names FROM district WHERE id = :district"), {"district": district}
    ).one()
    return sorted({name, *names.values()} - {""})


def version(tx: Transaction, district: DistrictId) -> int:
    """Grows with every change of the register. Raises NoResultFound for an unknown district."""
    return int(tx.execute(text(VERSION), {"district": district}).one()[0])


VERSION: Final = """
    SELECT coalesce(v.version, 0) FROM district d LEFT JOIN register_version v ON v.district = d.id
    WHERE d.id = :district
"""
