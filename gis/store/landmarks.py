"""What people know by name, and kilometre posts, as an extract brings them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from gis import tables
from gis.database import Transaction
from gis.model import DistrictId
from gis.osm.model import Landmark, Milestone
from gis.store.copying import copy, ewkb

SRID = 4326
NAMED = ("district", "osm_type", "osm_id", "kind", "name", "names", "point")
POSTS = ("district", "osm_type", "osm_id", "way", "line", "km", "point")


def replace(
    tx: Transaction, district: DistrictId, landmarks: Sequence[Landmark], milestones: Sequence[Milestone]
) -> None:
    """Store all of a place in place of those before."""
    for table in ("landmark", "milestone"):
        tx.execute(text(f"DELETE FROM {table} WHERE district = :district"), {"district": district})  # noqa: S608 ours
    add(tx, district, landmarks, milestones)


def add(tx: Transaction, district: DistrictId, landmarks: Sequence[Landmark], milestones: Sequence[Milestone]) -> None:
    """Store some more of a place."""
    named = (
        (district, m.osm_type, m.osm_id, m.kind, m.name, m.names, point)
        for m, point in zip(landmarks, ewkb([m.point for m in landmarks], SRID), strict=True)
    )
    copy(tx, tables.landmark, NAMED, named)
    posts = (
        (district, m.osm_type, m.osm_id, m.way, m.line, m.km, point)
        for m, point in zip(milestones, ewkb([m.point for m in milestones], SRID), strict=True)
    )
    copy(tx, tables.milestone, POSTS, posts)


def forget(tx: Transaction, district: DistrictId, osm: Sequence[tuple[str, int]]) -> None:
    """Drop what these objects (type, id) were, as a change file has it before it brings what they are now."""
    for table in ("landmark", "milestone"):
        question = f"DELETE FROM {table} WHERE district = :district AND (osm_type, osm_id) = ANY (SELECT * FROM unnest(CAST(:types AS text[]), CAST(:ids AS bigint[])))"  # noqa: S608, E501 ours
        given = {"district": district, "types": [each[0] for each in osm], "ids": [each[1] for each in osm]}
        tx.execute(text(question), given)
