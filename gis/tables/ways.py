"""Roads that close, and how long ways take by the hour."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gis.tables.columns import NOW, in_district, metadata, number, shape

closure = Table(
    "closure",  # a road, or all roads of an area, shut for a while
    metadata,
    number(BigInteger),
    in_district(),
    Column("area", Integer, ForeignKey("area.id", ondelete="SET NULL")),  # the community in which its middle lies
    shape("GEOMETRY"),  # lines or polygons
    Column("modes", ARRAY(Text), nullable=False),
    Column("starts", DateTime(timezone=True), nullable=False),
    Column("ends", DateTime(timezone=True)),  # NULL: until somebody lifts it
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),  # desk, or the name of a feed
    Column("source_key", Text, nullable=False),
    Column("lifted_at", DateTime(timezone=True)),
    Column("created_by", Integer),  # a user; the ground knows nobody
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("in_force_since", DateTime(timezone=True)),  # when the road engine began to heed it
    Column("segments", Integer, nullable=False, server_default="0"),
    Column("trouble", Text),  # why the road engine does not heed it
    UniqueConstraint("district", "source", "source_key"),
    CheckConstraint("ends > starts", name="times"),
    CheckConstraint("cardinality(modes) > 0", name="modes"),
    Index("closure_standing_idx", "district", "starts", postgresql_where=text("lifted_at IS NULL")),
)


road_state = Table(
    "road_state",  # what the road engine of a district goes by, as it was announced last
    metadata,
    Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text),  # of the set of closures; NULL: nothing is closed
    Column("at", DateTime(timezone=True)),
    Column("segments", Integer, nullable=False, server_default="0"),
    Column("trouble", Text),
    Column("speeds_version", Integer, nullable=False, server_default="1"),
)


speed = Table(
    "speed",  # how much longer ways take at an hour, in thousandths
    metadata,
    Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), primary_key=True),
    Column("mode", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("hour", SmallInteger, primary_key=True),  # local time
    Column("source", Text, nullable=False),
    Column("permille", Integer, nullable=False),
    Column("samples", Integer, nullable=False, server_default="0"),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    CheckConstraint("day IN ('weekday', 'weekend', 'any')", name="day"),
    CheckConstraint("source IN ('table', 'learned')", name="source"),
    CheckConstraint("permille BETWEEN 500 AND 3000", name="permille"),
)
