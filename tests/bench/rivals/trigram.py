"""A plain rival of the geocoder: one table of texts in one form, a trigram index, the nearest text is the answer.

The form is ours (lower case, no accents, Simplified, half width), so that it is not beaten by spelling alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from gis.database import Transaction
from gis.model import Point
from gis.spelling import letters

TABLE = "bench_trigram"
FILL = """
    SELECT coalesce(street || ' ', '') || number || coalesce(', ' || city, ''), ST_X(point), ST_Y(point)
    FROM address WHERE district = :d
    UNION ALL SELECT name, ST_X(point), ST_Y(point) FROM facility WHERE district = :d AND name IS NOT NULL
    UNION ALL SELECT name, ST_X(p), ST_Y(p) FROM (SELECT name, ST_Transform(geom, 4326) AS p FROM basemap_point
        WHERE district = :d AND name IS NOT NULL) AS drawn
    UNION ALL SELECT name, ST_X(point), ST_Y(point) FROM building WHERE district = :d AND name IS NOT NULL
    UNION ALL SELECT name, ST_X(point), ST_Y(point) FROM landmark WHERE district = :d
    UNION ALL SELECT name, ST_X(point), ST_Y(point) FROM register_alias WHERE district = :d
"""
ASK = f"SELECT said, lon, lat FROM {TABLE} ORDER BY form <-> :form LIMIT 1"


def build(tx: Transaction, district: int) -> None:
    """The table of one district, in the transaction that asks it."""
    tx.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    tx.execute(text(f"DROP TABLE IF EXISTS {TABLE}"))
    tx.execute(text(f"CREATE TEMP TABLE {TABLE} (said text, form text, lon float8, lat float8)"))
    rows = [
        {"said": said, "form": letters.plain(said), "lon": lon, "lat": lat}
        for said, lon, lat in tx.execute(text(FILL), {"d": district})
    ]
    tx.execute(text(f"INSERT INTO {TABLE} VALUES (:said, :form, :lon, :lat)"), rows)
    tx.execute(text(f"CREATE INDEX ON {TABLE} USING gist (form gist_trgm_ops)"))
    tx.execute(text(f"ANALYZE {TABLE}"))


def search(tx: Transaction, said: str) -> Sequence[Point]:
    """The nearest text; there always is one."""
    row = tx.execute(text(ASK), {"form": letters.plain(said)}).one_or_none()
    return [] if row is None else [Point(row.lon, row.lat)]
