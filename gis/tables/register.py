"""What the search of addresses goes by."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Float, ForeignKey, Index, Integer, Table, Text

from gis.tables.columns import NOW, in_district, in_languages, metadata, number, shape, told_apart

# Grows with every change of a register, so that an index of it can be told to be old.
register_version = Table(
    "register_version",
    metadata,
    Column("district", Integer, ForeignKey("district.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
)


# Other names of positions: of a register, or of pins that dispatchers moved, which count once they were confirmed.
register_alias = Table(
    "register_alias",
    metadata,
    number(BigInteger),
    in_district(),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("source", Text, nullable=False),  # register, pin
    Column("confirmed", Integer, nullable=False, server_default="1"),
    shape("POINT", "point"),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("origin", Integer, ForeignKey("source.id", ondelete="CASCADE")),  # the register that brought it
    Column("origin_key", Text),
    Index("register_alias_district_key_idx", "district", "key"),
    Index("register_alias_origin_idx", "origin", "origin_key"),
)


# What people know by name and what is stored nowhere else.
landmark = Table(
    "landmark",
    metadata,
    number(BigInteger),
    in_district(),
    Column("osm_type", Text, nullable=False),
    Column("osm_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    in_languages(),
    shape("POINT", "point"),
    *told_apart(),
    Index("landmark_district_idx", "district"),
)


# Posts that say at which kilometre of a road or railway they stand.
milestone = Table(
    "milestone",
    metadata,
    number(BigInteger),
    in_district(),
    Column("osm_type", Text, nullable=False),
    Column("osm_id", BigInteger, nullable=False),
    Column("way", Text, nullable=False),  # road, railway
    Column("line", Text, nullable=False, server_default=""),  # number of the road
    Column("km", Float, nullable=False),
    shape("POINT", "point"),
    *told_apart(),
    CheckConstraint("way IN ('road', 'railway')", name="way"),
    Index("milestone_district_idx", "district"),
)
