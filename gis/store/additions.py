"""What people teach the address register: names of places."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from gis.database import Transaction
from gis.model import DistrictId, Point
from gis.spelling import letters
from gis.store import register

NEAR: Final = 60.0  #: metres between two pins that mean one place
LONGEST: Final = 60  #: letters of a name


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
