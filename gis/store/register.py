"""The address register: its version, and what is asked of PostGIS itself; searches ask an index (gis.geocode.index)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import RowMapping, text

from gis.database import Transaction
from gis.model import AreaId, CellId, DistrictId, Point


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """An address with its position and cell."""

    id: int
    label: str
    city: str | None
    postcode: str | None
    point: Point
    reach_m: float  #: how far it extends from its point
    cell: CellId | None
    cell_code: str | None
    area: AreaId | None


def changed(tx: Transaction, district: DistrictId) -> None:
    """Say that the register of `district` is another from now on: indexes of it are made anew."""
    tx.execute(text(CHANGED), {"district": district})


def nearest_address(tx: Transaction, district: DistrictId, point: Point) -> tuple[Spot, float] | None:
    """The address nearest to `point` and its distance in metres; None where the register is empty."""
    rows = _placed(tx, NEAREST, district=district, lon=point.lon, lat=point.lat)
    return (_spot(rows[0]), float(rows[0]["metres"])) if rows else None


def bounds(tx: Transaction, district: DistrictId) -> tuple[float, float, float, float]:
    """West, south, east, north of the district in degrees. Raises NoResultFound for an unknown one."""
    west, south, east, north = tx.execute(text(BOUNDS), {"district": district}).one()
    return west, south, east, north


NEAREST: Final = """
    SELECT near.id, near.label, near.city, near.postcode, near.point, 10.0 AS reach_m, near.cell,
        ST_Distance(near.point::geography, here::geography) AS metres
    FROM ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS here, LATERAL (
        SELECT * FROM address WHERE district = :district ORDER BY point <-> here LIMIT 8) AS near
    ORDER BY metres, id LIMIT 1
"""
#: A question for things with a position, told with the coordinates and the code of the cell.
PLACED: Final = (
    "SELECT asked.*, ST_X(asked.point) AS lon, ST_Y(asked.point) AS lat, c.code AS cell_code, c.area FROM (",
    ") AS asked LEFT JOIN cell c ON c.id = asked.cell",
)
CHANGED: Final = """
    INSERT INTO register_version (district, version) VALUES (:district, 1)
    ON CONFLICT (district) DO UPDATE SET version = register_version.version + 1
"""
BOUNDS: Final = """
    SELECT ST_XMin(clip), ST_YMin(clip), ST_XMax(clip), ST_YMax(clip) FROM district WHERE id = :district
"""


def _placed(tx: Transaction, question: str, **asked: object) -> Sequence[RowMapping]:
    return tx.execute(text(PLACED[0] + question + PLACED[1]), asked).mappings().all()


def _spot(row: RowMapping) -> Spot:
    rest = {field: row[field] for field in ("id", "label", "city", "postcode", "cell", "cell_code", "area")}
    return Spot(**rest, point=Point(row["lon"], row["lat"]), reach_m=float(row["reach_m"]))
