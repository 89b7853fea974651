"""Components, cameras and sensors."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.tables.columns import in_district, in_languages, metadata, number, origin, shape

component = Table(
    "component",  # a thing of the city with a number of its own: GB/T 30428.2
    metadata,
    number(BigInteger),
    in_district(),
    *origin("component"),
    Column("code", Text, nullable=False),  # 16 digits
    Column("class", Text, nullable=False),  # major and minor
    Column("name", Text),
    in_languages(),
    Column("state", Text, nullable=False, server_default="intact"),
    Column("owner", Text),
    Column("accuracy", Text, nullable=False, server_default="C"),  # survey: A 0.5 m, B 1 m, C 10 m
    Column("surveyed", Date),
    Column("changed", Date),
    Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
    Column("cell", Integer, ForeignKey("cell.id")),
    shape("GEOMETRY"),
    shape("POINT", "point"),
    UniqueConstraint("district", "code"),
    CheckConstraint("code ~ '^[0-9]{16}$'", name="code"),
    CheckConstraint("state IN ('intact', 'damaged', 'missing', 'disused')", name="state"),
    CheckConstraint("accuracy IN ('A', 'B', 'C')", name="accuracy"),
    Index("component_point_idx", "point", postgresql_using="gist"),
)


camera = Table(
    "camera",
    metadata,
    number(BigInteger),
    in_district(),
    *origin("camera"),
    Column("code", Text, nullable=False),
    Column("name", Text),
    in_languages(),
    Column("kind", Text, nullable=False, server_default="fixed"),
    Column("bearing", Float),  # degrees clockwise from north
    Column("view_degrees", Float),
    Column("range_m", Float),
    Column("owner", Text),
    Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
    Column("cell", Integer, ForeignKey("cell.id")),
    shape("POINT", "point"),
    UniqueConstraint("district", "code"),
    CheckConstraint("bearing >= 0 AND bearing < 360", name="bearing"),
    CheckConstraint("view_degrees > 0 AND view_degrees <= 360", name="view"),
    Index("camera_point_idx", "point", postgresql_using="gist"),
)


sensor = Table(
    "sensor",
    metadata,
    number(BigInteger),
    in_district(),
    *origin("sensor"),
    Column("code", Text, nullable=False),
    Column("name", Text),
    in_languages(),
    Column("kind", Text, nullable=False),
    Column("unit", Text),
    Column("interval_seconds", Integer),
    Column("owner", Text),
    Column("tags", JSONB, nullable=False, server_default=text("'{}'")),
    Column("cell", Integer, ForeignKey("cell.id")),
    Column("building", BigInteger, ForeignKey("building.id", ondelete="SET NULL")),
    shape("POINT", "point"),
    UniqueConstraint("district", "code"),
    CheckConstraint("interval_seconds > 0", name="interval"),
    Index("sensor_point_idx", "point", postgresql_using="gist"),
)
