"""What is added to the address register after an import: the rows of a register, and names that people teach it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text

from gis import tables
from gis.database import Transaction
from gis.model import DistrictId, Point
from gis.spelling import letters
from gis.spelling.parts import Parts
from gis.store import districts, register
from gis.store.copying import copy, ewkb

SRID: Final = 4326
SOURCE: Final = "register"
LABEL: Final = "{street} {number}"
ADDRESS: Final = ("district", "osm_type", "osm_id", "street", "number", "postcode", "city", "label", "point")
NEAR: Final = 60.0  #: metres between two pins that mean one place
LONGEST: Final = 60  #: letters of a name
ALIAS: Final = ("district", "name", "key", "source", "point")


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """One line of a register: an address, a name, or both."""

    line: int
    name: str | None
    parts: Parts | None
    point: Point


def replace_register(tx: Transaction, district: DistrictId, rows: Sequence[RegisterRow]) -> list[int]:
    """Store `rows` in place of those of the register before; returns the lines that lie outside. Raises NotFound."""
    inside = _inside(districts.district(tx, district).clip, rows)
    tx.execute(text("DELETE FROM address WHERE district = :d AND osm_type = :s"), {"d": district, "s": SOURCE})
    tx.execute(text("DELETE FROM register_alias WHERE district = :d AND source = :s"), {"d": district, "s": SOURCE})
    kept = [row for row, there in zip(rows, inside, strict=True) if there]
    shapes = ewkb([shapely.Point(row.point.lon, row.point.lat) for row in kept], SRID)
    houses = [
        (district, SOURCE, row.line, *_address(row.parts), shape)
        for row, shape in zip(kept, shapes, strict=True)
        if row.parts
    ]
    copy(tx, tables.address, ADDRESS, houses)
    named = [
        (district, row.name, letters.key(row.name), SOURCE, shape)
        for row, shape in zip(kept, shapes, strict=True)
        if row.name
    ]
    copy(tx, tables.register_alias, ALIAS, named)
    tx.execute(text(IN_CELLS), {"d": district, "s": SOURCE})
    register.changed(tx, district)
    return [row.line for row, there in zip(rows, inside, strict=True) if not there]


def learn(tx: Transaction, district: DistrictId, said: str, point: Point) -> int:
    """A pin that somebody moved: `said` means `point`. Returns how often that was said by now.

    The second time within NEAR metres it becomes a name that searches find; where it is then is the middle of the pins.
    A text that is too short or too long for a name is not learnt: 0.
    """
    key = letters.key(said)
    if not 2 < len(key) <= LONGEST:
        return 0
    given = {"d": district, "name": said.strip(), "key": key, "lon": point.lon, "lat": point.lat, "near": NEAR}
    confirmed = tx.scalar(text(AGAIN), given)
    if confirmed is None:
        tx.execute(text(FIRST), given)
        return 1
    register.changed(tx, district)
    return int(confirmed)


AGAIN: Final = """
    UPDATE register_alias SET confirmed = confirmed + 1, changed_at = now(), point = ST_SetSRID(ST_MakePoint(
        (ST_X(point) * confirmed + :lon) / (confirmed + 1), (ST_Y(point) * confirmed + :lat) / (confirmed + 1)), 4326)
    WHERE id = (
        SELECT id FROM register_alias WHERE district = :d AND key = :key AND source = 'pin'
            AND ST_DWithin(point::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography, :near)
        ORDER BY id LIMIT 1 FOR UPDATE)
    RETURNING confirmed
"""
FIRST: Final = """
    INSERT INTO register_alias (district, name, key, source, point)
    VALUES (:d, :name, :key, 'pin', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
"""
IN_CELLS: Final = """
    UPDATE address SET cell = cell_of(current_grid(:d), point) WHERE district = :d AND osm_type = :s
"""


def _address(parts: Parts) -> tuple[str, str, str | None, str | None, str]:
    label = parts.street + parts.number if parts.together else LABEL.format(street=parts.street, number=parts.number)
    return parts.street, parts.number, parts.postcode, parts.city, label


def _inside(clip: BaseGeometry, rows: Sequence[RegisterRow]) -> list[bool]:
    shapely.prepare(clip)
    lon, lat = [row.point.lon for row in rows], [row.point.lat for row in rows]
    return [bool(there) for there in shapely.intersects_xy(clip, lon, lat)] if rows else []
